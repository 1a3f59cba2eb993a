package dev.anystore.local;

import static dev.anystore.local.Fixtures.get;
import static dev.anystore.local.Fixtures.keys;
import static dev.anystore.local.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.anystore.ObjectNotFound;
import dev.anystore.ObjectStore;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that are full, read-only, without attributes or not there, and files where folders should be. */
class DiskTest {
    private final Path folder;

    DiskTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static void assertFails(Kind kind, String fix, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> {
            assertThat(e.kind()).as("%s", e).isEqualTo(kind);
            assertThat(e).hasMessageContaining(fix);
        });
    }

    /** Files beside objects; a staging folder has its lock as long as the store is open. */
    private static List<String> leftIn(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve(".anystore/tmp"))) {
            return all.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals("lock"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPutToAFullDiskSaysSoAndLeavesTheOldObjectAndNothingBeside(boolean attributes) throws Exception {
        try (Mount disk = Mount.of(folder.resolve("disk"), "tmpfs", "size=1m")) {
            try (LocalBackend store = LocalBackend.open(disk.path(), new DiskChanges(true, attributes))) {
                put(store, "k", "old");
                String revision = Fixtures.head(store, "k").revision();
                for (int bytes : new int[] {1 << 20, 40 << 20}) {
                    assertFails(
                            Kind.QUOTA,
                            "free some space there, or set LOCAL_STORAGE_PATH",
                            () -> put(store, "k", new byte[bytes], Attributes.NONE, WriteCondition.ALWAYS));
                    assertThat(leftIn(disk.path())).isEmpty();
                    assertThat(get(store, "k")).isEqualTo("old");
                    assertThat(Fixtures.head(store, "k").revision()).isEqualTo(revision);
                }
                put(store, "k", "new");
                assertThat(get(store, "k")).isEqualTo("new");
                assertThat(keys(store)).containsExactly("k");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void howeverLittleRoomIsLeftAPutIsWholeOrFails(boolean attributes) throws Exception {
        String note = "n".repeat(attributes ? 2000 : 5000);
        Attributes metadata = Attributes.NONE.withMetadata(Map.of("note", note));
        int full = 0;
        try (Mount disk = Mount.of(folder.resolve("disk"), "tmpfs", "size=256k")) {
            try (LocalBackend store = LocalBackend.open(disk.path(), new DiskChanges(true, attributes))) {
                put(store, "k", new byte[4096], metadata, WriteCondition.ALWAYS);
                Path filler = disk.path().resolve("filler");
                for (int pages = 1; pages < 64; pages++) {
                    try {
                        Files.write(filler, new byte[pages * 4096]);
                    } catch (IOException e) {
                        // As full as it gets.
                    }
                    byte[] bytes = new byte[4096 + pages];
                    try {
                        put(store, "k", bytes, metadata, WriteCondition.ALWAYS);
                        assertThat(Fixtures.getBytes(store, "k")).isEqualTo(bytes);
                    } catch (StorageException e) {
                        full++;
                        assertThat(e.kind()).as("%s", e).isEqualTo(Kind.QUOTA);
                    }
                    assertThat(Fixtures.head(store, "k").metadata()).containsEntry("note", note);
                    assertThat(leftIn(disk.path())).isEmpty();
                }
                assertThat(full).as("at the end there is no room").isPositive();
                Files.delete(filler);
                put(store, "k", new byte[8192], metadata, WriteCondition.ALWAYS);
                assertThat(Fixtures.getBytes(store, "k")).isEqualTo(new byte[8192]);
            }
        }
    }

    @Test
    void aDownloadToAFullDiskSaysSoAndLeavesTheOldFile() throws Exception {
        try (Mount disk = Mount.of(folder.resolve("disk"), "tmpfs", "size=256k");
                ObjectStore store = ObjectStore.of(Fixtures.open(folder.resolve("root")), StoreOptions.DEFAULT)) {
            store.put("k", dev.anystore.Body.of(new byte[1 << 20]));
            Path target = Files.writeString(disk.path().resolve("target"), "old");
            assertFails(Kind.QUOTA, "make room on the disk", () -> store.download("k", target));
            assertThat(target).hasContent("old");
            try (Stream<Path> files = Files.list(disk.path())) {
                assertThat(files).as("no temporaries").containsExactly(target);
            }
        }
    }

    @Test
    void aReadOnlyDiskIsReadAndNotWritten() throws Exception {
        try (Mount disk = Mount.of(folder.resolve("disk"), "tmpfs", "size=1m")) {
            try (LocalBackend store = Fixtures.open(disk.path())) {
                put(store, "k", "old");
            }
            Files.createDirectory(disk.path().resolve("empty"));
            disk.again("ro");
            try (LocalBackend store = Fixtures.open(disk.path())) {
                assertThat(get(store, "k")).isEqualTo("old");
                assertThat(keys(store)).containsExactly("k");
                assertFails(Kind.ACCESS_DENIED, "mount it for writing", () -> put(store, "k", "new"));
                assertFails(Kind.ACCESS_DENIED, "mount it for writing", () -> Fixtures.delete(store, "k"));
                assertThat(get(store, "k")).isEqualTo("old");
            }
            for (String root : List.of("empty", "absent")) {
                try (LocalBackend store = Fixtures.open(disk.path().resolve(root))) {
                    assertFails(Kind.ACCESS_DENIED, "mount it for writing", () -> put(store, "k", "new"));
                }
            }
        }
    }

    @Test
    void aDiskWithoutAttributesKeepsWhatIsKnownBeside() throws Exception {
        try (Mount disk = Mount.of(folder.resolve("disk"), "ramfs", "mode=0700")) {
            Path probe = Files.writeString(disk.path().resolve("probe"), "x");
            try {
                Files.setAttribute(probe, "user:anystore", new byte[1]);
                assumeFalse(true, "ramfs has user attributes here");
            } catch (IOException | UnsupportedOperationException e) {
                Files.delete(probe);
            }
            Attributes attributes = Attributes.NONE.withMetadata(Map.of("a", "1"));
            String longKey = "x".repeat(300);
            try (LocalBackend store = Fixtures.open(disk.path())) {
                for (String key : List.of("k", "a/k", longKey)) {
                    put(store, key, Fixtures.bytes("first"), attributes, WriteCondition.ALWAYS);
                    put(store, key, Fixtures.bytes("other"), attributes, WriteCondition.ALWAYS);
                    assertThat(Fixtures.head(store, key).metadata()).containsEntry("a", "1");
                    assertThat(Fixtures.head(store, key).revision()).hasSize(16);
                    assertThat(get(store, key)).isEqualTo("other");
                }
                assertThat(keys(store)).containsExactly("a/k", "k", longKey);
                assertThat(sidecars(disk.path())).hasSize(3);
                Fixtures.delete(store, "k", "a/k", longKey);
                assertThat(sidecars(disk.path())).isEmpty();
            }
        }
    }

    private static List<Path> sidecars(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve(".anystore/meta"))) {
            return all.filter(path ->
                            Files.isRegularFile(path) && !path.toString().endsWith(".name"))
                    .toList();
        }
    }

    @Test
    void aRootWithoutPermissionIsDenied() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(root), "permissions do not bind this user (root)");
        try (LocalBackend store = Fixtures.open(root)) {
            assertFails(Kind.ACCESS_DENIED, "give its user the right", () -> put(store, "k", "x"));
            assertThat(keys(store)).isEmpty();
        }
    }

    @Test
    void aMissingRootIsSaidAndMadeByThePut() {
        Path root = folder.resolve("not/yet/there");
        try (LocalBackend store = Fixtures.open(root)) {
            assertFails(Kind.BUCKET_NOT_FOUND, "set LOCAL_STORAGE_PATH", () -> keys(store));
            assertThatThrownBy(() -> get(store, "k")).isInstanceOf(ObjectNotFound.class);
            Fixtures.delete(store, "k");
            assertThat(folder.resolve("not")).doesNotExist();
            put(store, "k", "x");
            assertThat(root.resolve("k")).hasContent("x");
        }
    }

    @Test
    void aRootThatIsRemovedBeneathAStoreIsMadeAnew() throws Exception {
        Path root = folder.resolve("root");
        try (LocalBackend store = Fixtures.open(root)) {
            put(store, "k", "x");
            Crashing.deleteTree(root);
            assertThatThrownBy(() -> get(store, "k")).isInstanceOf(ObjectNotFound.class);
            assertFails(Kind.BUCKET_NOT_FOUND, "set LOCAL_STORAGE_PATH", () -> keys(store));
            put(store, "k", "y");
            assertThat(get(store, "k")).isEqualTo("y");
        }
    }

    @Test
    void aFileWhereTheRootShouldBeIsAWrongSetting() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        assertFails(Kind.CONFIGURATION, "is not a folder", () -> Fixtures.open(file));
        assertFails(Kind.CONFIGURATION, "is not a folder", () -> Fixtures.open(file.resolve("below"))
                .close());
        assertThat(file).hasContent("mine");
    }

    @Test
    void aFileWhereOurFolderShouldBeIsSaid() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Path file = Files.writeString(root.resolve(".anystore"), "mine");
        try (LocalBackend store = Fixtures.open(root)) {
            assertFails(Kind.LOCAL_IO, "move it away", () -> put(store, "k", "x"));
            assertThat(keys(store)).isEmpty();
        }
        assertThat(file).hasContent("mine");
    }

    @Test
    void anObjectWhereAFolderShouldBeIsKeptBesideIt() throws Exception {
        Path root = folder.resolve("root");
        try (LocalBackend store = Fixtures.open(root)) {
            put(store, "a", "file");
            put(store, "a/b", "below");
            put(store, "c/d", "below");
            put(store, "c", "file");
            assertThat(keys(store)).containsExactly("a", "a/b", "c", "c/d");
            assertThat(get(store, "a") + get(store, "a/b") + get(store, "c") + get(store, "c/d"))
                    .isEqualTo("filebelowfilebelow");
            assertThat(root.resolve("a%2F/b")).hasContent("below");
            assertThat(root.resolve("c%2F")).hasContent("file");
        }
    }

    @Test
    void withoutWaitingForTheDiskTheSameIsThere() {
        try (ObjectStore store = dev.anystore.StorageConfig.of(Map.of(
                        "provider_type", "local",
                        "base_path", folder.resolve("root").toString(),
                        "durability", "none"))
                .open()) {
            store.put("k", dev.anystore.Body.of(Fixtures.bytes("x")));
            assertThat(store.getBytes("k")).isEqualTo(Fixtures.bytes("x"));
        }
    }
}
