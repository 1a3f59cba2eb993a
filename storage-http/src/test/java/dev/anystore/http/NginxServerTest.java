package dev.anystore.http;

import static dev.anystore.http.Calls.failure;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.http.HttpException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What most object stores stand behind, and what it makes of our requests. */
@Timeout(240)
class NginxServerTest {
    private static final String PLAIN = "ANYSTORE_TEST_NGINX_URL";
    private static final String BRIEF = "ANYSTORE_TEST_NGINX_BRIEF_URL";
    private static final String TLS = "ANYSTORE_TEST_NGINX_TLS_URL";

    private static final long BEGAN = System.nanoTime();
    private static final AtomicInteger PATHS = new AtomicInteger();

    private HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT);

    @BeforeEach
    void open() {
        transport = new HttpTransport(Servers.trusting());
    }

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        assertThat(transport.census().open()).isZero();
    }

    private static HttpRequest.Builder request(String method, String server, String path) {
        return HttpRequest.builder(method, Servers.origin(server), path, null);
    }

    /** A path that no other test uses. */
    private static String newPath() {
        return "/files/%d-%d/%d".formatted(ProcessHandle.current().pid(), BEGAN, PATHS.incrementAndGet());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void store(String server, String path, HttpBody body) throws IOException {
        try (HttpResponse response =
                transport.send(request("PUT", server, path).body(body).build())) {
            assertThat(response.status()).isIn(201, 204);
            assertThat(response.readAll(1 << 10)).isEmpty();
        }
    }

    private byte[] fetch(String server, String path) throws IOException {
        try (HttpResponse response = transport.send(request("GET", server, path).build())) {
            assertThat(response.status()).isEqualTo(200);
            return response.readAll(8 << 20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, TLS})
    void everyKindOfBodyIsStoredAndComesBack(String server, @TempDir Path folder) throws Exception {
        for (int length : new int[] {0, 1, 16 << 10, 300_001, 5 << 20}) {
            byte[] bytes = random(length);
            Path file = Files.write(folder.resolve("body"), bytes);
            int middle = length / 2;
            List<HttpBody> bodies = List.of(
                    HttpBody.of(bytes),
                    HttpBody.of(
                            ByteBuffer.wrap(bytes, 0, middle),
                            ByteBuffer.allocateDirect(length - middle).put(0, bytes, middle, length - middle)),
                    HttpBody.file(file, 0, length),
                    HttpBody.stream(new ByteArrayInputStream(bytes), length),
                    HttpBody.stream(() -> Files.newInputStream(file), length),
                    HttpBody.chunked(new ByteArrayInputStream(bytes)));
            for (HttpBody body : bodies) {
                String path = newPath();
                store(server, path, body);
                assertThat(fetch(server, path))
                        .as("%s of %d bytes", body, length)
                        .isEqualTo(bytes);
            }
        }
        assertThat(transport.census().opened()).as("one connection was enough").isEqualTo(1);
    }

    @Test
    void aBodyThatWaitsForConsentIsSentWhenItIsGiven() throws Exception {
        byte[] bytes = random(1 << 20);
        String path = newPath();
        List<Long> sent = new ArrayList<>();
        HttpRequest put = request("PUT", PLAIN, path)
                .body(HttpBody.of(bytes))
                .expectContinue()
                .onSent(sent::add)
                .build();
        try (HttpResponse response = transport.send(put)) {
            assertThat(response.status()).isEqualTo(201);
        }
        assertThat(sent.stream().mapToLong(Long::longValue).sum()).isEqualTo(bytes.length);
        assertThat(fetch(PLAIN, path)).isEqualTo(bytes);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsSentWhereConsentIsAsked() throws Exception {
        List<Long> sent = new ArrayList<>();
        HttpRequest put = request("PUT", PLAIN, newPath().replace("/files/", "/small/"))
                .body(HttpBody.of(random(1 << 20)))
                .expectContinue()
                .onSent(sent::add)
                .build();
        try (HttpResponse response = transport.send(put)) {
            assertThat(response.status()).isEqualTo(413);
        }
        assertThat(sent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, TLS})
    void aBodyThatIsTooLargeIsRefusedWhileItIsSentToo(String server, @TempDir Path folder) throws Exception {
        // More than sockets hold: nginx answers the head, reads on for a while, and closes.
        Path file = Files.write(folder.resolve("body"), random(48 << 20));
        for (HttpBody body : List.of(HttpBody.file(file, 0, 48 << 20), HttpBody.of(Files.readAllBytes(file)))) {
            HttpRequest put = request("PUT", server, newPath().replace("/files/", "/small/"))
                    .body(body)
                    .build();
            try (HttpResponse response = transport.send(put)) {
                assertThat(response.status()).isEqualTo(413);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, TLS})
    void rangesComeAsTheyWereAsked(String server) throws Exception {
        byte[] bytes = random(200_000);
        String path = newPath();
        store(server, path, HttpBody.of(bytes));
        for (int[] range : new int[][] {{0, 0}, {0, 199_999}, {1, 70_000}, {199_999, 199_999}, {150_000, 300_000}}) {
            HttpRequest get = request("GET", server, path)
                    .header("Range", "bytes=%d-%d".formatted(range[0], range[1]))
                    .build();
            int end = Math.min(range[1], 199_999);
            try (HttpResponse response = transport.send(get)) {
                assertThat(response.status()).isEqualTo(206);
                assertThat(response.header("content-range")).isEqualTo("bytes %d-%d/200000".formatted(range[0], end));
                assertThat(response.readAll(1 << 20)).isEqualTo(Arrays.copyOfRange(bytes, range[0], end + 1));
            }
        }
        HttpRequest beyond =
                request("GET", server, path).header("Range", "bytes=200000-").build();
        try (HttpResponse response = transport.send(beyond)) {
            assertThat(response.status()).isEqualTo(416);
            response.readAll(1 << 20);
        }
        assertThat(transport.census().opened()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, TLS})
    void answersWithoutBodyLeaveTheConnectionFitForTheNext(String server) throws Exception {
        String path = newPath();
        store(server, path, HttpBody.of(random(5000)));
        String tag;
        try (HttpResponse head = transport.send(request("HEAD", server, path).build())) {
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).isEqualTo("5000");
            assertThat(head.readAll(0)).isEmpty();
            tag = Objects.requireNonNull(head.header("ETAG"));
        }
        HttpRequest known =
                request("GET", server, path).header("If-None-Match", tag).build();
        try (HttpResponse same = transport.send(known)) {
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.readAll(0)).isEmpty();
        }
        try (HttpResponse nothing =
                transport.send(request("GET", server, "/nothing").build())) {
            assertThat(nothing.status()).isEqualTo(204);
            assertThat(nothing.readAll(0)).isEmpty();
        }
        try (HttpResponse deleted =
                transport.send(request("DELETE", server, path).build())) {
            assertThat(deleted.status()).isEqualTo(204);
        }
        try (HttpResponse gone = transport.send(request("GET", server, path).build())) {
            assertThat(gone.status()).isEqualTo(404);
            assertThat(new String(gone.readAll(1 << 10), US_ASCII)).contains("404 Not Found");
        }
        assertThat(transport.census().opened()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, TLS})
    void anAnswerInChunksHasItsTrailerBehindIt(String server) throws Exception {
        byte[] bytes = random(1_000_003);
        String path = newPath();
        store(server, path, HttpBody.of(bytes));
        HttpRequest get =
                request("GET", server, path.replace("/files/", "/chunked/")).build();
        for (int i = 0; i < 2; i++) {
            try (HttpResponse response = transport.send(get)) {
                assertThat(response.header("transfer-encoding")).isEqualTo("chunked");
                assertThat(response.body().declaredLength()).isEqualTo(-1);
                assertThat(response.body().isFramed()).isTrue();
                assertThat(response.trailers().size()).isZero();
                assertThat(response.readAll(2 << 20)).isEqualTo(bytes);
                assertThat(response.trailers().first("x-behind")).isEqualTo("the end");
            }
        }
        assertThat(transport.census().opened()).isEqualTo(1);
    }

    @Test
    void aRedirectIsAnAnswerAndNobodyFollowsIt() throws Exception {
        try (HttpResponse response =
                transport.send(request("GET", PLAIN, "/elsewhere").build())) {
            assertThat(response.status()).isEqualTo(307);
            assertThat(response.header("location")).isEqualTo("http://elsewhere.example/");
        }
    }

    @Test
    void aServerThatEndsEveryThirdConnectionCostsNoRequest() throws Exception {
        transport.close();
        // A connection that nginx is about to end, idle for a second, is not used any more: that is the next test.
        transport = new HttpTransport(Servers.trusting().withIdleTimeout(Duration.ofMillis(500)));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Set<Long>>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                all.add(threads.submit(() -> {
                    Set<Long> connections = new TreeSet<>();
                    for (int i = 0; i < 30; i++) {
                        byte[] bytes = random(i * 1000);
                        String path = newPath();
                        HttpRequest put = request("PUT", BRIEF, path)
                                .body(HttpBody.of(bytes))
                                .neverResend()
                                .build();
                        try (HttpResponse response = transport.send(put)) {
                            assertThat(response.status()).isEqualTo(201);
                            connections.add(response.connection().id());
                        }
                        assertThat(fetch(BRIEF, path)).isEqualTo(bytes);
                    }
                    return connections;
                }));
            }
            for (Future<Set<Long>> one : all) {
                assertThat(one.get()).hasSizeGreaterThan(10);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(transport.census().opened())
                .as("480 requests, three at most on each connection")
                .isGreaterThanOrEqualTo(160);
    }

    @Test
    void aConnectionThatTheServerEndedInTheMeantimeIsNotedBeforeItIsUsed() throws Exception {
        HttpRequest get = request("GET", BRIEF, "/ready").neverResend().build();
        for (int i = 0; i < 2; i++) {
            try (HttpResponse response = transport.send(get)) {
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.readAll(10)).asString(US_ASCII).isEqualTo("ready");
            }
            Thread.sleep(1300); // nginx ends it after one second, and says nothing of that before
        }
        assertThat(transport.census().opened()).isEqualTo(2);
    }

    @Test
    void closingAHalfReadAnswerHurtsNobodyElse() throws Exception {
        byte[] bytes = random(5 << 20);
        String path = newPath();
        store(PLAIN, path, HttpBody.of(bytes));
        for (int i = 0; i < 20; i++) {
            try (HttpResponse response =
                    transport.send(request("GET", PLAIN, path).build())) {
                assertThat(response.body().readNBytes(i * 10_000)).isEqualTo(Arrays.copyOf(bytes, i * 10_000));
            }
            try (HttpResponse ready =
                    transport.send(request("GET", PLAIN, "/ready").build())) {
                assertThat(ready.readAll(10)).asString(US_ASCII).isEqualTo("ready");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void bothVersionsOfTlsAreSpoken(String version) throws Exception {
        String server = "ANYSTORE_TEST_NGINX_TLS1" + version + "_URL";
        byte[] bytes = random(300_000);
        String path = newPath();
        store(server, path, HttpBody.of(bytes));
        try (HttpResponse response = transport.send(request("GET", server, path).build())) {
            assertThat(response.connection().tlsProtocol()).isEqualTo("TLSv1." + version);
            assertThat(response.readAll(1 << 20)).isEqualTo(bytes);
        }
        assertThat(transport.census().opened()).isEqualTo(1);
    }

    @Test
    void aNameThatIsNotInTheCertificateIsRefused() throws Exception {
        int port = Servers.origin(TLS).port();
        try (HttpTransport mistaken =
                new HttpTransport(Servers.trusting().withResolver(host -> List.of(InetAddress.getLoopbackAddress())))) {
            Origin other = new Origin(true, "other.example", port);
            failure(
                    Kind.TLS_HOST_NAME,
                    () -> mistaken.send(
                            HttpRequest.builder("GET", other, "/ready", null).build()));
        }
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        try (HttpTransport trusting = new HttpTransport(TransportOptions.DEFAULT)) {
            failure(
                    Kind.TLS_UNTRUSTED,
                    () -> trusting.send(request("GET", TLS, "/ready").build()));
        }
    }

    @Test
    void plainHttpToItsTlsPortIsAnAnswerAndNotAMystery() throws Exception {
        Origin origin = new Origin(false, "127.0.0.1", Servers.origin(TLS).port());
        try (HttpResponse response = transport.send(
                HttpRequest.builder("GET", origin, "/ready", null).build())) {
            assertThat(response.status()).isEqualTo(400);
            assertThat(new String(response.readAll(1 << 10), US_ASCII)).contains("plain HTTP request");
        }
    }
}
