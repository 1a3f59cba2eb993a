package dev.anystore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.CopyOptions;
import dev.anystore.Incomplete;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.OutcomeUnknown;
import dev.anystore.PreconditionFailed;
import dev.anystore.Progress;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.Transfer;
import dev.anystore.TreeOptions;
import dev.anystore.testkit.Fault;
import dev.anystore.testkit.FaultyBackend;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes, copies and deletes whose answers are lost, whose sources are odd, whose options matter. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineWritingTest {
    private static final int PART = 10_000;
    private static final byte[] LARGE = bytes(95_500, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    private Path folder;

    private FaultyBackend faulty = new FaultyBackend(MemoryStore.builder().backend());
    private ObjectStore store = open();

    private ObjectStore open(Capability... without) {
        faulty = new FaultyBackend(MemoryStore.builder()
                .limits(Limits.builder().build())
                .without(without)
                .backend());
        return ObjectStore.of(faulty, StoreOptions.DEFAULT.withPartBytes((long) PART));
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    // ---- lost answers

    @Test
    void aBeginningWhoseAnswerIsLostIsDroppedWhereTheListShowsItsToken() {
        faulty.next(Verb.BEGIN, Fault.LOSE_ANSWER).next(Verb.BEGIN, Fault.LOSE_ANSWER);
        store.put("k", Body.of(LARGE));
        assertThat(store.uploads().list("")).isEmpty();
        faulty.always(Verb.BEGIN, Fault.LOSE_ANSWER);
        assertThatThrownBy(() -> store.put("k", Body.of(LARGE)))
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
        assertThat(store.uploads().list("")).isEmpty();
    }

    @Test
    void aBeginningWhoseAnswerIsLostIsSaidWhereTheUploadFails() {
        faulty.always(Verb.BEGIN, Fault.LOSE_ANSWER).always(Verb.UPLOADS, Fault.fail(Kind.ACCESS_DENIED));
        assertThatThrownBy(() -> store.put("k", Body.of(LARGE))).satisfies(e -> assertThat(e.getSuppressed())
                .anySatisfy(left -> assertThat(left).isInstanceOf(Incomplete.class)));
        faulty.recover();
        assertThat(store.uploads().list("k")).hasSize(5);
        faulty.next(Verb.BEGIN, Fault.LOSE_ANSWER);
        store.put("k", Body.of(LARGE));
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void anUploadThatCanNotBeDroppedIsSaidEvenWhenTheCallerCancelled() throws Exception {
        faulty.always(Verb.PUT_PART, Fault.hold(new CountDownLatch(1)))
                .always(Verb.ABORT, Fault.fail(Kind.ACCESS_DENIED));
        Path file = Files.write(folder.resolve("source"), LARGE);
        try (Transfer<ObjectInfo> transfer = store.startUpload(file, "k", PutOptions.DEFAULT)) {
            while (faulty.calls(Verb.PUT_PART) == 0) {
                Thread.onSpinWait();
            }
            transfer.cancel();
            assertThatThrownBy(() -> transfer.future().get(100, TimeUnit.SECONDS))
                    .cause()
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .anySatisfy(left -> assertThat(left).isInstanceOf(Incomplete.class)));
        }
    }

    @Test
    void aCompleteThatMayHaveHappenedAndWasReplacedIsUnknown() {
        faulty.next(Verb.COMPLETE, Fault.LOSE_ANSWER);
        CountDownLatch gate = new CountDownLatch(1);
        faulty.next(Verb.COMPLETE, Fault.hold(gate));
        Thread other = new Thread(() -> {
            while (faulty.calls(Verb.COMPLETE) < 2) {
                Thread.onSpinWait();
            }
            store.put("k", Body.of(bytes(5, 5)));
            gate.countDown();
        });
        other.start();
        assertThatThrownBy(() -> store.put("k", Body.of(LARGE))).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void aConditionalCopyWhoseAnswerIsLostIsNoConflictWithItself() {
        store.put("from", Body.of(LARGE));
        faulty.next(Verb.COPY, Fault.LOSE_ANSWER);
        assertThatThrownBy(() -> store.copy("from", "to", CopyOptions.DEFAULT.ifAbsent()))
                .isInstanceOf(OutcomeUnknown.class);
        assertThatThrownBy(() -> store.copy("from", "to", CopyOptions.DEFAULT.ifAbsent()))
                .isInstanceOf(PreconditionFailed.class);
    }

    @Test
    void aResultIsToldWhenTheStoreMayBeClosed() throws Exception {
        Path file = Files.write(folder.resolve("source"), LARGE);
        CountDownLatch closed = new CountDownLatch(1);
        long begun = System.nanoTime();
        try (Transfer<ObjectInfo> transfer = store.startUpload(file, "k", PutOptions.DEFAULT)) {
            var told = transfer.future().thenRun(store::close).thenRun(closed::countDown);
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
            told.join();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }

    // ---- copies and moves

    @Test
    void aMoveKeepsTheRevisionThatWasAskedFor() {
        String old = store.put("from", Body.of(bytes(10, 1))).revision();
        store.put("from", Body.of(bytes(10, 2)));
        assertKind(Kind.PRECONDITION_FAILED, () -> store.move("from", "to", CopyOptions.DEFAULT.fromRevision(old)));
        assertThat(store.exists("from")).isTrue();
        assertThat(store.exists("to")).isFalse();
    }

    @Test
    void aMoveNeverDeletesWhatItDidNotCopy() {
        store.close();
        store = open(Capability.DELETE_IF_REVISION);
        store.put("from", Body.of(bytes(10, 1)));
        CountDownLatch gate = new CountDownLatch(1);
        faulty.nth(Verb.HEAD, 3, Fault.hold(gate));
        Thread other = new Thread(() -> {
            while (faulty.calls(Verb.HEAD) < 3) {
                Thread.onSpinWait();
            }
            store.put("from", Body.of(bytes(10, 2)));
            gate.countDown();
        });
        other.start();
        assertKind(Kind.OBJECT_CHANGED, () -> store.move("from", "to"));
        assertThat(store.getBytes("from")).isEqualTo(bytes(10, 2));
        assertThat(store.getBytes("to")).isEqualTo(bytes(10, 1));
    }

    @Test
    void aCopyFromAnotherStoreNeedsWhatAPutNeeds() {
        store.close();
        store = open(Capability.COPY_IF_ABSENT, Capability.COPY_IF_REVISION);
        try (ObjectStore source = MemoryStore.open()) {
            source.put("from", Body.of(LARGE));
            store.copyFrom(source, "from", "to", CopyOptions.DEFAULT.ifAbsent());
            assertThat(store.getBytes("to")).isEqualTo(LARGE);
            assertThatThrownBy(() -> store.copyFrom(source, "from", "to", CopyOptions.DEFAULT.ifAbsent()))
                    .isInstanceOf(PreconditionFailed.class);
        }
        assertKind(Kind.UNSUPPORTED, () -> store.copy("to", "again", CopyOptions.DEFAULT.ifAbsent()));
    }

    @Test
    void aCopyTellsItsProgressToTheEnd() {
        store.put("from", Body.of(LARGE));
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        store.copy("from", "to", CopyOptions.DEFAULT.withProgress(seen::add));
        assertThat(seen.get(seen.size() - 1).bytes()).isEqualTo(LARGE.length);
    }

    @Test
    void aTreeTellsItsProgressToTheEnd() throws Exception {
        for (int i = 0; i < 20; i++) {
            Files.write(folder.resolve("f" + i), bytes(1000, i));
        }
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        store.uploadAll(folder, "t/", TreeOptions.DEFAULT.withProgress(seen::add));
        assertThat(seen).extracting(Progress::bytes).isSorted();
        Progress last = seen.get(seen.size() - 1);
        assertThat(last.bytes()).isEqualTo(20_000).isEqualTo(last.totalBytes());
        assertThat(last.parts()).isEqualTo(20);
    }

    // ---- sources

    @Test
    void aSourceThatGivesNothingIsAskedForOneByte() {
        class Lazy extends FilterInputStream {
            Lazy(InputStream in) {
                super(in);
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return 0;
            }
        }
        byte[] content = bytes(2_500, 3);
        Checksum crc = store.put("a", Body.of(content))
                .checksum(Checksum.Algorithm.CRC32C)
                .orElseThrow();
        for (PutOptions options : List.of(PutOptions.DEFAULT, PutOptions.DEFAULT.withChecksum(crc))) {
            store.put("k", Body.stream(new Lazy(new ByteArrayInputStream(content))), options);
            assertThat(store.getBytes("k")).isEqualTo(content);
        }
        try (ObjectStore streaming = open(Capability.MULTIPART)) {
            streaming.put(
                    "k",
                    Body.stream(new Lazy(new ByteArrayInputStream(content)), content.length),
                    PutOptions.DEFAULT.withChecksum(crc));
            assertThat(streaming.getBytes("k")).isEqualTo(content);
        }
    }

    @Test
    void aSmallFileThatChangesWhileItIsSentIsSaid() throws Exception {
        Path file = Files.write(folder.resolve("source"), bytes(100, 1));
        PutOptions touching = PutOptions.DEFAULT.withProgress(p -> {
            try {
                Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertKind(Kind.SOURCE_CHANGED, () -> store.upload(file, "k", touching));
    }

    // ---- options

    @Test
    void anInterruptedDeleteOfManyIsACancel() {
        Thread.currentThread().interrupt();
        assertKind(Kind.CANCELLED, () -> store.deleteAll(List.of("a", "b")));
        assertThat(Thread.interrupted()).isTrue();
    }
}
