package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The environments of five existing applications, name by name, work without a change. */
class EnvironmentBlocksTest {
    private static StorageRegistry registry(String... pairs) {
        return StorageRegistry.of(environment(pairs)).withProviders(FakeProvider.USUAL);
    }

    private static Map<String, String> environment(String... pairs) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin", "HOME", "/home/example"));
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return environment;
    }

    private static final String[] SEVERAL_BY_NAME = {
        "STORAGE_PROVIDER", "b2",
        "B2_KEY_ID", "testaccess",
        "B2_APPLICATION_KEY", "testsecret12345",
        "B2_BUCKET", "example-b2",
        "B2_REGION", "us-west-004",
        "R2_ACCOUNT_ID", "exampleaccount",
        "R2_ACCESS_KEY", "testaccess",
        "R2_SECRET_KEY", "testsecret12345",
        "R2_BUCKET", "example-r2",
        "AWS_ACCESS_KEY_ID", "testaccess",
        "AWS_SECRET_ACCESS_KEY", "testsecret12345",
        "S3_BUCKET", "example-s3",
        "AWS_REGION", "eu-central-1",
        "WASABI_ACCESS_KEY", "testaccess",
        "WASABI_SECRET_KEY", "testsecret12345",
        "WASABI_BUCKET", "example-wasabi",
        "WASABI_REGION", "eu-central-2",
    };

    @Test
    void aBenchmarkOfFourServicesPicksOneByName() {
        StorageRegistry registry = registry(SEVERAL_BY_NAME);
        StorageConfig config = registry.getDefault();
        assertThat(config.providerId()).isEqualTo("b2-s3"); // the module of b2 is not here, and the region is known
        assertThat(config.bucket()).isEqualTo("example-b2");
        assertThat(config.region()).contains("us-west-004");
        assertThat(config.origins()).containsEntry("access-key-id", "B2_KEY_ID");
        assertThat(registry.getProvider("r2").bucket()).isEqualTo("example-r2");
        assertThat(registry.getProvider("s3").region()).contains("eu-central-1");
        assertThat(registry.getProvider("wasabi").region()).contains("eu-central-2");

        assertThat(registry.withProviders(List.of(FakeProvider.B2, FakeProvider.R2))
                        .getDefault()
                        .providerId())
                .isEqualTo("b2");
    }

    @Test
    void aWebApplicationSwitchesR2OnByAFlag() {
        String[] block = {
            "USE_R2_STORAGE", "True",
            "USE_S3_STORAGE", "False",
            "R2_ACCOUNT_ID", "exampleaccount",
            "R2_ACCESS_KEY_ID", "testaccess",
            "R2_SECRET_ACCESS_KEY", "testsecret12345",
            "R2_BUCKET_NAME", "example",
            "R2_ENDPOINT_URL", "https://exampleaccount.r2.example",
            "R2_PUBLIC_URL", "https://media.example",
            "AWS_ACCESS_KEY_ID", "testaccess",
            "AWS_SECRET_ACCESS_KEY", "testsecret12345",
            "AWS_S3_BUCKET_NAME", "example-s3",
            "AWS_S3_REGION", "eu-west-1",
        };
        StorageConfig config = registry(block).getDefault();
        assertThat(config.providerId()).isEqualTo("r2");
        assertThat(config.endpoint()).contains(URI.create("https://exampleaccount.r2.example"));
        assertThat(config.publicBaseUri()).contains(URI.create("https://media.example"));

        block[1] = "false";
        block[3] = "TRUE";
        StorageConfig s3 = registry(block).getDefault();
        assertThat(s3.providerId()).isEqualTo("s3");
        assertThat(s3.bucket()).isEqualTo("example-s3");
        assertThat(s3.region()).contains("eu-west-1");
    }

    @Test
    void aShopNamesItsProviderInManyWays() {
        String[] block = {
            "STORAGE_PROVIDER", "digitalocean",
            "AWS_ACCESS_KEY_ID", "testaccess",
            "AWS_SECRET_ACCESS_KEY", "testsecret12345",
            "AWS_BUCKET_NAME", "example-s3",
            "AWS_REGION", "us-east-1",
            "DO_SPACES_KEY", "testaccess",
            "DO_SPACES_SECRET", "testsecret12345",
            "DO_SPACES_NAME", "example-space",
            "DO_SPACES_REGION", "nyc3",
            "WASABI_ACCESS_KEY", "testaccess",
            "WASABI_SECRET_KEY", "testsecret12345",
            "WASABI_BUCKET", "example-wasabi",
            "WASABI_REGION", "us-east-1",
            "BACKBLAZE_KEY_ID", "testaccess",
            "BACKBLAZE_APPLICATION_KEY", "testsecret12345",
            "BACKBLAZE_BUCKET", "example-b2",
            "BACKBLAZE_ENDPOINT", "s3.us-west-004.backblaze.example",
            "CLOUDFLARE_R2_ACCOUNT_ID", "exampleaccount",
            "CLOUDFLARE_R2_ACCESS_KEY", "testaccess",
            "CLOUDFLARE_R2_SECRET_KEY", "testsecret12345",
            "CLOUDFLARE_R2_BUCKET", "example-r2",
        };
        Map<String, String> bucketByName = Map.ofEntries(
                Map.entry("digitalocean", "example-space"),
                Map.entry("do", "example-space"),
                Map.entry("spaces", "example-space"),
                Map.entry("aws", "example-s3"),
                Map.entry("aws_s3", "example-s3"),
                Map.entry("s3", "example-s3"),
                Map.entry("wasabi", "example-wasabi"),
                Map.entry("backblaze", "example-b2"),
                Map.entry("b2", "example-b2"),
                Map.entry("cloudflare", "example-r2"),
                Map.entry("cloudflare_r2", "example-r2"),
                Map.entry("R2", "example-r2"),
                Map.entry("local", "storage-data"));
        bucketByName.forEach((name, bucket) -> {
            block[1] = name;
            assertThat(registry(block).getDefault().bucket()).as(name).isEqualTo(bucket);
        });
    }

    @Test
    void aTieringServiceNamesThreeCloudsAndIsToldWhichModulesItLacks() {
        StorageRegistry registry = registry(
                "AWS_S3_BUCKET", "example-s3",
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY", "testaccess",
                "AWS_SECRET_KEY", "testsecret12345",
                "GCS_BUCKET_NAME", "example-gcs",
                "GOOGLE_APPLICATION_CREDENTIALS", "/run/secrets/gcp.json",
                "AZURE_STORAGE_ACCOUNT_URL", "https://example.blob.example",
                "AZURE_STORAGE_CREDENTIAL", "testsecret12345",
                "AZURE_CONTAINER_NAME", "example-azure");
        StorageConfig s3 = registry.getProvider("aws_s3");
        assertThat(s3.bucket()).isEqualTo("example-s3");
        assertThat(s3.origins()).containsEntry("secret-access-key", "AWS_SECRET_KEY");

        assertThat(catchThrowableOfType(InvalidConfiguration.class, () -> registry.getProvider("gcs")))
                .hasMessageContaining("dev.anystore:storage-gcs")
                .hasMessageContaining("class path");
        assertThat(catchThrowableOfType(InvalidConfiguration.class, () -> registry.getProvider("azure_blob")))
                .hasMessageContaining("dev.anystore:storage-azure");
        assertThat(catchThrowableOfType(InvalidConfiguration.class, registry::getDefault))
                .hasMessageContaining("s3 (AWS_S3_BUCKET)")
                .hasMessageContaining("gcs (GCS_BUCKET_NAME; dev.anystore:storage-gcs is not on the class path")
                .hasMessageContaining("azure (AZURE_CONTAINER_NAME; dev.anystore:storage-azure")
                .hasMessageContaining("STORAGE_PROVIDER");
        assertThat(registry.listProviders())
                .filteredOn(info -> List.of("gcs", "azure").contains(info.id()))
                .allSatisfy(info -> {
                    assertThat(info.installed()).isFalse();
                    assertThat(info.configured()).isTrue();
                    assertThat(info.missing()).hasSize(1);
                });
    }

    @Test
    void aHotAndAColdStoreStandSideBySide() {
        String[] block = {
            "R2_ENDPOINT_URL", "https://exampleaccount.r2.example",
            "R2_ACCESS_KEY_ID", "testaccess",
            "R2_SECRET_ACCESS_KEY", "testsecret12345",
            "R2_BUCKET_NAME", "example-hot",
            "R2_CDN_DOMAIN", "cdn.example",
            "B2_APPLICATION_KEY_ID", "testaccess",
            "B2_APPLICATION_KEY", "testsecret12345",
            "B2_BUCKET_NAME", "example-cold",
        };
        StorageRegistry registry = registry(block);
        StorageConfig hot = registry.getProvider("cloudflare_r2");
        assertThat(hot.bucket()).isEqualTo("example-hot");
        assertThat(hot.publicBaseUri()).contains(URI.create("https://cdn.example"));
        assertThat(catchThrowableOfType(InvalidConfiguration.class, () -> registry.getProvider("b2")))
                .hasMessageContaining("dev.anystore:storage-b2")
                .hasMessageContaining("B2_REGION");

        StorageRegistry whole = registry.withProviders(List.of(FakeProvider.B2, FakeProvider.R2));
        assertThat(whole.getProvider("b2").bucket()).isEqualTo("example-cold");
        assertThat(whole.getDefault().providerId()).isEqualTo("b2");
    }
}
