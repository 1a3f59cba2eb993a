package dev.anystore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Checksum;
import dev.anystore.Downloads;
import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.ObjectStore;
import dev.anystore.Progress;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.Transfer;
import dev.anystore.Uploads.Resumable;
import dev.anystore.Verification;
import dev.anystore.testkit.Fault;
import dev.anystore.testkit.FaultyBackend;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is stopped in the middle goes on from the parts that are there, and nothing is believed that is not there. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineResumeTest {
    private static final int PART = 10_000;
    private static final byte[] LARGE = bytes(95_500, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    private Path folder;

    private final MemorySpace space = MemoryStore.newSpace();
    private final List<ObjectStore> stores = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private FaultyBackend faulty;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ObjectStore store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path source;

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** As another process would open it later. */
    private ObjectStore reopen() {
        faulty = new FaultyBackend(MemoryStore.builder().on(space).backend());
        store = ObjectStore.of(
                faulty,
                StoreOptions.DEFAULT
                        .withPartBytes((long) PART)
                        .withConnectionsPerTransfer(2)
                        .withJournal(journals()));
        stores.add(store);
        return store;
    }

    private Path journals() {
        return folder.resolve("journals");
    }

    @BeforeEach
    void begin() throws IOException {
        source = Files.write(folder.resolve("source"), LARGE);
        reopen();
    }

    @AfterEach
    void nothingStaysBehind() {
        faulty.recover();
        assertThat(store.uploads().list("")).as("unfinished uploads").isEmpty();
        assertThat(journalFiles()).as("journals").isEmpty();
        assertThat(folder).isDirectoryNotContaining("glob:**/.anystore*");
        stores.forEach(ObjectStore::close);
    }

    private List<Path> journalFiles() {
        if (!Files.isDirectory(journals())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(journals())) {
            return files.filter(path -> path.toString().endsWith(".journal")).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Checksum crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Checksum.crc32c(crc.getValue());
    }

    /** An upload of which the store is closed when 5 parts are there. */
    private void interruptUpload(PutOptions options) {
        faulty.nth(Verb.PUT_PART, 6, Fault.hold(new CountDownLatch(1)))
                .nth(Verb.PUT_PART, 7, Fault.hold(new CountDownLatch(1)));
        interrupt(() -> store.startUpload(source, "k", options), 5);
    }

    private void interrupt(Supplier<Transfer<ObjectInfo>> start, int parts) {
        try (Transfer<ObjectInfo> transfer = start.get()) {
            while (transfer.progress().parts() < parts) {
                Thread.onSpinWait();
            }
            assertThat(transfer.resumeToken()).isPresent();
            store.close();
            assertThatThrownBy(() -> transfer.future().get(100, TimeUnit.SECONDS))
                    .hasMessageContaining("run the same transfer again: it goes on from the");
        }
        assertThat(journalFiles()).hasSize(1);
        reopen();
    }

    private List<Progress> upload(PutOptions options) {
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        ObjectInfo info = store.upload(source, "k", options.withProgress(seen::add));
        assertThat(info.size()).isEqualTo(source.toFile().length());
        return seen;
    }

    private static Progress last(List<Progress> seen) {
        return seen.get(seen.size() - 1);
    }

    // ---- uploads

    @Test
    void anUploadGoesOnFromThePartsThatAreThere() throws Exception {
        interruptUpload(PutOptions.DEFAULT);
        List<Progress> seen = upload(PutOptions.DEFAULT);
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(5);
        assertThat(faulty.calls(Verb.BEGIN)).isZero();
        assertThat(last(seen)).isEqualTo(new Progress(LARGE.length, LARGE.length, 10, 10, 0, 5));
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void theResultOfAnUploadThatWentOnIsThatOfOneThatWasNeverStopped() {
        ObjectInfo straight = store.upload(source, "k", PutOptions.DEFAULT.withContentType("text/plain"));
        reopen();
        interruptUpload(PutOptions.DEFAULT.withContentType("text/plain"));
        ObjectInfo info = store.upload(source, "k", PutOptions.DEFAULT.withContentType("text/plain"));
        assertThat(info.verification()).isEqualTo(straight.verification());
        assertThat(info.checksums()).isEqualTo(straight.checksums());
        assertThat(store.head("k").checksums()).contains(crc32c(LARGE));
        assertThat(info.contentType()).contains("text/plain");
        assertThat(store.head("k").metadata()).isEmpty();
    }

    @Test
    void aPartThatTheServiceNoLongerHasAsItWasSentIsSentAgain() throws Exception {
        interruptUpload(PutOptions.DEFAULT);
        var multipart = java.util.Objects.requireNonNull(faulty.extension(dev.anystore.spi.Multipart.class));
        var call = dev.anystore.spi.Call.unbounded();
        var upload = multipart.uploads("k", null, call).uploads().get(0).upload();
        // Somebody else puts other bytes of the same size.
        multipart.putPart(upload, 2, dev.anystore.engine.Payloads.of(java.nio.ByteBuffer.wrap(bytes(PART, 9))), call);
        upload(PutOptions.DEFAULT);
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(1 + 6);
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void aSourceThatChangedBeginsAnewAndDropsWhatWasThere() throws Exception {
        interruptUpload(PutOptions.DEFAULT);
        byte[] other = bytes(LARGE.length, 2);
        Files.write(source, other);
        Files.setLastModifiedTime(source, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(last(upload(PutOptions.DEFAULT)).resumedParts()).isZero();
        assertThat(store.getBytes("k")).isEqualTo(other);
    }

    @Test
    void otherOptionsBeginAnew() {
        interruptUpload(PutOptions.DEFAULT);
        upload(PutOptions.DEFAULT.withMetadata(Map.of("a", "1")));
        assertThat(faulty.calls(Verb.BEGIN)).isEqualTo(1);
        assertThat(store.head("k").metadata()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void anUploadThatSomebodyDroppedBeginsAnew() {
        interruptUpload(PutOptions.DEFAULT);
        store.uploads().abort(store.uploads().list(""));
        upload(PutOptions.DEFAULT);
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void credentialsThatMayNotListBeginAnew() throws Exception {
        interruptUpload(PutOptions.DEFAULT);
        faulty.next(Verb.PARTS, Fault.fail(Kind.ACCESS_DENIED));
        assertThat(last(upload(PutOptions.DEFAULT)).resumedParts()).isZero();
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void anUploadThatWasPublishedInItsLastMomentIsFoundAndNotSentAgain() throws Exception {
        // The process dies between the service's complete and the removal of the journal: here its answer is lost, and
        // so
        // are the looks whether it took effect.
        faulty.next(Verb.COMPLETE, Fault.LOSE_ANSWER)
                .always(Verb.COMPLETE, Fault.fail(Kind.ACCESS_DENIED))
                .always(Verb.HEAD, Fault.fail(Kind.ACCESS_DENIED));
        assertThatThrownBy(() -> store.upload(source, "k"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN));
        reopen();
        ObjectInfo info = store.upload(source, "k");
        assertThat(info.size()).isEqualTo(LARGE.length);
        assertThat(faulty.calls(Verb.PUT_PART)).isZero();
        assertThat(faulty.calls(Verb.BEGIN)).isZero();
    }

    @Test
    void anUploadWhoseBeginningWasNotAnsweredIsFoundByItsToken() {
        faulty.always(Verb.BEGIN, Fault.LOSE_ANSWER).always(Verb.UPLOADS, Fault.fail(Kind.ACCESS_DENIED));
        assertThatThrownBy(() -> store.upload(source, "k")).isInstanceOf(StorageException.class);
        reopen();
        assertThat(store.uploads().list("")).hasSize(5);
        upload(PutOptions.DEFAULT);
        assertThat(faulty.calls(Verb.BEGIN)).isZero();
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void whatIsRefusedForGoodOrCancelledKeepsNothing() throws Exception {
        faulty.nth(Verb.PUT_PART, 4, Fault.fail(Kind.ACCESS_DENIED));
        assertThatThrownBy(() -> store.upload(source, "k")).isInstanceOf(StorageException.class);
        assertThat(journalFiles()).isEmpty();
        faulty.always(Verb.PUT_PART, Fault.hold(new CountDownLatch(1)));
        int before = faulty.calls(Verb.PUT_PART);
        try (Transfer<ObjectInfo> transfer = store.startUpload(source, "k", PutOptions.DEFAULT)) {
            while (faulty.calls(Verb.PUT_PART) == before) {
                Thread.onSpinWait();
            }
            transfer.cancel();
            assertThatThrownBy(() -> transfer.future().get(100, TimeUnit.SECONDS))
                    .hasMessageContaining("cancelled");
        }
    }

    @Test
    void anUploadThatNeverBeganKeepsNothing() throws Exception {
        faulty.next(Verb.BEGIN, Fault.fail(Kind.ACCESS_DENIED));
        assertThatThrownBy(() -> store.upload(source, "k")).isInstanceOf(StorageException.class);
        assertThat(journalFiles()).isEmpty();
        faulty.always(Verb.BEGIN, Fault.hold(new CountDownLatch(1)));
        int before = faulty.calls(Verb.BEGIN);
        try (Transfer<ObjectInfo> transfer = store.startUpload(source, "k", PutOptions.DEFAULT)) {
            while (faulty.calls(Verb.BEGIN) == before) {
                Thread.onSpinWait();
            }
            transfer.cancel();
            assertThatThrownBy(() -> transfer.future().get(100, TimeUnit.SECONDS))
                    .hasMessageContaining("cancelled");
        }
    }

    @Test
    void anOutageKeepsThePartsAndTheNextRunSendsTheRest() {
        faulty.nth(
                Verb.PUT_PART,
                4,
                Fault.fail(StorageException.builder(Kind.UNAVAILABLE)
                        .retryable(true)
                        .retryAfter(Duration.ofHours(1))
                        .message("down for an hour")
                        .build()));
        assertThatThrownBy(() -> store.upload(source, "k")).hasMessageContaining("it goes on from the");
        int before = faulty.calls(Verb.PUT_PART);
        faulty.recover();
        upload(PutOptions.DEFAULT);
        assertThat(faulty.calls(Verb.BEGIN)).isEqualTo(1);
        assertThat(faulty.calls(Verb.PUT_PART)).isLessThanOrEqualTo(before + 8);
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
    }

    @Test
    void theSameUploadDoesNotRunTwiceAtOnce() throws Exception {
        faulty.always(Verb.PUT_PART, Fault.hold(new CountDownLatch(1)));
        try (Transfer<ObjectInfo> transfer = store.startUpload(source, "k", PutOptions.DEFAULT)) {
            while (faulty.calls(Verb.PUT_PART) == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> store.upload(source, "k"))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT))
                    .hasMessageContaining("already running, pid");
            assertThat(transfer.progress().parts()).isZero();
        }
    }

    @Test
    void interruptedUploadsAreListedGoneOnWithAndSwept() throws Exception {
        interruptUpload(PutOptions.DEFAULT);
        List<Resumable> left = store.uploads().resumable();
        assertThat(left).hasSize(1);
        Resumable one = left.get(0);
        assertThat(one.key()).isEqualTo("k");
        assertThat(one.file()).isEqualTo(source.toString());
        assertThat(one.storedBytes()).isEqualTo(5L * PART);
        // The file may have been renamed since.
        Path moved = Files.move(source, folder.resolve("moved"));
        store.uploads().resume(one.resumeToken(), moved);
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(5);
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
        assertThatThrownBy(() -> store.uploads().resume(one.resumeToken(), moved))
                .isInstanceOf(ObjectNotFound.class);
        source = moved;
        reopen();
        interruptUpload(PutOptions.DEFAULT);
        assertThat(store.uploads().sweepOwn(Duration.ofHours(24))).isZero();
        assertThat(store.withPrefix("other/").uploads().sweepOwn(Duration.ZERO)).isZero();
        assertThat(store.uploads().sweepOwn(Duration.ZERO)).isEqualTo(1);
    }

    @Test
    void whatIsNotOurOwnIsNotSweptWithIt() {
        interruptUpload(PutOptions.DEFAULT);
        try (ObjectStore other = ObjectStore.of(
                MemoryStore.builder().on(space).backend(),
                StoreOptions.DEFAULT.withJournal(folder.resolve("others")))) {
            assertThat(other.uploads().sweepOwn(Duration.ZERO)).isZero();
            assertThat(other.uploads().list("")).hasSize(1);
        }
        store.uploads().sweepOwn(Duration.ZERO);
    }

    @Test
    void aJournalHoldsNoMetadataAndNothingOfTheBytes() throws Exception {
        interruptUpload(PutOptions.DEFAULT.withMetadata(Map.of("note", "confidential-value")));
        assertThat(journalFiles().get(0))
                .content()
                .doesNotContain("confidential")
                .contains("key=k *");
        store.uploads().sweepOwn(Duration.ZERO);
    }

    // ---- downloads

    private void interruptDownload(Path target) {
        store.put("k", Body.of(LARGE));
        faulty.nth(Verb.GET, 4, Fault.hold(new CountDownLatch(1)));
        faulty.nth(Verb.GET, 1, Fault.cutBody(2L * PART + 5));
        interrupt(() -> store.startDownload("k", target, GetOptions.DEFAULT), 4);
    }

    @Test
    void aDownloadGoesOnWithTheRangesThatItHas() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), "old");
        interruptDownload(target);
        assertThat(target).hasContent("old");
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        ObjectInfo info = store.download("k", target, GetOptions.DEFAULT.withProgress(seen::add));
        assertThat(target).hasBinaryContent(LARGE);
        assertThat(info.verification()).isEqualTo(Verification.WHOLE);
        assertThat(last(seen).resumedParts()).isGreaterThanOrEqualTo(4);
        assertThat(faulty.calls(Verb.GET)).isEqualTo(10 - last(seen).resumedParts());
    }

    @Test
    void aRangeThatIsNotWhatTheJournalSaysIsFetchedAgain() throws Exception {
        Path target = folder.resolve("target");
        interruptDownload(target);
        Path temporary;
        try (Stream<Path> files = Files.list(folder)) {
            temporary = files.filter(path -> path.getFileName().toString().endsWith(".part"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] fetched = Files.readAllBytes(temporary);
        fetched[5] ^= 1;
        Files.write(temporary, fetched);
        store.download("k", target);
        assertThat(target).hasBinaryContent(LARGE);
    }

    @Test
    void anObjectThatWasReplacedIsFetchedAnew() throws Exception {
        Path target = folder.resolve("target");
        interruptDownload(target);
        byte[] other = bytes(LARGE.length, 3);
        store.put("k", Body.of(other));
        store.download("k", target);
        assertThat(target).hasBinaryContent(other);
    }

    @Test
    void aDownloadWhoseTemporaryIsGoneBeginsAnew() throws Exception {
        Path target = folder.resolve("target");
        interruptDownload(target);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path part :
                    files.filter(path -> path.toString().endsWith(".part")).toList()) {
                Files.delete(part);
            }
        }
        store.download("k", target);
        assertThat(target).hasBinaryContent(LARGE);
    }

    @Test
    void anObjectThatIsGoneTakesWhatWasFetchedWithIt() throws Exception {
        Path target = folder.resolve("target");
        interruptDownload(target);
        store.delete("k");
        assertThatThrownBy(() -> store.download("k", target)).isInstanceOf(ObjectNotFound.class);
        assertThat(target).doesNotExist();
    }

    @Test
    void aSmallTransferKeepsNoJournal() throws Exception {
        Consumer<Progress> none = progress -> assertThat(journalFiles()).isEmpty();
        Path small = Files.write(folder.resolve("small"), bytes(PART, 4));
        store.upload(small, "small", PutOptions.DEFAULT.withProgress(none::accept));
        store.download("small", folder.resolve("target"), GetOptions.DEFAULT.withProgress(none::accept));
    }

    @Test
    void interruptedDownloadsAreListedAndSwept() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), "old");
        interruptDownload(target);
        List<Downloads.Resumable> left = store.downloads().resumable();
        assertThat(left).hasSize(1);
        assertThat(left.get(0).key()).isEqualTo("k");
        assertThat(left.get(0).file()).isEqualTo(target.toString());
        assertThat(left.get(0).size()).isEqualTo(LARGE.length);
        assertThat(left.get(0).fetchedBytes()).isGreaterThanOrEqualTo(4L * PART);
        assertThat(store.uploads().resumable()).isEmpty();

        assertThat(store.downloads().sweep(Duration.ofHours(24))).isZero();
        assertThat(store.withPrefix("other/").downloads().sweep(Duration.ZERO)).isZero();
        assertThat(store.downloads().sweep(Duration.ZERO)).isEqualTo(1);
        assertThat(store.downloads().resumable()).isEmpty();
        assertThat(target).hasContent("old");
    }

    @Test
    void aDownloadThatHasNothingYetKeepsNothing() {
        store.put("k", Body.of(LARGE));
        // Every range breaks before its first byte, as often as is tried.
        for (int nth = 1; nth <= 400; nth++) {
            faulty.nth(Verb.GET, nth, Fault.cutBody(0));
        }
        assertThatThrownBy(() -> store.download("k", folder.resolve("target")))
                .isInstanceOf(StorageException.class)
                .hasMessageNotContaining("it goes on from");
        assertThat(folder.resolve("target")).doesNotExist();
        reopen();
    }
}
