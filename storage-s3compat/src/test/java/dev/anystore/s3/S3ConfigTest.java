package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.InvalidConfiguration;
import dev.anystore.StorageConfig;
import dev.anystore.StorageRegistry;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings mean: where they lead, how the server there behaves, and what is wrong with them. */
class S3ConfigTest {
    private static final String SECRET = "canary-secret-value";

    private static Map<String, String> env(String... pairs) {
        Map<String, String> env = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            env.put(pairs[i], pairs[i + 1]);
        }
        return env;
    }

    private static StorageConfig config(String provider, String... pairs) {
        return StorageRegistry.of(env(pairs)).getProvider(provider);
    }

    private static S3Config s3(String... namesAndValues) {
        return read(Vendor.S3, "s3", namesAndValues);
    }

    private static S3Config read(Vendor vendor, String requestedName, String... namesAndValues) {
        Map<String, ProviderSettings.Value> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(
                    namesAndValues[i], new ProviderSettings.Value(Secret.of(namesAndValues[i + 1]), namesAndValues[i]));
        }
        return S3Config.read(vendor, ProviderSettings.of(vendor.id(), requestedName, values, Map.of()));
    }

    private static List<String> problems(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
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

    @Test
    void theBlockOfApplication000Resolves() {
        String[] block = {
            "B2_KEY_ID",
            "id",
            "B2_APPLICATION_KEY",
            SECRET,
            "B2_BUCKET",
            "b2bucket",
            "B2_REGION",
            "us-west-004",
            "R2_ACCOUNT_ID",
            "0123456789abcdef0123456789abcdef",
            "R2_ACCESS_KEY",
            "id",
            "R2_SECRET_KEY",
            SECRET,
            "R2_BUCKET",
            "r2bucket",
            "AWS_ACCESS_KEY_ID",
            "id",
            "AWS_SECRET_ACCESS_KEY",
            SECRET,
            "S3_BUCKET",
            "s3bucket",
            "AWS_REGION",
            "eu-west-1",
            "WASABI_ACCESS_KEY",
            "id",
            "WASABI_SECRET_KEY",
            SECRET,
            "WASABI_BUCKET",
            "wbucket",
            "WASABI_REGION",
            "eu-central-1"
        };
        assertLeadsTo(config("s3", block), "s3bucket", "https://s3.eu-west-1.amazonaws.com", "eu-west-1");
        assertLeadsTo(
                config("r2", block),
                "r2bucket",
                "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com",
                "auto");
        assertLeadsTo(config("wasabi", block), "wbucket", "https://s3.eu-central-1.wasabisys.com", "eu-central-1");
        assertLeadsTo(config("b2-s3", block), "b2bucket", "https://s3.us-west-004.backblazeb2.com", "us-west-004");
    }

    @Test
    void theBlocksOfApplications001And004Resolve() {
        String endpoint = "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com";
        StorageConfig r2 = config(
                "cloudflare_r2",
                "R2_ACCOUNT_ID",
                "0123456789abcdef0123456789abcdef",
                "R2_ACCESS_KEY_ID",
                "id",
                "R2_SECRET_ACCESS_KEY",
                SECRET,
                "R2_BUCKET_NAME",
                "bucket",
                "R2_ENDPOINT_URL",
                endpoint,
                "R2_PUBLIC_URL",
                "https://cdn.example.com");
        assertLeadsTo(r2, "bucket", endpoint, "auto");
        assertThat(r2.publicBaseUri()).contains(URI.create("https://cdn.example.com"));
        StorageConfig s3 = config(
                "aws_s3",
                "AWS_ACCESS_KEY_ID",
                "id",
                "AWS_SECRET_ACCESS_KEY",
                SECRET,
                "AWS_S3_BUCKET_NAME",
                "bucket",
                "AWS_S3_REGION",
                "us-west-2");
        assertLeadsTo(s3, "bucket", "https://s3.us-west-2.amazonaws.com", "us-west-2");
        StorageConfig other = config(
                "r2",
                "R2_ENDPOINT_URL",
                endpoint,
                "R2_ACCESS_KEY_ID",
                "id",
                "R2_SECRET_ACCESS_KEY",
                SECRET,
                "R2_BUCKET_NAME",
                "bucket",
                "R2_CDN_DOMAIN",
                "cdn.example.com");
        assertThat(other.publicBaseUri()).contains(URI.create("https://cdn.example.com"));
    }

    @Test
    void theBlocksOfApplications002And003Resolve() {
        String[] block = {
            "AWS_ACCESS_KEY_ID",
            "id",
            "AWS_SECRET_ACCESS_KEY",
            SECRET,
            "AWS_BUCKET_NAME",
            "abucket",
            "AWS_REGION",
            "us-east-1",
            "DO_SPACES_KEY",
            "id",
            "DO_SPACES_SECRET",
            SECRET,
            "DO_SPACES_NAME",
            "space",
            "DO_SPACES_REGION",
            "nyc3",
            "BACKBLAZE_KEY_ID",
            "id",
            "BACKBLAZE_APPLICATION_KEY",
            SECRET,
            "BACKBLAZE_BUCKET",
            "bbucket",
            "BACKBLAZE_ENDPOINT",
            "s3.us-west-002.backblazeb2.com",
            "CLOUDFLARE_R2_ACCOUNT_ID",
            "0123456789abcdef0123456789abcdef",
            "CLOUDFLARE_R2_ACCESS_KEY",
            "id",
            "CLOUDFLARE_R2_SECRET_KEY",
            SECRET,
            "CLOUDFLARE_R2_BUCKET",
            "cbucket"
        };
        assertLeadsTo(config("aws", block), "abucket", "https://s3.us-east-1.amazonaws.com", "us-east-1");
        assertLeadsTo(config("digitalocean", block), "space", "https://nyc3.digitaloceanspaces.com", "nyc3");
        assertLeadsTo(config("b2-s3", block), "bbucket", "https://s3.us-west-002.backblazeb2.com", "us-west-002");
        assertLeadsTo(
                config("cloudflare", block),
                "cbucket",
                "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com",
                "auto");
        StorageConfig third = config(
                "s3",
                "AWS_S3_BUCKET",
                "b",
                "AWS_REGION",
                "eu-north-1",
                "AWS_ACCESS_KEY",
                "id",
                "AWS_SECRET_KEY",
                SECRET);
        assertLeadsTo(third, "b", "https://s3.eu-north-1.amazonaws.com", "eu-north-1");
    }

    private static void assertLeadsTo(StorageConfig config, String bucket, String endpoint, String region) {
        assertThat(config.bucket()).isEqualTo(bucket);
        assertThat(config.endpoint()).contains(URI.create(endpoint));
        assertThat(config.region()).contains(region);
        assertThat(config.toString()).doesNotContain(SECRET);
    }

    @Test
    void amazonsOwnPrecedenceIsNoConflict() {
        StorageConfig config = config(
                "s3",
                "S3_BUCKET",
                "b",
                "AWS_REGION",
                "eu-west-1",
                "AWS_DEFAULT_REGION",
                "us-west-1",
                "AWS_ENDPOINT_URL_S3",
                "http://127.0.0.1:9000",
                "AWS_ENDPOINT_URL",
                "http://127.0.0.1:9001");
        assertLeadsTo(config, "b", "http://127.0.0.1:9000", "eu-west-1");
    }

    @ParameterizedTest
    @CsvSource({
        "s3, https://s3.eu-west-1.amazonaws.com, aws, eu-west-1",
        "s3, https://s3.dualstack.eu-west-1.amazonaws.com, aws, eu-west-1",
        "s3, https://0123.r2.cloudflarestorage.com, r2, us-east-1",
        "s3, https://s3.eu-central-1.wasabisys.com, wasabi, us-east-1",
        "s3, https://nyc3.digitaloceanspaces.com, spaces, us-east-1",
        "s3, https://s3.us-west-004.backblazeb2.com, b2-s3, us-east-1",
        "s3, http://127.0.0.1:9000, generic, us-east-1",
        "s3, https://minio.example.com, generic, us-east-1",
        "s3, https://evil-amazonaws.com, generic, us-east-1",
        "minio, https://minio.example.com, minio, us-east-1",
        "ceph, https://ceph.example.com, ceph, us-east-1",
        "aws, https://store.example.com, generic, us-east-1",
    })
    void theEndpointAndTheNameThatWasUsedChooseTheProfile(String name, String endpoint, String profile, String region) {
        S3Config config = read(Vendor.S3, name, "bucket", "b", "endpoint-url", endpoint);
        assertThat(config.profile().name()).isEqualTo(profile);
        assertThat(config.region()).isEqualTo(region);
        assertThat(read(Vendor.S3, name, "bucket", "b", "endpoint-url", endpoint, "profile", "versitygw")
                        .profile()
                        .name())
                .isEqualTo("versitygw");
    }

    @Test
    void aStoreOfR2IsR2WhereverItsEndpointIs() {
        S3Config config = read(
                Vendor.R2,
                "r2",
                "bucket",
                "b",
                "endpoint-url",
                "http://127.0.0.1:9000",
                "account-id",
                "abc",
                "access-key-id",
                "id",
                "secret-access-key",
                SECRET);
        assertThat(config.profile()).isSameAs(Profile.R2);
        assertThat(config.region()).isEqualTo("auto");
    }

    @Test
    void theBucketStandsWhereTheProfileSaysUnlessTheUserDoes() {
        assertThat(place("bucket", "bkt")).isEqualTo("https://bkt.s3.us-east-1.amazonaws.com /k");
        assertThat(place("bucket", "b.c")).isEqualTo("https://s3.us-east-1.amazonaws.com /b.c/k");
        assertThat(place("bucket", "Upper_case")).isEqualTo("https://s3.us-east-1.amazonaws.com /Upper_case/k");
        assertThat(place("bucket", "bkt", "path-style", "true")).isEqualTo("https://s3.us-east-1.amazonaws.com /bkt/k");
        assertThat(place("bucket", "bkt", "endpoint-url", "http://127.0.0.1:9000", "path-style", "false"))
                .isEqualTo("http://127.0.0.1:9000 /bkt/k");
        assertThat(place("bucket", "bkt", "endpoint-url", "https://s.example.com:8443", "path-style", "false"))
                .isEqualTo("https://bkt.s.example.com:8443 /k");
        assertThat(place("bucket", "bkt", "region", "cn-north-1"))
                .isEqualTo("https://bkt.s3.cn-north-1.amazonaws.com.cn /k");
        assertThat(config("s3", "S3_BUCKET", "b", "AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "false")
                        .bucket())
                .isEqualTo("b");
    }

    private static String place(String... namesAndValues) {
        Place place = Place.of(s3(namesAndValues));
        return place.origin() + " " + place.path("k");
    }

    @Test
    void everyProblemIsNamedAtOnceWithItsFix() {
        List<String> problems = problems(() -> read(
                Vendor.R2,
                "r2",
                "account-id",
                "<account_id>",
                "secret-access-key",
                SECRET,
                "endpoint-url",
                "http://r2.example.com/bucket"));
        assertThat(problems).hasSizeGreaterThanOrEqualTo(4);
        assertThat(String.join("\n", problems))
                .contains("R2_BUCKET_NAME is not set")
                .contains("account-id still has a placeholder")
                .contains("endpoint-url has the path /bucket")
                .contains("secret-access-key is set, but R2_ACCESS_KEY_ID is not");
    }

    @Test
    void whatIsMissingIsNamedByItsCanonicalVariable() {
        assertThat(problems(() -> read(Vendor.R2, "r2")))
                .anyMatch(p -> p.startsWith("R2_BUCKET_NAME is not set"))
                .anyMatch(p -> p.startsWith("R2_ACCOUNT_ID is not set, nor is R2_ENDPOINT_URL"))
                .anyMatch(p -> p.startsWith("R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY are not set"));
        assertThat(problems(() -> read(Vendor.WASABI, "wasabi", "bucket", "b")))
                .anyMatch(p -> p.startsWith("WASABI_REGION is not set"));
        assertThat(problems(() -> s3())).containsExactly("S3_BUCKET is not set: name the bucket");
        assertThat(problems(() -> s3("bucket", "b", "access-key-id", "id")))
                .singleElement()
                .asString()
                .contains("AWS_SECRET_ACCESS_KEY is not");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://store.example.com|plain http",
                "https://store.example.com/path|has the path /path",
                "https://store.example.com?x=1|has a query",
                "ftp://store.example.com|begins with ftp://",
                "https://169.254.169.254|link-local",
                "http://169.254.169.254|link-local",
                "https://[fe80::1]|link-local",
                "https://[fd00:ec2::254]|metadata",
                "https://metadata.google.internal|metadata",
                "https://metadata.google.internal.|metadata",
                "https://100.100.100.200|metadata",
                "https://2852039166|link-local",
                "https://224.0.0.1|multicast",
                "https://0.0.0.0|no address",
                "https://bkt.s3.eu-west-1.amazonaws.com|begins with the bucket's name",
                "https://{account}.example.com|placeholder",
                "https://%7Baccount%7D.example.com|placeholder",
            })
    void anEndpointThatCantBeOneIsRefused(String endpoint, String reason) {
        assertThat(problems(() -> s3("bucket", "bkt", "endpoint-url", endpoint)))
                .singleElement()
                .asString()
                .startsWith("endpoint-url ")
                .contains(reason);
    }

    @Test
    void plainHttpIsForLoopbackUnlessTheUserAllowsIt() {
        for (String host : new String[] {"localhost", "127.0.0.1", "127.1.2.3", "[::1]", "minio.localhost"}) {
            assertThat(s3("bucket", "b", "endpoint-url", "http://" + host + ":9000")
                            .endpoint()
                            .getPort())
                    .isEqualTo(9000);
        }
        assertThat(s3("bucket", "b", "endpoint-url", "http://10.0.0.1:9000", "allow-http", "true")
                        .endpoint())
                .isEqualTo(URI.create("http://10.0.0.1:9000"));
        assertThat(problems(() -> s3("bucket", "b", "endpoint-url", "http://localhost.example.com")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.com/", "a b", "eu-west-1.evil.com", "{region}", "eu@x", "-a"})
    void aRegionThatWouldBendTheHostIsRefused(String region) {
        assertThat(problems(() -> s3("bucket", "b", "region", region)))
                .singleElement()
                .asString()
                .startsWith("region ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://b", "a/b", "a b", "..", "https://b", "b?x", "<bucket>", "ü"})
    void whatIsNoNameOfABucketIsRefused(String bucket) {
        assertThat(problems(() -> s3("bucket", bucket))).hasSize(1);
    }

    @Test
    void whatDisagreesIsNotGuessed() {
        assertThat(problems(() ->
                        s3("bucket", "b", "region", "us-west-2", "endpoint-url", "https://s3.eu-west-1.amazonaws.com")))
                .singleElement()
                .asString()
                .contains("is us-west-2, but endpoint-url is a host of eu-west-1");
        assertThat(problems(() -> read(
                        Vendor.R2,
                        "r2",
                        "bucket",
                        "b",
                        "account-id",
                        "aaaa",
                        "endpoint-url",
                        "https://bbbb.r2.cloudflarestorage.com",
                        "access-key-id",
                        "id",
                        "secret-access-key",
                        SECRET)))
                .singleElement()
                .asString()
                .contains("is another account");
        assertThat(problems(() -> read(
                        Vendor.WASABI,
                        "wasabi",
                        "bucket",
                        "b",
                        "endpoint-url",
                        "https://s3.eu-west-1.amazonaws.com",
                        "access-key-id",
                        "id",
                        "secret-access-key",
                        SECRET)))
                .singleElement()
                .asString()
                .contains("is a host of Amazon S3, not of Wasabi");
    }

    @Test
    void valuesThatAreNoChoiceAreRefused() {
        assertThat(problems(() -> s3("bucket", "b", "profile", "gcs"))).hasSize(1);
        assertThat(problems(() -> s3("bucket", "b", "checksum", "crc32"))).hasSize(1);
        assertThat(s3("bucket", "b", "checksum", "none").checksums()).isEqualTo(Checksums.NONE);
    }

    @Test
    void amazonsCredentialsNeverReachAnotherVendor() {
        String[] env = {
            "AWS_ACCESS_KEY_ID",
            "id",
            "AWS_SECRET_ACCESS_KEY",
            SECRET,
            "AWS_SESSION_TOKEN",
            SECRET,
            "AWS_ENDPOINT_URL",
            "http://127.0.0.1:1",
            "AWS_REGION",
            "eu-west-1",
            "R2_BUCKET_NAME",
            "b",
            "R2_ACCOUNT_ID",
            "abc",
            "WASABI_BUCKET",
            "b",
            "WASABI_REGION",
            "us-east-1",
            "DO_SPACES_NAME",
            "b",
            "DO_SPACES_REGION",
            "nyc3",
            "B2_BUCKET",
            "b",
            "B2_REGION",
            "us-west-004"
        };
        for (String provider : List.of("r2", "wasabi", "spaces", "b2-s3")) {
            assertThatThrownBy(() -> config(provider, env))
                    .isInstanceOf(InvalidConfiguration.class)
                    .message()
                    .contains("are not set: name the access key")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void nothingPrintsASecret() {
        S3Config config = s3("bucket", "b", "access-key-id", "canary-id", "secret-access-key", SECRET);
        assertThat(config.toString()).doesNotContain(SECRET).doesNotContain("canary-id");
        assertThat(String.valueOf(config.credentials())).doesNotContain(SECRET).doesNotContain("canary-id");
    }

    @Test
    void everyProviderIsFoundWithItsAliasesAndSettings() {
        assertThat(Vendor.ALL).allSatisfy(vendor -> {
            assertThat(vendor.settings().all()).extracting("name").doesNotHaveDuplicates();
            assertThat(vendor.settings().all()).contains(vendor.settings().bucket());
        });
        assertThat(StorageRegistry.of(Map.of()).listProviders())
                .extracting("id")
                .contains("s3", "r2", "wasabi", "spaces", "b2-s3");
    }
}
