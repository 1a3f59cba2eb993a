package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that a caller gives: maps, files of properties, builders and URIs. */
class ExplicitSettingsTest {
    private static final Map<String, String> SURROUNDINGS = Map.of(
            "R2_BUCKET_NAME", "from-the-environment",
            "R2_ACCOUNT_ID", "exampleaccount",
            "R2_ACCESS_KEY_ID", "testaccess",
            "R2_SECRET_ACCESS_KEY", "testsecret12345",
            "STORAGE_ATTEMPTS", "3");

    private final StorageRegistry registry = StorageRegistry.of(SURROUNDINGS)
            .withProviders(FakeProvider.USUAL)
            .withSystemProperties(Map.of("anystore.r2.bucket", "from-a-property"));

    private static Map<String, String> whole(String... pairs) {
        Map<String, String> map = new HashMap<>(Map.of(
                "provider_type", "r2",
                "bucket_name", "example",
                "access_key_id", "testaccess",
                "secret_access_key", "testsecret12345",
                "account_id", "exampleaccount"));
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    @Test
    void aMapIsReadAloneWithoutTheEnvironment() {
        StorageConfig config = registry.fromMap(whole());
        assertThat(config.bucket()).isEqualTo("example");
        assertThat(config.origins())
                .containsOnlyKeys("bucket", "access-key-id", "secret-access-key", "account-id")
                .containsEntry("bucket", "bucket_name");
        assertThat(config.options(StoreOptions.DEFAULT).attempts()).hasValue(5);
        Map<String, String> without = whole();
        without.remove("account_id");
        assertThatThrownBy(() -> registry.fromMap(without)).hasMessageContaining("R2_ACCOUNT_ID is not set");
    }

    @ParameterizedTest
    @CsvSource({
        "container_name, bucket",
        "Bucket-Name, bucket",
        "access_key, access-key-id",
        "key_id, access-key-id",
        "secret_key, secret-access-key",
        "application_key, secret-access-key",
        "account-id, account-id"
    })
    void eachNameOfASettingServes(String name, String setting) {
        Map<String, String> map = whole();
        String usual = Map.of(
                        "bucket", "bucket_name",
                        "access-key-id", "access_key_id",
                        "secret-access-key", "secret_access_key",
                        "account-id", "account_id")
                .getOrDefault(setting, "");
        map.put(name, map.remove(usual));
        assertThat(registry.fromMap(map).origins()).containsEntry(setting, name);
    }

    @Test
    void nullAndEmptyAreUnset() {
        Map<String, String> map = whole("container_name", "", "region", "");
        map.put("bucket_name", "example");
        map.put("public_url", null);
        map.remove("region");
        assertThat(registry.fromMap(map).bucket()).isEqualTo("example");
        assertThatThrownBy(() -> registry.fromMap(whole("provider_type", "")))
                .hasMessageContaining("provider_type is not set");
    }

    @Test
    void anUnknownSettingGetsAGuess() {
        assertThatThrownBy(() -> registry.fromMap(whole("bukcet_name", "x", "R2_PUBLIC_URL", "x", "qwertyuiop", "x")))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining("bukcet_name is not a setting of r2; did you mean bucket_name?")
                .hasMessageContaining(
                        "R2_PUBLIC_URL is not a setting of r2; this variable of the environment is called public_url")
                .hasMessageContaining("qwertyuiop is not a setting of r2");
        assertThatThrownBy(() -> registry.fromMap(whole("provider_type", "r2d2")))
                .hasMessageContaining("unknown provider \"r2d2\" in provider_type");
    }

    @Test
    void twoNamesOfOneSettingMustAgree() {
        assertThat(registry.fromMap(whole("container_name", "example")).bucket())
                .isEqualTo("example");
        assertThatThrownBy(() -> registry.fromMap(whole("container_name", "other")))
                .hasMessageContaining("bucket_name and container_name have different values");
        assertThatThrownBy(() -> registry.fromMap(whole("provider", "s3")))
                .hasMessageContaining("provider and provider_type have different values");
    }

    @Test
    void aFileOfPropertiesIsReadAlone(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("store.properties"), """
                # comment
                provider_type = cloudflare
                bucket_name = example
                access_key_id = testaccess
                secret_access_key = testsecret12345
                account_id = exampleaccount
                prefix = modèles/
                part-bytes = 16MiB
                """);
        StorageConfig config = registry.load(file);
        assertThat(config.providerId()).isEqualTo("r2");
        assertThat(config.prefix()).isEqualTo("modèles/");
        assertThat(config.origins()).containsEntry("bucket", "bucket_name in store.properties");
        assertThat(config.options(StoreOptions.DEFAULT).partBytes()).hasValue(16L << 20);

        assertThatThrownBy(() -> registry.load(folder.resolve("absent")))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining("absent can't be read (NoSuchFileException)");
        Path broken = Files.writeString(folder.resolve("broken"), "secret_access_key=\\u00testsecret12345");
        assertThatThrownBy(() -> registry.load(broken))
                .hasMessageContaining("malformed")
                .hasMessageNotContaining("testsecret12345");
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> registry.load(large)).hasMessageContaining("more than 1 MiB");
    }

    @Test
    void aBuilderStandsAboveTheEnvironmentThatItIsGiven() {
        StorageConfig config = registry.builder("R2")
                .set("bucket_name", "mine")
                .environment(SURROUNDINGS)
                .build();
        assertThat(config.bucket()).isEqualTo("mine");
        assertThat(config.origins())
                .containsEntry("bucket", "bucket_name")
                .containsEntry("secret-access-key", "R2_SECRET_ACCESS_KEY");
        assertThat(config.options(StoreOptions.DEFAULT).attempts()).hasValue(3);
        assertThatThrownBy(
                        () -> registry.builder("r2").set("bucket_name", "mine").build())
                .hasMessageContaining("R2_ACCESS_KEY_ID is not set");
        assertThatThrownBy(() -> registry.builder("r2")
                        .set("access_key_id", "other")
                        .environment(SURROUNDINGS)
                        .build())
                .hasMessageContaining("access_key_id is set without secret_access_key; they come from one place");
    }

    @Test
    void aBuilderForgetsWhatIsSetToNull() {
        StorageConfig config = registry.builder("r2")
                .set("bucket_name", "mine")
                .set("bucket-name", null)
                .environment(SURROUNDINGS)
                .build();
        assertThat(config.bucket()).isEqualTo("from-the-environment");
    }

    @Test
    void aUriNamesProviderBucketPrefixAndSettings() {
        StorageConfig config = registry.fromUri(URI.create(
                "s3://example_bucket/models/v1?region=eu-west-1&endpoint_url=http%3A%2F%2F127.0.0.1%3A9000"));
        assertThat(config.providerId()).isEqualTo("s3");
        assertThat(config.bucket()).isEqualTo("example_bucket");
        assertThat(config.prefix()).isEqualTo("models/v1/");
        assertThat(config.region()).contains("eu-west-1");
        assertThat(config.endpoint()).contains(URI.create("http://127.0.0.1:9000"));
        assertThat(config.origins()).containsEntry("bucket", "the URI").containsEntry("region", "the URI's region");
        assertThat(registry.fromUri(URI.create("s3://example")).prefix()).isEmpty();
        assertThat(registry.fromUri(URI.create("s3://example/")).prefix()).isEmpty();
        assertThat(registry.fromUri(URI.create("S3://example/a%20b+c/%C3%A9")).prefix())
                .isEqualTo("a b+c/é/");
    }

    @Test
    void aUriOfAFolderHasThreeSlashes(@TempDir Path folder) {
        StorageConfig config = registry.fromUri(
                URI.create("local://" + folder.resolve("a b").toUri().getRawPath()));
        assertThat(config.endpoint()).contains(folder.resolve("a b").toUri());
        assertThat(config.prefix()).isEmpty();
        assertThatThrownBy(() -> registry.fromUri(URI.create("local://folder/x")))
                .hasMessageContaining("write local:///path");
    }

    @Test
    void aUriTakesItsCredentialsFromTheEnvironmentThatItIsGiven() {
        URI uri = URI.create("r2://example/prefix?account_id=other");
        StorageConfig config = registry.builder(uri).environment(SURROUNDINGS).build();
        assertThat(config.bucket()).isEqualTo("example");
        assertThat(config.origins())
                .containsEntry("account-id", "the URI's account_id")
                .containsEntry("access-key-id", "R2_ACCESS_KEY_ID");
        assertThat(registry.builder(uri)
                        .set("bucket", "mine")
                        .set("prefix", "")
                        .environment(SURROUNDINGS)
                        .build()
                        .bucket())
                .isEqualTo("mine");
        assertThatThrownBy(() -> registry.fromUri(uri)).hasMessageContaining("R2_SECRET_ACCESS_KEY is not set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://testaccess:testsecret12345@example/x",
                "s3://testsecret12345@example",
                "s3://example?secret_access_key=testsecret12345",
                "s3://example?secret-key=testsecret12345",
                "s3://example?application_key=testsecret12345&region=eu-west-1",
                "s3://example?session_token=testsecret12345",
                "s3://example?proxy=http://testsecret12345"
            })
    void aSecretInAUriIsRefusedAndNotRepeated(String uri) {
        assertThatThrownBy(() -> registry.fromUri(URI.create(uri)))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageNotContaining("testsecret12345")
                .hasMessageMatching(".*(is a secret|credentials).*");
    }

    @ParameterizedTest
    @CsvSource({
        "s3:example, is not of the form",
        "s3://example#x, is not of the form",
        "s3://example?=x, without a name",
        "s3://example?region, without a name or a value",
        "s3://example?regoin=x, did you mean region?",
        "s3://example?bucket_name=other, have different values",
        "s3://example?provider_type=r2, said by its scheme and path",
        "s3://example?prefix=x, said by its scheme and path",
        "s3://example/%C3%28, is not UTF-8",
        "s3://example/%00, can't begin a key",
        "s3://example?region=%C3%28, is not UTF-8",
        "s33://example, did you mean s3?",
        "gs://example, dev.anystore:storage-gcs",
        "relative/path, has no scheme",
    })
    void aUriThatIsWrongSaysWhy(String uri, String why) {
        assertThatThrownBy(() -> registry.fromUri(URI.create(uri)))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining(why);
    }

    @Test
    void anotherBucketKeepsEverythingElse() {
        StorageConfig config = registry.fromMap(whole("prefix", "models/"));
        StorageConfig other = config.withBucket("other");
        assertThat(other.bucket()).isEqualTo("other");
        assertThat(other.prefix()).isEqualTo("models/");
        assertThat(other.origins()).containsEntry("bucket", "withBucket").containsKey("secret-access-key");
        assertThat(config.bucket()).isEqualTo("example");
        assertThat(other.withBucket("example")).isEqualTo(config);
        assertThatThrownBy(() -> config.withBucket(" ")).isInstanceOf(InvalidConfiguration.class);
        assertThatThrownBy(() -> config.withBucket("a\nb")).isInstanceOf(InvalidConfiguration.class);
        assertThatThrownBy(() -> registry.getProvider("local").withBucket("other"))
                .hasMessageContaining("has no buckets");
    }

    @Test
    void configurationsAreEqualByWhatTheyLeadTo() {
        StorageConfig config = registry.fromMap(whole());
        StorageConfig same = registry.builder("r2")
                .set("container_name", "example")
                .set("access_key", "testaccess")
                .set("secret_key", "testsecret12345")
                .set("account_id", "exampleaccount")
                .build();
        assertThat(same).isEqualTo(config).hasSameHashCodeAs(config);
        assertThat(registry.fromMap(whole("secret_access_key", "testsecret67890")))
                .isNotEqualTo(config);
        assertThat(registry.fromMap(whole("prefix", "x/"))).isNotEqualTo(config);
    }

    @Test
    void theCallersOptionsStandAboveTheSettings() {
        StorageConfig config = registry.fromMap(whole(
                "connections", "4",
                "store_connections", "16",
                "memory_bytes", "64MiB",
                "operation_timeout", "90s",
                "journal_dir", "/var/lib/example"));
        StoreOptions options =
                config.options(StoreOptions.DEFAULT.withMaxConnections(2).withDeadline(Duration.ofSeconds(5)));
        assertThat(options.maxConnections()).hasValue(2);
        assertThat(options.deadline()).contains(Duration.ofSeconds(5));
        assertThat(options.connectionsPerTransfer()).hasValue(4);
        assertThat(options.bufferBytes()).hasValue(64L << 20);
        assertThat(options.journal()).contains(Path.of("/var/lib/example"));
        assertThat(config.options(StoreOptions.DEFAULT).maxConnections()).hasValue(16);
        assertThat(config.options(StoreOptions.DEFAULT).partBytes()).isEmpty();
    }

    @Test
    void memoryIsOpenedByNameAlone() {
        assertThat(registry.getProvider("memory").bucket()).isEqualTo("memory");
        assertThat(registry.fromUri(URI.create("memory://space")).bucket()).isEqualTo("space");
        assertThat(List.of(registry.getDefault().providerId())).doesNotContain("memory");
    }
}
