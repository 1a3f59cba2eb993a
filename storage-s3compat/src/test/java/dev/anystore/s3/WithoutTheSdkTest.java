package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Body;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who needs nothing of the AWS SDK loads nothing of it; who needs a part that is not there is told which. */
class WithoutTheSdkTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before the first test
    Path home;

    /** The program that runs in a JVM of its own: stores an object, reads it, signs a link, and says how it went. */
    static final class User {
        private User() {}

        public static void main(String[] args) {
            try (ObjectStore store = StorageConfig.getDefault().open()) {
                store.put("k", Body.of(new byte[100]));
                store.head("k");
                store.presignGet("k", Duration.ofMinutes(5));
                System.out.println("it worked");
            } catch (StorageException e) {
                System.out.println("it failed: " + e.kind() + " " + e.getMessage());
            }
        }
    }

    private static boolean isNotOfTheSdk(String jar) {
        return !jar.contains("awssdk");
    }

    private List<String> run(Map<String, String> environment, Predicate<String> classPath, String... options)
            throws IOException, InterruptedException {
        String jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(classPath)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new java.util.ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", jars, User.class.getName()));
        Path output = home.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> printed = Files.readAllLines(output);
        assertThat(ended).as("it ends").isTrue();
        return printed;
    }

    private static ScriptedServer store() {
        return ScriptedServer.answering(ScriptedServer.answer(200, "etag: \"t\"\r\n", ""));
    }

    private Map<String, String> environment(ScriptedServer server) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", home.toString());
        environment.put("STORAGE_PROVIDER", "s3");
        environment.put("S3_BUCKET", "bkt");
        environment.put("AWS_ENDPOINT_URL_S3", server.endpoint().toString());
        return environment;
    }

    @Test
    void credentialsThatAreSetLoadNoClassOfTheSdk() throws Exception {
        try (ScriptedServer server = store()) {
            Map<String, String> environment = environment(server);
            environment.put("AWS_ACCESS_KEY_ID", "testaccess");
            environment.put("AWS_SECRET_ACCESS_KEY", "testsecret12345");
            List<String> printed = run(environment, jar -> true, "-Xlog:class+load=info");
            assertThat(printed).contains("it worked");
            assertThat(printed).anyMatch(line -> line.contains(" dev.anystore.s3.S3Client "));
            assertThat(printed).noneMatch(line -> line.contains("software.amazon.awssdk"));
        }
    }

    @Test
    void aProfileOfKeysNeedsNothingOfTheSdk() throws Exception {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(
                home.resolve(".aws/credentials"),
                "[default]\naws_access_key_id=testaccess\naws_secret_access_key=testsecret12345\n");
        try (ScriptedServer server = store()) {
            assertThat(run(environment(server), WithoutTheSdkTest::isNotOfTheSdk))
                    .contains("it worked");
            assertThat(server.requests().get(0).header("authorization")).contains("Credential=testaccess/");
        }
    }

    @Test
    void singleSignOnWithoutItsClientNamesTheArtifacts() throws Exception {
        Files.createDirectories(home.resolve(".aws/sso/cache"));
        Files.writeString(home.resolve(".aws/config"), """
                [sso-session c]
                sso_region=eu-west-1
                sso_start_url=https://c.example
                [default]
                sso_session=c
                sso_account_id=123456789012
                sso_role_name=r
                """);
        SsoCache.of(home.resolve(".aws"), "c")
                .write(Map.of("accessToken", "access", "expiresAt", "2100-01-01T00:00:00Z"));
        try (ScriptedServer server = store()) {
            for (Predicate<String> without :
                    List.of((Predicate<String>) WithoutTheSdkTest::isNotOfTheSdk, (Predicate<String>)
                            jar -> !jar.contains("/sso/") && !jar.contains("/ssooidc/"))) {
                assertThat(run(environment(server), without))
                        .anyMatch(line -> line.startsWith("it failed: CONFIGURATION")
                                && line.contains("add software.amazon.awssdk:sso and software.amazon.awssdk:ssooidc"));
            }
        }
    }

    @Test
    void aRoleNeedsNothingOfTheSdkAndIsNotLogged() throws Exception {
        Path token = home.resolve("token");
        Files.writeString(token, "identity-token");
        try (ScriptedServer server = store();
                ScriptedServer sts = ScriptedServer.answering(ScriptedServer.answer(
                        200,
                        "content-type: text/xml\r\n",
                        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                                + "<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>role</AccessKeyId>"
                                + "<SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken>"
                                + "<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>"
                                + "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"))) {
            Map<String, String> environment = environment(server);
            environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
            environment.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/reader");
            environment.put("AWS_ENDPOINT_URL_STS", sts.endpoint().toString());
            List<String> printed = run(
                    environment, WithoutTheSdkTest::isNotOfTheSdk, "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace");
            assertThat(printed).contains("it worked");
            assertThat(server.requests().get(0).header("authorization")).contains("Credential=role/");
            assertThat(printed)
                    .noneMatch(line -> line.contains("role-secret")
                            || line.contains("role-token")
                            || line.contains("identity-token"));
        }
    }
}
