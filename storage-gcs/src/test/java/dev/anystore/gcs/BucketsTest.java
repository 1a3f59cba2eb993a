package dev.anystore.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.ObjectStore;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.BucketAdmin.CorsRule;
import dev.anystore.spi.BucketAdmin.LifecycleRule;
import dev.anystore.spi.Call;
import dev.anystore.testkit.gcs.GcsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method of Google's client that the room calls, over our transport: a newer version that misses a class, or answers
 * otherwise, fails here. They are create, get, update and delete of a bucket, with what is read of it.
 */
class BucketsTest {
    private GcsServer server;
    private ObjectStore store;
    private BucketAdmin bucket;
    private final Call call = Call.unbounded();

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = GcsServer.start();
        store = open("project", "example");
        bucket = store.unwrap(BucketAdmin.class).orElseThrow();
    }

    private ObjectStore open(String... settings) throws IOException {
        String[] all = Arrays.copyOf(settings, settings.length + 2);
        all[settings.length] = "credentials";
        all[settings.length + 1] =
                server.writeCredentials(folder.resolve("account.json")).toString();
        return TestStores.open(server, all);
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    private static void fails(Kind kind, String words, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }

    @Test
    void aBucketIsMadeFoundAndDeleted() {
        assertThat(bucket.exists(call)).isFalse();
        bucket.create(call);
        bucket.create(call);
        assertThat(bucket.exists(call)).isTrue();
        store.put("k", Body.of(new byte[1]));
        fails(Kind.CONFLICT, "not empty", () -> bucket.delete(call));
        store.delete("k");
        bucket.delete(call);
        assertThat(bucket.exists(call)).isFalse();
        fails(Kind.BUCKET_NOT_FOUND, "GCS_BUCKET_NAME", () -> bucket.versioning(call));
    }

    @Test
    void rulesForBrowsersAreKept() {
        bucket.create(call);
        assertThat(bucket.cors(call)).isEmpty();
        List<String> headers = List.of("content-type", "x-goog-hash");
        CorsRule rule = new CorsRule(List.of("https://example.org"), List.of("GET", "PUT"), headers, headers, 60);
        bucket.setCors(List.of(rule), call);
        assertThat(bucket.cors(call)).containsExactly(rule);
        bucket.setCors(List.of(), call);
        assertThat(bucket.cors(call)).isEmpty();
    }

    @Test
    void lifecycleRulesAreKept() {
        bucket.create(call);
        LifecycleRule logs = new LifecycleRule("rule-1", true, "logs/", 30, 7, null);
        LifecycleRule all = new LifecycleRule("rule-2", true, "", null, null, 3);
        bucket.setLifecycle(List.of(logs, all), call);
        assertThat(bucket.lifecycle(call)).containsExactly(logs, all);
        fails(
                Kind.UNSUPPORTED,
                "switched off",
                () -> bucket.setLifecycle(List.of(new LifecycleRule("x", false, "", 1, null, null)), call));
        bucket.setLifecycle(List.of(), call);
        assertThat(bucket.lifecycle(call)).isEmpty();
    }

    @Test
    void versionsAreSwitchedOnAndOff() {
        bucket.create(call);
        assertThat(bucket.versioning(call)).isFalse();
        bucket.setVersioning(true, call);
        assertThat(bucket.versioning(call)).isTrue();
        bucket.setVersioning(false, call);
        assertThat(bucket.versioning(call)).isFalse();
    }

    @Test
    void aBucketWithoutAProjectIsNotAskedFor() throws IOException {
        try (ObjectStore none = open()) {
            BucketAdmin admin = none.unwrap(BucketAdmin.class).orElseThrow();
            fails(Kind.CONFIGURATION, "GOOGLE_CLOUD_PROJECT", () -> admin.create(call));
            assertThat(server.requests()).noneMatch(line -> line.startsWith("POST /storage"));
        }
    }

    @Test
    void whatIsWrongWithABucketIsSaidWithItsFix() {
        fails(Kind.BUCKET_NOT_FOUND, "GCS_BUCKET_NAME", () -> store.head("k"));
        fails(Kind.BUCKET_NOT_FOUND, "create it", () -> store.put("k", Body.of(new byte[1])));
        fails(Kind.BUCKET_NOT_FOUND, "create it", store::check);
        bucket.create(call);
        server.refuse(
                line -> line.startsWith("GET /storage/v1/b/tests/o?"),
                1,
                403,
                "forbidden",
                "does not have storage.objects.list access");
        fails(Kind.ACCESS_DENIED, "storage.objects.list", store::check);
        server.refuse(line -> line.contains("/o/k"), 1, 403, "forbidden", "does not have storage.objects.get access");
        fails(Kind.ACCESS_DENIED, "storage.objects.get", () -> store.head("k"));
        server.makeRequesterPay("tests");
        fails(Kind.ACCESS_DENIED, "GCS_USER_PROJECT", () -> store.head("k"));
        fails(Kind.ACCESS_DENIED, "GCS_USER_PROJECT", () -> store.put("k", Body.of(new byte[1])));
    }

    @Test
    void oneNameThatIsWrittenTooOftenIsSaidToBe() {
        bucket.create(call);
        server.refuse(
                line -> line.startsWith("PUT /tests/k"),
                100,
                429,
                "rateLimitExceeded",
                "The object tests/k exceeded the rate limit for object mutation operations (create, update, and delete).");
        fails(Kind.THROTTLED, "once a second", () -> store.put("k", Body.of(new byte[1])));
    }
}
