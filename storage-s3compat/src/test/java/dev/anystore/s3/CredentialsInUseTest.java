package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.TransportOptions;
import dev.anystore.s3.ScriptedServer.Request;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.Secret;
import dev.anystore.spi.WriteCondition;
import dev.anystore.testkit.TurnedClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that were found, in the hands of a store: where they go, and what happens when they end. */
class CredentialsInUseTest {
    private static final byte[] FOUND = ScriptedServer.answer(200, "etag: \"t\"\r\n", "");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before the first test
    Path home;

    private final TurnedClock clock = new TurnedClock(Instant.parse("2026-11-21T12:00:00Z"));
    private final AtomicInteger given = new AtomicInteger();

    private ScriptedServer metadata(Duration life) {
        return new ScriptedServer(request -> {
            if (request.method().equals("PUT")) {
                return ScriptedServer.answer(200, "", "session");
            }
            if (request.path().endsWith("/")) {
                return ScriptedServer.answer(200, "", "role");
            }
            return ScriptedServer.answer(
                    200,
                    "",
                    "{\"AccessKeyId\":\"id%d\",\"SecretAccessKey\":\"testsecret12345\",\"Token\":\"testtoken%d\",\"Expiration\":\"%s\"}"
                            .formatted(
                                    given.incrementAndGet(),
                                    given.get(),
                                    clock.instant().plus(life)));
        });
    }

    private ProviderSettings settings(URI endpoint, URI metadata, Map<String, String> more) {
        Map<String, ProviderSettings.Value> values = new HashMap<>();
        Map<String, String> texts = new HashMap<>(more);
        texts.put("bucket", "bkt");
        texts.put("endpoint-url", endpoint.toString());
        texts.forEach((name, value) -> values.put(name, new ProviderSettings.Value(Secret.of(value), name)));
        return ProviderSettings.of(
                "s3",
                "s3",
                values,
                Map.of("HOME", home.toString(), "AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.toString()));
    }

    private S3Backend open(URI endpoint, URI metadata, Map<String, String> more) {
        ProviderSettings settings = settings(endpoint, metadata, more);
        S3Config config = S3Config.read(Vendor.S3, settings);
        return new S3Backend(
                config,
                new HttpTransport(TransportOptions.DEFAULT),
                VendorProvider.credentials(config, settings, clock),
                clock);
    }

    private static String signer(Request request) {
        String authorization = String.valueOf(request.header("authorization"));
        return authorization.replaceFirst(".*Credential=([^/]+)/.*", "$1");
    }

    private static ScriptedServer store(Function<String, byte[]> bySigner) {
        return new ScriptedServer(request -> bySigner.apply(signer(request)));
    }

    @Test
    void aRequestThatFindsItsCredentialsExpiredRenewsThemAndIsSentAgain() {
        try (ScriptedServer metadata = metadata(Duration.ofHours(1));
                ScriptedServer server =
                        store(id -> id.equals("id1") ? ScriptedServer.error(400, "ExpiredToken") : FOUND);
                S3Backend store = open(server.endpoint(), metadata.endpoint(), Map.of())) {
            store.put(
                    new PutRequest("k", TestPayload.of(new byte[10]), Attributes.NONE, WriteCondition.ALWAYS),
                    Call.unbounded());
            assertThat(server.requests())
                    .extracting(CredentialsInUseTest::signer)
                    .containsExactly("id1", "id2");
            assertThat(server.requests().get(1).header("x-amz-security-token")).isEqualTo("testtoken2");
            assertThat(server.requests().get(1).body().remaining()).isEqualTo(10);
        }
    }

    @Test
    void aServiceThatCallsEverythingExpiredIsAskedTwice() {
        try (ScriptedServer metadata = metadata(Duration.ofHours(1));
                ScriptedServer server = store(id -> ScriptedServer.error(400, "ExpiredToken", "<Token>x</Token>"));
                S3Backend store = open(server.endpoint(), metadata.endpoint(), Map.of())) {
            StorageException e = catchThrowableOfType(
                    StorageException.class, () -> store.get(GetRequest.whole("k"), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
            assertThat(server.requests()).hasSize(2);
            assertThat(given).hasValue(2);
        }
    }

    @Test
    void theUsersOwnCredentialsAreNotRenewed() {
        try (ScriptedServer metadata = metadata(Duration.ofHours(1));
                ScriptedServer server = store(id -> ScriptedServer.error(400, "ExpiredToken"));
                S3Backend store = open(
                        server.endpoint(),
                        metadata.endpoint(),
                        Map.of("access-key-id", "testaccess", "secret-access-key", "testsecret12345"))) {
            StorageException e = catchThrowableOfType(
                    StorageException.class, () -> store.get(GetRequest.head("k"), Call.unbounded()));
            assertThat(e.getMessage()).contains("get new temporary credentials");
            assertThat(metadata.requests()).isEmpty();
        }
    }

    @Test
    void aCrowdOfRequestsAsksTheSourceOnceAndOnceMoreBeforeTheEnd() throws Exception {
        ExecutorService crowd = Executors.newFixedThreadPool(16);
        try (ScriptedServer metadata = metadata(Duration.ofHours(1));
                ScriptedServer server = store(id -> FOUND);
                S3Backend store = open(server.endpoint(), metadata.endpoint(), Map.of())) {
            for (int round = 1; round <= 2; round++) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    all.add(crowd.submit(() -> store.get(GetRequest.head("k"), Call.unbounded())));
                }
                for (Future<?> one : all) {
                    one.get(30, TimeUnit.SECONDS);
                }
                assertThat(given).hasValue(round);
                clock.turn(Duration.ofMinutes(59).plusSeconds(30));
            }
            assertThat(server.requests()).hasSize(128);
        } finally {
            crowd.shutdownNow();
        }
    }

    @Test
    void aLinkLivesNoLongerThanTheCredentialsThatSignedIt() {
        try (ScriptedServer metadata = metadata(Duration.ofHours(1));
                S3Backend store = open(URI.create("http://127.0.0.1:1"), metadata.endpoint(), Map.of())) {
            Presigner presigner = Objects.requireNonNull(store.extension(Presigner.class));
            Presigner.Presign day =
                    new Presigner.Presign("GET", "k", null, Duration.ofDays(1), Attributes.NONE, WriteCondition.ALWAYS);
            clock.turn(Duration.ofMillis(1));
            Presigner.Signed link = presigner.presign(day, Call.unbounded());
            assertThat(link.expiresAt())
                    .isEqualTo(clock.instant()
                            .plus(Duration.ofHours(1))
                            .truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
            assertThat(link.uri().getQuery()).contains("X-Amz-Expires=3600");
            clock.turn(Duration.ofMinutes(30));
            assertThat(presigner.presign(day, Call.unbounded()).expiresAt()).isEqualTo(link.expiresAt());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://s3.example",
                "https://account.r2.cloudflarestorage.com",
                "https://s3.eu-central-1.wasabisys.com",
                "https://my-balancer.eu-central-1.elb.amazonaws.com",
                "https://ec2-192-0-2-1.compute-1.amazonaws.com",
                "https://s3.eu-central-1.amazonaws.com.example"
            })
    void whatWasFoundGoesToNoEndpointButAmazons(String endpoint) {
        try (ScriptedServer metadata = metadata(Duration.ofHours(1));
                S3Backend store = open(URI.create(endpoint), metadata.endpoint(), Map.of())) {
            StorageException e = catchThrowableOfType(
                    StorageException.class, () -> store.get(GetRequest.head("k"), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
            assertThat(e.getMessage()).contains("Amazon's own hosts", "S3_TRUST_ENDPOINT=true", "AWS_ACCESS_KEY_ID");
            assertThat(metadata.requests()).isEmpty();
        }
    }

    @Test
    void anEndpointThatTheUserTrustsGetsWhatWasFound() {
        try (ScriptedServer metadata = metadata(Duration.ofHours(1));
                S3Backend store =
                        open(URI.create("https://s3.example"), metadata.endpoint(), Map.of("trust-endpoint", "true"))) {
            Presigner presigner = Objects.requireNonNull(store.extension(Presigner.class));
            Presigner.Signed link = presigner.presign(
                    new Presigner.Presign(
                            "GET", "k", null, Duration.ofMinutes(1), Attributes.NONE, WriteCondition.ALWAYS),
                    Call.unbounded());
            assertThat(link.uri().getHost()).isEqualTo("s3.example");
            assertThat(link.uri().getQuery()).contains("Credential=id1/");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.amazonaws.com",
                "s3.eu-central-1.amazonaws.com",
                "bkt.s3.us-gov-west-1.amazonaws.com",
                "s3.dualstack.us-west-2.amazonaws.com",
                "s3-fips.us-east-1.amazonaws.com",
                "s3-us-west-2.amazonaws.com",
                "s3.cn-north-1.amazonaws.com.cn",
                "bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com"
            })
    void amazonsHostsAreKnown(String host) {
        assertThat(EndpointRules.isAmazon(host)).isTrue();
    }

    @Test
    void otherVendorsNeverLookForCredentials() {
        for (Vendor vendor : Vendor.ALL) {
            if (vendor.equals(Vendor.S3)) {
                continue;
            }
            try (ScriptedServer metadata = metadata(Duration.ofHours(1))) {
                Map<String, ProviderSettings.Value> values = new HashMap<>();
                values.put("bucket", new ProviderSettings.Value(Secret.of("bkt"), "bucket"));
                ProviderSettings settings = ProviderSettings.of(
                        vendor.id(),
                        vendor.id(),
                        values,
                        Map.of(
                                "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                metadata.endpoint().toString()));
                assertThat(catchThrowableOfType(StorageException.class, () -> S3Config.read(vendor, settings))
                                .kind())
                        .isEqualTo(Kind.CONFIGURATION);
                assertThat(metadata.requests()).isEmpty();
            }
        }
    }

    @Test
    void whatAServiceQuotesOfFoundCredentialsIsNotShown() {
        try (ScriptedServer metadata = metadata(Duration.ofHours(1));
                ScriptedServer server = new ScriptedServer(request -> ScriptedServer.answer(
                        403,
                        "",
                        "<Error><Code>AccessDenied</Code><Message>key id1 token "
                                + request.header("x-amz-security-token") + "</Message></Error>"));
                S3Backend store = open(server.endpoint(), metadata.endpoint(), Map.of())) {
            StorageException e = catchThrowableOfType(
                    StorageException.class, () -> store.get(GetRequest.whole("k"), Call.unbounded()));
            assertThat(e.getMessage()).contains("key *** token ***").doesNotContain("testtoken");
        }
    }
}
