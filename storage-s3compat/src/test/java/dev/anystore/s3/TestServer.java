package dev.anystore.s3;

import static org.junit.jupiter.api.Assertions.fail;

import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real server that somebody started, and how to open stores on it. Its credentials are those of every test server.
 *
 * @param endpoint where it is
 * @param profile the row of the table that describes it
 * @param caBundle what to trust, or null
 */
record TestServer(URI endpoint, String profile, @Nullable String caBundle) {
    static final String ID = "testaccess";
    static final String SECRET = "testsecret12345";

    private static final AtomicInteger BUCKETS = new AtomicInteger();

    /** The server that an environment variable names; without it the test is skipped, or fails where all must run. */
    static TestServer named(String variable, String profile) {
        return named(variable, profile, null);
    }

    static TestServer named(String variable, String profile, @Nullable String caVariable) {
        String url = System.getenv(variable);
        if (url == null || url.isEmpty()) {
            if ("true".equals(System.getenv("ANYSTORE_TEST_REQUIRE_SERVERS"))) {
                fail(variable + " is not set, and ANYSTORE_TEST_REQUIRE_SERVERS=true asks for every server");
            }
            System.out.println("skipped: " + variable + " is not set");
            Assumptions.abort(variable + " is not set");
        }
        return new TestServer(
                URI.create(Objects.requireNonNull(url)),
                profile,
                caVariable == null ? null : System.getenv(caVariable));
    }

    /** The settings of a store on a bucket. */
    Map<String, String> settings(String bucket) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bucket", bucket);
        settings.put("endpoint-url", endpoint.toString());
        settings.put("access-key-id", ID);
        settings.put("secret-access-key", SECRET);
        settings.put("region", "us-east-1");
        settings.put("profile", profile);
        if (caBundle != null) {
            settings.put("ca-bundle", caBundle);
        }
        return settings;
    }

    /** A store on a bucket, which may not be there. */
    PoweredBackend open(String bucket) {
        return open(settings(bucket));
    }

    /** A store with these settings of provider s3, by their names. */
    static PoweredBackend open(Map<String, String> settings) {
        return (PoweredBackend) new S3Provider().open(providerSettings("s3", settings));
    }

    static ProviderSettings providerSettings(String requestedName, Map<String, String> settings) {
        Map<String, ProviderSettings.Value> values = new LinkedHashMap<>();
        settings.forEach((name, value) -> values.put(name, new ProviderSettings.Value(Secret.of(value), name)));
        return ProviderSettings.of("s3", requestedName, values, Map.of());
    }

    /** A store on a new bucket. */
    PoweredBackend openNewBucket() {
        PoweredBackend store = open(newBucketName());
        Objects.requireNonNull(store.extension(BucketAdmin.class)).create(Call.unbounded());
        return store;
    }

    /** A name that no other test of this or another run uses. */
    static String newBucketName() {
        return "anystore-%d-%d-%d"
                .formatted(
                        ProcessHandle.current().pid(),
                        System.currentTimeMillis() % 1_000_000,
                        BUCKETS.incrementAndGet());
    }
}
