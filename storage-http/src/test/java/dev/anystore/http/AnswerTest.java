package dev.anystore.http;

import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.get;
import static dev.anystore.http.Calls.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.http.HttpException.Kind;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class AnswerTest {
    private static final TransportOptions OPTIONS = TransportOptions.DEFAULT;

    /** What the client makes of these bytes; the server hangs up behind them. */
    private static String answer(String bytes) throws Exception {
        return answer("GET", bytes);
    }

    private static String answer(String method, String bytes) throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.readRequest();
                    peer.send(bytes);
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            return text(
                    transport,
                    HttpRequest.builder(method, server.origin(), "/k", null).build());
        }
    }

    @Test
    void bodiesOfDeclaredLengthAndInChunksArrive() throws Exception {
        assertThat(answer(OK)).isEqualTo("hello");
        assertThat(answer("HTTP/1.1 200 \r\ncontent-LENGTH:5 \r\nContent-Length: 5\r\n\r\nhello"))
                .isEqualTo("hello");
        assertThat(answer("HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello")).isEqualTo("hello");
        assertThat(
                        answer(
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nhel\r\n02;name=\"value\"\r\nlo\r\n0\r\n\r\n"))
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.2 200 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.\r\n\r\n",
                "HTTP/1.1 200 O\u0000K\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
                "HTTP/1.1 200 OK\r\nname : blank before the colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\na: b\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n",
                "HTTP/1.1 200 OK\r\na: b\nc: d\r\n\r\n",
                "HTTP/1.1 200 OK\r\na: \u0000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nn\u00e4me: value\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ng\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1111111111111111\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nmore"
            })
    void whatIsNotHttpOrCanBeReadInTwoWaysIsRefused(String bytes) {
        HttpException e = failure(Kind.PROTOCOL, () -> answer(bytes));
        assertThat(e.requestMayHaveBeenProcessed()).isTrue();
        assertThat(e).hasMessageContaining("127.0.0.1:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n",
                "HT",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\na: b\r\n"
            })
    void anAnswerThatStopsEarlyIsAnErrorAndNeverAnEnd(String bytes) {
        failure(Kind.TRUNCATED, () -> answer(bytes));
    }

    @Test
    void aConnectionThatIsResetInsideTheBodyIsTruncated() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
                    Thread.sleep(50);
                    peer.reset();
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            try (HttpResponse response = transport.send(get(server).build())) {
                assertThat(response.body().readNBytes(5)).hasSize(5);
                failure(Kind.TRUNCATED, () -> response.body().read());
                failure(Kind.TRUNCATED, () -> response.body().read());
            }
        }
    }

    @Test
    void headersAreFoundInAnyCaseAndKeepTheirOrder() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(
                        ScriptedServer.always(
                                "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nx-m:  \t 1 \t\r\nX-M: 2\r\nempty:\r\nlatin: \u00e9\r\nContent-Length: 0\r\n\r\n"));
                HttpTransport transport = new HttpTransport(OPTIONS);
                HttpResponse response = transport.send(get(server).build())) {
            HttpHeaders headers = response.headers();
            assertThat(response.header("etag")).isEqualTo("\"a\"");
            assertThat(headers.all("X-m")).containsExactly("1", "2");
            assertThat(headers.first("empty")).isEmpty();
            assertThat(headers.first("latin")).isEqualTo("\u00e9");
            assertThat(headers.first("absent")).isNull();
            assertThat(headers.name(1)).isEqualTo("x-m");
            assertThat(headers.size()).isEqualTo(6);
            assertThat(headers).asString().doesNotContain("\"a\"");
        }
    }

    @Test
    void trailersAreThereWhenTheBodyHasBeenRead() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(
                        ScriptedServer.always(
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Crc: abc\r\nb: c\r\n\r\n"));
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            for (int i = 0; i < 2; i++) {
                try (HttpResponse response = transport.send(get(server).build())) {
                    assertThat(response.trailers().size()).isZero();
                    assertThat(response.body().declaredLength()).isEqualTo(-1);
                    assertThat(response.readAll(5)).asString().isEqualTo("hello");
                    assertThat(response.trailers().first("x-crc")).isEqualTo("abc");
                }
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void interimAnswersArePassedOverUpToABound() throws Exception {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
        assertThat(answer("HTTP/1.1 100 Continue\r\n\r\n" + interim + OK)).isEqualTo("hello");
        failure(Kind.PROTOCOL, () -> answer(interim.repeat(17) + OK));
    }

    @Test
    void headAndNoContentAndNotModifiedHaveNoBodyWhateverTheySay() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    String head;
                    while ((head = peer.readRequest()) != null) {
                        peer.send(
                                head.startsWith("HEAD")
                                        ? "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n"
                                        : head.contains("/204")
                                                ? "HTTP/1.1 204 No Content\r\n\r\n"
                                                : "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
                    }
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            for (String[] call : new String[][] {{"HEAD", "/"}, {"GET", "/204"}, {"GET", "/304"}, {"HEAD", "/"}}) {
                HttpRequest request = HttpRequest.builder(call[0], server.origin(), call[1], null)
                        .build();
                try (HttpResponse response = transport.send(request)) {
                    assertThat(response.body().read()).isEqualTo(-1);
                    if (call[0].equals("HEAD")) {
                        assertThat(response.header("Content-Length")).isEqualTo("12345");
                    }
                }
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void bytesBehindAHeadWithoutBodyAreNobodysAnswer() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
                    peer.doNothing();
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            assertThat(text(transport, get(server).build())).isEmpty();
            assertThat(transport.census().open()).isZero();
        }
    }

    @Test
    void redirectsAndErrorsAreAnswersLikeAnyOther() throws Exception {
        assertThat(answer("HTTP/1.1 307 Away\r\nLocation: http://elsewhere.example/\r\nContent-Length: 2\r\n\r\nno"))
                .isEqualTo("no");
        assertThat(answer("HTTP/1.1 503 Slow Down\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw"))
                .isEqualTo("raw");
    }

    @Test
    void headersAreBoundedInBytesAndNumber() throws Exception {
        assertThat(answer("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(199) + "Content-Length: 5\r\n\r\nhello"))
                .isEqualTo("hello");
        assertThat(answer("HTTP/1.1 200 OK\r\na: " + "x".repeat(64_000) + "\r\nContent-Length: 5\r\n\r\nhello"))
                .isEqualTo("hello");
        failure(
                Kind.PROTOCOL,
                () -> answer("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(200) + "Content-Length: 5\r\n\r\nhello"));
        failure(Kind.PROTOCOL, () -> answer("HTTP/1.1 200 OK\r\na: " + "x".repeat(70_000) + "\r\n\r\n"));
        failure(Kind.PROTOCOL, () -> answer("HTTP/1.1 200 OK\r\na: " + "x".repeat(10_000_000)));
        failure(
                Kind.PROTOCOL,
                () -> answer(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + "x".repeat(5000) + "\r\nh\r\n"));
        failure(
                Kind.PROTOCOL,
                () -> answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + "a: b\r\n".repeat(201)
                        + "\r\n"));
    }

    @Test
    void aDocumentIsReadUpToItsBoundAndNoFurther() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    while (peer.readRequest() != null) {
                        peer.send(peer.number % 2 == 1 ? OK : chunked);
                    }
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            for (int i = 0; i < 2; i++) {
                failure(Kind.PROTOCOL, () -> {
                    try (HttpResponse response = transport.send(get(server).build())) {
                        response.readAll(4);
                    }
                });
            }
        }
    }

    @Test
    void everyByteArrivesHoweverItIsCutAndRead() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] content = new byte[300_000];
        random.nextBytes(content);
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    Random cuts = new Random(seed + peer.number);
                    String head;
                    while ((head = peer.readRequest()) != null) {
                        StringBuilder answer = new StringBuilder("HTTP/1.1 200 OK\r\n");
                        if (head.contains("/chunks")) {
                            answer.append("Transfer-Encoding: chunked\r\n\r\n");
                            for (int at = 0; at < content.length; ) {
                                int n = Math.min(content.length - at, 1 + cuts.nextInt(40_000));
                                answer.append(Integer.toHexString(n)).append("\r\n");
                                answer.append(new String(content, at, n, ISO_8859_1))
                                        .append("\r\n");
                                at += n;
                            }
                            answer.append("0\r\n\r\n");
                        } else {
                            answer.append("Content-Length: ")
                                    .append(content.length)
                                    .append("\r\n\r\n");
                            answer.append(new String(content, ISO_8859_1));
                        }
                        String all = answer.toString();
                        for (int at = 0; at < all.length(); ) {
                            int n = Math.min(all.length() - at, 1 + cuts.nextInt(at < 100 ? 9 : 60_000));
                            peer.send(all.substring(at, at + n));
                            at += n;
                        }
                    }
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            for (int round = 0; round < 20; round++) {
                HttpRequest request = HttpRequest.builder(
                                "GET", server.origin(), random.nextBoolean() ? "/chunks" : "/whole", null)
                        .build();
                ByteBuffer got = random.nextBoolean()
                        ? ByteBuffer.allocateDirect(content.length + 1)
                        : ByteBuffer.allocate(content.length + 1);
                try (HttpResponse response = transport.send(request)) {
                    int n = 0;
                    while (n >= 0) {
                        if (random.nextInt(4) == 0) {
                            int one = response.body().read();
                            n = one;
                            if (one >= 0) {
                                got.put((byte) one);
                            }
                        } else if (random.nextBoolean()) {
                            byte[] piece = new byte[1 + random.nextInt(100_000)];
                            n = response.body().read(piece);
                            got.put(piece, 0, Math.max(n, 0));
                        } else {
                            n = response.body().read(got);
                        }
                    }
                }
                got.flip();
                assertThat(got).as("seed %d round %d", seed, round).isEqualTo(ByteBuffer.wrap(content));
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }
}
