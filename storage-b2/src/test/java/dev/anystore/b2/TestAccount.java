package dev.anystore.b2;

import static org.junit.jupiter.api.Assertions.fail;

import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StoreOptions;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import dev.anystore.testkit.b2.B2Server;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * An account on a server that somebody started, and how stores are opened on it.
 *
 * @param api where it is
 * @param keyId of the application key
 * @param key the application key
 */
record TestAccount(URI api, String keyId, String key) {
    private static final AtomicInteger BUCKETS = new AtomicInteger();

    /** The one of a server in this process. */
    static TestAccount on(B2Server server) {
        return new TestAccount(server.url(), B2Server.KEY_ID, B2Server.KEY);
    }

    /** The one that the environment names; without it the test is skipped, or fails where all must run. */
    static TestAccount ofEnvironment() {
        String url = System.getenv("ANYSTORE_TEST_B2_URL");
        if (url == null || url.isEmpty()) {
            if ("true".equals(System.getenv("ANYSTORE_TEST_REQUIRE_SERVERS"))) {
                fail("ANYSTORE_TEST_B2_URL is not set, and ANYSTORE_TEST_REQUIRE_SERVERS=true asks for every server");
            }
            System.out.println("skipped: ANYSTORE_TEST_B2_URL is not set");
            Assumptions.abort("ANYSTORE_TEST_B2_URL is not set");
        }
        return new TestAccount(
                URI.create(Objects.requireNonNull(url)),
                Objects.requireNonNull(System.getenv("ANYSTORE_TEST_B2_KEY_ID")),
                Objects.requireNonNull(System.getenv("ANYSTORE_TEST_B2_KEY")));
    }

    /** The settings of a store on a bucket. */
    Map<String, String> settings(String bucket) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bucket", bucket);
        settings.put("api-url", api.toString());
        settings.put("access-key-id", keyId);
        settings.put("secret-access-key", key);
        return settings;
    }

    StorageConfig config(String bucket) {
        StorageConfig.Builder builder = StorageConfig.builder("b2");
        settings(bucket).forEach(builder::set);
        return builder.build();
    }

    /** A backend with these settings, by their names. */
    static PoweredBackend open(Map<String, String> settings) {
        return (PoweredBackend) new B2Provider().open(providerSettings(settings));
    }

    static ProviderSettings providerSettings(Map<String, String> settings) {
        Map<String, ProviderSettings.Value> values = new LinkedHashMap<>();
        settings.forEach((name, value) -> values.put(name, new ProviderSettings.Value(Secret.of(value), name)));
        return ProviderSettings.of("b2", "b2", values, Map.of());
    }

    /** A store on a new bucket. */
    ObjectStore openNewBucket() {
        return openNewBucket(StoreOptions.DEFAULT);
    }

    ObjectStore openNewBucket(StoreOptions options) {
        return open(newBucket(), options);
    }

    ObjectStore open(String bucket, StoreOptions options) {
        return config(bucket).open(options);
    }

    /** A bucket that is there. */
    String newBucket() {
        String bucket = newBucketName();
        try (PoweredBackend store = open(settings(bucket))) {
            Objects.requireNonNull(store.extension(BucketAdmin.class)).create(Call.unbounded());
        }
        return bucket;
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
