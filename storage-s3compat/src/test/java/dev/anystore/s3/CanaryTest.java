package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.s3.ScriptedServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets are planted in a program that logs everything at TRACE, against a server and a proxy that quote what they were
 * sent. Nothing that the program prints holds a piece of one.
 */
class CanaryTest {
    /** So many characters in a row of a secret are a leak: also what is left of one that was cut. */
    private static final int PIECE = 10;

    private static final String ID = "CANARYQWERTYID7";
    // Characters that are encoded differently in URLs, XML and logs.
    private static final String SECRET = "canary/secret+wAlRuS=9vulture/hedgehog";
    private static final String PASSWORD = "canaryparrotpasswordmacaw5";
    private static final String TOKEN = "canary//token+" + "pieces+of+a+session/".repeat(20) + "=end";

    private static final Map<String, String> SECRETS = Map.of(
            "access key id", ID,
            "secret key", SECRET,
            "session token", TOKEN,
            "proxy password", PASSWORD,
            "proxy authorization",
                    Base64.getEncoder().encodeToString(("user:" + PASSWORD).getBytes(StandardCharsets.UTF_8)));

    private static final Map<String, byte[]> OBJECTS = new ConcurrentHashMap<>();
    private static final Set<String> SENT = ConcurrentHashMap.newKeySet();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before the first test
    static Path folder;

    private static String printed = "";

    @BeforeAll
    static void runTheProgram() throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        try (ScriptedServer server = new ScriptedServer(CanaryTest::answer);
                ScriptedServer proxy = new ScriptedServer(CanaryTest::refuse)) {
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CanaryUser.class.getName(),
                    server.endpoint().toString(),
                    Integer.toString(proxy.port()),
                    folder.toString());
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment()
                    .putAll(Map.of(
                            "STORAGE_PROVIDER",
                            "s3",
                            "S3_BUCKET",
                            "canaries",
                            "AWS_ENDPOINT_URL_S3",
                            server.endpoint().toString(),
                            "AWS_REGION",
                            "us-east-1",
                            "AWS_ACCESS_KEY_ID",
                            ID,
                            "AWS_SECRET_ACCESS_KEY",
                            SECRET,
                            "AWS_SESSION_TOKEN",
                            TOKEN,
                            "CANARY_PROXY_PASSWORD",
                            PASSWORD));
            Process process = builder.start();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            process.destroyForcibly();
            printed = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended).as("the program ends; it printed %s", shortened()).isTrue();
            assertThat(process.exitValue())
                    .as("the program printed %s", shortened())
                    .isZero();
        }
    }

    /** Otherwise the other sentences would hold of a program that is silent. */
    @Test
    void theProgramLogsEveryLayerAtItsFinestLevel() {
        assertThat(printed)
                .contains("TRACE dev.anystore.http")
                .contains("DEBUG dev.anystore.engine")
                .containsPattern("TRACE dev.anystore.s3 - PUT 127.0.0.1 small 200 \\d+ ms 5 bytes")
                .containsPattern("TRACE dev.anystore.s3 - GET 127.0.0.1 quotes-message 403 \\d+ ms")
                .contains("was dropped without being closed")
                .contains("the end");
    }

    @Test
    void everyAttemptThatMustFailFailed() {
        assertThat(printed).doesNotContainPattern("attempt .* succeeded");
        assertThat(attempts()).hasSizeGreaterThan(90).contains("get quotes-message", "proxy-refuses HTTP_PROXY");
    }

    /** Otherwise the server could not have quoted them. */
    @Test
    void theServerAndTheProxyWereSentTheSecretsThatTheyQuote() {
        assertThat(SENT).anyMatch(text -> text.contains(TOKEN)).anyMatch(text -> text.contains(ID));
        assertThat(SENT).anyMatch(text -> text.contains(SECRETS.get("proxy authorization")));
    }

    @Test
    void nothingThatIsPrintedHoldsAPieceOfASecret() {
        SECRETS.forEach((name, secret) -> {
            for (String written : List.of(secret, PercentEncoding.query(secret), escaped(secret))) {
                for (int i = 0; i + PIECE <= written.length(); i++) {
                    String piece = written.substring(i, i + PIECE);
                    assertThat(printed.contains(piece))
                            .as("a piece of the %s, %s, in: %s", name, piece, around(piece))
                            .isFalse();
                }
            }
        });
    }

    @Test
    void noSignatureThatTheServerQuotesIsPrinted() {
        Set<String> signatures = new TreeSet<>();
        for (String sent : SENT) {
            Matcher matcher = Pattern.compile("Signature=([0-9a-f]{64})").matcher(sent);
            while (matcher.find()) {
                signatures.add(matcher.group(1));
            }
        }
        assertThat(signatures).isNotEmpty();
        for (String signature : signatures) {
            String piece = signature.substring(0, PIECE);
            assertThat(printed.contains(piece)).as(around(piece)).isFalse();
        }
    }

    @Test
    void aLinkIsPrintedWithoutItsQuery() {
        assertThat(printed)
                .contains("/canaries/small?***")
                .doesNotContain("X-Amz-Signature=")
                .doesNotContain("X-Amz-Expires");
    }

    private static Set<String> attempts() {
        Set<String> attempts = new TreeSet<>();
        Matcher matcher =
                Pattern.compile("^attempt (.*) failed$", Pattern.MULTILINE).matcher(printed);
        while (matcher.find()) {
            attempts.add(matcher.group(1));
        }
        return attempts;
    }

    private static String shortened() {
        return printed.substring(Math.max(0, printed.length() - 4000));
    }

    private static String around(String piece) {
        int at = printed.indexOf(piece);
        return at < 0 ? "" : printed.substring(Math.max(0, at - 300), Math.min(printed.length(), at + 100));
    }

    // ---- the server, which quotes everything that it gets

    private static byte[] answer(Request request) {
        String quoted = quoted(request);
        SENT.add(quoted);
        String key = request.path().replaceFirst("^/canaries/?", "");
        if (key.startsWith("copy")) {
            // A copy of what can't be copied: the source says what goes wrong.
            String source = String.valueOf(request.header("x-amz-copy-source"));
            key = source.substring(source.lastIndexOf('/') + 1);
        }
        if (key.isEmpty() && (request.target().contains("quotes-") || request.has("delete"))) {
            return refusal("quotes-message", quoted);
        }
        return CanaryUser.REFUSED.contains(key) ? refusal(key, quoted) : store(request, key);
    }

    private static byte[] refuse(Request request) {
        String quoted = quoted(request);
        SENT.add(quoted);
        return ScriptedServer.answer(407, "x-quoted: " + quoted + "\r\nconnection: close\r\n", quoted);
    }

    private static String quoted(Request request) {
        List<String> parts = new ArrayList<>(List.of(request.method(), request.target()));
        request.headers().forEach((name, value) -> parts.add(name + ": " + value));
        return String.join("; ", parts);
    }

    private static byte[] refusal(String way, String quoted) {
        String token = quoted.replaceFirst(".*x-amz-security-token: ", "").replaceFirst(";.*", "");
        return switch (way) {
            case "quotes-message" -> error("AccessDenied", quoted, "");
            case "quotes-long-message" -> error("AccessDenied", "m".repeat(280) + token, "");
            case "quotes-token-element" ->
                error(
                        "InvalidToken",
                        "The provided token is malformed",
                        "<Token-0>" + token + "</Token-0><StringToSign>" + escaped(quoted) + "</StringToSign>");
            case "quotes-request-id" -> error("AccessDenied", "no", "<RequestId>" + escaped(token) + "</RequestId>");
            case "quotes-code" -> error(token, "no", "");
            case "quotes-region" ->
                error("AuthorizationHeaderMalformed", "no", "<Region>" + escaped(token) + "</Region>");
            case "quotes-retry-after" ->
                ScriptedServer.answer(403, "retry-after: " + token + "\r\nx-amz-request-id: " + token + "\r\n", "");
            case "quotes-broken-document" ->
                ScriptedServer.answer(403, "", "<Error><Message>" + escaped(quoted) + "</" + token + ">");
            case "quotes-page" -> ScriptedServer.answer(403, "content-type: text/html\r\n", "<html>" + quoted);
            case "quotes-reason" ->
                ("HTTP/1.1 403 " + quoted + "\r\ncontent-length: 0\r\n\r\n").getBytes(StandardCharsets.UTF_8);
            case "quotes-status-line" -> (quoted + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
            case "quotes-header" -> ("HTTP/1.1 200 x\r\n" + token + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
            case "quotes-location" ->
                ScriptedServer.answer(301, "location: http://127.0.0.1:1/?token=" + token + "\r\n", "");
            default -> ScriptedServer.HANG_UP;
        };
    }

    private static byte[] error(String code, String message, String more) {
        return ScriptedServer.answer(
                403,
                "x-quoted: " + message + "\r\n",
                "<Error><Code>" + escaped(code) + "</Code><Message>" + escaped(message) + "</Message>" + more
                        + "</Error>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    // ---- and which is a store as well

    private static byte[] store(Request request, String key) {
        return switch (request.method()) {
            case "PUT" -> {
                byte[] bytes = new byte[request.body().remaining()];
                request.body().get(bytes);
                OBJECTS.put(key, bytes);
                yield ScriptedServer.answer(200, "etag: \"1\"\r\n", "");
            }
            case "DELETE" -> {
                OBJECTS.remove(key);
                yield ScriptedServer.answer(204, "", "");
            }
            case "GET", "HEAD" -> key.isEmpty() ? listing() : object(request, OBJECTS.get(key));
            default -> ScriptedServer.error(501, "NotImplemented");
        };
    }

    private static byte[] listing() {
        StringBuilder entries = new StringBuilder();
        OBJECTS.forEach((key, bytes) -> entries.append("<Contents><Key>")
                .append(key)
                .append("</Key><Size>")
                .append(bytes.length)
                .append("</Size><ETag>\"1\"</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"));
        return ScriptedServer.answer(
                200, "", "<ListBucketResult><IsTruncated>false</IsTruncated>" + entries + "</ListBucketResult>");
    }

    private static byte[] object(Request request, byte @Nullable [] bytes) {
        if (bytes == null) {
            return ScriptedServer.error(404, "NoSuchKey");
        }
        String headers = "etag: \"1\"\r\nlast-modified: Thu, 01 Jan 2026 00:00:00 GMT\r\ncontent-length: "
                + bytes.length + "\r\n";
        return ScriptedServer.answer(200, headers, request.method().equals("HEAD") ? new byte[0] : bytes);
    }
}
