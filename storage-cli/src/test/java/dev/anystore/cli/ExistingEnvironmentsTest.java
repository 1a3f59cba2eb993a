package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.StorageConfig;
import dev.anystore.StorageRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The environments of five existing applications work without a change, with the providers as they really are. */
class ExistingEnvironmentsTest {
    private static Map<String, String> environment(String... pairs) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return environment;
    }

    private static void leadsTo(Map<String, String> environment, String name, String id, String bucket) {
        StorageConfig config = StorageRegistry.of(environment).getProvider(name);
        assertThat(config.providerId()).as(name).isEqualTo(id);
        assertThat(config.bucket()).as(name).isEqualTo(bucket);
        assertThat(config.toString()).doesNotContain("testsecret12345");
    }

    @Test
    void aBenchmarkOfFourServices() {
        Map<String, String> environment = environment(
                "STORAGE_PROVIDER", "b2",
                "B2_KEY_ID", "testaccess",
                "B2_APPLICATION_KEY", "testsecret12345",
                "B2_BUCKET", "example-b2",
                "B2_REGION", "us-west-004",
                "R2_ACCOUNT_ID", "0123456789abcdef0123456789abcdef",
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
                "WASABI_REGION", "eu-central-2");
        leadsTo(environment, "r2", "r2", "example-r2");
        leadsTo(environment, "s3", "s3", "example-s3");
        leadsTo(environment, "wasabi", "wasabi", "example-wasabi");
        StorageConfig b2 = StorageRegistry.of(environment).getDefault();
        assertThat(b2.providerId()).isEqualTo("b2");
        assertThat(b2.bucket()).isEqualTo("example-b2");
        assertThat(b2.region()).contains("us-west-004");
    }

    @Test
    void aWebApplicationWithFlags() {
        Map<String, String> environment = environment(
                "USE_R2_STORAGE", "True",
                "USE_S3_STORAGE", "False",
                "R2_ACCOUNT_ID", "0123456789abcdef0123456789abcdef",
                "R2_ACCESS_KEY_ID", "testaccess",
                "R2_SECRET_ACCESS_KEY", "testsecret12345",
                "R2_BUCKET_NAME", "example-r2",
                "R2_ENDPOINT_URL", "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com",
                "R2_PUBLIC_URL", "https://media.example",
                "AWS_ACCESS_KEY_ID", "testaccess",
                "AWS_SECRET_ACCESS_KEY", "testsecret12345",
                "AWS_S3_BUCKET_NAME", "example-s3",
                "AWS_S3_REGION", "eu-west-1");
        StorageConfig r2 = StorageRegistry.of(environment).getDefault();
        assertThat(r2.providerId()).isEqualTo("r2");
        assertThat(r2.publicBaseUri()).isPresent();
        environment.put("USE_R2_STORAGE", "False");
        environment.put("USE_S3_STORAGE", "True");
        StorageConfig s3 = StorageRegistry.of(environment).getDefault();
        assertThat(s3.bucket()).isEqualTo("example-s3");
        assertThat(s3.region()).contains("eu-west-1");
    }

    @Test
    void aShopWithFiveServices() {
        Map<String, String> environment = environment(
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
                "BACKBLAZE_ENDPOINT", "https://s3.us-west-004.backblazeb2.com",
                "CLOUDFLARE_R2_ACCOUNT_ID", "0123456789abcdef0123456789abcdef",
                "CLOUDFLARE_R2_ACCESS_KEY", "testaccess",
                "CLOUDFLARE_R2_SECRET_KEY", "testsecret12345",
                "CLOUDFLARE_R2_BUCKET", "example-r2");
        for (String name : List.of("aws", "aws_s3", "s3")) {
            leadsTo(environment, name, "s3", "example-s3");
        }
        for (String name : List.of("digitalocean", "do", "spaces")) {
            leadsTo(environment, name, "spaces", "example-space");
        }
        for (String name : List.of("cloudflare", "r2", "cloudflare_r2")) {
            leadsTo(environment, name, "r2", "example-r2");
        }
        leadsTo(environment, "wasabi", "wasabi", "example-wasabi");
        leadsTo(environment, "local", "local", "storage-data");
        leadsTo(environment, "b2-s3", "b2-s3", "example-b2");
        StorageConfig b2 = StorageRegistry.of(environment).getProvider("backblaze");
        assertThat(b2.providerId()).isEqualTo("b2");
        assertThat(b2.bucket()).isEqualTo("example-b2");
        assertThat(b2.region()).contains("us-west-004");
        assertThat(StorageRegistry.of(environment).getProvider("b2-s3").region())
                .contains("us-west-004");
    }

    @Test
    void aTieringServiceOnThreeClouds() {
        Map<String, String> environment = environment(
                "AWS_S3_BUCKET", "example-s3",
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY", "testaccess",
                "AWS_SECRET_KEY", "testsecret12345",
                "GCS_BUCKET_NAME", "example-gcs",
                "GOOGLE_APPLICATION_CREDENTIALS", "/run/secrets/gcp.json",
                "AZURE_STORAGE_ACCOUNT_URL", "https://example.blob.core.windows.net",
                "AZURE_STORAGE_CREDENTIAL", "testsecret12345",
                "AZURE_CONTAINER_NAME", "example-azure");
        leadsTo(environment, "aws_s3", "s3", "example-s3");
        leadsTo(environment, "azure_blob", "azure", "example-azure");
        leadsTo(environment, "gcs", "gcs", "example-gcs");
        StorageRegistry registry = StorageRegistry.of(environment);
        assertThatThrownBy(registry::getDefault).hasMessageContaining("several providers are configured");
    }

    @Test
    void aHotAndAColdStore() {
        Map<String, String> environment = environment(
                "R2_ENDPOINT_URL", "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com",
                "R2_ACCESS_KEY_ID", "testaccess",
                "R2_SECRET_ACCESS_KEY", "testsecret12345",
                "R2_BUCKET_NAME", "example-hot",
                "R2_CDN_DOMAIN", "cdn.example",
                "B2_APPLICATION_KEY_ID", "testaccess",
                "B2_APPLICATION_KEY", "testsecret12345",
                "B2_BUCKET_NAME", "example-cold");
        leadsTo(environment, "r2", "r2", "example-hot");
        assertThat(StorageRegistry.of(environment)
                        .getProvider("r2")
                        .publicBaseUri()
                        .orElseThrow())
                .hasToString("https://cdn.example");
        leadsTo(environment, "b2", "b2", "example-cold");
        environment.put("B2_REGION", "us-west-004");
        leadsTo(environment, "b2", "b2", "example-cold");
        leadsTo(environment, "b2-s3", "b2-s3", "example-cold");
    }

    @Test
    void anEnvironmentThatSaysNothingIsALocalFolder() {
        StorageConfig local =
                StorageRegistry.of(environment("AWS_PROFILE", "example")).getDefault();
        assertThat(local.providerId()).isEqualTo("local");
        assertThat(local.endpoint().orElseThrow())
                .isEqualTo(Path.of("storage-data").toAbsolutePath().toUri());
        leadsTo(environment("LOCAL_STORAGE_PATH", "/srv/objects"), "local", "local", "objects");
    }
}
