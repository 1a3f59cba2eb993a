package dev.anystore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.ObjectWriter;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.Transfer;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.testkit.Fault;
import dev.anystore.testkit.FaultyBackend;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads, permits and buffers of the engine where they are few: nothing hangs, nothing is lost. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineLimitsTest {
    private static final int PART = 10_000;
    private static final byte[] LARGE = bytes(95_500, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private FaultyBackend faulty = faulty(Limits.builder().build());

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static FaultyBackend faulty(Limits limits, Capability... without) {
        return new FaultyBackend(
                MemoryStore.builder().limits(limits).without(without).backend());
    }

    private ObjectStore store(StoreOptions options) {
        ObjectStore store = ObjectStore.of(faulty, options.withPartBytes((long) PART));
        open.add(store);
        return store;
    }

    private ExecutorService oneThread() {
        ExecutorService one = Executors.newSingleThreadExecutor();
        open.add(one::shutdownNow);
        return one;
    }

    @AfterEach
    void nothingStaysBehind() throws Exception {
        faulty.recover();
        MemorySpace space = java.util.Objects.requireNonNull(faulty.extension(MemorySpace.class));
        try (PoweredBackend look = MemoryStore.builder().on(space).backend()) {
            Multipart parts = java.util.Objects.requireNonNull(look.extension(Multipart.class));
            assertThat(parts.uploads("", null, Call.unbounded()).uploads())
                    .as("unfinished uploads")
                    .isEmpty();
        }
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    @Test
    void theOnlyThreadOfAnExecutorMayItselfUploadAndDownload() throws Exception {
        ExecutorService one = oneThread();
        ObjectStore store = store(StoreOptions.DEFAULT.withExecutor(one).withBufferBytes(2L * PART));
        Path file = Files.write(folder.resolve("source"), LARGE);
        one.submit(() -> store.upload(file, "file")).get();
        one.submit(() -> store.put("stream", Body.stream(new ByteArrayInputStream(LARGE))))
                .get();
        one.submit(() -> store.download("stream", folder.resolve("target"))).get();
        assertThat(folder.resolve("target")).hasBinaryContent(LARGE);
        assertThat(store.getBytes("file")).isEqualTo(LARGE);
    }

    @Test
    void anExecutorThatIsTheCallerOrRefusesOrDropsTasksWorks() throws Exception {
        ExecutorService gone = oneThread();
        gone.shutdown();
        Path file = Files.write(folder.resolve("source"), LARGE);
        for (java.util.concurrent.Executor executor :
                List.<java.util.concurrent.Executor>of(Runnable::run, gone, dropped -> {})) {
            ObjectStore store = store(StoreOptions.DEFAULT.withExecutor(executor));
            store.upload(file, "k");
            store.download("k", folder.resolve("target"));
            assertThat(folder.resolve("target")).hasBinaryContent(LARGE);
        }
    }

    @Test
    void anExecutorThatFailsFailsTheTransferAndNothingElse() throws Exception {
        ObjectStore store = store(StoreOptions.DEFAULT.withExecutor(task -> {
            throw new IllegalStateException("no thread could be made");
        }));
        Path file = Files.write(folder.resolve("source"), LARGE);
        assertThatThrownBy(() -> store.upload(file, "k")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPartThatNoWorkerHadBegunGivesItsBufferBackWhenTheUploadStops() throws Exception {
        ExecutorService one = oneThread();
        ObjectStore store = store(StoreOptions.DEFAULT.withExecutor(one).withBufferBytes(4L * PART));
        CountDownLatch busy = new CountDownLatch(1);
        one.execute(() -> awaitQuietly(busy));
        faulty.always(Verb.PUT_PART, Fault.hold(new CountDownLatch(1)));
        try (ObjectWriter writer = store.openWriter("k")) {
            writer.stream().write(bytes(3 * PART, 1));
            while (faulty.calls(Verb.BEGIN) == 0) {
                Thread.onSpinWait();
            }
        }
        busy.countDown();
        faulty.recover();
        store.put(
                "all",
                Body.stream(new ByteArrayInputStream(bytes(4 * PART, 2))),
                PutOptions.DEFAULT.withPartBytes(4 * PART));
        assertThat(store.head("all").size()).isEqualTo(4 * PART);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aPartThatNoArrayHoldsIsRefusedAndCostsNoBuffer() {
        ObjectStore store = store(StoreOptions.DEFAULT.withBufferBytes(2L * PART));
        for (long part : new long[] {3L << 30, 2L * PART + 1}) {
            assertKind(
                    Kind.INVALID_ARGUMENT,
                    () -> store.put(
                            "k", Body.stream(new ByteArrayInputStream(LARGE)), PutOptions.DEFAULT.withPartBytes(part)));
        }
        store.put("k", Body.stream(new ByteArrayInputStream(LARGE)));
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void aWriterThatFindsAllBuffersInIdleHandsFailsAndDoesNotHang() throws Exception {
        ObjectStore store =
                store(StoreOptions.DEFAULT.withBufferBytes(2L * PART).withDeadline(Duration.ofMillis(300)));
        try (ObjectWriter one = store.openWriter("1");
                ObjectWriter two = store.openWriter("2")) {
            one.stream().write(1);
            two.stream().write(2);
            assertThatThrownBy(() -> store.put("3", Body.stream(new ByteArrayInputStream(LARGE))))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT))
                    .hasMessageContaining("STORAGE_MEMORY_BYTES");
            assertThat(one.commit().size()).isEqualTo(1);
        }
        store.put("3", Body.stream(new ByteArrayInputStream(LARGE)));
    }

    @Test
    void closingTheStoreEndsATransferWhosePartsWaitForWorkers() throws Exception {
        ExecutorService one = oneThread();
        CountDownLatch busy = new CountDownLatch(1);
        one.execute(() -> awaitQuietly(busy));
        faulty.always(Verb.PUT_PART, Fault.hold(new CountDownLatch(1)));
        ObjectStore store = store(StoreOptions.DEFAULT.withExecutor(one));
        Path file = Files.write(folder.resolve("source"), LARGE);
        try (Transfer<ObjectInfo> transfer = store.startUpload(file, "k", PutOptions.DEFAULT)) {
            while (faulty.calls(Verb.BEGIN) == 0) {
                Thread.onSpinWait();
            }
            store.close();
            assertThatThrownBy(() -> transfer.future().get(100, TimeUnit.SECONDS))
                    .hasMessageContaining("closed");
        } finally {
            busy.countDown();
        }
    }

    @Test
    void aStreamWhosePartsWouldDropTheConditionIsRefused() {
        faulty = faulty(Limits.builder().build(), Capability.COMPLETE_IF_ABSENT, Capability.STREAMING_PUT);
        ObjectStore store = store(StoreOptions.DEFAULT);
        byte[] small = bytes(1 << 20, 1);
        byte[] large = bytes((16 << 20) + 1, 2);
        store.put("small", Body.stream(new ByteArrayInputStream(small)), PutOptions.DEFAULT.ifAbsent());
        assertKind(
                Kind.UNSUPPORTED,
                () -> store.put("k", Body.stream(new ByteArrayInputStream(large)), PutOptions.DEFAULT.ifAbsent()));
        assertThat(faulty.calls(Verb.BEGIN)).as("nothing was sent").isZero();
        store.put("k", Body.stream(new ByteArrayInputStream(large), large.length), PutOptions.DEFAULT.ifAbsent());
        assertThat(faulty.calls(Verb.PUT)).isEqualTo(2);
    }

    @Test
    void partsOfAStreamAreAlignedAndAskedSizesRefusedWhereTheyAreIllegal() {
        faulty = faulty(
                Limits.builder().partBytes(4096, 1 << 20).partAlignment(4096).build());
        ObjectStore store = store(StoreOptions.DEFAULT.withBufferBytes(100_000L));
        store.put("k", Body.stream(new ByteArrayInputStream(LARGE)));
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
        PutOptions tiny = PutOptions.DEFAULT.withPartBytes(1);
        faulty = faulty(Limits.builder().partBytes(4096, 8192).build());
        ObjectStore strict = store(StoreOptions.DEFAULT);
        assertKind(Kind.INVALID_ARGUMENT, () -> strict.put("k", Body.stream(new ByteArrayInputStream(LARGE)), tiny));
        assertKind(Kind.INVALID_ARGUMENT, () -> strict.put("k", Body.of(LARGE), tiny));
    }

    @Test
    void aSourceMayReadFromTheStoreThatItIsWrittenTo() {
        faulty = faulty(Limits.builder().build(), Capability.MULTIPART);
        ObjectStore store = store(StoreOptions.DEFAULT.withMaxConnections(1));
        store.put("from", Body.of(LARGE));
        store.write("to", out -> {
            for (int i = 0; i < LARGE.length; i += PART) {
                int length = Math.min(PART, LARGE.length - i);
                out.write(store.getBytes(
                        "from", dev.anystore.GetOptions.DEFAULT.withRange(dev.anystore.ByteRange.of(i, length))));
            }
        });
        assertThat(store.getBytes("to")).isEqualTo(LARGE);
    }
}
