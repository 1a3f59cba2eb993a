package dev.anystore.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.ObjectStore;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.testkit.gcs.GcsServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where tokens come from: each source against a token service on this machine. */
class CredentialsTest {
    private static final String SECRET = "testsecret12345";

    private GcsServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = GcsServer.start();
        server.createBucket("tests");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path file(String name, String json) throws IOException {
        return Files.writeString(
                folder.resolve(name), json.replace("{server}", server.endpoint().toString()));
    }

    private static void works(ObjectStore store) {
        try (store) {
            store.put("k", Body.of("bytes".getBytes(StandardCharsets.UTF_8)));
            assertThat(store.getBytes("k")).asString().isEqualTo("bytes");
        }
    }

    private static StorageException failure(ThrowingCallable call) {
        try {
            call.call();
        } catch (StorageException e) {
            assertThat(e.getMessage()).doesNotContain(SECRET).doesNotContain("PRIVATE KEY");
            return e;
        } catch (Throwable e) {
            throw new AssertionError("another failure", e);
        }
        throw new AssertionError("no failure");
    }

    private StorageException headFails(ObjectStore store) {
        try (store) {
            return failure(() -> store.head("k"));
        }
    }

    @Test
    void aServiceAccountsFileGivesTokens() throws Exception {
        Path file = server.writeCredentials(folder.resolve("account.json"));
        works(TestStores.open(server, "credentials", file.toString()));
        assertThat(server.tokensIssued()).isEqualTo(1);
    }

    @Test
    void whatGcloudLeftIsFoundInTheFolderThatTheEnvironmentNames() throws Exception {
        file("application_default_credentials.json", """
                {"type": "authorized_user", "client_id": "example", "client_secret": "testsecret12345",
                 "refresh_token": "testsecret12345", "token_uri": "{server}/token"}""");
        works(TestStores.open(server, Map.of("CLOUDSDK_CONFIG", folder.toString())));
        assertThat(server.requests()).contains("POST /token");
    }

    @Test
    void aServiceAccountThatGcloudLeftIsFoundBelowHome() throws Exception {
        Path config = Files.createDirectories(folder.resolve(".config/gcloud"));
        server.writeCredentials(config.resolve("application_default_credentials.json"));
        works(TestStores.open(server, Map.of("HOME", folder.toString())));
    }

    @Test
    void aMachineOfGooglesHasTokensOfItsMetadataService() {
        works(TestStores.open(server, Map.of("GCE_METADATA_HOST", server.authority(), "HOME", folder.toString())));
    }

    @Test
    void oneAccountActsForAnother() throws Exception {
        Path source = server.writeCredentials(folder.resolve("source.json"));
        Path file = file(
                "acting.json",
                "{\"type\": \"impersonated_service_account\", \"service_account_impersonation_url\":"
                        + " \"{server}/v1/projects/-/serviceAccounts/other@example.iam.gserviceaccount.com:generateAccessToken\","
                        + " \"source_credentials\": " + Files.readString(source) + "}");
        works(TestStores.open(server, "credentials", file.toString()));
        assertThat(server.requests())
                .anyMatch(line -> line.contains("other@example.iam.gserviceaccount.com:generateAccessToken"));
    }

    /** Google's library takes an address of https only for this exchange. */
    @Test
    void aForeignIdentityIsExchanged() throws Exception {
        Certificate certificate = Certificate.make(folder);
        try (GcsServer secure = GcsServer.start(certificate.tls())) {
            secure.createBucket("tests");
            Path subject = Files.writeString(folder.resolve("subject"), "testsubject12345");
            Path file = Files.writeString(folder.resolve("federated.json"), """
                    {"type": "external_account",
                     "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
                     "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                     "token_url": "%s/v1/token",
                     "credential_source": {"file": "%s"}}""".formatted(secure.endpoint(), subject));
            works(TestStores.open(
                    secure,
                    "credentials",
                    file.toString(),
                    "ca-bundle",
                    certificate.pem().toString()));
            assertThat(secure.requests()).contains("POST /v1/token");
            Files.writeString(subject, "another");
            StorageException e = headFails(TestStores.open(
                    secure,
                    "credentials",
                    file.toString(),
                    "ca-bundle",
                    certificate.pem().toString()));
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        }
    }

    @Test
    void aPublicBucketIsReadWithoutAnyCredentials() throws Exception {
        try (GcsServer open = GcsServer.startOpen()) {
            open.createBucket("tests");
            try (ObjectStore store = TestStores.open(open, Map.of("HOME", folder.toString()), "anonymous", "true")) {
                works(store);
            }
        }
        StorageException e = headFails(TestStores.open(server, "anonymous", "true"));
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(e.getMessage()).contains("GCS_ANONYMOUS", "GOOGLE_APPLICATION_CREDENTIALS");
    }

    @Test
    void anEmulatorIsAskedWithoutCredentialsWhateverElseIsSet() throws Exception {
        try (GcsServer open = GcsServer.startOpen()) {
            open.createBucket("tests");
            works(TestStores.open(
                    open,
                    "emulator-host",
                    open.authority(),
                    "endpoint-url",
                    "",
                    "credentials",
                    folder.resolve("none.json").toString()));
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        StorageException e = headFails(TestStores.open(
                server, "credentials", folder.resolve("none.json").toString()));
        assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(e.getMessage()).contains("GOOGLE_APPLICATION_CREDENTIALS", "not there", "correct the path");
    }

    @Test
    void aFileThatIsNoJsonIsNamedAndNotQuoted() throws Exception {
        Path file = file("key.p12", "testsecret12345 is no JSON");
        StorageException e = headFails(TestStores.open(server, "credentials", file.toString()));
        assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(e.getMessage()).contains("no JSON object", "console");
    }

    @Test
    void aFileOfTheWrongTypeIsNamedWithTheRightOnes() throws Exception {
        Path file = file("other.json", "{\"type\": \"pudding\"}");
        StorageException e = headFails(TestStores.open(server, "credentials", file.toString()));
        assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(e.getMessage()).contains("pudding", "service_account", "external_account");
        Path none = file("none.json", "{\"installed\": {\"client_id\": \"x\"}}");
        assertThat(headFails(TestStores.open(server, "credentials", none.toString()))
                        .getMessage())
                .contains("says no type");
        Path half = file("half.json", "{\"type\": \"service_account\", \"client_email\": \"x@example.com\"}");
        assertThat(headFails(TestStores.open(server, "credentials", half.toString()))
                        .getMessage())
                .contains("missing", "make a new file");
    }

    @Test
    void aRevokedKeyIsSaidToBeOne() throws Exception {
        Path file = server.writeCredentials(folder.resolve("account.json"));
        server.revokeAccounts();
        StorageException e = headFails(TestStores.open(server, "credentials", file.toString()));
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(e.retryable()).isFalse();
        assertThat(e.getMessage()).contains("invalid_grant", "revoked", "make a new key");
    }

    @Test
    void aWrongClockIsSaidToBeOne() throws Exception {
        try (GcsServer tomorrow = GcsServer.start(Clock.offset(Clock.systemUTC(), Duration.ofDays(1)))) {
            tomorrow.createBucket("tests");
            Path file = tomorrow.writeCredentials(folder.resolve("account.json"));
            StorageException e = headFails(TestStores.open(tomorrow, "credentials", file.toString()));
            assertThat(e.kind()).isEqualTo(Kind.CLOCK_SKEW);
            assertThat(e.getMessage()).contains("set this machine's clock");
        }
    }

    @Test
    void aTokenThatIsRefusedIsRenewedOnce() throws Exception {
        Path file = server.writeCredentials(folder.resolve("account.json"));
        try (ObjectStore store = TestStores.open(server, "credentials", file.toString())) {
            store.put("k", Body.of(new byte[10]));
            server.forgetTokens();
            assertThat(store.getBytes("k")).hasSize(10);
            assertThat(server.tokensIssued()).isEqualTo(2);
            server.refuse(
                    line -> line.contains("/o/k"),
                    2,
                    HttpURLConnection.HTTP_UNAUTHORIZED,
                    "authError",
                    "Invalid Credentials");
            StorageException e = failure(() -> store.head("k"));
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
            assertThat(e.getMessage()).contains("nor another one", "enabled");
        }
    }

    @Test
    void nobodysMachineIsToldWhatToSet() {
        server.refuse(line -> line.contains("computeMetadata"), 100, 404, "notFound", "no account");
        StorageException e = headFails(
                TestStores.open(server, Map.of("GCE_METADATA_HOST", server.authority(), "HOME", folder.toString())));
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(e.getMessage()).contains("GOOGLE_APPLICATION_CREDENTIALS", "gcloud auth application-default login");
    }

    @Test
    void tokensStayAtHome() throws Exception {
        Path file = server.writeCredentials(folder.resolve("account.json"));
        try (ObjectStore store =
                TestStores.open(server, "credentials", file.toString(), "endpoint-url", "https://example.invalid")) {
            assertThatThrownBy(() -> store.head("k")).hasMessageContaining("GCS_TRUST_ENDPOINT");
        }
        assertThat(server.tokensIssued()).isZero();
    }
}
