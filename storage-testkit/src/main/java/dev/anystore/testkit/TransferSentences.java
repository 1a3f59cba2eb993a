package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.CopyOptions;
import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.Progress;
import dev.anystore.ProgressListener;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Transfer;
import dev.anystore.Uploads;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.WriteCondition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Transfers that nobody waits for, what their listeners see, and uploads that were left open. */
interface TransferSentences extends Sentences {
    @Test
    default void aStartedTransferEndsWithItsResult() throws Exception {
        byte[] bytes = random(it().largeBytes(), 1);
        Path from = Files.write(it().folder().resolve("from"), bytes);
        Path to = it().folder().resolve("to");
        try (Transfer<ObjectInfo> up = store().startUpload(from, "k", it().inParts())) {
            assertThat(up.join().size()).isEqualTo(bytes.length);
            assertWhole(up.progress(), bytes.length);
            assertThat(up.future()).isCompletedWithValue(up.join());
        }
        try (Transfer<ObjectInfo> copied = store().startCopy("k", "copy", CopyOptions.DEFAULT)) {
            assertThat(copied.join().key()).isEqualTo("copy");
            assertWhole(copied.progress(), bytes.length);
        }
        try (Transfer<ObjectInfo> down = store().startDownload("copy", to, GetOptions.DEFAULT)) {
            assertThat(down.join().size()).isEqualTo(bytes.length);
            assertWhole(down.progress(), bytes.length);
        }
        assertThat(to).hasBinaryContent(bytes);
        try (Transfer<ObjectInfo> absent = store().startDownload("absent", to, GetOptions.DEFAULT)) {
            assertThatThrownBy(absent::join).isInstanceOf(ObjectNotFound.class);
        }
        assertThat(to).hasBinaryContent(bytes);
    }

    private static void assertWhole(Progress end, long bytes) {
        assertThat(end.bytes()).isEqualTo(bytes).isEqualTo(end.totalBytes());
        assertThat(end.parts()).isPositive().isEqualTo(end.totalParts());
    }

    @Test
    default void progressNeverFallsAndEndsWithTheWhole() throws Exception {
        byte[] bytes = random(it().largeBytes(), 1);
        Path from = Files.write(it().folder().resolve("from"), bytes);
        Path to = it().folder().resolve("to");
        List<Progress> up = Collections.synchronizedList(new ArrayList<>());
        List<Progress> down = Collections.synchronizedList(new ArrayList<>());
        store().upload(from, "k", it().inParts().withProgress(up::add));
        store().download("k", to, GetOptions.DEFAULT.withProgress(down::add));
        for (List<Progress> seen : List.of(up, down)) {
            assertThat(seen).extracting(Progress::bytes).isSorted();
            assertWhole(seen.get(seen.size() - 1), bytes.length);
        }
    }

    @Test
    default void aListenerThatThrowsHarmsNobody() throws Exception {
        byte[] bytes = random(it().largeBytes(), 1);
        Path from = Files.write(it().folder().resolve("from"), bytes);
        Path to = it().folder().resolve("to");
        ProgressListener broken = progress -> {
            throw new IllegalStateException("a listener of the test");
        };
        store().upload(from, "k", it().inParts().withProgress(broken));
        store().copy("k", "copy", CopyOptions.DEFAULT.withProgress(broken));
        store().download("copy", to, GetOptions.DEFAULT.withProgress(broken));
        assertThat(to).hasBinaryContent(bytes);
    }

    /** A transfer whose own listener cancels it as soon as it is told anything. */
    private Transfer<ObjectInfo> cancelledByItself(Function<ProgressListener, Transfer<ObjectInfo>> start) {
        CompletableFuture<Transfer<ObjectInfo>> itself = new CompletableFuture<>();
        Transfer<ObjectInfo> transfer =
                start.apply(progress -> itself.thenAccept(Transfer::cancel).join());
        itself.complete(transfer);
        return transfer;
    }

    /** Whether it ended as cancelled; one whose bytes all went before the listener was told may have succeeded. */
    private static boolean wasCancelled(Transfer<ObjectInfo> transfer) {
        try {
            transfer.join();
            return false;
        } catch (StorageException e) {
            assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
            return true;
        }
    }

    @Test
    default void aCancelledUploadPublishesNothing() throws Exception {
        byte[] bytes = random(it().largeBytes(), 1);
        Path from = Files.write(it().folder().resolve("from"), bytes);
        it().put("k", "old");
        try (Transfer<ObjectInfo> upload = cancelledByItself(
                listener -> store().startUpload(from, "k", it().inParts().withProgress(listener)))) {
            boolean cancelled = wasCancelled(upload);
            byte[] old = "old".getBytes(StandardCharsets.UTF_8);
            if (mayHaveHappened(upload)) {
                assertThat(it().read("k")).isIn(old, bytes);
            } else {
                assertThat(it().read("k")).isEqualTo(cancelled ? old : bytes);
            }
            assertThat(cancelled || !it().has(Capability.MULTIPART))
                    .as("parts are told before the last of them is sent")
                    .isTrue();
        }
    }

    @Test
    default void aCancelledDownloadKeepsTheOldFileAndLeavesNothingBesideIt() throws Exception {
        byte[] bytes = random(it().largeBytes(), 1);
        store().put("k", Body.of(bytes), it().inParts());
        Path to = Files.writeString(it().folder().resolve("to"), "old");
        try (Transfer<ObjectInfo> download = cancelledByItself(
                listener -> store().startDownload("k", to, GetOptions.DEFAULT.withProgress(listener)))) {
            assertThat(to).hasBinaryContent(wasCancelled(download) ? "old".getBytes(StandardCharsets.UTF_8) : bytes);
        }
        try (Stream<Path> files = Files.list(it().folder())) {
            assertThat(files).containsExactly(to);
        }
    }

    @Test
    default void anUnfinishedUploadIsListedAndAborted() {
        Optional<Multipart> power = store().unwrap(Multipart.class);
        if (power.isEmpty()) {
            assertKind(Kind.UNSUPPORTED, () -> store().uploads().list("k"));
            return;
        }
        Call call = Call.unbounded();
        String id = power.get()
                .begin(new Multipart.Begin("k", Attributes.NONE, WriteCondition.ALWAYS, it().partBytes()), call);
        List<Uploads.Unfinished> open = store().uploads().list("k");
        assertThat(open).singleElement().satisfies(upload -> {
            assertThat(upload.key()).isEqualTo("k");
            assertThat(upload.uploadId()).isEqualTo(id);
            assertThat(upload.begun()).isBefore(Instant.now().plusSeconds(3600));
        });
        assertThat(store().uploads().sweep("k", Duration.ofDays(1))).isZero();
        assertThat(store().uploads().list("k")).hasSize(1);
        assertThat(store().uploads().abort(open)).isOne();
        assertThat(store().uploads().list("k")).isEmpty();
        assertThat(store().exists("k")).isFalse();
    }

    @Test
    default void closingAnUnfinishedTransferCancelsIt() throws Exception {
        byte[] bytes = random(it().largeBytes(), 1);
        Path from = Files.write(it().folder().resolve("from"), bytes);
        PutOptions options = it().inParts();
        Transfer<ObjectInfo> transfer = store().startUpload(from, "k", options);
        transfer.close();
        if (mayHaveHappened(transfer)) {
            // Cancelled when all was sent and no answer was there: it says so, and then there is all of it or nothing.
            assertThat(store().exists("k") ? it().read("k") : bytes).isEqualTo(bytes);
        } else {
            assertThat(store().exists("k")).isEqualTo(!wasCancelled(transfer));
        }
    }

    private static boolean mayHaveHappened(Transfer<ObjectInfo> transfer) {
        try {
            transfer.join();
            return false;
        } catch (StorageException e) {
            return e.mayHaveHappened();
        }
    }
}
