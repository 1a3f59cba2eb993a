package dev.anystore.b2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.InvalidConfiguration;
import dev.anystore.StorageConfig;
import dev.anystore.StorageRegistry;
import java.net.URI;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings mean, and what is wrong with them. */
class B2ConfigTest {
    private static final String SECRET = "canary-secret-value";

    private static StorageConfig config(String... pairs) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return StorageRegistry.of(environment).getProvider("b2");
    }

    private static List<String> problems(ThrowingCallable call) {
        try {
            call.call();
        } catch (InvalidConfiguration e) {
            assertThat(e.getMessage()).doesNotContain(SECRET);
            assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> assertThat(problem)
                    .doesNotContain(SECRET));
            return e.problems();
        } catch (Throwable e) {
            throw new AssertionError("another failure", e);
        }
        throw new AssertionError("no problem was found");
    }

    @ParameterizedTest
    @CsvSource({
        "B2_APPLICATION_KEY_ID, B2_APPLICATION_KEY, B2_BUCKET_NAME",
        "B2_KEY_ID, B2_APPLICATION_KEY, B2_BUCKET",
        "BACKBLAZE_KEY_ID, BACKBLAZE_APPLICATION_KEY, BACKBLAZE_BUCKET",
        "B2_ACCOUNT_ID, B2_ACCOUNT_KEY, B2_BUCKET_NAME"
    })
    void everyNameOfTheKeyAndTheBucketIsUnderstood(String id, String key, String bucket) {
        StorageConfig config = config(id, "testaccess", key, SECRET, bucket, "example-bucket");
        assertThat(config.providerId()).isEqualTo("b2");
        assertThat(config.bucket()).isEqualTo("example-bucket");
        assertThat(config.origins()).containsValue(id).containsValue(key).containsValue(bucket);
        assertThat(config.endpoint()).contains(URI.create("https://api.backblazeb2.com"));
        assertThat(config.region()).isEmpty();
        assertThat(config.toString()).doesNotContain(SECRET);
    }

    private static StorageConfig with(String... more) {
        String[] all = new String[more.length + 6];
        System.arraycopy(
                new String[] {"B2_KEY_ID", "testaccess", "B2_APPLICATION_KEY", SECRET, "B2_BUCKET", "example-bucket"},
                0,
                all,
                0,
                6);
        System.arraycopy(more, 0, all, 6, more.length);
        return config(all);
    }

    @Test
    void theRegionIsReportedWithTheEndpointThatOtherToolsUse() {
        URI s3 = URI.create("https://s3.us-west-004.backblazeb2.com");
        StorageConfig named = with("B2_REGION", "us-west-004");
        assertThat(named.region()).contains("us-west-004");
        assertThat(named.endpoint()).contains(s3);
        StorageConfig parsed = with("BACKBLAZE_ENDPOINT", s3.toString());
        assertThat(parsed.region()).contains("us-west-004");
        assertThat(parsed.endpoint()).contains(s3);
        assertThat(with("BACKBLAZE_ENDPOINT", "s3.eu-central-003.backblazeb2.com")
                        .region())
                .contains("eu-central-003");
        StorageConfig ofOurOwn =
                with("B2_REGION", "us-west-004", "B2_API_URL", "http://127.0.0.1:8180", "B2_PUBLIC_URL", "cdn.example");
        assertThat(ofOurOwn.endpoint()).contains(URI.create("http://127.0.0.1:8180"));
        assertThat(ofOurOwn.region()).contains("us-west-004");
        assertThat(ofOurOwn.publicBaseUri()).contains(URI.create("https://cdn.example"));
    }

    @Test
    void aRegionThatIsNotThatOfTheEndpointIsAProblem() {
        assertThat(problems(() -> with(
                        "B2_REGION", "us-west-002", "BACKBLAZE_ENDPOINT", "https://s3.us-west-004.backblazeb2.com")))
                .singleElement()
                .asString()
                .contains("B2_REGION", "BACKBLAZE_ENDPOINT", "us-west-004");
    }

    @Test
    void whatIsMissingIsNamedAllAtOnce() {
        assertThat(problems(() -> config("B2_REGION", "us-west-004")))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("B2_BUCKET_NAME"))
                .anyMatch(problem -> problem.contains("B2_APPLICATION_KEY_ID"));
        assertThat(problems(() -> config("B2_KEY_ID", "testaccess", "B2_BUCKET", "example-bucket")))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://b2.example",
                "https://b2.example/b2api",
                "https://b2.example?a=b",
                "ftp://b2.example",
                "http://169.254.169.254",
                "https://metadata.google.internal"
            })
    void anApiThatNothingMayBeSentToIsAProblem(String url) {
        assertThat(problems(() -> with("B2_API_URL", url)))
                .singleElement()
                .asString()
                .contains("B2_API_URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:8180", "http://localhost:8180", "http://[::1]:8180", "https://b2.example"})
    void anApiOfLoopbackMayBePlain(String url) {
        assertThat(with("B2_API_URL", url).endpoint()).contains(URI.create(url));
    }

    @Test
    void plainHttpElsewhereHasToBeAllowed() {
        assertThat(with("B2_API_URL", "http://b2.example", "STORAGE_ALLOW_HTTP", "true")
                        .endpoint())
                .contains(URI.create("http://b2.example"));
    }

    @Test
    void whatCanNotBeIsAProblem() {
        assertThat(problems(() -> with("B2_TEST_MODE", "fail_everything"))).isNotEmpty();
        assertThat(problems(() -> with("B2_ENCRYPTION", "rot13"))).isNotEmpty();
        assertThat(problems(() -> with("B2_ENCRYPTION_CUSTOMER_KEY", SECRET)))
                .singleElement()
                .asString()
                .contains("B2_ENCRYPTION_CUSTOMER_KEY", "32 bytes");
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        assertThat(problems(() -> with("B2_ENCRYPTION_CUSTOMER_KEY", key, "B2_ENCRYPTION", "AES256")))
                .singleElement()
                .asString()
                .contains("exclude each other");
        assertThat(problems(() -> config("B2_KEY_ID", "id", "B2_APPLICATION_KEY", SECRET, "B2_BUCKET", "a/b")))
                .singleElement()
                .asString()
                .contains("B2_BUCKET");
    }

    @Test
    void keysOfOtherVendorsDoNotCount() {
        assertThat(problems(() -> config(
                        "AWS_ACCESS_KEY_ID",
                        "testaccess",
                        "AWS_SECRET_ACCESS_KEY",
                        SECRET,
                        "B2_BUCKET",
                        "example-bucket")))
                .isNotEmpty();
    }

    @Test
    void theStoreIsOpenedWithoutAnyRequest() {
        with("B2_API_URL", "http://127.0.0.1:1").open().close();
    }
}
