package dev.anystore.b2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.Body;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.GetOptions;
import dev.anystore.ListEntry;
import dev.anystore.ListOptions;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.spi.Call;
import dev.anystore.spi.Versions;
import dev.anystore.testkit.b2.B2Fault;
import dev.anystore.testkit.b2.B2Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults of the service and of the way to it: what was promised is kept, or the failure says what it is. */
class B2FaultsTest {
    private static final int PART = 5_000_000;
    private static final PutOptions IN_PARTS = PutOptions.DEFAULT.withPartBytes(PART);

    @TempDir
    Path folder;

    private B2Server server;
    private TestAccount account;
    private String bucket;
    private ObjectStore store;

    @BeforeEach
    void open() {
        server = B2Server.start();
        account = TestAccount.on(server);
        bucket = account.newBucket();
        store = account.open(bucket, StoreOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        store.close();
        assertThat(server.misusedUploadUrls())
                .as("uploads to a URL that was in use or had failed")
                .isZero();
        server.close();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static StorageException failure(ThrowingCallable call) {
        StorageException e = catchThrowableOfType(StorageException.class, call);
        assertThat(e).as("a failure").isNotNull();
        assertThat(e.getMessage()).doesNotContain(B2Server.KEY);
        return e;
    }

    // ---- uploads

    @ParameterizedTest
    @EnumSource(
            value = B2Fault.class,
            names = {
                "EXPIRED_TOKEN",
                "BAD_TOKEN",
                "REQUEST_TIMEOUT",
                "INTERNAL_ERROR",
                "UNAVAILABLE",
                "WRONG_SHA1",
                "HANG_UP",
                "LOSE_ANSWER"
            })
    void anUploadThatFailsOnceGoesToAnotherUrl(B2Fault fault) {
        store.put("warm", Body.of(random(10)));
        server.next("b2_upload_file", fault);
        store.put("k", Body.of(random(5000)));
        assertThat(store.getBytes("k")).isEqualTo(random(5000));
        server.next("b2_upload_part", fault, B2Fault.NONE, fault);
        store.put("large", Body.of(random(3 * PART + 1)), IN_PARTS);
        assertThat(store.getBytes("large")).isEqualTo(random(3 * PART + 1));
        assertThat(store.uploads().list("")).isEmpty();
    }

    @Test
    void theServiceThatAsksToSlowDownIsWaitedFor() {
        server.next("b2_upload_file", B2Fault.TOO_MANY_REQUESTS);
        long begun = System.nanoTime();
        store.put("k", Body.of(random(10)));
        assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
        assertThat(store.getBytes("k")).isEqualTo(random(10));
    }

    @Test
    void oldUploadUrlsAreThrownAwayAllAtOnce() throws Exception {
        parallel(8, i -> store.put("warm" + i, Body.of(random(100))));
        server.expireUploadUrls();
        long before = server.calls("b2_upload_file");
        store.put("k", Body.of(random(10)));
        assertThat(server.calls("b2_upload_file") - before)
                .as("one that was refused, and one to a new URL")
                .isEqualTo(2);
        store.put("k", Body.of(random(20)));
        assertThat(store.getBytes("k")).isEqualTo(random(20));
    }

    @Test
    void uploadUrlsAreUsedAgain() {
        for (int i = 0; i < 10; i++) {
            store.put("k" + i, Body.of(random(i)));
        }
        assertThat(server.calls("b2_get_upload_url")).isOne();
    }

    // ---- tokens

    @Test
    void aTokenThatEndsUnderLoadIsRenewedOnce() throws Exception {
        parallel(16, i -> store.put("k" + i, Body.of(random(100))));
        server.expireAccountTokens();
        long before = server.calls("b2_authorize_account");
        parallel(16, i -> store.getBytes("k" + i));
        assertThat(server.calls("b2_authorize_account") - before)
                .as("authorisations for sixteen that met an old token")
                .isOne();
    }

    @Test
    void aTokenThatEndsIsNoticedByEveryCall() {
        store.put("k", Body.of(random(10)));
        List<Runnable> calls = List.of(
                () -> store.head("k"),
                () -> store.getBytes("k"),
                () -> store.listPage(""),
                () -> store.copy("k", "copy"),
                () -> store.delete("copy"),
                () -> store.presignGet("k", Duration.ofMinutes(1)),
                () -> store.uploads().list(""),
                () -> store.put("large", Body.of(random(2 * PART)), IN_PARTS));
        for (Runnable each : calls) {
            server.expireAccountTokens();
            each.run();
        }
    }

    @Test
    void aTokenThatEndsInTheMiddleOfALargeFileIsRenewed() throws Exception {
        Path file = Files.write(folder.resolve("file"), random(4 * PART));
        for (String operation : List.of("b2_get_upload_part_url", "b2_finish_large_file", "b2_start_large_file")) {
            server.next(operation, B2Fault.EXPIRED_TOKEN);
            store.upload(file, operation, IN_PARTS);
            assertThat(store.getBytes(operation)).isEqualTo(random(4 * PART));
        }
    }

    @Test
    void aKeyThatIsTakenAwayEndsWithOneSentence() throws Exception {
        List<String> key =
                server.newKey(Set.of("listBuckets", "listFiles", "readFiles", "writeFiles"), List.of(), null);
        try (ObjectStore other =
                new TestAccount(server.url(), key.get(0), key.get(1)).open(bucket, StoreOptions.DEFAULT)) {
            other.put("k", Body.of(random(10)));
            server.expireAccountTokens();
            server.forgetKey(key.get(0));
            assertThat(failure(() -> other.getBytes("k")).kind()).isEqualTo(Kind.UNAUTHENTICATED);
        }
    }

    // ---- answers that were lost

    @Test
    void aCompletionWhoseAnswerIsLostIsASuccess() {
        server.next("b2_finish_large_file", B2Fault.LOSE_ANSWER);
        store.put("k", Body.of(random(2 * PART)), IN_PARTS);
        assertThat(store.getBytes("k")).isEqualTo(random(2 * PART));
        assertThat(store.uploads().list("")).isEmpty();
    }

    @Test
    void anUploadWhoseBeginningIsNotAnsweredLeavesNothing() {
        server.next("b2_start_large_file", B2Fault.LOSE_ANSWER);
        store.put("k", Body.of(random(2 * PART)), IN_PARTS);
        assertThat(store.getBytes("k")).isEqualTo(random(2 * PART));
        assertThat(store.uploads().list("")).isEmpty();
    }

    @Test
    void aHideThatIsNotAnsweredIsDoneOnce() {
        store.put("k", Body.of(random(10)));
        server.next("b2_hide_file", B2Fault.LOSE_ANSWER);
        store.delete("k");
        assertThat(store.exists("k")).isFalse();
        Versions versions = store.unwrap(Versions.class).orElseThrow();
        assertThat(versions.list("k", 10, null, Call.unbounded()).versions()).hasSize(2);
    }

    // ---- downloads

    @ParameterizedTest
    @EnumSource(
            value = B2Fault.class,
            names = {"CUT_BODY", "HANG_UP", "UNAVAILABLE", "INTERNAL_ERROR", "REQUEST_TIMEOUT"})
    void aDownloadThatFailsOnceIsWholeAllTheSame(B2Fault fault) throws Exception {
        store.put("k", Body.of(random(100_000)));
        server.next("b2_download_file_by_name", fault);
        assertThat(store.getBytes("k")).isEqualTo(random(100_000));
        server.next("b2_download_file_by_name", fault);
        store.download("k", folder.resolve("file"));
        assertThat(folder.resolve("file")).hasBinaryContent(random(100_000));
    }

    @Test
    void aFlippedBitIsFound() {
        store.put("k", Body.of(random(100_000)));
        server.next("b2_download_file_by_name", B2Fault.FLIP_BIT);
        assertThat(failure(() -> store.getBytes("k")).kind()).isEqualTo(Kind.INTEGRITY);
    }

    @Test
    void aFlippedBitIsFoundInWhatOthersWrote() throws Exception {
        // A large file of another client, which has told the SHA-1 of the whole in the way that Backblaze's own do.
        byte[] bytes = random(2 * PART);
        String sha1 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        store.put("k", Body.of(bytes), IN_PARTS.withMetadata(Map.of("large_file_sha1", sha1)));
        assertThat(store.head("k").checksum(Algorithm.SHA1).orElseThrow().hex()).isEqualTo(sha1);
        assertThat(store.getBytes("k", GetOptions.DEFAULT.withRequireVerified(true)))
                .isEqualTo(bytes);
        server.next("b2_download_file_by_name", B2Fault.FLIP_BIT);
        assertThat(failure(() -> store.getBytes("k")).kind()).isEqualTo(Kind.INTEGRITY);
    }

    // ---- what stays

    @Test
    void aServerThatDiesBetweenTwoPartsFindsTheUploadAgain() throws Exception {
        Path file = Files.write(folder.resolve("file"), random(6 * PART));
        Path journal = folder.resolve("journal");
        StoreOptions options = StoreOptions.DEFAULT.withJournal(journal).withMaxConnections(1);
        try (ObjectStore first = account.open(bucket, options)) {
            server.nextAfter("b2_upload_part", 3, B2Fault.STOP);
            StorageException e = failure(() -> first.upload(file, "k", IN_PARTS));
            assertThat(e.kind()).isIn(Kind.UNAVAILABLE, Kind.TIMEOUT);
            assertThat(e.resumable()).isTrue();
        }
        server.restart();
        long before = server.calls("b2_upload_part");
        try (ObjectStore second = account.open(bucket, options)) {
            assertThat(second.uploads().resumable()).hasSize(1);
            second.upload(file, "k", IN_PARTS);
            assertThat(second.getBytes("k")).isEqualTo(random(6 * PART));
            assertThat(second.uploads().list("")).isEmpty();
            assertThat(second.uploads().resumable()).isEmpty();
        }
        assertThat(server.calls("b2_upload_part") - before)
                .as("only the parts that were not there")
                .isEqualTo(3);
    }

    @Test
    void anUploadThatIsGivenUpIsCancelled() {
        server.next(
                "b2_upload_part",
                B2Fault.NONE,
                B2Fault.CAP_EXCEEDED,
                B2Fault.CAP_EXCEEDED,
                B2Fault.CAP_EXCEEDED,
                B2Fault.CAP_EXCEEDED);
        StorageException e = failure(() -> store.put("k", Body.of(random(4 * PART)), IN_PARTS));
        assertThat(e.kind()).isEqualTo(Kind.QUOTA);
        assertThat(e.retryable()).isFalse();
        assertThat(e.fix()).hasValueSatisfying(fix -> assertThat(fix).contains("cap"));
        assertThat(store.uploads().list("")).isEmpty();
        assertThat(store.exists("k")).isFalse();
    }

    @Test
    void aServerThatIsNotThereIsNotWaitedForByTheSdk() {
        server.stop();
        try (ObjectStore other = account.open(bucket, StoreOptions.DEFAULT)) {
            long begun = System.nanoTime();
            assertThatThrownBy(() -> other.head("k"))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
            // Five attempts of ours wait some seconds; the SDK's own policy waits two minutes.
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(60));
        }
        server.restart();
    }

    @Test
    void onlyWhatIsListedIsThere() {
        for (int i = 0; i < 25; i++) {
            store.put("k" + i, Body.of(random(1)));
        }
        server.next("b2_list_file_names", B2Fault.NONE, B2Fault.CUT_BODY, B2Fault.UNAVAILABLE);
        List<String> keys = store.list("", ListOptions.DEFAULT.withPageSize(10)).stream()
                .map(ListEntry::key)
                .toList();
        assertThat(keys).hasSize(25).doesNotHaveDuplicates();
    }

    private interface Work {
        Object run(int i);
    }

    private static void parallel(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Object>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                tasks.add(() -> work.run(number));
            }
            for (Future<Object> each : pool.invokeAll(tasks)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
