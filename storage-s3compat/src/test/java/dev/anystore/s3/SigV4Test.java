package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.spi.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Our signing, written down step by step for one request, and held against the AWS SDK's on many random ones. */
class SigV4Test {
    private static final int RANDOM_REQUESTS = 100_000;
    private static final Duration AT_MOST = Duration.ofSeconds(20);
    /** Below this the machine is broken, or the test. */
    private static final int AT_LEAST = 5_000;

    private static final String[] METHODS = {"GET", "PUT", "HEAD", "DELETE", "POST"};
    private static final String[] QUERY_NAMES = {
        "uploads", "uploadId", "partNumber", "versionId", "prefix", "list-type", "delimiter", "response-content-type"
    };
    private static final String[] HEADERS = {
        "content-type",
        "x-amz-meta-a",
        "x-amz-meta-b_c",
        "x-amz-acl",
        "if-match",
        "range",
        "content-md5",
        "cache-control"
    };
    private static final int[] CODE_POINTS = {
        'a', 'Z', '0', '-', '.', '_', '~', '/', '/', ' ', '+', '%', '&', '=', '?', '#', '\'', '"', '\\', ':', ';', '@',
        '!', '$', '*', '(', ')', ',', '<', '>', '|', '^', '`', '{', '}', '[', ']', '\t', '\n', 1, 127, 0xe4, 0x301,
        0x4e16, 0x1f30d, 0x2028
    };

    private final SigV4 signer = new SigV4();

    @Test
    void aRequestIsSignedAsThePageOfTheServiceDescribes() throws Exception {
        Credentials credentials = new Credentials("testaccess", Secret.of("testsecret12345"), null, null);
        Fields headers = new Fields().set("host", "example.test:9000").set("x-amz-meta-m", "  two   blanks ");
        Instant now = Instant.parse("2026-11-21T12:34:56.789Z");
        signer.sign("PUT", "/b/k%20%2B", "a=1&b=", headers, SigV4.UNSIGNED_PAYLOAD, credentials, "eu-west-1", now);

        String canonical = """
                PUT
                /b/k%20%2B
                a=1&b=
                host:example.test:9000
                x-amz-content-sha256:UNSIGNED-PAYLOAD
                x-amz-date:20261121T123456Z
                x-amz-meta-m:two blanks

                host;x-amz-content-sha256;x-amz-date;x-amz-meta-m
                UNSIGNED-PAYLOAD""";
        String toSign = "AWS4-HMAC-SHA256\n20261121T123456Z\n20261121/eu-west-1/s3/aws4_request\n"
                + SigV4.sha256(canonical.getBytes(StandardCharsets.UTF_8));
        byte[] key = "AWS4testsecret12345".getBytes(StandardCharsets.UTF_8);
        for (String step : new String[] {"20261121", "eu-west-1", "s3", "aws4_request"}) {
            key = hmac(key, step);
        }
        assertThat(headers.get("authorization"))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=testaccess/20261121/eu-west-1/s3/aws4_request, "
                        + "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-m, Signature="
                        + HexFormat.of().formatHex(hmac(key, toSign)));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theDigestOfNothingIsTheConstant() {
        assertThat(SigV4.sha256(new byte[0])).isEqualTo(SigV4.EMPTY_PAYLOAD);
    }

    @Test
    void randomRequestsAreSignedByteForByteAsTheSdkSignsThem() {
        long seed = Long.getLong("anystore.seed", System.nanoTime());
        Random random = new Random(seed);
        AwsV4HttpSigner oracle = AwsV4HttpSigner.create();
        long end = System.nanoTime() + AT_MOST.toNanos();
        int done = 0;
        while (done < RANDOM_REQUESTS && System.nanoTime() < end) {
            Sample sample = new Sample(random);
            if (random.nextInt(4) == 0) {
                assertThat(sample.presignedByUs(signer))
                        .as("seed %d, request %d: %s", seed, done, sample)
                        .isEqualTo(sample.presignedBySdk(oracle));
            } else {
                assertThat(sample.signedByUs(signer))
                        .as("seed %d, request %d: %s", seed, done, sample)
                        .isEqualTo(sample.signedBySdk(oracle));
            }
            done++;
        }
        System.out.println("SigV4Test: " + done + " random requests as the SDK signs them, seed " + seed);
        assertThat(done).isGreaterThanOrEqualTo(AT_LEAST);
    }

    /** One random request, built for both. */
    private static final class Sample {
        private final String method;
        private final String host;
        private final String path;
        private final Fields query = new Fields();
        private final Fields headers = new Fields();
        private final String id = "testaccess";
        private final String secret;
        private final @Nullable String token;
        private final String region;
        private final Instant now;
        private final long seconds;

        Sample(Random random) {
            method = METHODS[random.nextInt(METHODS.length)];
            host = "bucket" + random.nextInt(10) + ".example.test";
            StringBuilder encoded = new StringBuilder("/");
            PercentEncoding.appendPath(encoded, text(random, 1 + random.nextInt(40)));
            path = encoded.toString();
            for (int i = random.nextInt(4); i > 0; i--) {
                String value = random.nextInt(3) == 0 ? "" : text(random, random.nextInt(20));
                query.set(QUERY_NAMES[random.nextInt(QUERY_NAMES.length)], value);
            }
            for (int i = random.nextInt(5); i > 0; i--) {
                headers.set(HEADERS[random.nextInt(HEADERS.length)], headerValue(random));
            }
            secret = Long.toString(random.nextLong(), 36);
            token = random.nextInt(3) == 0 ? Long.toString(random.nextLong(), 36) + "/+==" : null;
            region = new String[] {"us-east-1", "auto", "eu-central-003"}[random.nextInt(3)];
            now = Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE), random.nextInt(1_000_000_000));
            seconds = 1L + random.nextInt(604_800);
        }

        private static String text(Random random, int length) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
            }
            return text.toString();
        }

        private static String headerValue(Random random) {
            StringBuilder value = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                value.append(random.nextInt(4) == 0 ? ' ' : (char) ('!' + random.nextInt(94)));
            }
            return value.toString();
        }

        private Credentials credentials() {
            return new Credentials(id, Secret.of(secret), token == null ? null : Secret.of(token), null);
        }

        private Fields withHost() {
            return headers.copy().set("host", host);
        }

        String signedByUs(SigV4 signer) {
            Fields signed = withHost();
            signer.sign(
                    method,
                    path,
                    SigV4.canonicalQuery(query),
                    signed,
                    SigV4.UNSIGNED_PAYLOAD,
                    credentials(),
                    region,
                    now);
            return signed.get("authorization") + " at " + signed.get("x-amz-date");
        }

        String signedBySdk(AwsV4HttpSigner oracle) {
            SdkHttpRequest signed =
                    oracle.sign(request(AuthLocation.HEADER).build()).request();
            return signed.firstMatchingHeader("Authorization").orElse("none") + " at "
                    + signed.firstMatchingHeader("X-Amz-Date").orElse("none");
        }

        String presignedByUs(SigV4 signer) {
            return sorted(signer.presign(method, path, query.copy(), withHost(), credentials(), region, now, seconds));
        }

        String presignedBySdk(AwsV4HttpSigner oracle) {
            SdkHttpRequest signed = oracle.sign(request(AuthLocation.QUERY_STRING)
                            .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, Duration.ofSeconds(seconds))
                            .build())
                    .request();
            return sorted(signed.encodedQueryParameters().orElse(""));
        }

        private static String sorted(String query) {
            String[] parameters = query.split("&", -1);
            java.util.Arrays.sort(parameters);
            return String.join("&", parameters);
        }

        private SignRequest.Builder<AwsCredentialsIdentity> request(AuthLocation location) {
            SdkHttpFullRequest.Builder http = SdkHttpFullRequest.builder()
                    .method(SdkHttpMethod.fromValue(method))
                    .uri(URI.create("https://" + host))
                    .encodedPath(path);
            for (int i = 0; i < query.size(); i++) {
                http.putRawQueryParameter(query.name(i), query.value(i));
            }
            for (int i = 0; i < headers.size(); i++) {
                http.putHeader(headers.name(i), headers.value(i));
            }
            AwsCredentialsIdentity identity = token == null
                    ? AwsCredentialsIdentity.create(id, secret)
                    : AwsSessionCredentialsIdentity.create(id, secret, token);
            return SignRequest.builder(identity)
                    .request(http.build())
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC))
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                    .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, location);
        }

        @Override
        public String toString() {
            return method + ' ' + path + '?' + SigV4.canonicalQuery(query) + ' ' + headers;
        }
    }
}
