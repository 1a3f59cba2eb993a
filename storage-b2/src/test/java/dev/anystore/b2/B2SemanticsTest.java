package dev.anystore.b2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.backblaze.b2.client.B2StorageClient;
import com.backblaze.b2.client.exceptions.B2NotFoundException;
import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.DeleteOptions;
import dev.anystore.GetOptions;
import dev.anystore.Link;
import dev.anystore.LinkOptions;
import dev.anystore.ListEntry;
import dev.anystore.ListOptions;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.UnsupportedCapability;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.BucketAdmin.CorsRule;
import dev.anystore.spi.BucketAdmin.LifecycleRule;
import dev.anystore.spi.Call;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.Reachability;
import dev.anystore.spi.Versions;
import dev.anystore.testkit.b2.B2Server;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is B2's own: keys and their restrictions, versions that stay, links, rules of the bucket, what calls cost. */
class B2SemanticsTest {
    private static final int PART = 5_000_000;
    private static final Set<String> ALL =
            Set.of("listBuckets", "listFiles", "readFiles", "writeFiles", "deleteFiles", "shareFiles");

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
        server.close();
    }

    private static StorageException failure(Kind kind, ThrowingCallable call) {
        StorageException e = catchThrowableOfType(StorageException.class, call);
        assertThat(e).as("a failure").isNotNull();
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
        assertThat(e.getMessage()).doesNotContain(B2Server.KEY);
        return e;
    }

    private ObjectStore openWith(List<String> key) {
        return new TestAccount(server.url(), key.get(0), key.get(1)).open(bucket, StoreOptions.DEFAULT);
    }

    private ObjectStore openWith(String setting, String value) {
        StorageConfig.Builder builder = StorageConfig.builder("b2");
        account.settings(bucket).forEach(builder::set);
        return builder.set(setting, value).build().open();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    // ---- keys

    @Test
    void aWrongKeyIsNamed() {
        try (ObjectStore wrong =
                new TestAccount(server.url(), B2Server.KEY_ID, "testsecret").open(bucket, StoreOptions.DEFAULT)) {
            StorageException e = failure(Kind.UNAUTHENTICATED, () -> wrong.head("k"));
            assertThat(e.retryable()).isFalse();
            assertThat(e.attempts()).isOne();
            assertThat(e.fix()).hasValueSatisfying(fix -> assertThat(fix).contains("B2_APPLICATION_KEY_ID"));
        }
    }

    @Test
    void aKeyWithoutACapabilityIsToldWhich() {
        store.put("k", Body.of(bytes(10)));
        for (Map.Entry<String, ThrowingCallable> each : Map.<String, ThrowingCallable>of(
                        "writeFiles", () -> lacking("writeFiles").put("n", Body.of(bytes(1))),
                        "readFiles", () -> lacking("readFiles").head("k"),
                        "listFiles", () -> lacking("listFiles").listPage(""),
                        "shareFiles", () -> lacking("shareFiles").presignGet("k", Duration.ofMinutes(1)))
                .entrySet()) {
            StorageException e = failure(Kind.ACCESS_DENIED, each.getValue());
            assertThat(e.fix()).hasValueSatisfying(fix -> assertThat(fix).contains(each.getKey()));
        }
    }

    private ObjectStore lacking(String capability) {
        Set<String> rest = new TreeSet<>(ALL);
        rest.remove(capability);
        return openWith(server.newKey(rest, List.of(), null));
    }

    @Test
    void aKeyOfAnotherBucketIsToldWhichItIsFor() {
        String other = account.newBucket();
        try (ObjectStore restricted = openWith(server.newKey(ALL, List.of(other), null))) {
            StorageException e = failure(Kind.ACCESS_DENIED, () -> restricted.put("k", Body.of(bytes(1))));
            assertThat(e.getMessage()).contains(other, bucket, "B2_BUCKET_NAME");
        }
    }

    @Test
    void aKeyOfTheBucketWorksWithoutAskingForBuckets() {
        Set<String> files = Set.of("listFiles", "readFiles", "writeFiles", "deleteFiles", "shareFiles");
        long before = server.calls("b2_list_buckets");
        try (ObjectStore restricted = openWith(server.newKey(files, List.of(bucket), null))) {
            everything(restricted, "");
        }
        assertThat(server.calls("b2_list_buckets")).isEqualTo(before);
    }

    @Test
    void aKeyOfAPrefixWorksWithinIt() {
        store.put("users/8/k", Body.of(bytes(1)));
        try (ObjectStore restricted = openWith(server.newKey(ALL, List.of(bucket), "users/7/"))) {
            restricted.check();
            everything(restricted, "users/7/");
            restricted.put("users/7/a/b", Body.of(bytes(1)));
            restricted.put("users/7/c", Body.of(bytes(1)));
            assertThat(restricted.list("").stream().map(ListEntry::key)).containsExactly("users/7/a/b", "users/7/c");
            ListOptions folded = ListOptions.DEFAULT.withDelimiter("/");
            assertThat(restricted.listPage("", folded).prefixes()).containsExactly("users/");
            assertThat(restricted.listPage("users/", folded).prefixes()).containsExactly("users/7/");
            ListPage page = restricted.listPage("users/7/", folded);
            assertThat(page.prefixes()).containsExactly("users/7/a/");
            assertThat(page.objects()).extracting(ListEntry::key).containsExactly("users/7/c");
            for (ThrowingCallable outside : List.<ThrowingCallable>of(
                    () -> restricted.put("users/8/k", Body.of(bytes(2))),
                    () -> restricted.getBytes("users/8/k"),
                    () -> restricted.delete("users/8/k"),
                    () -> restricted.copy("users/7/c", "elsewhere"),
                    () -> restricted.listPage("users/8/"))) {
                assertThat(failure(Kind.ACCESS_DENIED, outside).getMessage()).contains("users/7/");
            }
        }
        assertThat(store.getBytes("users/8/k")).isEqualTo(bytes(1));
    }

    /** Every verb once. */
    private static void everything(ObjectStore store, String prefix) {
        store.put(prefix + "k", Body.of(bytes(100)));
        store.put(prefix + "large", Body.of(bytes(2 * PART)), PutOptions.DEFAULT.withPartBytes(PART));
        assertThat(store.getBytes(prefix + "large")).isEqualTo(bytes(2 * PART));
        store.copy(prefix + "k", prefix + "copy");
        assertThat(store.head(prefix + "copy").size()).isEqualTo(100);
        assertThat(store.list(prefix).stream().count()).isEqualTo(3);
        if (store.capabilities().has(Capability.PRESIGN_GET)) {
            store.presignGet(prefix + "k", Duration.ofMinutes(1));
        }
        assertThat(store.uploads().list(prefix)).isEmpty();
        store.deleteAll(List.of(prefix + "k", prefix + "copy", prefix + "large"));
        assertThat(store.list(prefix).stream().count()).isZero();
    }

    @Test
    void aKeyOfSeveralBucketsIsRefusedByTheVersionOfTheApiThatTheSdkSpeaks() {
        try (ObjectStore several = openWith(server.newKey(ALL, List.of(bucket, account.newBucket()), null))) {
            failure(Kind.UNAUTHENTICATED, () -> several.head("k"));
        }
    }

    // ---- what is refused before it is sent

    @Test
    void whatTheServiceCanNotKeepIsRefusedBeforeAnyRequest() {
        store.put("warm", Body.of(bytes(1)));
        Map<String, Long> before = server.calls();
        PutOptions plain = PutOptions.DEFAULT;
        Body body = Body.of(bytes(1));
        assertThat(catchThrowableOfType(RuntimeException.class, () -> store.put("k".repeat(1025), body)))
                .isNotNull();
        failure(Kind.INVALID_KEY, () -> store.put("a\u0001b", body));
        failure(Kind.INVALID_ARGUMENT, () -> store.put("k", body, plain.withMetadata(Map.of("n".repeat(51), "v"))));
        failure(
                Kind.INVALID_ARGUMENT,
                () -> store.put("k", body, plain.withMetadata(Map.of("b2-content-language", "v"))));
        failure(
                Kind.INVALID_ARGUMENT,
                () -> store.put("k".repeat(1000), body, plain.withMetadata(Map.of("a", "v".repeat(1000)))));
        failure(
                Kind.INVALID_ARGUMENT,
                () -> store.put("k", body, plain.withMetadata(Map.of("a", "\u00e9".repeat(400)))));
        failure(Kind.UNSUPPORTED, () -> store.put("k", body, plain.withStorageClass("STANDARD")));
        for (ThrowingCallable conditional : List.<ThrowingCallable>of(
                () -> store.put("k", body, plain.ifAbsent()),
                () -> store.put("k", body, plain.ifRevision("r")),
                () -> store.delete("k", DeleteOptions.DEFAULT.ifRevision("r")),
                () -> store.presignPut("k", Duration.ofMinutes(1)))) {
            assertThat(failure(Kind.UNSUPPORTED, conditional)).isInstanceOf(UnsupportedCapability.class);
        }
        assertThat(server.calls()).isEqualTo(before);
    }

    @Test
    void aReachedCapIsItsOwnError() {
        try (ObjectStore capped = openWith("test-mode", "force_cap_exceeded")) {
            StorageException e = failure(Kind.QUOTA, () -> capped.put("k", Body.of(bytes(1))));
            assertThat(e.retryable()).isFalse();
            assertThat(e.fix()).isPresent();
            failure(
                    Kind.QUOTA,
                    () -> capped.put("large", Body.of(bytes(2 * PART)), PutOptions.DEFAULT.withPartBytes(PART)));
        }
        assertThat(store.uploads().list("")).isEmpty();
    }

    @Test
    void theServicesOtherTestModesAreSurvived() {
        try (ObjectStore failing = openWith("test-mode", "fail_some_uploads")) {
            for (int i = 0; i < 10; i++) {
                failing.put("k" + i, Body.of(bytes(i)));
            }
        }
        try (ObjectStore expiring = openWith("test-mode", "expire_some_account_authorization_tokens")) {
            for (int i = 0; i < 30; i++) {
                assertThat(expiring.getBytes("k" + i % 10)).isEqualTo(bytes(i % 10));
            }
        }
        assertThat(server.misusedUploadUrls()).isZero();
    }

    @Test
    void aStreamThatEndsWithItsFirstPartIsNoLargeFile() {
        // The service wants two parts at least; the first part of a stream of unknown length has 8 MiB.
        for (int size : new int[] {8 << 20, (8 << 20) + 1, 16 << 20}) {
            long large = server.calls("b2_start_large_file");
            store.put("k", Body.stream(new ByteArrayInputStream(bytes(size))));
            assertThat(store.getBytes("k")).isEqualTo(bytes(size));
            assertThat(server.calls("b2_start_large_file") - large).isEqualTo(size == 8 << 20 ? 0 : 1);
        }
    }

    // ---- versions

    @Test
    void aDeletedObjectIsHiddenAndItsVersionsStay() {
        Call call = Call.unbounded();
        ObjectInfo first = store.put("k", Body.of(bytes(1)));
        ObjectInfo second = store.put("k", Body.of(bytes(2)));
        store.delete("k");
        store.delete("k");
        assertThat(store.exists("k")).isFalse();
        Versions versions = store.unwrap(Versions.class).orElseThrow();
        List<Versions.Version> all = versions.list("", 10, null, call).versions();
        assertThat(all).extracting(Versions.Version::deleteMarker).containsExactly(true, false, false);
        assertThat(all).extracting(Versions.Version::current).containsExactly(true, false, false);
        String firstId = first.versionId().orElseThrow();
        assertThat(store.getBytes("k", GetOptions.DEFAULT.withVersion(firstId))).isEqualTo(bytes(1));
        for (Versions.Version each : all) {
            store.delete("k", DeleteOptions.DEFAULT.withVersion(each.versionId()));
        }
        assertThat(versions.list("", 10, null, call).versions()).isEmpty();
        assertThat(second.revision()).isEqualTo(second.versionId().orElseThrow());
        failure(Kind.NOT_FOUND, () -> store.getBytes("k", GetOptions.DEFAULT.withVersion(firstId)));
    }

    @Test
    void versionsComeInPages() {
        for (int i = 0; i < 4; i++) {
            store.put("a", Body.of(bytes(i)));
            store.put("b", Body.of(bytes(i)));
        }
        store.delete("b");
        Versions versions = store.unwrap(Versions.class).orElseThrow();
        for (int size = 1; size < 6; size++) {
            List<Versions.Version> all = new ArrayList<>();
            String token = null;
            do {
                Versions.Page page = versions.list("", size, token, Call.unbounded());
                assertThat(page.versions()).hasSizeLessThanOrEqualTo(size);
                all.addAll(page.versions());
                token = page.nextPageToken();
            } while (token != null);
            assertThat(all).hasSize(9).doesNotHaveDuplicates();
            assertThat(all.stream().filter(Versions.Version::current).map(Versions.Version::key))
                    .containsExactly("a", "b");
        }
    }

    @Test
    void aVersionOfAnotherObjectIsNotFound() {
        ObjectInfo other = store.put("other", Body.of(bytes(1)));
        store.put("k", Body.of(bytes(2)));
        failure(Kind.NOT_FOUND, () -> store.getBytes("k", GetOptions.DEFAULT.withVersion(other.revision())));
        failure(Kind.NOT_FOUND, () -> store.getBytes("k", GetOptions.DEFAULT.withVersion("nonsense")));
    }

    // ---- what it costs

    @Test
    void aPageIsAsLargeAsOneBilledCallUnlessMoreIsAskedFor() {
        for (int i = 0; i < 3; i++) {
            store.put("k" + i, Body.of(bytes(1)));
        }
        long before = server.billed().getOrDefault('C', 0L);
        store.listPage("");
        assertThat(server.billed().getOrDefault('C', 0L) - before).isOne();
        store.listPage("", ListOptions.DEFAULT.withPageSize(10_000));
        assertThat(server.billed().getOrDefault('C', 0L) - before).isEqualTo(11);
    }

    @Test
    void whatIsCheapStaysCheap() {
        store.put("k", Body.of(bytes(10)));
        Map<String, Long> before = server.calls();
        for (int i = 0; i < 5; i++) {
            store.put("k", Body.of(bytes(10)));
            store.getBytes("k");
            store.head("k");
            store.exists("absent");
            store.delete("k");
        }
        Map<String, Long> after = server.calls();
        assertThat(server.calls("b2_upload_file") - before.getOrDefault("b2_upload_file", 0L))
                .isEqualTo(5);
        assertThat(after.get("b2_download_file_by_name")).isEqualTo(15);
        assertThat(after.get("b2_hide_file")).isEqualTo(5);
        // Of what is billed per call in any case, there was nothing new.
        for (String dear : List.of("b2_authorize_account", "b2_list_buckets")) {
            assertThat(after.get(dear)).as(dear).isEqualTo(before.get(dear));
        }
    }

    // ---- links

    @Test
    void aLinkSaysWhatItsAnswerSays() throws Exception {
        store.put("a/k", Body.of(bytes(100)), PutOptions.DEFAULT.withContentType("text/plain"));
        Link link = store.presignGet(
                "a/k",
                Duration.ofMinutes(5),
                LinkOptions.DEFAULT
                        .withContentType("application/x-other")
                        .withContentDisposition("attachment; filename=\"a b.txt\""));
        HttpURLConnection got = fetch(link.uri());
        assertThat(got.getResponseCode()).isEqualTo(200);
        assertThat(got.getContentType()).isEqualTo("application/x-other");
        assertThat(got.getHeaderField("Content-Disposition")).isEqualTo("attachment; filename=\"a b.txt\"");
        try (InputStream in = got.getInputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(bytes(100));
        }
        String bent = link.uri().toString().replace("x-other", "x-html");
        assertThat(fetch(URI.create(bent)).getResponseCode()).isEqualTo(401);
        assertThat(store.presignGet("a/k", Duration.ofSeconds(1)).expiresAt()).isPresent();
        Presigner presigner = store.unwrap(Presigner.class).orElseThrow();
        failure(
                Kind.UNSUPPORTED,
                () -> presigner.presign(
                        Presigner.Presign.delete("a/k", null, Duration.ofMinutes(1)), Call.unbounded()));
    }

    private static HttpURLConnection fetch(URI uri) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(30_000);
        connection.setReadTimeout(30_000);
        connection.setRequestProperty("Connection", "close");
        return connection;
    }

    // ---- the bucket

    @Test
    void theBucketsRulesComeBackAsTheyWent() {
        BucketAdmin admin = store.unwrap(BucketAdmin.class).orElseThrow();
        Call call = Call.unbounded();
        assertThat(admin.cors(call)).isEmpty();
        assertThat(admin.lifecycle(call)).isEmpty();
        List<CorsRule> cors = List.of(new CorsRule(
                List.of("https://www.example.com"),
                List.of("GET", "HEAD", "PUT", "POST", "DELETE"),
                List.of("range"),
                List.of("x-bz-content-sha1"),
                3600));
        admin.setCors(cors, call);
        assertThat(admin.cors(call)).isEqualTo(cors);
        List<LifecycleRule> rules = List.of(
                new LifecycleRule("logs/", true, "logs/", 30, 7, 1), new LifecycleRule("", true, "", null, 1, null));
        admin.setLifecycle(rules, call);
        assertThat(admin.lifecycle(call)).isEqualTo(rules);
        assertThat(admin.cors(call)).as("untouched").isEqualTo(cors);
        admin.setLifecycle(List.of(), call);
        assertThat(admin.lifecycle(call)).isEmpty();
        failure(Kind.UNSUPPORTED, () -> admin.setLifecycle(List.of(new LifecycleRule("a", false, "a", 1, 1, 1)), call));
        assertThat(admin.versioning(call)).isTrue();
        failure(Kind.UNSUPPORTED, () -> admin.setVersioning(false, call));
    }

    @Test
    void aBucketIsMadeOnceAndDeletedWhenItIsEmpty() {
        BucketAdmin admin = store.unwrap(BucketAdmin.class).orElseThrow();
        Call call = Call.unbounded();
        admin.create(call);
        store.put("k", Body.of(bytes(1)));
        StorageException e = failure(Kind.CONFLICT, () -> admin.delete(call));
        assertThat(e.retryable()).isFalse();
        ObjectInfo info = store.head("k");
        store.delete("k", DeleteOptions.DEFAULT.withVersion(info.revision()));
        admin.delete(call);
        assertThat(admin.exists(call)).isFalse();
        failure(Kind.BUCKET_NOT_FOUND, () -> store.head("k"));
        failure(Kind.BUCKET_NOT_FOUND, () -> store.list("").stream().count());
        failure(Kind.BUCKET_NOT_FOUND, () -> account.open("anystore-absent", StoreOptions.DEFAULT)
                .put("k", Body.of(bytes(1))));
    }

    // ---- encryption

    @Test
    void whatACustomersKeyHasEncryptedIsReadWithIt() {
        String key = Base64.getEncoder().encodeToString(bytes(32));
        try (ObjectStore encrypted = openWith("encryption-customer-key", key)) {
            everything(encrypted, "");
            encrypted.put("kept", Body.of(bytes(10)));
            assertThat(encrypted.getBytes("kept")).isEqualTo(bytes(10));
            assertThat(catchThrowableOfType(
                            UnsupportedCapability.class, () -> encrypted.presignGet("kept", Duration.ofMinutes(1))))
                    .isNotNull();
        }
        failure(Kind.ACCESS_DENIED, () -> store.getBytes("kept"));
        try (ObjectStore encrypted = openWith("encryption", "AES256")) {
            everything(encrypted, "again/");
        }
    }

    // ---- others

    @Test
    void theSdksOwnClientGoesOverTheSameTransport() throws Exception {
        B2StorageClient client = store.unwrap(B2StorageClient.class).orElseThrow();
        assertThat(client.getBucketOrNullByName(bucket)).isNotNull();
        server.expireAccountTokens();
        assertThat(client.getBucketOrNullByName(bucket).getBucketName()).isEqualTo(bucket);
        assertThat(catchThrowableOfType(B2NotFoundException.class, () -> client.getFileInfoByName(bucket, "absent")))
                .isNotNull();
    }

    @Test
    void theDoctorsStepsGoToTheKey() {
        store.put("k", Body.of(bytes(1)));
        Reachability way = store.unwrap(Reachability.class).orElseThrow();
        assertThat(way.steps())
                .extracting(Reachability.Step::name)
                .containsExactly("name", "connect", "TLS", "answer", "key");
        for (Reachability.Step step : way.steps()) {
            assertThat(step.take(Call.unbounded())).as(step.name()).isNotBlank();
        }
        try (ObjectStore restricted = openWith(server.newKey(Set.of("readFiles"), List.of(bucket), "a/"))) {
            String key = restricted
                    .unwrap(Reachability.class)
                    .orElseThrow()
                    .steps()
                    .get(4)
                    .take(Call.unbounded());
            assertThat(key).contains("for this bucket only", "begin with a/", "without", "writeFiles");
        }
    }
}
