package dev.anystore.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.InvalidConfiguration;
import dev.anystore.ProviderInfo;
import dev.anystore.StorageConfig;
import dev.anystore.StorageRegistry;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import dev.anystore.spi.Setting;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How settings are found, checked and derived. */
class GcsConfigTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static Map<String, String> env(String... pairs) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return environment;
    }

    private static GcsConfig read(String... namesAndValues) {
        Map<String, ProviderSettings.Value> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(
                    namesAndValues[i], new ProviderSettings.Value(Secret.of(namesAndValues[i + 1]), namesAndValues[i]));
        }
        return GcsConfig.read(ProviderSettings.of("gcs", "gcs", values, Map.of()));
    }

    private static List<String> problems(ThrowingCallable call) {
        try {
            call.call();
        } catch (InvalidConfiguration e) {
            assertThat(e.getMessage()).doesNotContain(KEY);
            return e.problems();
        } catch (Throwable e) {
            throw new AssertionError("another failure", e);
        }
        throw new AssertionError("no problem was found");
    }

    @Test
    void theBlockOfApplication003Resolves() {
        StorageRegistry registry = StorageRegistry.of(env(
                "AWS_S3_BUCKET",
                "s3bucket",
                "AWS_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY",
                "testaccess",
                "AWS_SECRET_KEY",
                "testsecret12345",
                "GCS_BUCKET_NAME",
                "gcsbucket",
                "GOOGLE_APPLICATION_CREDENTIALS",
                "/etc/example/account.json",
                "AZURE_STORAGE_ACCOUNT_URL",
                "https://example.blob.core.windows.net",
                "AZURE_STORAGE_CREDENTIAL",
                "testsecret12345",
                "AZURE_CONTAINER_NAME",
                "container"));
        StorageConfig config = registry.getProvider("gcs");
        assertThat(config.bucket()).isEqualTo("gcsbucket");
        assertThat(config.endpoint()).contains(GcsConfig.GOOGLE);
        assertThat(config.origins()).containsEntry("credentials", "GOOGLE_APPLICATION_CREDENTIALS");
    }

    @Test
    void theProviderAloneSwitchesAnApplicationOver() {
        StorageConfig config = StorageRegistry.of(env("STORAGE_PROVIDER", "gcs", "GCS_BUCKET_NAME", "b-1"))
                .getDefault();
        assertThat(config.providerId()).isEqualTo("gcs");
        assertThat(config.displayName()).isEqualTo("Google Cloud Storage");
        for (String alias : List.of("gs", "google")) {
            assertThat(StorageRegistry.of(env("STORAGE_PROVIDER", alias, "GCS_BUCKET_NAME", "b-1"))
                            .getDefault()
                            .providerId())
                    .isEqualTo("gcs");
        }
    }

    @Test
    void everyNameOfTheBucketAndOfTheProjectIsRead() {
        for (String name : List.of("GCS_BUCKET_NAME", "GS_BUCKET_NAME", "GOOGLE_BUCKET_NAME", "GOOGLE_BUCKET")) {
            assertThat(StorageRegistry.of(env(name, "b-1")).getProvider("gcs").bucket())
                    .as(name)
                    .isEqualTo("b-1");
        }
        for (String name : List.of("GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "GOOGLE_PROJECT_ID")) {
            assertThat(StorageRegistry.of(env("GCS_BUCKET_NAME", "b-1", name, "p"))
                            .getProvider("gcs")
                            .origins())
                    .containsEntry("project", name);
        }
    }

    /** What is said of a provider that is not there must be what it says itself. */
    @Test
    void whatIsKnownOfTheProviderWithoutItIsWhatItDeclares() {
        ProviderInfo info = StorageRegistry.of(Map.of()).listProviders().stream()
                .filter(provider -> provider.id().equals("gcs"))
                .findFirst()
                .orElseThrow();
        GcsProvider provider = new GcsProvider();
        assertThat(info.installed()).isTrue();
        assertThat(info.displayName()).isEqualTo(provider.displayName());
        assertThat(info.aliases()).isEqualTo(provider.aliases());
        assertThat(GcsSettings.ALL.stream().filter(Setting::begins))
                .singleElement()
                .satisfies(bucket -> assertThat(bucket.variables())
                        .extracting(Setting.Variable::name)
                        .containsExactly("GCS_BUCKET_NAME", "GS_BUCKET_NAME", "GOOGLE_BUCKET_NAME", "GOOGLE_BUCKET"));
    }

    @Test
    void googlesVariablesWithoutABucketCountAsNothing() {
        StorageRegistry registry = StorageRegistry.of(env(
                "GOOGLE_APPLICATION_CREDENTIALS",
                "/etc/example.json",
                "GOOGLE_CLOUD_PROJECT",
                "p",
                "STORAGE_EMULATOR_HOST",
                "127.0.0.1:1"));
        assertThat(registry.findProvider("gcs")).isEmpty();
    }

    @Test
    void anEmulatorIsReadWithAndWithoutASchemeAndSpeaksJson() {
        for (String host : List.of("127.0.0.1:4443", "http://127.0.0.1:4443", "http://127.0.0.1:4443/storage/v1/")) {
            GcsConfig config = read("bucket", "b-1", "emulator-host", host);
            assertThat(config.endpoint()).isEqualTo(URI.create("http://127.0.0.1:4443"));
            assertThat(config.sendsNoCredentials()).isTrue();
            assertThat(config.json()).isTrue();
        }
        assertThat(read("bucket", "b-1", "emulator-host", "localhost:1", "api", "xml")
                        .json())
                .isFalse();
        assertThat(read("bucket", "b-1").json()).isFalse();
    }

    @Test
    void tokensGoToGoogleAndToThisMachineAlone() {
        assertThat(read("bucket", "b-1").trusted()).isTrue();
        assertThat(read("bucket", "b-1", "endpoint-url", "https://storage.europe-west3.rep.googleapis.com")
                        .trusted())
                .isTrue();
        assertThat(read("bucket", "b-1", "endpoint-url", "http://127.0.0.1:1").trusted())
                .isTrue();
        assertThat(read("bucket", "b-1", "endpoint-url", "https://googleapis.com.example.org")
                        .trusted())
                .isFalse();
        assertThat(read("bucket", "b-1", "endpoint-url", "https://example.org", "trust-endpoint", "true")
                        .trusted())
                .isTrue();
    }

    @Test
    void everyProblemIsNamedWithItsSettingAndAtOnce() {
        assertThat(problems(() -> read())).singleElement().asString().contains("GCS_BUCKET_NAME", "name the bucket");
        assertThat(problems(() -> read(
                        "bucket",
                        "gs://b",
                        "endpoint-url",
                        "http://example.org",
                        "emulator-host",
                        "127.0.0.1:1",
                        "kms-key",
                        "mine",
                        "customer-key",
                        "short",
                        "anonymous",
                        "true",
                        "credentials",
                        "/tmp/x")))
                .hasSizeGreaterThanOrEqualTo(5)
                .anySatisfy(problem -> assertThat(problem).contains("bucket", "gs://"))
                .anySatisfy(problem -> assertThat(problem).contains("emulator-host", "endpoint-url"))
                .anySatisfy(problem -> assertThat(problem).contains("kms-key"))
                .anySatisfy(problem -> assertThat(problem).contains("openssl rand"))
                .anySatisfy(problem -> assertThat(problem).contains("anonymous"));
        assertThat(problems(() -> read("bucket", "b-1", "endpoint-url", "http://example.org")))
                .singleElement()
                .asString()
                .contains("STORAGE_ALLOW_HTTP");
        assertThat(problems(() -> read("bucket", "b-1", "endpoint-url", "http://169.254.169.254")))
                .singleElement()
                .asString()
                .contains("metadata");
        assertThat(problems(() -> read(
                        "bucket",
                        "b-1",
                        "customer-key",
                        KEY,
                        "kms-key",
                        "projects/p/locations/l/keyRings/r/cryptoKeys/k")))
                .singleElement()
                .asString()
                .contains("exclude each other");
    }

    @Test
    void aCustomersKeyIsInNoText() {
        assertThat(read("bucket", "b-1", "customer-key", KEY).toString()).doesNotContain(KEY);
    }
}
