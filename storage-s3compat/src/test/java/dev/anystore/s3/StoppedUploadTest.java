package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An upload that is stopped while its bytes are stuck in the socket ends soon, and nothing of it is left anywhere. */
@SuppressWarnings("try") // stores are closed early, as that is what is tested
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoppedUploadTest {
    /** So slow that no part ends before the test does. */
    private static final long BYTES_PER_SECOND = 10_000;

    private static final int BYTES = 48 << 20;
    /** Nothing ends an upload in this time by itself: a stall is noticed after 20 s. */
    private static final int SOON_SECONDS = 10;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    private Path folder;

    private enum Ending {
        INTERRUPT,
        CLOSE
    }

    private static ObjectStore open(KeepingServer server, StoreOptions options) {
        StorageConfig.Builder builder = StorageConfig.builder("s3");
        new TestServer(server.endpoint(), "minio", null).settings("example").forEach(builder::set);
        return builder.build().open(options.withConnectionsPerTransfer(3));
    }

    private Path source() throws IOException {
        Path file = folder.resolve("source");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(BYTES);
        }
        return file;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("anystore-s3"))
                .map(Thread::getName)
                .toList();
    }

    private static boolean isOpen(Path file) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).equals(file);
                } catch (IOException e) {
                    return false; // closed since
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"INTERRUPT, 8388608", "INTERRUPT, 268435456", "CLOSE, 8388608", "CLOSE, 268435456"})
    void anUploadOfAFileThatIsStoppedInTheMiddleLeavesNothing(Ending ending, long partBytes) throws Exception {
        Path file = source();
        AtomicBoolean flag = new AtomicBoolean();
        try (KeepingServer server = new KeepingServer(BYTES_PER_SECOND);
                ObjectStore store = open(server, StoreOptions.DEFAULT.withPartBytes(partBytes))) {
            CompletableFuture<Void> sending = new CompletableFuture<>();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            PutOptions options = PutOptions.DEFAULT.withProgress(progress -> {
                if (progress.bytes() > 0) {
                    sending.complete(null);
                }
            });
            Thread caller = new Thread(() -> {
                try {
                    store.upload(file, "k", options);
                    ended.complete(null);
                } catch (StorageException e) {
                    flag.set(Thread.currentThread().isInterrupted());
                    ended.completeExceptionally(e);
                }
            });
            caller.start();
            sending.get(SOON_SECONDS, TimeUnit.SECONDS);
            assertThat(isOpen(file)).as("the source is being read").isTrue();
            if (ending == Ending.INTERRUPT) {
                caller.interrupt();
            } else {
                store.close();
            }
            assertThatThrownBy(() -> ended.get(SOON_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                            .isEqualTo(ending == Ending.INTERRUPT ? Kind.CANCELLED : Kind.CLOSED));
            assertThat(flag.get()).as("the flag is kept").isEqualTo(ending == Ending.INTERRUPT);
            store.close();
            assertThat(isOpen(file)).as("the source is closed").isFalse();
            assertThat(server.uploads()).as("unfinished uploads").isZero();
            assertThat(server.take("k")).as("nothing was published").isNull();
            assertThat(threads()).isEmpty();
        }
    }

    @Test
    void aWriterThatIsClosedInTheMiddleLeavesNothing() throws Exception {
        try (KeepingServer server = new KeepingServer(BYTES_PER_SECOND);
                ObjectStore store = open(server, StoreOptions.DEFAULT.withPartBytes(5L << 20))) {
            CompletableFuture<Void> sending = new CompletableFuture<>();
            PutOptions options = PutOptions.DEFAULT.withProgress(progress -> {
                if (progress.bytes() > 0) {
                    sending.complete(null);
                }
            });
            try (var writer = store.openWriter("k", options)) {
                writer.stream().write(new byte[11 << 20]);
                sending.get(SOON_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(server.uploads()).isZero();
            store.close();
            assertThat(threads()).isEmpty();
        }
    }
}
