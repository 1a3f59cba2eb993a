package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step where the way ends is named, with what to do; and nothing is left behind. */
class DoctorTest {
    @TempDir
    Path folder;

    /** The steps that were told, each with how it went. */
    private static List<String> steps(Ran ran) {
        return ran.lines().stream()
                .map(line -> line.substring(0, 20).strip().replaceAll("\\s+", " "))
                .toList();
    }

    @Test
    void everyStepIsTakenWhereAllIsWell() {
        assertThat(steps(Ran.in(Map.of(), "doctor", "memory").well()))
                .containsExactly(
                        "settings ok",
                        "bucket ok",
                        "list ok",
                        "put ok",
                        "get ok",
                        "checksum ok",
                        "multipart ok",
                        "delete ok");
    }

    @Test
    void aFolderIsAsItWasAfterwards() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Map<String, String> environment = Map.of("STORAGE_PROVIDER", "local", "LOCAL_STORAGE_PATH", root.toString());
        assertThat(steps(Ran.in(environment, "doctor", "--read-only").well()))
                .containsExactly("settings ok", "bucket ok", "list ok", "put -");
        assertThat(root).isEmptyDirectory();
        assertThat(steps(Ran.in(environment, "doctor", ":below/").well()))
                .endsWith("put ok", "get ok", "checksum ok", "multipart -", "delete ok");
        assertThat(Ran.in(environment, "ls", "-r", ":").well().out()).isEmpty();
    }

    @Test
    void theStepThatFailsIsTheLastOneAndSaysWhatToDo() {
        Map<String, String> absent = Map.of(
                "STORAGE_PROVIDER",
                "local",
                "LOCAL_STORAGE_PATH",
                folder.resolve("absent").toString());
        Ran missing = Ran.in(absent, "doctor");
        assertThat(missing.exit()).isEqualTo(Exit.NO_BUCKET);
        assertThat(steps(missing)).containsExactly("settings ok", "bucket FAILED");
        assertThat(missing.out()).contains("LOCAL_STORAGE_PATH");

        Ran half = Ran.in(Map.of("R2_BUCKET", "example"), "doctor", "r2");
        assertThat(half.exit()).isEqualTo(Exit.USAGE);
        assertThat(steps(half)).containsExactly("settings FAILED");
        assertThat(half.out()).contains("R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID");

        assertThat(Ran.in(Map.of(), "doctor", "s33").refused(Exit.USAGE)).contains("s3");
    }

    @Test
    void aScriptReadsEachStepAsALine() {
        Ran ran = Ran.in(Map.of("R2_BUCKET", "example"), "doctor", "--json", "r2");
        assertThat(ran.lines())
                .singleElement()
                .asString()
                .startsWith("{\"v\":1,\"op\":\"doctor\",\"ok\":false,\"step\":\"settings\",\"tried\":true,\"error\":{")
                .contains("\"kind\":\"CONFIGURATION\"");
        assertThat(Ran.in(Map.of(), "doctor", "--json", "memory").well().lines())
                .hasSize(8)
                .allMatch(line -> line.contains("\"ok\":true"));
    }

    /** The environment of somebody whose endpoint is this. */
    private static Map<String, String> endpoint(String uri) {
        Map<String, String> environment = new HashMap<>(ObjectServer.environment(9));
        environment.put("AWS_ENDPOINT_URL_S3", uri);
        environment.put("STORAGE_CONNECT_TIMEOUT", "5s");
        return environment;
    }

    @Test
    void eachFailureOfTheWayIsOfItsOwnStep() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        Ran refused = Ran.in(endpoint("http://127.0.0.1:" + port), "doctor");
        assertThat(steps(refused)).containsExactly("settings ok", "name ok", "connect FAILED");
        assertThat(refused.exit()).isEqualTo(Exit.TRY_AGAIN);
        Ran nameless = Ran.in(endpoint("https://nobody.invalid"), "doctor");
        assertThat(steps(nameless)).containsExactly("settings ok", "name FAILED");
        assertThat(nameless.out()).contains("nobody.invalid", "AWS_ENDPOINT_URL_S3");
        try (ObjectServer plain = ObjectServer.having(new byte[1])) {
            Ran noTls = Ran.in(endpoint("https://127.0.0.1:" + plain.port()), "doctor");
            assertThat(steps(noTls)).containsExactly("settings ok", "name ok", "connect ok", "TLS FAILED");
            assertThat(noTls.out()).contains("write http://");
        }
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread banner = new Thread(() -> {
                while (!other.isClosed()) {
                    try (Socket socket = other.accept()) {
                        socket.getOutputStream().write("SSH-2.0-Other\r\n".getBytes(StandardCharsets.US_ASCII));
                        socket.shutdownOutput();
                        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // The command has gone, or the test is over.
                    }
                }
            });
            banner.setDaemon(true);
            banner.start();
            Ran noHttp = Ran.in(ObjectServer.environment(other.getLocalPort()), "doctor");
            assertThat(steps(noHttp))
                    .containsExactly("settings ok", "name ok", "connect ok", "TLS ok", "answer FAILED");
        }
    }

    @Test
    void aRefusalIsOfTheStepThatAskedForTheRight() throws Exception {
        try (ObjectServer server = ObjectServer.refusing(404, "NoSuchBucket", "no such bucket")) {
            Ran ran = Ran.in(server.environment(), "doctor");
            assertThat(steps(ran)).endsWith("clock ok", "key ok", "credentials ok", "bucket FAILED");
            assertThat(ran.exit()).isEqualTo(Exit.NO_BUCKET);
        }
        try (ObjectServer server = ObjectServer.refusing(403, "AccessDenied", "no")) {
            Ran ran = Ran.in(server.environment(), "doctor");
            // Who may not list may be allowed to write: that is tried, and what was perhaps written is deleted.
            assertThat(steps(ran))
                    .endsWith("credentials ok", "bucket ok", "list FAILED", "put FAILED", "delete FAILED");
            assertThat(ran.exit()).isEqualTo(Exit.RIGHTS);
        }
        try (ObjectServer server = ObjectServer.refusing(403, "SignatureDoesNotMatch", "no")) {
            Ran ran = Ran.in(server.environment(), "doctor", "--read-only");
            assertThat(steps(ran)).endsWith("key ok", "credentials FAILED");
            assertThat(ran.out()).containsIgnoringCase("secret").doesNotContain("testsecret12345");
        }
    }
}
