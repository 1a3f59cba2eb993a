package dev.anystore.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.ByteRange;
import dev.anystore.Capability;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.CopyOptions;
import dev.anystore.DeleteOptions;
import dev.anystore.GetOptions;
import dev.anystore.Incomplete;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.PreconditionFailed;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Call;
import dev.anystore.testkit.gcs.GcsServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is this service's own, beside the contract. */
class SemanticsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OTHER_KEY = "HxECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final int MIB = 1 << 20;

    private GcsServer server;
    private String credentials;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = GcsServer.start();
        server.createBucket("tests");
        credentials = server.writeCredentials(folder.resolve("account.json")).toString();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ObjectStore open(String... more) {
        List<String> all = new ArrayList<>(List.of("credentials", credentials, "project", "example"));
        all.addAll(List.of(more));
        return TestStores.open(server, all.toArray(String[]::new));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    @Test
    void ofSixtyFourCreatorsOneWins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try (ObjectStore store = open()) {
            CountDownLatch together = new CountDownLatch(64);
            List<Future<Boolean>> outcomes = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] mine = ("creator " + i).getBytes(StandardCharsets.UTF_8);
                outcomes.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    try {
                        store.put("k", Body.of(mine), PutOptions.DEFAULT.ifAbsent());
                        return true;
                    } catch (PreconditionFailed e) {
                        return false;
                    }
                }));
            }
            int winners = 0;
            for (Future<Boolean> outcome : outcomes) {
                winners += outcome.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatIsStoredPackedComesBackAsItIsStored() throws Exception {
        byte[] bytes = packed("text that is short when packed ".repeat(1000));
        for (String api : List.of("xml", "json")) {
            try (ObjectStore store = open("api", api)) {
                store.put(
                        "k",
                        Body.of(bytes),
                        PutOptions.DEFAULT.withContentEncoding("gzip").withContentType("text/plain"));
                assertThat(server.bytes("tests", "k")).isEqualTo(bytes);
                ObjectInfo info = store.head("k");
                assertThat(info.size()).isEqualTo(bytes.length);
                assertThat(info.contentEncoding()).contains("gzip");
                assertThat(store.getBytes("k", GetOptions.DEFAULT.withRequireVerified(true)))
                        .isEqualTo(bytes);
                assertThat(store.getBytes("k", GetOptions.DEFAULT.withRange(ByteRange.of(3, 7))))
                        .hasSize(7);
                Path file = folder.resolve("copy-" + api);
                ObjectInfo read = store.download("k", file);
                assertThat(file).hasBinaryContent(bytes);
                assertThat(read.verification()).isEqualTo(Verification.WHOLE);
            }
        }
    }

    @Test
    void aRewriteGoesOnUntilItIsDone() {
        byte[] bytes = random(10_000);
        server.limitRewrites(3_000);
        try (ObjectStore store = open()) {
            store.put("from", Body.of(bytes), PutOptions.DEFAULT.withMetadata(Map.of("a", "b")));
            ObjectInfo copy = store.copy("from", "to", CopyOptions.DEFAULT.ifAbsent());
            assertThat(copy.size()).isEqualTo(bytes.length);
            assertThat(store.getBytes("to")).isEqualTo(bytes);
            assertThat(store.head("to").metadata()).containsEntry("a", "b");
            assertThat(server.requests().stream().filter(line -> line.contains("rewriteToken=")))
                    .hasSize(3);
        }
    }

    @Test
    void aLostAnswerToAWriteWithAConditionIsNoConflictWithOneself() {
        try (ObjectStore store = open()) {
            server.loseAnswers(line -> line.startsWith("PUT /tests/k"), 1);
            ObjectInfo info = store.put("k", Body.of(random(100)), PutOptions.DEFAULT.ifAbsent());
            assertThat(info.revision()).isEqualTo(store.head("k").revision());
        }
    }

    @Test
    void aLostAnswerToACompletionIsReadBack() {
        byte[] bytes = random(20 * MIB);
        try (ObjectStore store = open()) {
            server.loseAnswers(line -> line.startsWith("POST /tests/k?uploadId"), 1);
            store.put("k", Body.of(bytes), PutOptions.DEFAULT.ifAbsent());
            assertThat(server.bytes("tests", "k")).isEqualTo(bytes);
        }
    }

    @Test
    void aSessionWhoseAnswerIsLostIsAskedHowFarItIs() throws Exception {
        byte[] bytes = random(20 * MIB + 17);
        try (ObjectStore store = open("api", "json")) {
            assertThat(store.capabilities().has(Capability.MULTIPART)).isFalse();
            // Of three chunks one arrives and its answer is lost, one is lost before it arrives, and so is the last
            // answer.
            server.loseAnswers(line -> line.startsWith("PUT /upload"), 1);
            ObjectInfo info = store.put("k", Body.stream(new ByteArrayInputStream(bytes)));
            assertThat(info.size()).isEqualTo(bytes.length);
            assertThat(info.verification()).isEqualTo(Verification.WHOLE);
            assertThat(server.bytes("tests", "k")).isEqualTo(bytes);
            server.loseRequests(line -> line.startsWith("PUT /upload"), 2);
            store.put("k2", Body.stream(new ByteArrayInputStream(bytes)));
            assertThat(server.bytes("tests", "k2")).isEqualTo(bytes);
            server.refuse(line -> line.startsWith("PUT /upload"), 2, 503, "backendError", "Try again");
            store.put("k3", Body.stream(new ByteArrayInputStream(bytes), bytes.length));
            assertThat(server.bytes("tests", "k3")).isEqualTo(bytes);
        }
    }

    @Test
    void theLastAnswerOfASessionMayBeLostToo() throws Exception {
        byte[] bytes = random(9 * MIB);
        try (ObjectStore store = open("api", "json")) {
            server.loseAnswers(line -> line.startsWith("PUT /upload") && isLastPut(line), 1);
            store.put("k", Body.stream(new ByteArrayInputStream(bytes)), PutOptions.DEFAULT.ifAbsent());
            assertThat(server.bytes("tests", "k")).isEqualTo(bytes);
        }
    }

    /** The second of two. */
    private boolean isLastPut(String line) {
        return server.requests().stream().filter(line::equals).count() >= 2;
    }

    @Test
    void objectsOfPartsHaveACrcAndNoMd5() {
        byte[] bytes = random(20 * MIB);
        try (ObjectStore store = open()) {
            ObjectInfo info = store.put("k", Body.of(bytes));
            assertThat(info.verification()).isEqualTo(Verification.WHOLE);
            assertThat(store.head("k").checksums())
                    .extracting(checksum -> checksum.algorithm())
                    .containsExactly(Algorithm.CRC32C);
            assertThat(store.getBytes("k", GetOptions.DEFAULT.withRequireVerified(true)))
                    .isEqualTo(bytes);
        }
    }

    @Test
    void aHundredAndOneKeysAreDeletedByTwoRequests() {
        try (ObjectStore store = open()) {
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < 101; i++) {
                keys.add("many/ü " + i + "+%");
                store.put(keys.get(i), Body.of(new byte[1]));
            }
            store.deleteAll(keys);
            assertThat(store.list("many/")).isEmpty();
            assertThat(server.requests().stream().filter(line -> line.startsWith("POST /batch")))
                    .hasSize(1);
            assertThat(server.requests().stream().filter(line -> line.startsWith("DELETE ")))
                    .hasSize(1);
        }
    }

    @Test
    void aBatchFromABucketThatIsNotThereFails() {
        try (ObjectStore store = open("bucket", "nowhere")) {
            assertThatThrownBy(() -> store.deleteAll(List.of("a", "b")))
                    .isInstanceOfSatisfying(StorageException.class, e -> assertThat(
                                    e instanceof Incomplete ? Kind.BUCKET_NOT_FOUND : e.kind())
                            .isEqualTo(Kind.BUCKET_NOT_FOUND));
        }
    }

    @Test
    void aCustomersKeyIsNeededToReadAgain() {
        byte[] bytes = random(17 * MIB);
        try (ObjectStore store = open("customer-key", KEY);
                ObjectStore without = open();
                ObjectStore with = open("customer-key", OTHER_KEY)) {
            store.put("small", Body.of(random(100)));
            store.put("large", Body.of(bytes));
            store.copy("small", "copy");
            assertThat(store.getBytes("copy")).isEqualTo(random(100));
            assertThat(store.getBytes("large")).isEqualTo(bytes);
            assertThat(store.capabilities().has(Capability.PRESIGN_GET)).isFalse();
            for (ObjectStore other : List.of(without, with)) {
                assertThatThrownBy(() -> other.getBytes("small"))
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("GCS_CUSTOMER_KEY")
                        .hasMessageNotContaining(KEY)
                        .hasMessageNotContaining(OTHER_KEY);
            }
        }
    }

    @Test
    void aKeyOfTheKeyManagementIsNamedByEveryWrite() {
        String key = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
        try (ObjectStore store = open("kms-key", key)) {
            GcsObjects objects = store.unwrap(GcsObjects.class).orElseThrow();
            store.put("small", Body.of(random(100)));
            store.put("large", Body.of(random(17 * MIB)));
            store.put("words", Body.of(random(100)), PutOptions.DEFAULT.withMetadata(Map.of("a", "ü")));
            store.copy("small", "copy");
            for (String name : List.of("small", "large", "words", "copy")) {
                assertThat(objects.details(name, Call.unbounded()).kmsKeyName())
                        .as(name)
                        .startsWith(key);
            }
        }
    }

    @Test
    void aClassIsTheObjectsOwnOrTheStores() {
        try (ObjectStore store = open("storage-class", "NEARLINE")) {
            store.put("k", Body.of(new byte[1]));
            store.put("own", Body.of(new byte[1]), PutOptions.DEFAULT.withStorageClass("COLDLINE"));
            assertThat(store.head("k").storageClass()).contains("NEARLINE");
            assertThat(store.head("own").storageClass()).contains("COLDLINE");
        }
    }

    @Test
    void aRequesterThatPaysIsNamedByEveryRequest() {
        server.makeRequesterPay("tests");
        try (ObjectStore store = open("user-project", "example")) {
            store.put("k", Body.of(random(100)));
            store.put("words", Body.of(random(100)), PutOptions.DEFAULT.withMetadata(Map.of("a", "ü")));
            store.copy("k", "copy");
            assertThat(store.list("")).hasSize(3);
            assertThat(store.getBytes("k")).hasSize(100);
            store.deleteAll(List.of("k", "copy", "words"));
            assertThat(store.list("")).isEmpty();
        }
    }

    @Test
    void aCustomTimeIsSetOnlyOnMetadataThatNobodyChanged() {
        try (ObjectStore store = open()) {
            ObjectInfo put = store.put("k", Body.of(new byte[1]));
            GcsObjects objects = store.unwrap(GcsObjects.class).orElseThrow();
            Call call = Call.unbounded();
            GcsObjects.Details before = objects.details("k", call);
            assertThat(before.customTime()).isNull();
            Instant time = Instant.parse("2026-02-03T04:05:06Z");
            GcsObjects.Details after = objects.setCustomTime("k", time, before.metageneration(), call);
            assertThat(after.customTime()).isEqualTo(time);
            assertThat(after.generation()).isEqualTo(put.revision());
            assertThat(after.metageneration()).isEqualTo(before.metageneration() + 1);
            assertThatThrownBy(() -> objects.setCustomTime("k", time, before.metageneration(), call))
                    .isInstanceOf(PreconditionFailed.class);
        }
    }

    @Test
    void aRevisionThatIsNoGenerationIsNobodys() {
        try (ObjectStore store = open()) {
            store.put("k", Body.of(new byte[1]));
            assertThatThrownBy(() -> store.put("k", Body.of(new byte[2]), PutOptions.DEFAULT.ifRevision("abc")))
                    .isInstanceOf(PreconditionFailed.class);
            assertThatThrownBy(() -> store.delete("k", DeleteOptions.DEFAULT.ifRevision("abc")))
                    .isInstanceOf(PreconditionFailed.class);
            assertThat(store.head("k").size()).isEqualTo(1);
        }
    }

    @Test
    void metadataOfAnyTextAreReadByBothApis() {
        Map<String, String> metadata =
                Map.of("a", "grün und größer", "b", " blanks  within and around ", "c", "=?UTF-8?");
        try (ObjectStore store = open()) {
            store.put("small", Body.of(random(10)), PutOptions.DEFAULT.withMetadata(metadata));
            store.put("large", Body.of(random(17 * MIB)), PutOptions.DEFAULT.withMetadata(metadata));
            for (String key : List.of("small", "large")) {
                assertThat(store.head(key).metadata()).as(key).isEqualTo(metadata);
                try (var reader = store.get(key)) {
                    assertThat(reader.info().metadata()).as(key).isEqualTo(metadata);
                }
            }
        }
    }
}
