package dev.anystore.http;

import static dev.anystore.http.Calls.EMPTY;
import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.get;
import static dev.anystore.http.Calls.put;
import static dev.anystore.http.Calls.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.http.HttpException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class RequestTest {
    private final BlockingQueue<byte[]> bodies = new ArrayBlockingQueue<>(100);

    /** Keeps every body that arrives whole, chunked ones without their framing. */
    private ScriptedServer.Script keeper() {
        return peer -> {
            String head;
            while ((head = peer.readHead()) != null) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                if (head.contains("Transfer-Encoding: chunked")) {
                    int size;
                    while ((size = Integer.parseInt(line(peer.in), 16)) > 0) {
                        body.write(peer.in.readNBytes(size));
                        line(peer.in);
                    }
                    for (String trailer = line(peer.in); !trailer.isEmpty(); trailer = line(peer.in)) {
                        body.write(trailer.getBytes(UTF_8));
                    }
                } else if (head.contains("Content-Length: ")) {
                    int at = head.indexOf("Content-Length: ") + 16;
                    int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
                    byte[] bytes = peer.in.readNBytes(length);
                    if (bytes.length < length) {
                        return;
                    }
                    body.write(bytes);
                }
                bodies.add(body.toByteArray());
                peer.send(EMPTY);
            }
        };
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("cut");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private byte[] arrived() throws InterruptedException {
        byte[] body = bodies.poll(10, TimeUnit.SECONDS);
        assertThat(body).as("a body arrived").isNotNull();
        return body;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void theRequestIsOnTheWireByteForByte() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(keeper());
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            text(
                    transport,
                    HttpRequest.builder("PUT", server.origin(), "/b/%2E%2e//a%20b+%C3%A9;x", "acl&x-id=a%2Fb")
                            .header("x-amz-Date", "20260101T000000Z")
                            .header("a", "1")
                            .header("A", "\u00e9 2")
                            .body(HttpBody.of("hello".getBytes(UTF_8)))
                            .build());
            assertThat(server.heads)
                    .containsExactly("PUT /b/%2E%2e//a%20b+%C3%A9;x?acl&x-id=a%2Fb HTTP/1.1\r\nHost: 127.0.0.1:"
                            + server.port()
                            + "\r\nx-amz-Date: 20260101T000000Z\r\na: 1\r\nA: \u00e9 2\r\nContent-Length: 5\r\n\r\n");
            assertThat(arrived()).asString().isEqualTo("hello");

            server.heads.clear();
            text(transport, get(server).header("host", "signed.example").build());
            assertThat(server.heads).containsExactly("GET /k HTTP/1.1\r\nhost: signed.example\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "a\u0000", "a\u007f", "snow \u2603", "\u0100"})
    void aHeaderValueCannotSmuggleAnything(String value) {
        Origin origin = new Origin(false, "localhost", 80);
        HttpRequest.Builder builder = HttpRequest.builder("GET", origin, "/", null);
        assertThatThrownBy(() -> builder.header("name", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(value);
        assertThatThrownBy(() -> new HttpField("name", value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a:",
                "a\r\n",
                "n\u00e4me",
                "(a)",
                "Content-Length",
                "transfer-encoding",
                "TE",
                "Connection",
                "expect",
                "Proxy-Authorization",
                "Upgrade",
                "trailer"
            })
    void aHeaderNameIsATokenAndNotTheTransports(String name) {
        HttpRequest.Builder builder = HttpRequest.builder("GET", new Origin(false, "localhost", 80), "/", null);
        assertThatThrownBy(() -> builder.header(name, "1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNotARequestLineIsRefused() {
        Origin origin = new Origin(false, "localhost", 80);
        for (String path : List.of("", "a", "/a b", "/a\r\n", "/\u00e9", "/a#b", "/a?b", "/\u0000")) {
            assertThatThrownBy(() -> HttpRequest.builder("GET", origin, path, null))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String query : List.of("a b", "a\nb", "a#b", "\u2603")) {
            assertThatThrownBy(() -> HttpRequest.builder("GET", origin, "/", query))
                    .as(query)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String method : List.of("", "GET /", "G\r\nT")) {
            assertThatThrownBy(() -> HttpRequest.builder(method, origin, "/", null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String host : List.of("", "a b", "a/b", "a@b", "a\r\nb", "[::1]", "\u2603")) {
            assertThatThrownBy(() -> new Origin(false, host, 80)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Origin(false, "a", 0)).isInstanceOf(IllegalArgumentException.class);
        HttpRequest.Builder builder = HttpRequest.builder("GET", origin, "/", null);
        assertThatThrownBy(() -> builder.header("a", "x".repeat(70_000))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOriginReadsAnAddress() {
        assertThat(Origin.of(URI.create("https://bucket.example/x")))
                .isEqualTo(new Origin(true, "bucket.example", 443));
        assertThat(Origin.of(URI.create("HTTP://[::1]:9000")).hostHeader()).isEqualTo("[::1]:9000");
        assertThat(new Origin(true, "a", 443).hostHeader()).isEqualTo("a");
        assertThat(new Origin(true, "a", 443).authority()).isEqualTo("a:443");
        assertThat(new Origin(true, "a", 80)).hasToString("https://a:80");
        assertThatThrownBy(() -> Origin.of(URI.create("ftp://a"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noTextShowsAQueryOrAHeader() throws Exception {
        HttpRequest request = HttpRequest.builder(
                        "GET", new Origin(true, "h", 443), "/p", "X-Amz-Signature=testsecret12345")
                .header("Authorization", "testsecret12345")
                .build();
        assertThat(request).hasToString("GET https://h/p");
        assertThat(new HttpField("a", "testsecret12345")).asString().doesNotContain("testsecret");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyKindOfBodyArrivesWhole(boolean tls, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("file");
        byte[] all = random(3_000_000);
        Files.write(file, all);
        try (ScriptedServer server =
                        tls ? ScriptedServer.tls(Certificates.HERE.context, keeper()) : ScriptedServer.plain(keeper());
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem))) {
            for (int length : new int[] {0, 1, 4096, 16_000, 16_384, 70_000, 2_000_001}) {
                byte[] wanted = Arrays.copyOfRange(all, 777, 777 + length);
                ByteBuffer direct =
                        ByteBuffer.allocateDirect(length).put(wanted).flip();
                List<HttpBody> sameBytes = List.of(
                        HttpBody.of(wanted),
                        HttpBody.of(ByteBuffer.wrap(all, 777, length)),
                        HttpBody.of(
                                ByteBuffer.wrap(wanted, 0, length / 3),
                                ByteBuffer.wrap(wanted, length / 3, length - length / 3)),
                        HttpBody.of(direct, ByteBuffer.allocate(0)),
                        HttpBody.file(file, 777, length),
                        HttpBody.stream(new ByteArrayInputStream(wanted), length),
                        HttpBody.stream(() -> new Trickle(wanted), length),
                        HttpBody.chunked(new ByteArrayInputStream(wanted)),
                        HttpBody.chunked(() -> new Trickle(wanted)));
                for (int i = 0; i < sameBytes.size(); i++) {
                    AtomicLong sent = new AtomicLong();
                    HttpBody body = sameBytes.get(i);
                    text(transport, put(server, body).onSent(sent::addAndGet).build());
                    assertThat(Arrays.equals(arrived(), wanted))
                            .as("body %d of %d bytes", i, length)
                            .isTrue();
                    assertThat(sent.get()).as("body %d of %d bytes", i, length).isEqualTo(length);
                }
                assertThat(direct.remaining())
                        .as("a caller's buffer stays as it is")
                        .isEqualTo(length);
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    /** Gives few bytes at a time. */
    private static final class Trickle extends ByteArrayInputStream {
        private final Random random = new Random(1);

        Trickle(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(30_000)));
        }
    }

    @Test
    void trailersAreAskedForWhenTheBodyIsRead() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(keeper());
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            ByteArrayInputStream source = new ByteArrayInputStream("hello".getBytes(UTF_8));
            HttpBody body = HttpBody.chunked(source)
                    .withTrailers(() -> List.of(new HttpField("left", "" + source.available())));
            text(transport, put(server, body).build());
            assertThat(arrived()).asString().isEqualTo("helloleft: 0");
            assertThatThrownBy(() -> HttpBody.of(new byte[1]).withTrailers(List::of))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void aStreamOfAnotherLengthNeverBecomesAWholeRequest(int length) throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(keeper());
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            for (int off : new int[] {-1, 1, -length}) {
                HttpBody body = HttpBody.stream(new ByteArrayInputStream(random(length + off)), length);
                HttpException e = failure(
                        Kind.SOURCE, () -> transport.send(put(server, body).build()));
                assertThat(e).isInstanceOf(BodySourceException.class).hasNoCause();
                assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            }
            assertThat(transport.census().open()).isZero();
            assertThat(bodies).isEmpty();
        }
    }

    @Test
    void aSourceThatThrowsIsToldApartFromTheConnection() throws Exception {
        IOException mine = new IOException("disk on fire");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw mine;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw mine;
            }
        };
        try (ScriptedServer server = ScriptedServer.plain(keeper());
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            for (HttpBody body : List.of(
                    HttpBody.stream(new SequenceInputStream(new ByteArrayInputStream(random(50_000)), broken), 100_000),
                    HttpBody.chunked(new SequenceInputStream(new ByteArrayInputStream(random(50_000)), broken)),
                    HttpBody.chunked(() -> {
                        throw mine;
                    }))) {
                HttpException e = failure(
                        Kind.SOURCE, () -> transport.send(put(server, body).build()));
                assertThat(e).isInstanceOf(BodySourceException.class).hasCause(mine);
                assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            }
            assertThat(transport.census().open()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileThatIsShorterThanItsRegionFailsTheRequest(boolean tls, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("short");
        Files.write(file, random(100_000));
        try (ScriptedServer server =
                        tls ? ScriptedServer.tls(Certificates.HERE.context, keeper()) : ScriptedServer.plain(keeper());
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withTrustStore(Certificates.HERE.trust))) {
            for (HttpBody body : List.of(HttpBody.file(file, 0, 100_001), HttpBody.file(file, 100_000, 10))) {
                HttpException e = failure(
                        Kind.SOURCE, () -> transport.send(put(server, body).build()));
                assertThat(e).isInstanceOf(BodySourceException.class).hasNoCause();
            }
            HttpBody absent = HttpBody.file(folder.resolve("absent"), 0, 10);
            assertThat(failure(
                            Kind.SOURCE,
                            () -> transport.send(put(server, absent).build())))
                    .hasCauseInstanceOf(NoSuchFileException.class);
            assertThat(transport.census().open()).isZero();
            assertThat(bodies).isEmpty();
        }
    }

    @Test
    void theBodyWaitsForTheServersConsentWhereAsked() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    String head = peer.needHead();
                    assertThat(head).contains("\r\nExpect: 100-continue\r\n");
                    Thread.sleep(100);
                    assertThat(peer.in.available()).isZero();
                    peer.send("HTTP/1.1 100 Continue\r\n\r\n");
                    peer.in.readNBytes(5);
                    peer.send(OK);
                    peer.readHead();
                    peer.send("HTTP/1.1 412 No\r\nContent-Length: 0\r\n\r\n");
                    assertThat(peer.in.read()).as("no body after a refusal").isEqualTo(-1);
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            HttpRequest request = put(server, HttpBody.of("hello".getBytes(UTF_8)))
                    .expectContinue()
                    .build();
            assertThat(text(transport, request)).isEqualTo("hello");
            AtomicLong sent = new AtomicLong();
            HttpRequest refused = put(server, HttpBody.of("hello".getBytes(UTF_8)))
                    .expectContinue()
                    .onSent(sent::addAndGet)
                    .build();
            try (HttpResponse response = transport.send(refused)) {
                assertThat(response.status()).isEqualTo(412);
            }
            assertThat(sent.get()).isZero();
            assertThat(transport.census().open()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatNeverConsentsGetsTheBodyAfterASecond(boolean tls) throws Exception {
        try (ScriptedServer server =
                        tls ? ScriptedServer.tls(Certificates.HERE.context, keeper()) : ScriptedServer.plain(keeper());
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem))) {
            byte[] body = random(50_000);
            text(transport, put(server, HttpBody.of(body)).expectContinue().build());
            assertThat(arrived()).isEqualTo(body);
        }
    }

    @Test
    void aRefusalInTheMiddleOfABodyIsHeard(@TempDir Path folder) throws Exception {
        isHeard(folder, TransportOptions.DEFAULT, peer -> {
            peer.readHead();
            peer.in.readNBytes(100_000);
            peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            peer.in.transferTo(OutputStream.nullOutputStream());
        });
    }

    @Test
    void aRefusalBySomeoneWhoReadsNoFurtherIsHeardWhenTheBodyStalls(@TempDir Path folder) throws Exception {
        isHeard(folder, TransportOptions.DEFAULT.withStallLimit(Duration.ofMillis(300), 1024), peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            peer.doNothing();
        });
    }

    private static void isHeard(Path folder, TransportOptions options, ScriptedServer.Script refusal) throws Exception {
        int length = 32 << 20; // more than the kernel's buffers take
        Path file = folder.resolve("large");
        Files.write(file, new byte[length]);
        try (ScriptedServer server = ScriptedServer.plain(refusal);
                HttpTransport transport = new HttpTransport(options)) {
            for (HttpBody body : List.of(
                    HttpBody.file(file, 0, length),
                    HttpBody.of(Files.readAllBytes(file)),
                    HttpBody.chunked(() -> Files.newInputStream(file)))) {
                try (HttpResponse response = transport.send(put(server, body).build())) {
                    assertThat(response.status()).isEqualTo(403);
                    assertThat(response.readAll(10)).asString().isEqualTo("no");
                }
                assertThat(transport.census().open()).isZero();
            }
        }
    }

    @Test
    void successBeforeTheBodysEndIsNotBelieved() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.readHead();
                    peer.in.readNBytes(100_000);
                    peer.send(EMPTY);
                    peer.in.transferTo(OutputStream.nullOutputStream());
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            HttpException e = failure(
                    Kind.PROTOCOL,
                    () -> transport.send(
                            put(server, HttpBody.of(new byte[32 << 20])).build()));
            assertThat(e).hasMessageContaining("before it has the whole request");
        }
    }
}
