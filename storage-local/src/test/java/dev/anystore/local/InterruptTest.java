package dev.anystore.local;

import static dev.anystore.local.Fixtures.open;
import static dev.anystore.local.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread is interrupted in the middle of what it does; the others are not. */
class InterruptTest {
    private final Path root;

    InterruptTest(@TempDir Path root) {
        this.root = root;
    }

    @Test
    void anInterruptedPutIsACancelAndLeavesTheOldObjectAndTheFlag() throws IOException {
        try (LocalBackend store = open(root)) {
            put(store, "k", "old");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> put(store, "k", "new")).isInstanceOfSatisfying(StorageException.class, e -> {
                assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
                assertThat(e.mayHaveHappened()).isFalse();
            });
            assertThat(Thread.interrupted()).isTrue();
            assertThat(Fixtures.get(store, "k")).isEqualTo("old");
            put(store, "k", "new");
            assertThat(Fixtures.get(store, "k")).isEqualTo("new");
        }
        assertThat(root.resolve(".anystore/tmp")).isEmptyDirectory();
    }

    @Test
    void anInterruptedReaderIsACancelAndKeepsTheFlag() throws IOException {
        try (LocalBackend store = open(root)) {
            put(store, "k", "bytes");
            try (GetResponse response = store.get(GetRequest.whole("k"), Call.unbounded())) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> response.body().read())
                        .isInstanceOfSatisfying(
                                StorageIOException.class,
                                e -> assertThat(e.storageException().kind()).isEqualTo(Kind.CANCELLED));
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(Fixtures.get(store, "k")).isEqualTo("bytes");
        }
    }

    @Test
    @Timeout(240)
    void interruptsOfSomeHarmNobodyElse() throws Exception {
        long seed = System.nanoTime();
        System.out.println("InterruptTest seed " + seed);
        Random random = new Random(seed);
        ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService calm = Executors.newFixedThreadPool(2);
        try (LocalBackend store = open(root)) {
            byte[] bytes = new byte[100_000];
            put(store, "shared", "old");
            Callable<Integer> work = () -> {
                int puts = 0;
                while (!done.get()) {
                    put(store, "calm/" + Thread.currentThread().getName(), "x" + puts++);
                    Fixtures.keys(store);
                }
                return puts;
            };
            Future<Integer> one = calm.submit(work);
            Future<Integer> two = calm.submit(work);
            int cancelled = 0;
            for (int i = 0; i < 300; i++) {
                AtomicBoolean wasCancelled = new AtomicBoolean();
                int verb = i % 4;
                Thread victim = new Thread(() -> {
                    try {
                        while (true) {
                            run(store, verb, bytes);
                            if (Thread.currentThread().isInterrupted()) {
                                // A listing or a delete that had nothing to wait for.
                                return;
                            }
                        }
                    } catch (StorageException e) {
                        wasCancelled.set(e.kind() == Kind.CANCELLED);
                        if (e.kind() != Kind.CANCELLED
                                || !Thread.currentThread().isInterrupted()) {
                            unexpected.add(verb + " " + e);
                        }
                    } catch (RuntimeException | Error e) {
                        unexpected.add(verb + " " + e);
                    }
                });
                victim.start();
                TimeUnit.MICROSECONDS.sleep(random.nextInt(3000));
                victim.interrupt();
                victim.join();
                cancelled += wasCancelled.get() ? 1 : 0;
            }
            done.set(true);
            assertThat(one.get()).isPositive();
            assertThat(two.get()).isPositive();
            assertThat(unexpected).isEmpty();
            assertThat(cancelled).isPositive();
            assertThat(Fixtures.getBytes(store, "victim")).isEqualTo(bytes);
            try (Stream<Path> left = Files.walk(root.resolve(".anystore/tmp"))) {
                assertThat(left.filter(Files::isRegularFile)
                                .map(path -> path.getFileName().toString()))
                        .containsExactly("lock");
            }
        } finally {
            done.set(true);
            calm.shutdownNow();
        }
        assertThat(root.resolve(".anystore/tmp")).isEmptyDirectory();
    }

    private static void run(LocalBackend store, int verb, byte[] bytes) {
        switch (verb) {
            case 0 ->
                Fixtures.put(
                        store,
                        "victim",
                        bytes,
                        dev.anystore.spi.Attributes.NONE,
                        dev.anystore.spi.WriteCondition.ALWAYS);
            case 1 -> {
                try (GetResponse response = store.get(GetRequest.whole("shared"), Call.unbounded())) {
                    response.body().readAllBytes();
                } catch (StorageIOException e) {
                    throw e.storageException();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
            case 2 -> Fixtures.keys(store);
            default -> {
                put(store, "gone/k", "x");
                Fixtures.delete(store, "gone/k");
            }
        }
    }
}
