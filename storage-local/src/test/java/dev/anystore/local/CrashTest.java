package dev.anystore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.StorageException;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every step of every write is the last one once, for the process or for the power of the machine. */
class CrashTest {
    private static final String LONG = "x".repeat(300) + "/" + "y".repeat(300);
    private static final byte[] OLD = bytes(1, 270_000);
    private static final byte[] NEW = bytes(2, 270_001);

    private final Path folder;

    CrashTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static byte[] bytes(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private interface Write {
        void to(LocalBackend store);
    }

    private static void put(LocalBackend store, String key, byte[] bytes, String version) {
        Fixtures.put(
                store, key, bytes, Attributes.NONE.withMetadata(Map.of("version", version)), WriteCondition.ALWAYS);
    }

    /**
     * What is there before, what is done, and what may be there afterwards.
     *
     * @param mayBeAbsent whether nothing may be there
     */
    private record Case(String name, Write before, Write write, String key, boolean mayBeAbsent) {
        boolean deletes() {
            return name.equals("delete");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Write putting(String key, byte[] bytes, String version) {
        return store -> put(store, key, bytes, version);
    }

    private static final List<Case> CASES = List.of(
            new Case("first put", store -> {}, putting("a/b/k", NEW, "new"), "a/b/k", true),
            new Case("overwrite", putting("a/b/k", OLD, "old"), putting("a/b/k", NEW, "new"), "a/b/k", false),
            new Case("first put of a long key", store -> {}, putting(LONG, NEW, "new"), LONG, true),
            new Case("overwrite of a long key", putting(LONG, OLD, "old"), putting(LONG, NEW, "new"), LONG, false),
            new Case("delete", putting("a/b/k", OLD, "old"), store -> Fixtures.delete(store, "a/b/k"), "a/b/k", true),
            new Case(
                    "copy",
                    store -> {
                        put(store, "from", NEW, "new");
                        put(store, "k", OLD, "old");
                    },
                    store -> store.copy(
                            new ServerCopy.Copy("from", null, null, "k", null, WriteCondition.ALWAYS),
                            Call.unbounded()),
                    "k",
                    false));

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void afterACrashAtAnyStepTheOldObjectOrTheNewOneIsThereWhole(boolean attributes, boolean power) throws Exception {
        long seed = System.nanoTime();
        System.out.println("CrashTest seed " + seed);
        Random random = new Random(seed);
        for (Case one : CASES) {
            int step = 0;
            boolean crashed = true;
            while (crashed) {
                step++;
                Path here = Files.createDirectory(folder.resolve(one + "-" + step));
                crashed = crashes(one, step, here, new DiskChanges(false, attributes), power ? random : null);
                Crashing.deleteTree(here);
            }
            assertThat(step).as("%s is more than one step", one).isGreaterThan(5);
        }
    }

    /** Whether it came to the step at all. */
    private static boolean crashes(Case one, int step, Path here, Changes disk, @Nullable Random power)
            throws IOException {
        Path root = here.resolve("root");
        try (LocalBackend store = LocalBackend.open(root, disk)) {
            one.before().to(store);
        }
        Crashing crashing = new Crashing(disk, Files.createDirectory(here.resolve("stash")), step);
        boolean acknowledged = false;
        try (LocalBackend store = LocalBackend.open(root, crashing)) {
            one.write().to(store);
            acknowledged = true;
        } catch (StorageException e) {
            assertThat(e.kind()).isEqualTo(StorageException.Kind.LOCAL_IO);
        }
        if (power != null) {
            crashing.losePower(root, power.nextInt(3) == 0 ? null : power);
        }
        crashing.close();
        String where = one + " ended at step " + step + (acknowledged ? ", acknowledged" : "");
        try (LocalBackend store = LocalBackend.open(root, disk)) {
            String found = version(store, one.key(), where);
            if (acknowledged) {
                assertThat(found).as(where).isEqualTo(one.deletes() ? null : "new");
            }
            assertThat(found != null || one.mayBeAbsent()).as(where).isTrue();
            List<String> keys = Files.isDirectory(root) ? Fixtures.keys(store) : List.of();
            assertThat(keys.contains(one.key())).as(where).isEqualTo(found != null);
            put(store, one.key(), NEW, "after");
            assertThat(version(store, one.key(), where)).isEqualTo("after");
        }
        // A folder that lost its lock file may be in the making, and stays for an hour.
        try (Stream<Path> left = Files.walk(root.resolve(".anystore/tmp"))) {
            assertThat(left.filter(Files::isRegularFile)).as(where).isEmpty();
        }
        return crashing.crashed();
    }

    /** Which version is there: its bytes, with its metadata and its digest. */
    private static @Nullable String version(LocalBackend store, String key, String where) throws IOException {
        try (GetResponse response = store.get(GetRequest.whole(key), Call.unbounded())) {
            ObjectInfo info = response.info();
            byte[] bytes = response.body().readAllBytes();
            assertThat(info.checksum(Checksum.Algorithm.CRC32C).map(Checksum::hex))
                    .as("%s: the digest", where)
                    .contains(Fixtures.crc32c(bytes));
            String version = info.metadata().get("version");
            assertThat(bytes).as("%s: the bytes of %s", where, version).isEqualTo("old".equals(version) ? OLD : NEW);
            return version;
        } catch (ObjectNotFound e) {
            return null;
        }
    }
}
