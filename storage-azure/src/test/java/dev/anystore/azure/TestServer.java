package dev.anystore.azure;

import static org.junit.jupiter.api.Assertions.fail;

import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A server that somebody started, and how to open stores on it. Its credentials are those of every test server.
 *
 * @param url of the account
 * @param caBundle what to trust, or null
 */
record TestServer(URI url, @Nullable String caBundle) {
    static final String ACCOUNT = "testaccess";
    static final String KEY = Base64.getEncoder().encodeToString("testsecret12345".getBytes(StandardCharsets.UTF_8));
    private static final AtomicInteger CONTAINERS = new AtomicInteger();

    /** The server that an environment variable names; without it the test is skipped, or fails where all must run. */
    static TestServer named(String variable, @Nullable String caVariable) {
        String url = System.getenv(variable);
        if (url == null || url.isEmpty()) {
            if ("true".equals(System.getenv("ANYSTORE_TEST_REQUIRE_SERVERS"))) {
                fail(variable + " is not set, and ANYSTORE_TEST_REQUIRE_SERVERS=true asks for every server");
            }
            System.out.println("skipped: " + variable + " is not set");
            Assumptions.abort(variable + " is not set");
        }
        return new TestServer(
                URI.create(Objects.requireNonNull(url)), caVariable == null ? null : System.getenv(caVariable));
    }

    static TestServer azurite() {
        return named("ANYSTORE_TEST_AZURITE_URL", null);
    }

    static TestServer azuriteTls() {
        return named("ANYSTORE_TEST_AZURITE_TLS_URL", "ANYSTORE_TEST_AZURITE_CA");
    }

    /** The settings of a store on a container. */
    Map<String, String> settings(String container) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("container", container);
        settings.put("account-url", url.toString());
        settings.put("account-key", KEY);
        if (caBundle != null) {
            settings.put("ca-bundle", caBundle);
        }
        return settings;
    }

    /** A store on a container, which may not be there. */
    PoweredBackend open(String container) {
        return open(settings(container));
    }

    /** A store with these settings, by their names. */
    static PoweredBackend open(Map<String, String> settings) {
        return (PoweredBackend) new AzureProvider().open(providerSettings(settings));
    }

    static ProviderSettings providerSettings(Map<String, String> settings) {
        Map<String, ProviderSettings.Value> values = new LinkedHashMap<>();
        settings.forEach((name, value) -> values.put(name, new ProviderSettings.Value(Secret.of(value), name)));
        return ProviderSettings.of("azure", "azure", values, Map.of());
    }

    /** A store on a new container. */
    PoweredBackend openNewContainer() {
        PoweredBackend store = open(newContainerName());
        Objects.requireNonNull(store.extension(BucketAdmin.class)).create(Call.unbounded());
        return store;
    }

    /** A name that no other test of this or another run uses. */
    static String newContainerName() {
        return "anystore-%d-%d-%d"
                .formatted(
                        ProcessHandle.current().pid(),
                        System.currentTimeMillis() % 1_000_000,
                        CONTAINERS.incrementAndGet());
    }
}
