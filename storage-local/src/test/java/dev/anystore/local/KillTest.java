package dev.anystore.local;

import static dev.anystore.local.Fixtures.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.ObjectInfo;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process is killed in the middle of overwriting puts, again and again. */
class KillTest {
    private static final int BYTES = 2 << 20;

    @ParameterizedTest
    @CsvSource({"attributes, 100", "sidecars, 30"})
    void aKilledPutLeavesTheOldObjectOrTheNewOneAndNothingBeside(String mode, int most, @TempDir Path root)
            throws Exception {
        int kills = Boolean.getBoolean("anystore.test.minimum") ? 20 : most;
        long seed = System.nanoTime();
        System.out.println("KillTest seed " + seed);
        Random random = new Random(seed);
        int whole = 0;
        long acknowledged = -1;
        for (int kill = 0; kill < kills; kill++) {
            try (Children.Child child = Children.start(Overwriter.class, Map.of(), root.toString(), mode, "" + kill)) {
                assertThat(child.line()).isEqualTo("ready");
                // A put takes some milliseconds; the child tells each that succeeded.
                long until = System.nanoTime() + random.nextLong(60_000_000L);
                while (System.nanoTime() < until) {
                    acknowledged = Long.parseLong(child.line());
                }
                child.kill();
                for (String line : child.rest()) {
                    acknowledged = line.matches("[0-9]+") ? Long.parseLong(line) : acknowledged;
                }
            }
            try (LocalBackend store = open(root)) {
                assertThat(root.resolve(".anystore/tmp")).isEmptyDirectory();
                long found = version(store);
                assertThat(found).isGreaterThanOrEqualTo(acknowledged);
                whole++;
                assertThat(Fixtures.keys(store)).containsExactly("deep/er/k");
            }
        }
        assertThat(whole).isEqualTo(kills);
    }

    /** The version whose bytes and metadata the object has, all of it. */
    private static long version(LocalBackend store) throws IOException {
        try (GetResponse response = store.get(GetRequest.whole("deep/er/k"), Call.unbounded())) {
            ObjectInfo info = response.info();
            byte[] bytes = response.body().readAllBytes();
            long version = ByteBuffer.wrap(bytes).getLong();
            assertThat(bytes).isEqualTo(bytes(version));
            assertThat(info.metadata()).containsEntry("version", "" + version);
            assertThat(info.checksums().get(0).hex()).isEqualTo(Fixtures.crc32c(bytes));
            return version;
        }
    }

    private static byte[] bytes(long version) {
        byte[] bytes = new byte[BYTES + (int) (version % 3)];
        new Random(version).nextBytes(bytes);
        ByteBuffer.wrap(bytes).putLong(version);
        return bytes;
    }

    /** Overwrites one object for ever, and prints each version that is surely there. */
    static final class Overwriter {
        private Overwriter() {}

        public static void main(String[] arguments) throws IOException {
            Path root = Path.of(arguments[0]);
            long first = Long.parseLong(arguments[2]) * 1_000_000L;
            try (LocalBackend store =
                    LocalBackend.open(root, new DiskChanges(false, arguments[1].equals("attributes")))) {
                put(store, first);
                System.out.println("ready");
                for (long version = first + 1; version < first + 1_000_000L; version++) {
                    put(store, version);
                    System.out.println(version);
                }
            }
        }

        private static void put(LocalBackend store, long version) {
            Fixtures.put(
                    store,
                    "deep/er/k",
                    bytes(version),
                    Attributes.NONE.withMetadata(Map.of("version", "" + version)),
                    WriteCondition.ALWAYS);
        }
    }
}
