package dev.anystore.local;

import static dev.anystore.local.Fixtures.get;
import static dev.anystore.local.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anystore.ObjectNotFound;
import dev.anystore.PreconditionFailed;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.WriteCondition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store holds open, and what happens to it when the store is closed. */
class OpenFilesTest {
    private final Path folder;

    OpenFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** The files below the temporary folder that this process has open. */
    private List<String> open() throws IOException {
        Path descriptors = Paths.get("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "the system tells its open files in /proc/self/fd");
        List<String> open = new ArrayList<>();
        for (Path descriptor : descriptors(descriptors)) {
            try {
                String file = Files.readSymbolicLink(descriptor).toString();
                if (file.startsWith(folder.toRealPath().toString())) {
                    open.add(file);
                }
            } catch (IOException e) {
                // It was closed in this moment, such as the one that the list was read from.
            }
        }
        return open;
    }

    private static List<Path> descriptors(Path all) throws IOException {
        try (var names = Files.list(all)) {
            return names.toList();
        }
    }

    @Test
    void everyFileIsClosedWhenItsOperationIsOver() throws Exception {
        for (boolean attributes : new boolean[] {true, false}) {
            Path root = folder.resolve("root-" + attributes);
            List<String> first = List.of();
            try (LocalBackend store = LocalBackend.open(root, new DiskChanges(true, attributes))) {
                for (int round = 0; round < 5; round++) {
                    work(store);
                    if (round == 0) {
                        first = open();
                    }
                }
                assertThat(first).isNotEmpty();
                assertThat(open()).hasSameSizeAs(first);
            }
            assertThat(open()).isEmpty();
        }
    }

    private static void work(LocalBackend store) throws IOException {
        String hashed = "x".repeat(300) + "/k";
        for (String key : List.of("k", "a/b/c", hashed, "a")) {
            put(store, key, "first");
            put(store, key, "second");
            assertThat(get(store, key)).isEqualTo("second");
            assertThatThrownBy(() -> put(store, key, "x", WriteCondition.IF_ABSENT))
                    .isInstanceOf(PreconditionFailed.class);
            assertThatThrownBy(() -> put(store, key, "x", new WriteCondition.IfRevision("no")))
                    .isInstanceOf(PreconditionFailed.class);
        }
        assertThatThrownBy(() -> store.put(
                        new dev.anystore.spi.PutRequest(
                                "k",
                                Fixtures.stream(10, new ByteArrayInputStream(new byte[5])),
                                dev.anystore.spi.Attributes.NONE,
                                WriteCondition.ALWAYS),
                        Call.unbounded()))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> get(store, "absent/k")).isInstanceOf(ObjectNotFound.class);
        try (GetResponse half = store.get(GetRequest.whole("k"), Call.unbounded())) {
            assertThat(half.body().read()).isEqualTo('s');
        }
        store.copy(new ServerCopy.Copy("k", null, null, "copy/k", null, WriteCondition.ALWAYS), Call.unbounded());
        assertThat(Fixtures.keys(store, "", 1)).hasSize(5);
        // A listing that nobody ends, too.
        store.list(new dev.anystore.spi.ListRequest("", null, null, 1, null), Call.unbounded());
        Fixtures.delete(store, "k", "a/b/c", hashed, "a", "copy/k", "absent");
        assertThat(Fixtures.keys(store)).isEmpty();
    }

    @Test
    void aReaderThatIsLeftOpenEndsWithTheStore() throws Exception {
        LocalBackend store = Fixtures.open(folder.resolve("root"));
        put(store, "k", "bytes");
        GetResponse left = store.get(GetRequest.whole("k"), Call.unbounded());
        store.close();
        assertThatThrownBy(() -> left.body().read()).isInstanceOfSatisfying(StorageIOException.class, e -> assertThat(
                        e.storageException().kind())
                .isEqualTo(Kind.CLOSED));
        assertThat(open()).isEmpty();
        left.close();
    }

    @Test
    void aClosedStoreRefusesEveryVerb() {
        LocalBackend store = Fixtures.open(folder.resolve("root"));
        put(store, "k", "bytes");
        store.close();
        store.close();
        for (ThrowingCallable verb : List.<ThrowingCallable>of(
                () -> put(store, "k", "x"),
                () -> get(store, "k"),
                () -> Fixtures.head(store, "k"),
                () -> Fixtures.keys(store),
                () -> Fixtures.delete(store, "k"),
                () -> store.link("k"),
                () -> store.copy(
                        new ServerCopy.Copy("k", null, null, "l", null, WriteCondition.ALWAYS), Call.unbounded()))) {
            assertThatThrownBy(verb).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                    .isEqualTo(Kind.CLOSED));
        }
        assertThat(folder.resolve("root/k")).hasContent("bytes");
    }
}
