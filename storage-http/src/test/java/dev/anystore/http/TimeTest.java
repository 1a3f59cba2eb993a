package dev.anystore.http;

import static dev.anystore.http.Calls.EMPTY;
import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.get;
import static dev.anystore.http.Calls.put;
import static dev.anystore.http.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.http.HttpException.Kind;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class TimeTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final byte[] LARGE = new byte[32 << 20];
    private static final TransportOptions OPTIONS =
            TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem).withStallLimit(SHORT, 1024);

    private static ScriptedServer server(boolean tls, ScriptedServer.Script script) throws Exception {
        return tls ? ScriptedServer.tls(Certificates.HERE.context, script) : ScriptedServer.plain(script);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBodyThatDripsIsCalledStalled(boolean tls) throws Exception {
        try (ScriptedServer server = server(tls, peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                    for (int i = 0; i < 1000; i++) {
                        peer.send("x"); // 50 bytes a second
                        Thread.sleep(20);
                    }
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            HttpException e =
                    failure(Kind.STALL, () -> text(transport, get(server).build()));
            assertThat(e.requestMayHaveBeenProcessed()).isTrue();
            assertThat(transport.census()).isEqualTo(new HttpTransport.Census(1, 0, 0));
        }
    }

    @Test
    void aBodyAboveTheFloorIsLeftInPeace() throws Exception {
        try (ScriptedServer server = server(false, peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
                    for (int i = 0; i < 100; i++) {
                        peer.send("x".repeat(100)); // 10 KB a second
                        Thread.sleep(10);
                    }
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            assertThat(text(transport, get(server).build())).hasSize(10_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatStopsReadingIsCalledStalled(boolean tls) throws Exception {
        try (ScriptedServer server = server(tls, peer -> {
                    peer.readHead();
                    peer.doNothing();
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            HttpException e = failure(
                    Kind.STALL,
                    () -> transport.send(put(server, HttpBody.of(LARGE)).build()));
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            assertThat(transport.census().open()).isZero();
        }
    }

    @Test
    void timeOfTheCallerIsNotTheConnections() throws Exception {
        try (ScriptedServer server = server(false, peer -> {
                    peer.readRequest();
                    peer.send(OK);
                    peer.readRequest();
                    peer.send(EMPTY);
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            try (HttpResponse response = transport.send(get(server).build())) {
                assertThat(response.body().read()).isEqualTo('h');
                Thread.sleep(SHORT.toMillis() * 3);
                assertThat(response.readAll(10)).asString().isEqualTo("ello");
            }
            InputStream slow = new FilterInputStream(new ByteArrayInputStream(new byte[100_000])) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    try {
                        Thread.sleep(SHORT.toMillis() * 2);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return super.read(target, offset, Math.min(length, 40_000));
                }
            };
            text(transport, put(server, HttpBody.stream(slow, 100_000)).build());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatDoesNotComeIsWaitedForOnlySoLong(boolean tls) throws Exception {
        try (ScriptedServer server = server(tls, peer -> {
                    peer.readRequest();
                    if (peer.number == 1) {
                        peer.send("HTTP/1.1 200 OK\r\nContent-"); // a head that never ends is no answer either
                    }
                    peer.doNothing();
                });
                HttpTransport transport = new HttpTransport(OPTIONS.withAnswerTimeout(SHORT))) {
            for (int i = 0; i < 2; i++) {
                HttpException e = failure(
                        Kind.ANSWER_TIMEOUT, () -> transport.send(get(server).build()));
                assertThat(e.requestMayHaveBeenProcessed()).isTrue();
                assertThat(transport.census().open()).isZero();
            }
        }
    }

    @Test
    void aRequestMayAskForMorePatienceAndForAQuietBody() throws Exception {
        try (ScriptedServer server = server(false, peer -> {
                    peer.readRequest();
                    Thread.sleep(SHORT.toMillis() * 3);
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n ");
                    Thread.sleep(SHORT.toMillis() * 3);
                    peer.send("ello");
                });
                HttpTransport transport = new HttpTransport(OPTIONS.withAnswerTimeout(SHORT))) {
            HttpRequest request = get(server)
                    .answerTimeout(Duration.ofSeconds(10))
                    .quietBody()
                    .build();
            assertThat(text(transport, request)).isEqualTo(" ello");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDeadlineHoldsInEveryState(boolean tls) throws Exception {
        TransportOptions patient = TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem);
        try (ScriptedServer server = server(tls, peer -> {
                    String head = peer.needHead();
                    if (head.startsWith("GET")) {
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhello");
                    }
                    peer.doNothing();
                });
                HttpTransport transport = new HttpTransport(patient)) {
            HttpException answer = failure(
                    Kind.DEADLINE,
                    () -> transport.send(
                            put(server, HttpBody.empty()).timeout(SHORT).build()));
            assertThat(answer.requestMayHaveBeenProcessed()).isTrue();
            HttpException sending = failure(
                    Kind.DEADLINE,
                    () -> transport.send(
                            put(server, HttpBody.of(LARGE)).timeout(SHORT).build()));
            assertThat(sending.requestMayHaveBeenProcessed()).isFalse();
            failure(
                    Kind.DEADLINE,
                    () -> text(transport, get(server).timeout(SHORT).build()));
            assertThat(transport.census().open()).isZero();
        }
    }

    @Test
    void aHandshakeThatDoesNotEndIsGivenUp() throws Exception {
        try (ScriptedServer server = server(false, ScriptedServer.Peer::doNothing);
                HttpTransport transport = new HttpTransport(OPTIONS.withTlsTimeout(SHORT))) {
            Origin origin = new Origin(true, "127.0.0.1", server.port());
            HttpException e = failure(
                    Kind.TLS_TIMEOUT,
                    () -> transport.send(
                            HttpRequest.builder("GET", origin, "/", null).build()));
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            failure(Kind.DEADLINE, () -> new HttpTransport(TransportOptions.DEFAULT)
                    .send(HttpRequest.builder("GET", origin, "/", null)
                            .timeout(SHORT)
                            .build()));
        }
    }

    @Test
    void aLookupThatHangsIsLeftBehind() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Resolver hanging = host -> {
            assertThat(Thread.currentThread().getName()).startsWith("anystore-dns-");
            try {
                end.await();
            } catch (InterruptedException e) {
                // the transport was closed
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        HttpRequest.Builder request = HttpRequest.builder("GET", new Origin(false, "name.example", 80), "/", null);
        try (HttpTransport transport =
                new HttpTransport(TransportOptions.DEFAULT.withResolver(hanging).withNameTimeout(SHORT))) {
            HttpException e = failure(Kind.NAME, () -> transport.send(request.build()));
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            failure(
                    Kind.DEADLINE,
                    () -> transport.send(request.timeout(Duration.ofMillis(100)).build()));
        } finally {
            end.countDown();
        }
    }

    @Test
    void aNameWithoutAddressIsItsOwnFailure() {
        Resolver nobody = host -> {
            throw new java.net.UnknownHostException(host);
        };
        try (HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withResolver(nobody))) {
            HttpRequest request = HttpRequest.builder("GET", new Origin(false, "name.example", 80), "/", null)
                    .build();
            assertThat(failure(Kind.NAME, () -> transport.send(request))).hasMessageContaining("name.example");
        }
    }

    @Test
    void theAddressesOfANameShareTheLoad() throws Exception {
        InetAddress one = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        InetAddress two = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        String answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        try (ScriptedServer first = ScriptedServer.plainAt(one, 0, ScriptedServer.always(answer));
                ScriptedServer second = ScriptedServer.plainAt(two, first.port(), ScriptedServer.always(answer));
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withResolver(host -> List.of(one, two)))) {
            HttpRequest request = HttpRequest.builder("GET", new Origin(false, "name.example", first.port()), "/", null)
                    .build();
            for (int i = 0; i < 10; i++) {
                text(transport, request);
            }
            assertThat(first.accepted()).isEqualTo(5);
            assertThat(second.accepted()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void theWatchdogWakesFromItsNap(String header) throws Exception {
        AtomicBoolean answered = new AtomicBoolean();
        try (ScriptedServer server = server(false, peer -> {
                    while (peer.readRequest() != null) {
                        if (answered.getAndSet(true)) {
                            peer.doNothing();
                        }
                        peer.send("HTTP/1.1 200 OK\r\n" + header + "Content-Length: 0\r\n\r\n");
                    }
                });
                HttpTransport transport = new HttpTransport(OPTIONS)) {
            text(transport, get(server).build());
            Thread.sleep(1500); // it naps after a second without work
            failure(
                    Kind.ANSWER_TIMEOUT,
                    () -> transport.send(get(server).answerTimeout(SHORT).build()));
        }
    }

    @Test
    void everyAddressOfANameIsTried() throws Exception {
        InetAddress nobody = InetAddress.getByAddress(new byte[] {127, 0, 0, 3});
        InetAddress here = InetAddress.getLoopbackAddress();
        Resolver both = host -> List.of(nobody, here);
        try (ScriptedServer server = server(false, peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withResolver(both))) {
            HttpRequest request = HttpRequest.builder(
                            "GET", new Origin(false, "name.example", server.port()), "/", null)
                    .build();
            for (int i = 0; i < 6; i++) {
                text(transport, request);
            }
            assertThat(server.heads).allMatch(head -> head.contains("Host: name.example:" + server.port()));
            assertThat(transport.census().opened())
                    .as("the bad address is tried once and then last")
                    .isEqualTo(7);
        }
    }

    @Test
    void addressesOfBothFamiliesAreTried() throws Exception {
        InetAddress six = Calls.loopbackOfSix();
        InetAddress four = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        Resolver both = host -> List.of(six, four);
        ScriptedServer.Script script = ScriptedServer.always(OK);
        // A server on one family only: the other address of the name refuses.
        for (InetAddress at : List.of(six, four)) {
            try (ScriptedServer server = ScriptedServer.plainAt(at, 0, script);
                    HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withResolver(both))) {
                HttpRequest request = HttpRequest.builder(
                                "GET", new Origin(false, "name.example", server.port()), "/", null)
                        .build();
                try (HttpResponse response = transport.send(request)) {
                    assertThat(response.connection().remote().getAddress()).isEqualTo(at);
                }
            } catch (BindException e) {
                Assumptions.abort("no IPv6 here: " + e.getMessage());
            }
        }
    }

    @Test
    void aPortThatRefusesIsAConnectFailure() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        try (HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            HttpException e = failure(
                    Kind.CONNECT,
                    () -> transport.send(HttpRequest.builder("GET", new Origin(false, "127.0.0.1", port), "/", null)
                            .build()));
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            assertThat(e).hasMessage("the host refused the connection (127.0.0.1:" + port + ")");
            assertThat(transport.census().open()).isZero();
        }
    }

    @Test
    void aHostThatSwallowsPacketsIsGivenUp() throws Exception {
        try (FullListener full = new FullListener();
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withConnectTimeout(SHORT))) {
            failure(
                    Kind.CONNECT_TIMEOUT,
                    () -> transport.send(
                            HttpRequest.builder("GET", full.origin(), "/", null).build()));
            assertThat(transport.census().open()).isZero();
        }
    }

    /** A listener whose queue is full: Linux drops further SYNs, so that a connect waits. */
    static final class FullListener implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> queued = new ArrayList<>();

        FullListener() throws Exception {
            for (int i = 0; i < 10; i++) {
                Socket socket = new Socket();
                queued.add(socket);
                try {
                    socket.connect(listener.getLocalSocketAddress(), 100);
                } catch (java.net.SocketTimeoutException e) {
                    return;
                }
            }
            throw new IllegalStateException("the queue does not fill");
        }

        Origin origin() {
            return new Origin(false, "127.0.0.1", listener.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            listener.close();
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }
}
