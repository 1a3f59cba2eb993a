package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.TransportOptions;
import dev.anystore.s3.ScriptedServer.Request;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each source of credentials, run against a service of its own on loopback. */
class CredentialsChainTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant END = NOW.plus(Duration.ofHours(1));
    private static final String ROLE = "arn:aws:iam::123456789012:role/reader";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before the first test
    Path home;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ScriptedServer server;

    private final Map<String, String> environment = new HashMap<>();
    private volatile @Nullable String refusal;

    @BeforeEach
    void start() {
        server = new ScriptedServer(this::answer);
        String url = server.endpoint().toString();
        environment.put("HOME", home.toString());
        environment.put("AWS_ENDPOINT_URL_STS", url);
        environment.put("AWS_ENDPOINT_URL_SSO", url);
        environment.put("AWS_ENDPOINT_URL_SSO_OIDC", url);
        environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private byte[] answer(Request request) {
        String how = refusal;
        if (how != null) {
            return ScriptedServer.answer(
                    Integer.parseInt(how.substring(0, 3)),
                    "content-type: text/xml\r\n",
                    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Code>"
                            + how.substring(4) + "</Code><Message>no such trust</Message></Error></ErrorResponse>");
        }
        String path = request.path();
        if (path.equals("/latest/api/token")) {
            boolean asked = "60".equals(request.header("x-aws-ec2-metadata-token-ttl-seconds"));
            return ScriptedServer.answer(request.method().equals("PUT") && asked ? 200 : 400, "", "metadata-session");
        }
        if (path.startsWith("/latest/meta-data/iam/security-credentials/")) {
            if (!"metadata-session".equals(request.header("x-aws-ec2-metadata-token"))) {
                return ScriptedServer.answer(401, "", "");
            }
            return ScriptedServer.answer(200, "", path.endsWith("/") ? "instance-role\n" : document("instance"));
        }
        if (path.equals("/container")) {
            return "container-token".equals(request.header("authorization"))
                    ? ScriptedServer.answer(200, "", document("container"))
                    : ScriptedServer.answer(403, "", "");
        }
        if (path.equals("/federation/credentials")) {
            return ScriptedServer.answer(
                    200,
                    "content-type: application/json\r\n",
                    "{\"roleCredentials\":{\"accessKeyId\":\"sso\",\"secretAccessKey\":\"sso-secret\","
                            + "\"sessionToken\":\"sso-token\",\"expiration\":" + END.toEpochMilli() + "}}");
        }
        if (path.equals("/token")) {
            return ScriptedServer.answer(
                    200,
                    "content-type: application/json\r\n",
                    "{\"accessToken\":\"renewed-access\",\"tokenType\":\"Bearer\",\"expiresIn\":28800,"
                            + "\"refreshToken\":\"next-refresh\"}");
        }
        String action = form(request).getOrDefault("Action", "");
        return ScriptedServer.answer(
                200,
                "content-type: text/xml\r\n",
                ("<%1$sResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><%1$sResult><Credentials>"
                                + "<AccessKeyId>%1$s</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>"
                                + "<SessionToken>role-token</SessionToken><Expiration>%2$s</Expiration>"
                                + "</Credentials></%1$sResult></%1$sResponse>")
                        .formatted(action, END));
    }

    private static String document(String name) {
        return "{\"Code\":\"Success\",\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s-secret\",\"Token\":\"%s-token\",\"Expiration\":\"%s\"}"
                .formatted(name, name, name, END);
    }

    private static Map<String, String> form(Request request) {
        Map<String, String> form = new LinkedHashMap<>();
        String body = StandardCharsets.UTF_8.decode(request.body().duplicate()).toString();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private Credentials fetch() {
        return new CredentialsChain(
                        environment, "eu-central-1", false, TransportOptions.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC))
                .fetch(Call.unbounded());
    }

    private StorageException failure() {
        StorageException e = catchThrowableOfType(StorageException.class, this::fetch);
        assertThat(e).isNotNull();
        for (String secret : new String[] {
            "role-secret",
            "role-token",
            "sso-secret",
            "sso-token",
            "program-secret",
            "identity-token",
            "container-token",
            "testsecret",
            "renewed-access"
        }) {
            assertThat(String.valueOf(e)).doesNotContain(secret);
        }
        return e;
    }

    private void configuration(String text) throws IOException {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(home.resolve(".aws/config"), text);
    }

    private static void is(Credentials credentials, String id, String secret, @Nullable String token, boolean ends) {
        assertThat(credentials.id()).isEqualTo(id);
        assertThat(credentials.secret().reveal()).isEqualTo(secret);
        assertThat(credentials.token() == null ? null : credentials.token().reveal())
                .isEqualTo(token);
        assertThat(credentials.expiresAt()).isEqualTo(ends ? END : null);
        assertThat(credentials.toString()).doesNotContain(id + ",").doesNotContain(secret);
    }

    // ---- profiles ----

    @Test
    void theProfileDefaultSignsWhereNothingElseIsSet() throws IOException {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(
                home.resolve(".aws/credentials"),
                "[default]\naws_access_key_id=testaccess\naws_secret_access_key=testsecret12345\n");
        is(fetch(), "testaccess", "testsecret12345", null, false);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void filesCanBeElsewhereAndHoldSessions() throws IOException {
        Path credentials = home.resolve("mine");
        Files.writeString(
                credentials,
                "[ci]\naws_access_key_id=testaccess\naws_secret_access_key=testsecret12345\naws_session_token=testtoken\n");
        environment.put("AWS_SHARED_CREDENTIALS_FILE", credentials.toString());
        environment.put("AWS_CONFIG_FILE", home.resolve("none").toString());
        environment.put("AWS_PROFILE", "ci");
        is(fetch(), "testaccess", "testsecret12345", "testtoken", false);
    }

    @Test
    void aNamedProfileGoesBeforeAWebIdentityAndAContainer() throws IOException {
        configuration("[profile ci]\naws_access_key_id=testaccess\naws_secret_access_key=testsecret12345\n");
        webIdentity();
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.endpoint() + "/container");
        environment.put("AWS_PROFILE", "ci");
        assertThat(fetch().id()).isEqualTo("testaccess");
    }

    @Test
    void aNamedProfileThatIsNotThereIsAnErrorAndNobodyElseIsAsked() throws IOException {
        configuration("[profile ci]\naws_access_key_id=testaccess\naws_secret_access_key=testsecret12345\n");
        environment.put("AWS_PROFILE", "cl");
        StorageException e = failure();
        assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(e.getMessage()).contains("no profile cl");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aProfileWithHalfAKeyIsAnErrorAndNobodyElseIsAsked() throws IOException {
        configuration("[default]\naws_access_key_id=testaccess\n");
        assertThat(failure().getMessage()).contains("profile default has no credentials");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aProfileOfARegionAloneIsNone() throws IOException {
        configuration("[default]\nregion=eu-west-1\n");
        assertThat(fetch().id()).isEqualTo("instance");
    }

    // ---- roles ----

    @Test
    void aRoleIsTakenWithTheKeysOfItsSourceProfile() throws IOException {
        configuration("""
                [profile base]
                aws_access_key_id=testaccess
                aws_secret_access_key=testsecret12345
                [profile app]
                role_arn=%s
                source_profile=base
                external_id=ours
                duration_seconds=900
                role_session_name=nightly
                region=eu-west-1
                """.formatted(ROLE));
        environment.put("AWS_PROFILE", "app");
        is(fetch(), "AssumeRole", "role-secret", "role-token", true);
        Request request = server.requests().get(0);
        assertThat(form(request))
                .containsEntry("Action", "AssumeRole")
                .containsEntry("RoleArn", ROLE)
                .containsEntry("ExternalId", "ours")
                .containsEntry("DurationSeconds", "900")
                .containsEntry("RoleSessionName", "nightly");
        assertThat(request.header("authorization")).contains("Credential=testaccess/", "/eu-west-1/sts/");
    }

    @Test
    void aRoleMayStandOnARole() throws IOException {
        configuration("""
                [profile base]
                aws_access_key_id=testaccess
                aws_secret_access_key=testsecret12345
                [profile middle]
                role_arn=%s
                source_profile=base
                [profile app]
                role_arn=%s2
                source_profile=middle
                """.formatted(ROLE, ROLE));
        environment.put("AWS_PROFILE", "app");
        fetch();
        assertThat(server.requests()).hasSize(2);
        Request second = server.requests().get(1);
        assertThat(form(second)).containsEntry("RoleArn", ROLE + "2");
        assertThat(second.header("authorization")).contains("Credential=AssumeRole/");
        assertThat(second.header("x-amz-security-token")).isEqualTo("role-token");
    }

    @Test
    void rolesThatStandOnEachOtherAreRefused() throws IOException {
        configuration("[profile a]\nrole_arn=%1$s\nsource_profile=b\n[profile b]\nrole_arn=%1$s\nsource_profile=a\n"
                .formatted(ROLE));
        environment.put("AWS_PROFILE", "a");
        assertThat(failure().getMessage()).contains("by way of itself");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aRoleMayBeTakenWithTheKeysOfItsOwnProfile() throws IOException {
        configuration(
                "[profile a]\nrole_arn=%s\nsource_profile=a\naws_access_key_id=testaccess\naws_secret_access_key=testsecret12345\n"
                        .formatted(ROLE));
        environment.put("AWS_PROFILE", "a");
        assertThat(fetch().id()).isEqualTo("AssumeRole");
    }

    @Test
    void aRoleIsTakenWithWhatTheContainerTheInstanceOrTheEnvironmentHas() throws IOException {
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.endpoint() + "/container");
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token");
        environment.put("AWS_ACCESS_KEY_ID", "testaccess");
        environment.put("AWS_SECRET_ACCESS_KEY", "testsecret12345");
        environment.put("AWS_PROFILE", "app");
        Map<String, String> ids =
                Map.of("EcsContainer", "container", "Ec2InstanceMetadata", "instance", "Environment", "testaccess");
        for (Map.Entry<String, String> source : ids.entrySet()) {
            configuration("[profile app]\nrole_arn=%s\ncredential_source=%s\n".formatted(ROLE, source.getKey()));
            assertThat(fetch().id()).isEqualTo("AssumeRole");
            Request last = server.requests().get(server.requests().size() - 1);
            assertThat(last.header("authorization")).contains("Credential=" + source.getValue() + "/");
        }
        configuration("[profile app]\nrole_arn=%s\ncredential_source=Elsewhere\n".formatted(ROLE));
        assertThat(failure().kind()).isEqualTo(Kind.CONFIGURATION);
    }

    @Test
    void aRoleThatWantsACodeIsRefusedWithTheWayRound() throws IOException {
        configuration("[default]\nrole_arn=%s\nsource_profile=default\nmfa_serial=x\n".formatted(ROLE));
        assertThat(failure().getMessage()).contains("wants a code", "aws sts get-session-token");
    }

    private void webIdentity() throws IOException {
        Path token = home.resolve("token");
        Files.writeString(token, "identity-token\n");
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        environment.put("AWS_ROLE_ARN", ROLE);
    }

    @Test
    void aWebIdentityTakesItsRoleUnsigned() throws IOException {
        webIdentity();
        is(fetch(), "AssumeRoleWithWebIdentity", "role-secret", "role-token", true);
        Request request = server.requests().get(0);
        assertThat(form(request))
                .containsEntry("RoleArn", ROLE)
                .containsEntry("WebIdentityToken", "identity-token")
                .containsEntry("RoleSessionName", "anystore");
        assertThat(request.header("authorization")).isNull();
    }

    @Test
    void theTokenOfAWebIdentityIsReadAnewEachTime() throws IOException {
        webIdentity();
        fetch();
        Files.writeString(home.resolve("token"), "later-token");
        fetch();
        assertThat(form(server.requests().get(1))).containsEntry("WebIdentityToken", "later-token");
        Files.delete(home.resolve("token"));
        assertThat(failure().getMessage()).contains("can't be read", "AWS_WEB_IDENTITY_TOKEN_FILE");
    }

    @Test
    void aWebIdentityCanStandInAProfile() throws IOException {
        webIdentity();
        configuration("[profile app]\nrole_arn=%s\nweb_identity_token_file=%s\n"
                .formatted(ROLE, environment.remove("AWS_WEB_IDENTITY_TOKEN_FILE")));
        environment.put("AWS_PROFILE", "app");
        assertThat(fetch().id()).isEqualTo("AssumeRoleWithWebIdentity");
    }

    @Test
    void whatStsRefusesIsSaidWithItsWordAndNotTriedAgain() throws IOException {
        webIdentity();
        refusal = "403 AccessDenied";
        StorageException e = failure();
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(e.getMessage()).contains(ROLE, "AccessDenied", "no such trust", "trust policy");
        assertThat(e.retryable()).isFalse();
        assertThat(server.requests()).hasSize(1);
        refusal = "400 ExpiredTokenException";
        assertThat(failure().getMessage()).contains("renew the token that takes it");
    }

    @Test
    void whatStsCantDoNowMayBeTriedAgain() throws IOException {
        webIdentity();
        refusal = "503 ServiceUnavailable";
        StorageException e = failure();
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(e.retryable()).isTrue();
        server.close();
        StorageException down = failure();
        assertThat(down.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(down.getMessage()).contains("127.0.0.1");
    }

    @Test
    void aCallThatIsCancelledOrLateDoesNotWaitForSts() throws Exception {
        webIdentity();
        try (ScriptedServer silent = new ScriptedServer(request -> {
            sleepUntilInterrupted();
            return ScriptedServer.HANG_UP;
        })) {
            environment.put("AWS_ENDPOINT_URL_STS", silent.endpoint().toString());
            CredentialsChain chain = new CredentialsChain(
                    environment, "us-east-1", false, TransportOptions.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC));
            Call late = Call.until(System.nanoTime() + Duration.ofMillis(300).toNanos());
            StorageException e = catchThrowableOfType(StorageException.class, () -> chain.fetch(late));
            assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
            Call stopped = Call.unbounded();
            Thread other = new Thread(() -> {
                while (silent.requests().size() < 2) {
                    Thread.onSpinWait();
                }
                stopped.cancel();
            });
            other.start();
            StorageException cancelled = catchThrowableOfType(StorageException.class, () -> chain.fetch(stopped));
            assertThat(cancelled.kind()).isEqualTo(Kind.CANCELLED);
            other.join(100_000);
        }
    }

    private static void sleepUntilInterrupted() {
        try {
            Thread.sleep(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anEndpointOfStsByPlainHttpBeyondLoopbackIsRefused() throws IOException {
        webIdentity();
        environment.put("AWS_ENDPOINT_URL_STS", "http://sts.example");
        StorageException e = failure();
        assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(e.getMessage()).contains("AWS_ENDPOINT_URL_STS is plain http");
    }

    // ---- single sign-on ----

    private SsoCache signOn(String session, Map<String, String> values) throws IOException {
        configuration("""
                [sso-session corp]
                sso_region = eu-west-1
                sso_start_url = https://corp.example/start
                [profile dev]
                sso_session = corp
                sso_account_id = 123456789012
                sso_role_name = reader
                [profile old]
                sso_region = eu-west-1
                sso_start_url = https://corp.example/start
                sso_account_id = 123456789012
                sso_role_name = reader
                """);
        Files.createDirectories(home.resolve(".aws/sso/cache"));
        SsoCache cache = SsoCache.of(home.resolve(".aws"), session);
        cache.write(values);
        environment.put("AWS_PROFILE", session.equals("corp") ? "dev" : "old");
        return cache;
    }

    @Test
    void whoHasSignedOnGetsTheRole() throws IOException {
        for (String session : new String[] {"corp", "https://corp.example/start"}) {
            signOn(session, Map.of("accessToken", "access", "expiresAt", END.toString()));
            is(fetch(), "sso", "sso-secret", "sso-token", true);
            Request request = server.requests().get(server.requests().size() - 1);
            assertThat(request.header("x-amz-sso_bearer_token")).isEqualTo("access");
            assertThat(request.target()).contains("role_name=reader", "account_id=123456789012");
        }
    }

    @Test
    void theFileOfASessionHasTheNameThatAwsGivesIt() {
        // printf my-sso | sha1sum
        assertThat(SsoCache.of(home, "my-sso").file())
                .isEqualTo(home.resolve("sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json"));
    }

    @Test
    void aSessionThatHasEndedIsRenewedAndWrittenBack() throws IOException {
        SsoCache cache = signOn(
                "corp",
                Map.of(
                        "accessToken", "access",
                        "expiresAt", NOW.minusSeconds(5).toString(),
                        "refreshToken", "refresh",
                        "clientId", "client",
                        "clientSecret", "client-secret",
                        "registrationExpiresAt", END.toString(),
                        "startUrl", "https://corp.example/start"));
        assertThat(fetch().id()).isEqualTo("sso");
        String asked = StandardCharsets.UTF_8
                .decode(server.requests().get(0).body().duplicate())
                .toString();
        assertThat(asked).contains("refresh_token", "\"refresh\"", "\"client\"", "\"client-secret\"");
        assertThat(server.requests().get(1).header("x-amz-sso_bearer_token")).isEqualTo("renewed-access");
        assertThat(cache.read())
                .containsEntry("accessToken", "renewed-access")
                .containsEntry("refreshToken", "next-refresh")
                .containsEntry("expiresAt", NOW.plusSeconds(28_800).toString())
                .containsEntry("startUrl", "https://corp.example/start");
        assertThat(Files.getPosixFilePermissions(cache.file()).toString()).doesNotContain("GROUP", "OTHERS");
        try (var files = Files.list(home.resolve(".aws/sso/cache"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aSessionThatCantBeRenewedWantsItsUserToSignOn() throws IOException {
        SsoCache cache = signOn(
                "corp",
                Map.of("accessToken", "a", "expiresAt", NOW.minusSeconds(5).toString()));
        assertThat(failure().getMessage()).contains("has ended", "aws sso login");
        Files.writeString(cache.file(), "{");
        assertThat(failure().getMessage()).contains("can't be read", "aws sso login");
        Files.delete(cache.file());
        assertThat(failure().getMessage()).contains("nobody has signed on", "aws sso login");
        configuration("[profile dev]\nsso_session=absent\nsso_account_id=1\nsso_role_name=r\n");
        assertThat(failure().kind()).isEqualTo(Kind.CONFIGURATION);
    }

    // ---- programs ----

    @Test
    void aProgramPrintsCredentials() throws IOException {
        Path printed = home.resolve("printed");
        Files.writeString(
                printed,
                "{\"Version\":1,\"AccessKeyId\":\"program\",\"SecretAccessKey\":\"program-secret\",\"SessionToken\":\"t\",\"Expiration\":\""
                        + END + "\"}");
        configuration("[default]\ncredential_process = cat '%s'\n".formatted(printed));
        is(fetch(), "program", "program-secret", "t", true);
    }

    @Test
    void aProgramThatFailsIsNamedByItsProfileAlone() throws IOException {
        Map<String, String> reasons = Map.of(
                "echo program-secret; exit 3", "ended with 3",
                "echo no JSON with program-secret", "no JSON object",
                "echo '{\"Version\":1,\"AccessKeyId\":\"program\"}'", "has no key");
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            configuration("[default]\ncredential_process = " + reason.getKey() + "\n");
            StorageException e = failure();
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
            assertThat(e.getMessage()).contains("profile default", reason.getValue());
        }
    }

    @Test
    void aProgramThatHangsIsLeftAtTheDeadline() throws IOException {
        configuration("[default]\ncredential_process = sleep 30\n");
        CredentialsChain chain = new CredentialsChain(
                environment, "us-east-1", false, TransportOptions.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC));
        Call late = Call.until(System.nanoTime() + Duration.ofMillis(300).toNanos());
        assertThat(catchThrowableOfType(StorageException.class, () -> chain.fetch(late))
                        .kind())
                .isEqualTo(Kind.TIMEOUT);
    }

    // ---- containers and instances ----

    @Test
    void aContainerIsAskedWithItsToken() throws IOException {
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.endpoint() + "/container");
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token");
        is(fetch(), "container", "container-secret", "container-token", true);
        Path token = home.resolve("container-token");
        Files.writeString(token, "container-token\n");
        environment.remove("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
        assertThat(fetch().id()).isEqualTo("container");
        Files.writeString(token, "another");
        StorageException e = failure();
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(e.getMessage()).contains("answered 403");
    }

    @Test
    void aContainersServiceBeyondThisMachineIsNotAskedByPlainHttp() {
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://collector.example/container");
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token");
        StorageException e = failure();
        assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(e.getMessage()).contains("AWS_CONTAINER_CREDENTIALS_FULL_URI", "collector.example");
    }

    @Test
    void anInstanceIsAskedInASessionOfTheSecondVersion() {
        is(fetch(), "instance", "instance-secret", "instance-token", true);
        assertThat(server.requests()).extracting(Request::method).containsExactly("PUT", "GET", "GET");
        assertThat(server.requests().get(2).path()).endsWith("/instance-role");
    }

    @Test
    void whereNothingIsFoundAllPlacesAreNamed() throws IOException {
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        StorageException disabled = failure();
        assertThat(disabled.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(disabled.getMessage())
                .contains("no profile default", "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "S3_ANONYMOUS=true");
        assertThat(server.requests()).isEmpty();
        environment.remove("AWS_EC2_METADATA_DISABLED");
        server.close();
        StorageException e = failure();
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(e.retryable()).isFalse();
        assertThat(e.getMessage()).contains("the instance's credentials were not to be had");
    }
}
