package dev.anystore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.GetOptions;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.OutcomeUnknown;
import dev.anystore.PreconditionFailed;
import dev.anystore.Progress;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.Transfer;
import dev.anystore.Verification;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.testkit.Fault;
import dev.anystore.testkit.FaultyBackend;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transfer engine over a store in memory, with faults at chosen calls. */
class EngineTest {
    private static final int PART = 10_000;
    private static final byte[] LARGE = bytes(95_500, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    private Path folder;

    private FaultyBackend faulty = new FaultyBackend(MemoryStore.builder().backend());
    private ObjectStore store = ObjectStore.of(faulty, options());
    private MemorySpace space = MemoryStore.newSpace();

    private static StoreOptions options() {
        return StoreOptions.DEFAULT.withPartBytes((long) PART);
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @BeforeEach
    void open() {
        reopen(Limits.builder().build());
    }

    private void reopen(Limits limits, Capability... without) {
        store.close();
        faulty = new FaultyBackend(
                MemoryStore.builder().limits(limits).without(without).backend());
        space = java.util.Objects.requireNonNull(faulty.extension(MemorySpace.class));
        store = ObjectStore.of(faulty, options());
    }

    @AfterEach
    void nothingStaysBehind() {
        faulty.recover();
        try (PoweredBackend look = MemoryStore.builder().on(space).backend()) {
            Multipart parts = java.util.Objects.requireNonNull(look.extension(Multipart.class));
            assertThat(parts.uploads("", null, Call.unbounded()).uploads())
                    .as("unfinished uploads")
                    .isEmpty();
        }
        assertThat(faulty.openBodies()).as("open bodies").isZero();
        store.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (!threads().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(threads()).as("threads").isEmpty();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("anystore-custom"))
                .toList();
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("source"), content);
    }

    private void assertThatOnly(Path target) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("no temporaries").containsExactly(target);
        }
    }

    private static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    // ---- uploads

    @Test
    void aFileGoesUpInPartsAndComesBackWhole() throws Exception {
        ObjectInfo info = store.upload(file(LARGE), "k");
        assertThat(info.size()).isEqualTo(LARGE.length);
        assertThat(info.checksum(Checksum.Algorithm.CRC32C)).isPresent();
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(10);
        assertThat(faulty.calls(Verb.PUT)).isZero();
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void aPartThatFailsIsSentAgainAndNothingElse() throws Exception {
        faulty.nth(Verb.PUT_PART, 3, Fault.fail(Kind.UNAVAILABLE)).nth(Verb.PUT_PART, 5, Fault.fail(Kind.THROTTLED));
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        store.upload(file(LARGE), "k", PutOptions.DEFAULT.withProgress(seen::add));
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(12);
        assertThat(faulty.calls(Verb.BEGIN)).isEqualTo(1);
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
        Progress last = seen.get(seen.size() - 1);
        assertThat(last.bytes()).isEqualTo(LARGE.length).isEqualTo(last.totalBytes());
        assertThat(last.retries()).isEqualTo(2);
        assertThat(seen).extracting(Progress::bytes).isSorted();
    }

    @Test
    void aPartThatIsRefusedForGoodAbortsTheUploadAndNamesPartAndCause() throws Exception {
        store.put("k", Body.of(bytes(10, 2)));
        faulty.nth(Verb.PUT_PART, 4, Fault.fail(Kind.ACCESS_DENIED));
        Path file = file(LARGE);
        assertThatThrownBy(() -> store.upload(file, "k"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ACCESS_DENIED))
                .hasMessageContaining("upload part")
                .hasMessageContaining(":k");
        assertThat(faulty.calls(Verb.ABORT)).isPositive();
        assertThat(store.getBytes("k")).as("what was there before").isEqualTo(bytes(10, 2));
    }

    @Test
    void aPartIsTriedFiveTimesAndNoMore() throws Exception {
        faulty.always(Verb.PUT_PART, Fault.fail(Kind.UNAVAILABLE));
        Path file = file(LARGE);
        try (ObjectStore one = ObjectStore.of(faulty, options().withConnectionsPerTransfer(1))) {
            assertThatThrownBy(() -> one.upload(file, "k")).hasMessageContaining("after 5 attempts");
        }
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(5);
    }

    @Test
    void aStreamOfUnknownLengthGoesUpInParts() {
        for (int size : new int[] {0, 1, PART - 1, PART, PART + 1, 2 * PART, LARGE.length}) {
            byte[] content = bytes(size, size);
            store.put("k" + size, Body.stream(new ByteArrayInputStream(content)));
            assertThat(store.getBytes("k" + size)).isEqualTo(content);
        }
    }

    @Test
    void aDeclaredLengthIsHeldToExactly() {
        for (int size : new int[] {1, PART, LARGE.length}) {
            for (int off : new int[] {-1, 1}) {
                byte[] content = bytes(size + off, 3);
                assertKind(
                        Kind.SOURCE_FAILED, () -> store.put("k", Body.stream(new ByteArrayInputStream(content), size)));
                assertThat(store.exists("k")).isFalse();
            }
            store.put("right", Body.stream(new ByteArrayInputStream(bytes(size, 3)), size));
            assertThat(store.getBytes("right")).isEqualTo(bytes(size, 3));
        }
    }

    @Test
    void aSourceThatFailsInTheMiddleAbortsAndIsTheCause() {
        IOException broken = new IOException("the disk of the caller");
        InputStream failing = new SequenceInputStream(new ByteArrayInputStream(bytes(3 * PART, 7)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw broken;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                throw broken;
            }
        });
        assertThatThrownBy(() -> store.put("k", Body.stream(failing)))
                .isInstanceOfSatisfying(StorageException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.SOURCE_FAILED);
                    assertThat(e).hasCause(broken);
                });
        assertThat(store.exists("k")).isFalse();
    }

    @Test
    void aFileThatChangesMeanwhileIsNeverPublished() throws Exception {
        Path file = file(LARGE);
        CountDownLatch gate = new CountDownLatch(1);
        faulty.nth(Verb.PUT_PART, 2, Fault.hold(gate));
        try (Transfer<ObjectInfo> transfer = store.startUpload(file, "k", PutOptions.DEFAULT)) {
            while (faulty.calls(Verb.PUT_PART) < 2) {
                Thread.onSpinWait();
            }
            Files.write(file, bytes(LARGE.length, 9));
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));
            gate.countDown();
            assertKind(Kind.SOURCE_CHANGED, transfer::join);
        }
        assertThat(store.exists("k")).isFalse();
    }

    @Test
    void aWrongExpectedDigestWritesNothing() throws Exception {
        PutOptions wrong = PutOptions.DEFAULT.withChecksum(Checksum.crc32c(1));
        Path file = file(LARGE);
        assertKind(Kind.INTEGRITY, () -> store.put("k", Body.of(LARGE), wrong));
        assertKind(Kind.INTEGRITY, () -> store.upload(file, "k", wrong));
        assertKind(Kind.INTEGRITY, () -> store.put("k", Body.stream(new ByteArrayInputStream(LARGE)), wrong));
        assertKind(
                Kind.INTEGRITY,
                () -> store.put("k", Body.stream(new ByteArrayInputStream(LARGE), LARGE.length), wrong));
        assertThat(store.exists("k")).isFalse();
    }

    @Test
    void cancellingAnUploadStopsItAndLeavesNothing() throws Exception {
        faulty.always(Verb.PUT_PART, Fault.hold(new CountDownLatch(1)));
        Transfer<ObjectInfo> transfer = store.startUpload(file(LARGE), "k", PutOptions.DEFAULT);
        while (faulty.calls(Verb.PUT_PART) < 4) {
            Thread.onSpinWait();
        }
        transfer.cancel();
        assertKind(Kind.CANCELLED, transfer::join);
        transfer.close();
        assertThat(store.exists("k")).isFalse();
    }

    @Test
    void cancellingAnUploadThatBeginsWaitsForItsIdAndLeavesNothing() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        faulty.next(Verb.BEGIN, Fault.holdAnswer(gate));
        Transfer<ObjectInfo> transfer = store.startUpload(file(LARGE), "k", PutOptions.DEFAULT);
        while (store.uploads().list("").isEmpty()) {
            Thread.onSpinWait();
        }
        transfer.cancel();
        gate.countDown();
        assertKind(Kind.CANCELLED, transfer::join);
        assertThat(store.uploads().list("")).isEmpty();
        assertThat(faulty.calls(Verb.PUT_PART)).isZero();
        assertThat(store.exists("k")).isFalse();
    }

    @Test
    void anInterruptStopsAnUploadAndKeepsTheFlag() throws Exception {
        faulty.always(Verb.PUT_PART, Fault.hold(new CountDownLatch(1)));
        Path file = file(LARGE);
        Thread caller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (faulty.calls(Verb.PUT_PART) < 4) {
                Thread.onSpinWait();
            }
            caller.interrupt();
        });
        interrupter.start();
        assertKind(Kind.CANCELLED, () -> store.upload(file, "k"));
        assertThat(Thread.interrupted()).isTrue();
        interrupter.join();
        assertThat(store.exists("k")).isFalse();
    }

    @Test
    void closingTheStoreStopsWhatIsUnderWay() throws Exception {
        faulty.always(Verb.PUT_PART, Fault.hold(new CountDownLatch(1)));
        Transfer<ObjectInfo> transfer = store.startUpload(file(LARGE), "k", PutOptions.DEFAULT);
        while (faulty.calls(Verb.PUT_PART) < 4) {
            Thread.onSpinWait();
        }
        store.close();
        assertKind(Kind.CLOSED, transfer::join);
        assertKind(Kind.CLOSED, () -> store.head("k"));
    }

    @Test
    void aListenerThatThrowsHarmsNothing() throws Exception {
        PutOptions options = PutOptions.DEFAULT.withProgress(p -> {
            throw new IllegalStateException("not my day");
        });
        store.upload(file(LARGE), "k", options);
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void anUnhonouredConditionOnPartsGoesInOnePutOrIsRefused() throws Exception {
        reopen(Limits.builder().singlePutBytes(50_000).build(), Capability.COMPLETE_IF_ABSENT);
        store.put("k", Body.of(bytes(50_000, 4)), PutOptions.DEFAULT.ifAbsent());
        assertThat(faulty.calls(Verb.PUT)).isEqualTo(1);
        Path file = file(LARGE);
        assertKind(Kind.UNSUPPORTED, () -> store.upload(file, "k2", PutOptions.DEFAULT.ifAbsent()));
        assertThat(faulty.calls(Verb.BEGIN)).isZero();
    }

    // ---- lost answers

    @Test
    void aConditionalPutWhoseAnswerIsLostIsNoConflictWithItself() {
        faulty.next(Verb.PUT, new Fault.LoseAnswer());
        ObjectInfo info = store.put("k", Body.of(bytes(100, 5)), PutOptions.DEFAULT.ifAbsent());
        assertThat(info.size()).isEqualTo(100);
        assertThat(faulty.calls(Verb.PUT)).isEqualTo(2);
        assertThat(faulty.calls(Verb.HEAD)).isEqualTo(1);
    }

    @Test
    void aConflictWithSomebodyElseStaysOne() {
        store.put("k", Body.of(bytes(10, 6)));
        faulty.next(Verb.PUT, Fault.fail(Kind.UNAVAILABLE));
        assertThatThrownBy(() -> store.put("k", Body.of(bytes(100, 5)), PutOptions.DEFAULT.ifAbsent()))
                .isInstanceOf(PreconditionFailed.class);
    }

    @Test
    void aCompleteWhoseAnswerIsLostIsASuccess() throws Exception {
        faulty.next(Verb.COMPLETE, new Fault.LoseAnswer());
        store.upload(file(LARGE), "k", PutOptions.DEFAULT.ifAbsent());
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void whatCanNotBeReadBackIsUnknown() {
        faulty.next(Verb.PUT, new Fault.LoseAnswer()).always(Verb.HEAD, Fault.fail(Kind.ACCESS_DENIED));
        assertThatThrownBy(() -> store.put("k", Body.of(bytes(100, 5)), PutOptions.DEFAULT.ifAbsent()))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("look whether");
    }

    // ---- downloads

    @Test
    void aDownloadIsWholeVerifiedAndInParts() throws Exception {
        store.put("k", Body.of(LARGE));
        Path target = folder.resolve("target");
        ObjectInfo info = store.download("k", target);
        assertThat(target).hasBinaryContent(LARGE);
        assertThat(info.verification()).isEqualTo(Verification.WHOLE);
        assertThat(faulty.calls(Verb.GET)).isGreaterThan(1);
    }

    @Test
    void emptyAndSmallObjectsTakeOneRequest() throws Exception {
        for (int size : new int[] {0, 1, PART}) {
            store.put("k", Body.of(bytes(size, 7)));
            int before = faulty.calls(Verb.GET);
            store.download("k", folder.resolve("target"));
            assertThat(folder.resolve("target")).hasBinaryContent(bytes(size, 7));
            assertThat(faulty.calls(Verb.GET) - before).isEqualTo(1);
            assertThat(faulty.calls(Verb.HEAD)).isZero();
        }
    }

    @Test
    void aFlippedBitNeverReachesTheTarget() throws Exception {
        store.put("k", Body.of(LARGE));
        Path target = Files.write(folder.resolve("target"), new byte[] {1, 2, 3});
        store.put("small", Body.of(bytes(200, 1)));
        faulty.next(Verb.GET, Fault.flipBit(100));
        assertKind(Kind.INTEGRITY, () -> store.download("small", target));
        faulty.always(Verb.GET, Fault.flipBit(100));
        assertKind(Kind.INTEGRITY, () -> store.download("k", target));
        assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
        assertThatOnly(target);
    }

    @Test
    void aBodyThatIsCutIsFetchedAgain() throws Exception {
        store.put("k", Body.of(LARGE));
        for (int get = 1; get <= 4; get++) {
            faulty.nth(Verb.GET, faulty.calls(Verb.GET) + get, Fault.cutBody(1_000));
            Path target = folder.resolve("target" + get);
            assertThat(store.download("k", target).verification()).isEqualTo(Verification.WHOLE);
            assertThat(target).hasBinaryContent(LARGE);
        }
    }

    @Test
    void anObjectThatIsReplacedMeanwhileIsNeverMixed() throws Exception {
        store.put("k", Body.of(LARGE));
        Path target = Files.write(folder.resolve("target"), new byte[] {1, 2, 3});
        CountDownLatch gate = new CountDownLatch(1);
        faulty.nth(Verb.GET, 3, Fault.hold(gate));
        try (Transfer<ObjectInfo> transfer = store.startDownload("k", target, GetOptions.DEFAULT)) {
            while (faulty.calls(Verb.GET) < 3) {
                Thread.onSpinWait();
            }
            store.put("k", Body.of(bytes(LARGE.length, 8)));
            gate.countDown();
            assertKind(Kind.OBJECT_CHANGED, transfer::join);
        }
        assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
        assertThatOnly(target);
    }

    @Test
    void aServerThatIgnoresRangesIsReadInOneStream() throws Exception {
        store.put("k", Body.of(LARGE));
        try (ObjectStore ignoring = ObjectStore.of(OddReads.ignoringRanges(faulty), options())) {
            Path target = folder.resolve("target");
            assertThat(ignoring.download("k", target).verification()).isEqualTo(Verification.WHOLE);
            assertThat(target).hasBinaryContent(LARGE);
        }
    }

    @Test
    void aMissingObjectAndAMissingFolderAreTheirOwnErrors() {
        assertKind(Kind.NOT_FOUND, () -> store.download("none", folder.resolve("target")));
        store.put("k", Body.of(LARGE));
        assertThatThrownBy(() -> store.download("k", folder.resolve("no/such/target")))
                .hasMessageContaining("does not exist");
    }

    @Test
    void requireVerifiedRefusesBytesThatNothingConfirms() throws Exception {
        store.put("k", Body.of(bytes(100, 1)));
        store.download("k", folder.resolve("t"), GetOptions.DEFAULT.withRequireVerified(true));
        assertKind(
                Kind.INTEGRITY,
                () -> store.getBytes(
                        "k",
                        GetOptions.DEFAULT
                                .withRange(dev.anystore.ByteRange.of(1, 5))
                                .withRequireVerified(true)));
    }

    // ---- readers

    @Test
    void aReaderGoesOnAtTheExactByteWhenTheConnectionBreaks() throws Exception {
        store.put("k", Body.of(LARGE));
        faulty.next(Verb.GET, Fault.cutBody(777)).next(Verb.GET, Fault.cutBody(1_000));
        try (ObjectReader reader = store.get("k")) {
            assertThat(reader.readAllBytes()).isEqualTo(LARGE);
            assertThat(reader.verification()).isEqualTo(Verification.WHOLE);
        }
        assertThat(faulty.calls(Verb.GET)).isEqualTo(3);
    }

    @Test
    void aReaderOfExactlyLengthBytesNeverHoldsWrongOnes() throws Exception {
        store.put("k", Body.of(LARGE));
        faulty.next(Verb.GET, Fault.flipBit(5));
        try (ObjectReader reader = store.get("k")) {
            assertThatThrownBy(() -> reader.readNBytes(LARGE.length))
                    .isInstanceOf(dev.anystore.StorageIOException.class)
                    .hasMessageContaining("CRC32C");
        }
    }

    @Test
    void aReaderThatMeetsANewVersionSaysSo() throws Exception {
        store.put("k", Body.of(LARGE));
        faulty.next(Verb.GET, Fault.cutBody(777));
        try (ObjectReader reader = store.get("k")) {
            store.put("k", Body.of(bytes(LARGE.length, 8)));
            assertThatThrownBy(reader::readAllBytes)
                    .isInstanceOfSatisfying(
                            dev.anystore.StorageIOException.class,
                            e -> assertThat(e.storageException().kind()).isEqualTo(Kind.OBJECT_CHANGED));
        }
    }

    @Test
    void aDroppedReaderIsNoticedAndItsTransferEnded() throws Exception {
        store.put("k", Body.of(LARGE));
        openAndDrop();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (faulty.openBodies() > 0 && System.nanoTime() < end) {
            System.gc();
            store.get("k").close();
        }
        assertThat(faulty.openBodies()).isZero();
    }

    @SuppressWarnings("resource") // dropping it is what is tested
    private void openAndDrop() {
        store.get("k");
    }

    // ---- writers

    @Test
    void aDroppedWriterIsNoticedAndItsUploadAbortedButNotWhileItsStreamIsHeld() throws Exception {
        java.io.@Nullable OutputStream held = openWriterAndDrop();
        for (int i = 0; i < 5; i++) {
            System.gc();
            store.openWriter("other").close();
        }
        held.write(LARGE);
        assertThat(store.uploads().list("")).hasSize(1);
        held = null;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!store.uploads().list("").isEmpty() && System.nanoTime() < end) {
            System.gc();
            store.openWriter("other").close();
        }
        assertThat(held).isNull();
        assertThat(store.uploads().list("")).isEmpty();
        assertThat(store.exists("k")).isFalse();
    }

    @SuppressWarnings("resource") // dropping it is what is tested
    private java.io.OutputStream openWriterAndDrop() throws IOException {
        java.io.OutputStream stream = store.openWriter("k").stream();
        stream.write(LARGE);
        while (faulty.calls(Verb.BEGIN) == 0) {
            Thread.onSpinWait();
        }
        return stream;
    }

    @Test
    void twoOfAHundredPartsThatAreRefusedCostTwoRequests() throws Exception {
        byte[] bytes = bytes(100 * PART, 4);
        faulty.nth(Verb.PUT_PART, 17, Fault.fail(Kind.THROTTLED)).nth(Verb.PUT_PART, 71, Fault.fail(Kind.THROTTLED));
        store.put("k", Body.of(bytes));
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(102);
        assertThat(store.getBytes("k")).isEqualTo(bytes);
    }

    @Test
    void onlyCommitPublishes() throws Exception {
        try (var writer = store.openWriter("k")) {
            writer.stream().write(LARGE);
            writer.stream().close();
        }
        assertThat(store.exists("k")).isFalse();
        try (var writer = store.openWriter("k")) {
            writer.stream().write(LARGE);
            assertThat(writer.commit().size()).isEqualTo(LARGE.length);
        }
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void aFunctionThatThrowsPublishesNothing() {
        IOException own = new IOException("mine");
        assertThatThrownBy(() -> store.write("k", out -> {
                    out.write(LARGE);
                    throw own;
                }))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SOURCE_FAILED))
                .hasCause(own);
        assertThatThrownBy(() -> store.write("k", out -> {
                    throw new IllegalStateException("unchecked");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.exists("k")).isFalse();
    }

    @Test
    void closingTheStoreEndsAWriterThatWaitsForBytes() {
        var writer = store.openWriter("k");
        store.close();
        assertThatThrownBy(() -> writer.stream().write(LARGE)).isInstanceOf(dev.anystore.StorageIOException.class);
        assertKind(Kind.CLOSED, writer::commit);
        writer.close();
    }

    @Test
    void aWriterLearnsThatTheServiceFailed() {
        faulty.always(Verb.PUT_PART, Fault.fail(Kind.ACCESS_DENIED));
        assertKind(
                Kind.ACCESS_DENIED,
                () -> store.write("k", out -> {
                    for (int i = 0; i < 1_000; i++) {
                        out.write(LARGE);
                    }
                }));
    }
}
