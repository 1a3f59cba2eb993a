package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.ByteRange;
import dev.anystore.Capability;
import dev.anystore.InvalidConfiguration;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.TransportOptions;
import dev.anystore.s3.ScriptedServer.Request;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.Secret;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.WriteCondition;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked of a service about encryption, storage class and payment, in which requests, and what it must say to that. */
class EncryptionTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String OTHER_KEY = Base64.getEncoder()
            .encodeToString("0123456789".repeat(4).substring(8).getBytes(StandardCharsets.US_ASCII));
    private static final String SSE = "x-amz-server-side-encryption";
    private static final String CUSTOMER = SSE + "-customer-key";
    private static final String SOURCE = "x-amz-copy-source-server-side-encryption-customer-key";

    /** Does as it was told, and says so. */
    private static byte[] obedient(Request request) {
        StringBuilder headers = new StringBuilder("etag: \"t\"\r\n");
        String encryption = request.header(SSE);
        if (encryption == null && request.method().equals("HEAD")) {
            encryption = "AES256";
        }
        if (encryption != null) {
            headers.append(SSE).append(": ").append(encryption).append("\r\n");
        }
        String md5 = request.header(CUSTOMER + "-md5");
        if (md5 != null) {
            headers.append(CUSTOMER).append("-md5: ").append(md5).append("\r\n");
        }
        return ScriptedServer.answer(200, headers.toString(), body(request));
    }

    private static byte[] forgetful(Request request) {
        return ScriptedServer.answer(200, "etag: \"t\"\r\n", body(request));
    }

    private static String body(Request request) {
        if (request.method().equals("POST")) {
            return request.has("uploads")
                    ? "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
                    : "<CompleteMultipartUploadResult><ETag>\"t\"</ETag></CompleteMultipartUploadResult>";
        }
        if (request.header("x-amz-copy-source") != null) {
            return request.has("partNumber")
                    ? "<CopyPartResult><ETag>\"t\"</ETag></CopyPartResult>"
                    : "<CopyObjectResult><ETag>\"t\"</ETag></CopyObjectResult>";
        }
        return request.has("uploadId") && request.method().equals("GET")
                ? "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>"
                : "";
    }

    private static Map<String, String> settings(ScriptedServer server, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "bucket",
                "bkt",
                "endpoint-url",
                server.endpoint().toString(),
                "access-key-id",
                TestServer.ID,
                "secret-access-key",
                TestServer.SECRET,
                "profile",
                "aws",
                "path-style",
                "true"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static PoweredBackend open(ScriptedServer server, String... more) {
        return TestServer.open(settings(server, more));
    }

    /** A store with keys of the user's, which settings allow over https only. */
    private static S3Backend withKeys(ScriptedServer server, String key, @Nullable String previousKey) {
        S3Config plain = S3Config.read(Vendor.S3, TestServer.providerSettings("s3", settings(server)));
        ObjectDefaults objects = new ObjectDefaults(
                null,
                null,
                null,
                null,
                ObjectDefaults.CustomerKey.of(Secret.of(key)),
                previousKey == null ? null : ObjectDefaults.CustomerKey.of(Secret.of(previousKey)),
                false,
                null);
        S3Config config = new S3Config(
                plain.vendor(),
                plain.bucket(),
                plain.endpoint(),
                true,
                plain.region(),
                plain.profile(),
                plain.checksums(),
                true,
                plain.credentials(),
                false,
                null,
                objects);
        return new S3Backend(
                config, new HttpTransport(TransportOptions.DEFAULT), call -> config.credentials(), Clock.systemUTC());
    }

    private static void everything(PoweredBackend store) {
        Call call = Call.unbounded();
        store.put(new PutRequest("k", TestPayload.of(new byte[10]), Attributes.NONE, WriteCondition.ALWAYS), call);
        store.get(GetRequest.head("k"), call).close();
        store.get(GetRequest.whole("k"), call).close();
        Multipart parts = Objects.requireNonNull(store.extension(Multipart.class));
        Multipart.Upload upload = new Multipart.Upload(
                "k", parts.begin(new Multipart.Begin("k", Attributes.NONE, WriteCondition.ALWAYS, 5 << 20), call));
        Multipart.Part part = parts.putPart(upload, 1, TestPayload.of(new byte[10]), call);
        parts.copyPart(upload, 2, new Multipart.Source("s", null, null, ByteRange.of(0, 10)), call);
        parts.parts(upload, 0, call);
        parts.complete(
                new Multipart.Complete(upload, Attributes.NONE, List.of(part), 10, WriteCondition.ALWAYS, null), call);
        Objects.requireNonNull(store.extension(ServerCopy.class))
                .copy(new ServerCopy.Copy("s", null, null, "k", null, WriteCondition.ALWAYS), call);
    }

    /** Which requests have a header, as method and what they are about. */
    private static Set<String> with(ScriptedServer server, String header) {
        Set<String> names = new TreeSet<>();
        for (Request request : server.requests()) {
            if (request.header(header) != null) {
                assertThat(request.header("authorization")).as("it is signed").contains(header);
                names.add(request.method() + " " + request.path().replaceFirst(".*/", "")
                        + (request.has("uploads") ? " begin" : "")
                        + (request.has("partNumber") ? " part" : request.has("uploadId") ? " upload" : "")
                        + (request.header("x-amz-copy-source") == null ? "" : " copy"));
            }
        }
        return names;
    }

    @Test
    void theServicesOwnKeysAreAskedForWhereAnObjectBegins() {
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::obedient);
                PoweredBackend store = open(server, "encryption", "AES256", "storage-class", "STANDARD_IA")) {
            everything(store);
            assertThat(with(server, SSE)).containsExactly("POST k begin", "PUT k", "PUT k copy");
            assertThat(with(server, "x-amz-storage-class")).containsExactly("POST k begin", "PUT k", "PUT k copy");
            assertThat(server.requests().get(0).header(SSE)).isEqualTo("AES256");
            assertThat(server.requests().get(0).header("x-amz-storage-class")).isEqualTo("STANDARD_IA");
            assertThat(store.capabilities().has(Capability.PRESIGN_GET)).isTrue();
        }
    }

    @Test
    void theClassOfAWriterGoesBeforeTheStores() {
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::obedient);
                PoweredBackend store = open(server, "storage-class", "STANDARD_IA")) {
            Attributes glacier = new Attributes(null, null, null, null, "GLACIER_IR", Map.of());
            store.put(
                    new PutRequest("k", TestPayload.of(new byte[1]), glacier, WriteCondition.ALWAYS), Call.unbounded());
            assertThat(server.requests().get(0).header("x-amz-storage-class")).isEqualTo("GLACIER_IR");
        }
    }

    @Test
    void theKeyManagementIsToldItsKeyItsContextAndItsBucketKey() {
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::obedient);
                PoweredBackend store = open(
                        server,
                        "encryption",
                        "aws:kms",
                        "encryption-key-id",
                        "alias/ours",
                        "encryption-context",
                        "team=blue, stage=test",
                        "encryption-bucket-key",
                        "true")) {
            store.put(
                    new PutRequest("k", TestPayload.of(new byte[1]), Attributes.NONE, WriteCondition.ALWAYS),
                    Call.unbounded());
            Request put = server.requests().get(0);
            assertThat(put.header(SSE)).isEqualTo("aws:kms");
            assertThat(put.header(SSE + "-aws-kms-key-id")).isEqualTo("alias/ours");
            assertThat(put.header(SSE + "-bucket-key-enabled")).isEqualTo("true");
            assertThat(new String(Base64.getDecoder().decode(put.header(SSE + "-context")), StandardCharsets.UTF_8))
                    .isEqualTo("{\"team\":\"blue\",\"stage\":\"test\"}");
            assertThat(store.capabilities().has(Capability.TWIN_PARTS)).isFalse();
        }
    }

    @Test
    void aKeyOfTheUsersGoesWithAllThatTouchesBytes() {
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::obedient);
                PoweredBackend store = withKeys(server, KEY, null)) {
            everything(store);
            assertThat(with(server, CUSTOMER))
                    .containsExactly(
                            "GET k",
                            "GET k upload",
                            "HEAD k",
                            "HEAD s",
                            "POST k begin",
                            "POST k upload",
                            "PUT k",
                            "PUT k copy",
                            "PUT k part",
                            "PUT k part copy");
            assertThat(with(server, SOURCE)).containsExactly("PUT k copy", "PUT k part copy");
            Request put = server.requests().get(0);
            assertThat(put.header(CUSTOMER)).isEqualTo(KEY);
            // printf '\0%.0s' {1..32} | openssl md5 -binary | base64
            assertThat(put.header(CUSTOMER + "-md5")).isEqualTo("cLyPS3KoaSFGi/joRB3OUQ==");
            assertThat(put.header(SSE + "-customer-algorithm")).isEqualTo("AES256");
        }
    }

    @Test
    void whatTheKeyDoesNotFitIsReadAndCopiedWithTheOneBeforeIt() {
        try (ScriptedServer server = new ScriptedServer(request -> {
                    boolean old = request.method().equals("HEAD")
                            ? KEY.equals(request.header(CUSTOMER))
                            : KEY.equals(request.header(SOURCE));
                    return old ? ScriptedServer.error(403, "AccessDenied") : obedient(request);
                });
                PoweredBackend store = withKeys(server, KEY, OTHER_KEY)) {
            Call call = Call.unbounded();
            store.get(GetRequest.head("s"), call).close();
            Objects.requireNonNull(store.extension(ServerCopy.class))
                    .copy(new ServerCopy.Copy("s", null, null, "k", null, WriteCondition.ALWAYS), call);
            Multipart parts = Objects.requireNonNull(store.extension(Multipart.class));
            parts.copyPart(
                    new Multipart.Upload("k", "u"),
                    2,
                    new Multipart.Source("s", null, null, ByteRange.of(0, 10)),
                    call);
            for (Request request : server.requests()) {
                if (request.method().equals("PUT")) {
                    assertThat(request.header(CUSTOMER)).as("what is written").isEqualTo(KEY);
                }
            }
            Request copied = server.requests().get(server.requests().size() - 1);
            assertThat(copied.header(SOURCE)).isEqualTo(OTHER_KEY);
        }
    }

    @Test
    void whatNoKeyFitsIsRefusedAsTheFirstKeyWas() {
        try (ScriptedServer server = new ScriptedServer(request -> ScriptedServer.error(403, "AccessDenied"));
                PoweredBackend store = withKeys(server, KEY, OTHER_KEY)) {
            StorageException e = catchThrowableOfType(
                    StorageException.class, () -> store.get(GetRequest.whole("k"), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.ACCESS_DENIED);
            assertThat(server.requests()).extracting(r -> r.header(CUSTOMER)).containsExactly(KEY, OTHER_KEY);
        }
    }

    @Test
    void aLinkIsNotMadeOfAnObjectThatNeedsAKey() {
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::obedient);
                PoweredBackend store = withKeys(server, KEY, null)) {
            assertThat(store.extension(Presigner.class)).isNull();
            for (Capability link : List.of(
                    Capability.PRESIGN_GET,
                    Capability.PRESIGN_PUT,
                    Capability.PRESIGN_DELETE,
                    Capability.PRESIGN_PART,
                    Capability.TWIN_PARTS)) {
                assertThat(store.capabilities().has(link)).as("%s", link).isFalse();
            }
        }
    }

    @Test
    void aServiceThatDoesNotSayThatItEncryptedIsNotBelieved() {
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::forgetful);
                PoweredBackend ofService = open(server, "encryption", "AES256");
                PoweredBackend ofUser = withKeys(server, KEY, null)) {
            Call call = Call.unbounded();
            for (PoweredBackend store : List.of(ofService, ofUser)) {
                StorageException put = catchThrowableOfType(
                        StorageException.class,
                        () -> store.put(
                                new PutRequest(
                                        "k", TestPayload.of(new byte[1]), Attributes.NONE, WriteCondition.ALWAYS),
                                call));
                assertThat(put.kind()).isEqualTo(Kind.UNSUPPORTED);
                assertThat(put.mayHaveHappened()).isTrue();
                assertThat(put.getMessage()).contains("S3_ENCRYPTION");
                Multipart parts = Objects.requireNonNull(store.extension(Multipart.class));
                Multipart.Complete complete = new Multipart.Complete(
                        new Multipart.Upload("k", "u"),
                        Attributes.NONE,
                        List.of(new Multipart.Part(1, 10, "t", null)),
                        10,
                        WriteCondition.ALWAYS,
                        null);
                StorageException completed =
                        catchThrowableOfType(StorageException.class, () -> parts.complete(complete, call));
                assertThat(completed.kind()).isEqualTo(Kind.UNSUPPORTED);
                assertThat(completed.mayHaveHappened()).isTrue();
                Request last = server.requests().get(server.requests().size() - 1);
                assertThat(last.method()).as("the object itself was asked").isEqualTo("HEAD");
            }
        }
    }

    @Test
    void whoPaysSaysSoWithEveryRequestAndInLinks() {
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::obedient);
                PoweredBackend store = open(server, "requester-pays", "true")) {
            everything(store);
            assertThat(server.requests()).allSatisfy(request -> assertThat(request.header("x-amz-request-payer"))
                    .isEqualTo("requester"));
            Presigner.Signed link = Objects.requireNonNull(store.extension(Presigner.class))
                    .presign(Presigner.Presign.delete("k", null, Duration.ofMinutes(1)), Call.unbounded());
            assertThat(link.uri().getQuery()).contains("x-amz-request-payer=requester");
        }
    }

    private static List<String> problems(ScriptedServer server, String... more) {
        InvalidConfiguration e = catchThrowableOfType(InvalidConfiguration.class, () -> open(server, more));
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).doesNotContain(KEY);
        assertThat(server.requests()).isEmpty();
        return e.problems();
    }

    @ParameterizedTest
    @EnumSource(
            value = Capability.class,
            names = {"ENCRYPTION_SERVICE_KEY", "ENCRYPTION_MANAGED_KEY", "ENCRYPTION_CUSTOMER_KEY", "REQUESTER_PAYS"})
    void aProfileThatIsNotKnownToHaveItRefusesBeforeAnyRequest(Capability capability) {
        String[] setting =
                switch (capability) {
                    case ENCRYPTION_SERVICE_KEY -> new String[] {"encryption", "AES256"};
                    case ENCRYPTION_MANAGED_KEY -> new String[] {"encryption", "aws:kms"};
                    case ENCRYPTION_CUSTOMER_KEY -> new String[] {"encryption-customer-key", KEY};
                    default -> new String[] {"requester-pays", "true"};
                };
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::obedient)) {
            for (Profile profile : Profile.ALL) {
                Map<String, String> settings = settings(server, setting[0], setting[1], "profile", profile.name());
                settings.put("endpoint-url", "https://store.example");
                InvalidConfiguration refusal =
                        catchThrowableOfType(InvalidConfiguration.class, () -> TestServer.open(settings)
                                .close());
                if (profile.capabilities().has(capability)) {
                    assertThat(refusal).as("%s", profile).isNull();
                } else {
                    assertThat(refusal.getMessage()).contains(capability.name(), profile.displayName(), "S3_PROFILE");
                }
            }
        }
    }

    @Test
    void settingsThatDoNotFitAreRefusedTogether() {
        try (ScriptedServer server = new ScriptedServer(EncryptionTest::obedient)) {
            assertThat(problems(server, "encryption-customer-key", KEY)).anyMatch(p -> p.contains("over plain http"));
            assertThat(problems(server, "encryption-customer-key", KEY.substring(4)))
                    .anyMatch(p -> p.contains("openssl rand -base64 32"));
            assertThat(problems(server, "encryption-key-id", "alias/ours"))
                    .anyMatch(p -> p.contains("S3_ENCRYPTION=aws:kms"));
            assertThat(problems(server, "encryption", "aws:kms", "encryption-context", "blue"))
                    .anyMatch(p -> p.contains("name=value"));
            assertThat(problems(server, "encryption", "AES256", "encryption-customer-key", KEY))
                    .anyMatch(p -> p.contains("exclude each other"));
            assertThat(problems(server, "storage-class", "a b")).anyMatch(p -> p.contains("no header"));
        }
    }

    @Test
    void aKeyThatAServiceQuotesIsNotShown() {
        try (ScriptedServer server = new ScriptedServer(request -> ScriptedServer.answer(
                        400,
                        "",
                        "<Error><Code>Bad</Code><Message>key " + request.header(CUSTOMER) + "</Message></Error>"));
                PoweredBackend store = withKeys(server, KEY, null)) {
            StorageException e = catchThrowableOfType(
                    StorageException.class, () -> store.get(GetRequest.whole("k"), Call.unbounded()));
            assertThat(e.getMessage()).contains("key ***").doesNotContain(KEY);
        }
    }
}
