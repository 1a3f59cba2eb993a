package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.Progress;
import dev.anystore.ProgressListener;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import dev.anystore.StoreOptions;
import dev.anystore.Transfer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Processes that upload 24 MiB in parts of 5 MiB and are killed in the middle, and this one, which goes on. The next process
 * is started while the last one is gone on with.
 */
final class KilledUploads {
    private static final int BYTES = 24 << 20;
    private static final long PART_BYTES = 5L << 20;
    /** Every so many is not gone on with, but left for the sweep at the end; the server holds their parts so long. */
    private static final int LEFT_EVERY = 20;
    /** Before a key: this upload is not to end, however late its process is killed. */
    private static final String HOLD = "hold ";

    private final Map<String, String> settings;
    private final Path folder;
    /** Slows the uploads down where the server does not; 0 does not. */
    private final int pauseMillis;
    /** About as long as an upload takes. */
    private final int longestMillis;

    private final Random random;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger resumedParts = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    KilledUploads(Map<String, String> settings, Path folder, int pauseMillis, int longestMillis) {
        long seed = Long.getLong("anystore.test.seed", System.nanoTime());
        System.out.println("KilledUploads: -Danystore.test.seed=" + seed);
        this.settings = settings;
        this.folder = folder;
        this.pauseMillis = pauseMillis;
        this.longestMillis = longestMillis;
        this.random = new Random(seed);
    }

    /** How many processes were killed after they had begun their upload and before they had ended it. */
    int inside() {
        return inside.get();
    }

    /** How many parts did not have to be sent again. */
    int resumedParts() {
        return resumedParts.get();
    }

    /**
     * Kills so many, in some lanes at once.
     *
     * @param stored the bytes of an object, which is then of no use any more
     */
    void run(int kills, int lanes, Function<String, byte @Nullable []> stored) throws Exception {
        Files.createDirectories(folder);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            int from = lane * kills / lanes;
            int to = (lane + 1) * kills / lanes;
            Path file = Files.write(folder.resolve("source-" + lane), bytes(lane));
            Thread thread = new Thread(
                    () -> {
                        try {
                            lane(file, from, to, stored);
                        } catch (Throwable e) {
                            failure.compareAndSet(null, e);
                        }
                    },
                    "lane");
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("a lane failed", thrown);
        }
        try (ObjectStore store = open(settings, folder)) {
            assertThat(store.uploads().resumable()).hasSize(left.get());
            assertThat(store.uploads().sweepOwn(Duration.ZERO)).isEqualTo(left.get());
            assertThat(store.uploads().resumable()).isEmpty();
        }
    }

    private static byte[] bytes(int seed) {
        byte[] bytes = new byte[BYTES];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void lane(Path file, int from, int to, Function<String, byte @Nullable []> stored) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (ObjectStore store = open(settings, folder)) {
            Child next = new Child(file);
            try {
                for (int kill = from; kill < to; kill++) {
                    String key = "killed/" + kill;
                    boolean ended;
                    boolean leave = kill % LEFT_EVERY == 0;
                    try (Child child = next) {
                        child.go(key, leave);
                        sleep(random.nextInt(longestMillis));
                        ended = child.kill();
                        next = new Child(file);
                    }
                    if (!ended) {
                        inside.incrementAndGet();
                    }
                    if (leave) {
                        assertThat(ended).isFalse();
                        assertThat(stored.apply(key))
                                .as("nothing is published early")
                                .isNull();
                        left.incrementAndGet();
                        continue;
                    }
                    Progress[] last = new Progress[1];
                    ObjectInfo info = store.upload(file, key, PutOptions.DEFAULT.withProgress(p -> last[0] = p));
                    assertThat(info.size()).isEqualTo(BYTES);
                    resumedParts.addAndGet(last[0].resumedParts());
                    assertThat(stored.apply(key)).as("kill %d", kill).isEqualTo(bytes);
                }
            } finally {
                next.close();
            }
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static ObjectStore open(Map<String, String> settings, Path folder) {
        StorageConfig.Builder builder = StorageConfig.builder("s3");
        settings.forEach(builder::set);
        return builder.build()
                .open(StoreOptions.DEFAULT
                        .withPartBytes(PART_BYTES)
                        .withConnectionsPerTransfer(2)
                        .withJournal(folder.resolve("journals")));
    }

    /** A process that uploads one file when it is told so. */
    private final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        private Child(Path file) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    Uploader.class.getName(),
                    file.toString(),
                    folder.toString(),
                    Integer.toString(pauseMillis)));
            settings.forEach((name, value) -> command.add(name + "=" + value));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Returns when the upload has begun at the service; one that is held never completes it. */
        private void go(String key, boolean hold) throws IOException {
            assertThat(out.readLine()).isEqualTo("ready");
            String line = (hold ? HOLD : "") + key + "\n";
            process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            assertThat(out.readLine()).isEqualTo("begun");
        }

        /** Whether it had ended its upload before it was killed. */
        private boolean kill() throws IOException {
            // Not Process.destroyForcibly(), which closes the streams too.
            process.toHandle().destroyForcibly();
            process.onExit().orTimeout(100, TimeUnit.SECONDS).join();
            return out.lines().toList().contains("end");
        }

        @Override
        public void close() {
            process.destroyForcibly();
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What runs in the process. */
    static final class Uploader {
        private static final long HELD_MILLIS = TimeUnit.MINUTES.toMillis(5);

        private Uploader() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Map<String, String> settings = new TreeMap<>();
            for (String setting : List.of(arguments).subList(3, arguments.length)) {
                int equals = setting.indexOf('=');
                settings.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
            try (ObjectStore store = open(settings, Path.of(arguments[1]))) {
                tell("ready");
                String key = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
                if (key == null) {
                    return;
                }
                boolean hold = key.startsWith(HOLD);
                // Called by the thread that sends a part, which has no result before this returns.
                long pause = hold ? HELD_MILLIS : Long.parseLong(arguments[2]);
                ProgressListener slow = progress -> sleep(pause);
                PutOptions options = PutOptions.DEFAULT.withProgress(pause > 0 ? slow : null);
                String to = hold ? key.substring(HOLD.length()) : key;
                try (Transfer<ObjectInfo> transfer = store.startUpload(Path.of(arguments[0]), to, options)) {
                    while (transfer.progress().totalParts() < 0
                            && !transfer.future().isDone()) {
                        TimeUnit.MILLISECONDS.sleep(1);
                    }
                    tell("begun");
                    transfer.join();
                    tell("end");
                }
            }
        }

        private static void tell(String line) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
