package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets are planted in the settings of the command, which logs everything: no piece of one is ever printed. */
@Timeout(180)
class CanaryIT {
    private static final Path JAR = Path.of("target", "anystore.jar").toAbsolutePath();

    /** So many characters in a row of a secret are a leak. */
    private static final int PIECE = 8;

    @TempDir
    Path folder;

    private final Map<String, String> secrets = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void plant() throws IOException {
        environment.put("LC_ALL", "C.UTF-8");
        for (String family : List.of("R2", "WASABI", "SPACES")) {
            environment.put(family + "_BUCKET", "example");
            environment.put(family + "_ACCESS_KEY_ID", "testaccess");
            secret(family + "_SECRET_ACCESS_KEY", "canary/of+" + family + "=toucan/magpie+heron");
        }
        environment.put("WASABI_REGION", "eu-central-2");
        environment.put("SPACES_REGION", "fra1");
        environment.put("R2_ACCOUNT_ID", "0123456789abcdef0123456789abcdef");
        environment.put("S3_BUCKET", "example");
        environment.put("AWS_REGION", "us-east-1");
        environment.put("AWS_ACCESS_KEY_ID", "testaccess");
        secret("AWS_SECRET_ACCESS_KEY", "canary/pelican+plover=sparrow");
        secret("AWS_SESSION_TOKEN", "canary//kestrel+osprey/bittern=");
        secrets.put("proxy", "canarycormorantpassword");
        environment.put("STORAGE_PROXY", "http://user:canarycormorantpassword@127.0.0.1:9");
    }

    private void secret(String name, String value) {
        environment.put(name, value);
        secrets.put(name, value);
    }

    /** What the command printed on both streams, at TRACE. */
    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-Djava.io.tmpdir=" + folder,
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertNoSecret(printed);
        return printed;
    }

    private void assertNoSecret(String printed) {
        secrets.forEach((name, secret) -> {
            for (int i = 0; i + PIECE <= secret.length(); i++) {
                assertThat(printed.contains(secret.substring(i, i + PIECE)))
                        .as("a piece of %s in: %s", name, printed)
                        .isFalse();
            }
        });
    }

    @Test
    void noVerbPrintsASecretWhetherItSucceedsOrFails() throws Exception {
        String file = Files.writeString(folder.resolve("file"), "content").toString();
        environment.put("STORAGE_PROVIDER", "s3");
        try (ObjectServer server = ObjectServer.having("content".getBytes(StandardCharsets.UTF_8))) {
            environment.putAll(server.environment());
            // Its own credentials are as good as any: those planted here are the ones that go out.
            secrets.forEach(environment::replace);
            assertThat(run("stat", ":x")).contains("TRACE").contains("HEAD");
            run("cat", ":x");
            run("cp", ":x", folder.resolve("copy").toString());
            run("link", ":x");
        }
        try (ObjectServer server = ObjectServer.refusing(403, "AccessDenied", "no")) {
            environment.putAll(server.environment());
            secrets.forEach(environment::replace);
            assertThat(run("cp", "--json", file, ":x")).contains("ACCESS_DENIED");
            run("ls", ":");
            run("rm", "--yes", ":x");
        }
    }

    @Test
    void noOverviewOfSettingsPrintsASecret() throws Exception {
        assertThat(run("providers")).contains("wasabi").contains("spaces");
        assertThat(run("providers", "--json")).contains("\"wasabi\"");
    }

    @Test
    void noComplaintAboutSettingsPrintsASecret() throws Exception {
        environment.put("STORAGE_PROVIDER", "r2");
        secret("R2_SECRET_KEY", "canary/which+differs=from/the/other");
        assertThat(run("ls", ":")).contains("R2_SECRET_KEY").contains("R2_SECRET_ACCESS_KEY");
        environment.remove("R2_SECRET_KEY");
        secret("R2_SECRET_ACCESS_KEY", "canary/with+a\nnewline/inside+it");
        assertThat(run("ls", ":")).contains("R2_SECRET_ACCESS_KEY");
        environment.remove("R2_SECRET_ACCESS_KEY");
        assertThat(run("ls", ":")).contains("R2_SECRET_ACCESS_KEY");
        Path mounted = Files.writeString(folder.resolve("mounted"), "canary/mounted\nsecond+line/of=it\n");
        secrets.put("mounted", "canary/mounted");
        environment.put("R2_SECRET_ACCESS_KEY_FILE", mounted.toString());
        assertThat(run("ls", ":")).contains("R2_SECRET_ACCESS_KEY_FILE");
        environment.put("STORAGE_PROVIDER", "wasabi?secret_access_key=canary/kingfisher+dunnock");
        secrets.put("value", "canary/kingfisher+dunnock");
        environment.keySet().removeIf(name -> name.startsWith("R2_"));
        String unknown = run("ls", ":");
        assertThat(unknown).contains("STORAGE_PROVIDER");
    }
}
