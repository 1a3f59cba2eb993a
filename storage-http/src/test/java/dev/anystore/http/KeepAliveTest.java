package dev.anystore.http;

import static dev.anystore.http.Calls.EMPTY;
import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.get;
import static dev.anystore.http.Calls.put;
import static dev.anystore.http.Calls.text;
import static dev.anystore.http.ScriptedServer.always;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.http.HttpException.Kind;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class KeepAliveTest {
    @Test
    void oneConnectionServesOneRequestAfterAnother() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(always(OK));
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            for (int i = 0; i < 20; i++) {
                try (HttpResponse response = transport.send(get(server).build())) {
                    assertThat(response.readAll(100)).asString().isEqualTo("hello");
                    assertThat(response.connection().id()).isEqualTo(1);
                    assertThat(response.connection().reused()).isEqualTo(i > 0);
                    assertThat(response.wasResent()).isFalse();
                }
            }
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(transport.census()).isEqualTo(new HttpTransport.Census(1, 1, 1));
        }
    }

    @Test
    void tlsConnectionsServeManyRequestsToo() throws Exception {
        try (ScriptedServer server = ScriptedServer.tls(Certificates.HERE.context, always(OK));
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem))) {
            for (int i = 0; i < 5; i++) {
                assertThat(text(transport, get(server).build())).isEqualTo("hello");
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void nothingOfAnAnswerComesBackWithTheNextRequest() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nETag: \"t\"\r\nCache-Control: max-age=600\r\n"
                + "Last-Modified: Sat, 01 Jan 2000 00:00:00 GMT\r\nContent-Length: 5\r\n\r\nhello";
        try (ScriptedServer server = ScriptedServer.plain(always(answer));
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            for (int i = 0; i < 3; i++) {
                assertThat(text(transport, get(server).build())).isEqualTo("hello");
            }
            assertThat(server.heads)
                    .as("no cookie, no condition, and none answered from a cache")
                    .hasSize(3)
                    .containsOnly("GET /k HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n\r\n");
        }
    }

    @Test
    void theConnectionIsFreeWithTheLastByteAndNotWithClose() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(always(OK));
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withMaxConnections(1))) {
            HttpResponse first = transport.send(get(server).build());
            assertThat(first.body().readNBytes(5)).hasSize(5);
            assertThat(text(transport, get(server).build())).isEqualTo("hello");
            first.close();
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatTheServerClosedIsReplacedOnce() throws Exception {
        // Each connection answers one request, reads the next and hangs up.
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.readRequest();
                    peer.send(OK);
                    peer.readRequest();
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            assertThat(text(transport, get(server).build())).isEqualTo("hello");
            try (HttpResponse response = transport.send(get(server).build())) {
                assertThat(response.readAll(100)).hasSize(5);
                assertThat(response.wasResent()).isTrue();
                assertThat(response.connection().reused()).isFalse();
            }
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void aFreshConnectionThatBreaksIsNotTriedAgain() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(ScriptedServer.Peer::needHead);
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            HttpException e =
                    failure(Kind.NO_ANSWER, () -> transport.send(get(server).build()));
            assertThat(e.requestMayHaveBeenProcessed()).isTrue();
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(transport.census()).isEqualTo(new HttpTransport.Census(1, 0, 0));
        }
    }

    @Test
    void aStreamThatWasReadIsNotSentAgainButOneFromASourceIs() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.readRequest();
                    peer.send(EMPTY);
                    peer.readRequest();
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            text(transport, get(server).build());
            HttpBody once = HttpBody.stream(new ByteArrayInputStream(new byte[10]), 10);
            HttpException e = failure(
                    Kind.NO_ANSWER, () -> transport.send(put(server, once).build()));
            assertThat(e.requestMayHaveBeenProcessed()).isTrue();

            text(transport, get(server).build());
            HttpBody again = HttpBody.stream(() -> new ByteArrayInputStream(new byte[10]), 10);
            try (HttpResponse response = transport.send(put(server, again).build())) {
                assertThat(response.wasResent()).isTrue();
            }
            failure(
                    Kind.NO_ANSWER,
                    () -> transport.send(put(server, again).neverResend().build()));
        }
    }

    @Test
    void nothingIsSentAgainOnceAnyOfTheAnswerWasSeen() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.readRequest();
                    peer.send(OK);
                    peer.readRequest();
                    peer.send("HTTP/1.1 20");
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            text(transport, get(server).build());
            failure(Kind.TRUNCATED, () -> transport.send(get(server).build()));
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytesThatCameUnaskedAreNoAnswerToTheNextRequest(boolean tls) throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch poisoned = new CountDownLatch(1);
        ScriptedServer.Script script = peer -> {
            if (peer.number == 1) {
                peer.socket.setTcpNoDelay(true); // else it waits for our acknowledgement, 40 ms
                peer.needHead();
                peer.send(OK);
                first.await();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                poisoned.countDown();
            }
            ScriptedServer.always(OK).run(peer);
        };
        try (ScriptedServer server =
                        tls ? ScriptedServer.tls(Certificates.HERE.context, script) : ScriptedServer.plain(script);
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem))) {
            assertThat(text(transport, get(server).build())).isEqualTo("hello");
            first.countDown();
            poisoned.await();
            Thread.sleep(50); // loopback has delivered it by then
            assertThat(text(transport, get(server).build())).isEqualTo("hello");
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void anIdleConnectionIsLookedAtBeforeItIsUsed() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.readRequest();
                    peer.send(OK);
                    if (peer.number == 1) {
                        peer.socket.close();
                        hungUp.countDown();
                    } else {
                        peer.doNothing();
                    }
                });
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withStaleCheckAfter(Duration.ZERO))) {
            text(transport, get(server).build());
            hungUp.await();
            // A one-shot stream could not be sent again: only the look saves it.
            HttpBody once = HttpBody.stream(new ByteArrayInputStream(new byte[10]), 10);
            try (HttpResponse response = transport.send(put(server, once).build())) {
                assertThat(response.wasResent()).isFalse();
                assertThat(response.connection().id()).isEqualTo(2);
            }
        }
    }

    @Test
    void theServersWishToCloseIsRespected() throws Exception {
        for (String answer : List.of(
                "HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\n\r\nhello")) {
            try (ScriptedServer server = ScriptedServer.plain(peer -> {
                        peer.readRequest();
                        peer.send(answer);
                    });
                    HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
                assertThat(text(transport, get(server).build())).isEqualTo("hello");
                assertThat(transport.census()).as(answer).isEqualTo(new HttpTransport.Census(1, 0, 0));
            }
        }
        try (ScriptedServer server = ScriptedServer.plain(
                        always("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"));
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            text(transport, get(server).build());
            text(transport, get(server).build());
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void idleAndOldConnectionsAreClosed() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (ScriptedServer server = ScriptedServer.plain(always(OK));
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withNanoTime(() -> clock.get() + 1))) {
            text(transport, get(server).build());
            clock.addAndGet(Duration.ofSeconds(19).toNanos());
            text(transport, get(server).build());
            assertThat(server.accepted()).isEqualTo(1);
            clock.addAndGet(Duration.ofSeconds(20).toNanos());
            text(transport, get(server).build());
            assertThat(server.accepted()).as("idle for 20 s").isEqualTo(2);
            for (int i = 0; i < 29; i++) {
                clock.addAndGet(Duration.ofSeconds(10).toNanos());
                text(transport, get(server).build());
            }
            assertThat(server.accepted()).isEqualTo(2);
            clock.addAndGet(Duration.ofSeconds(10).toNanos());
            text(transport, get(server).build());
            assertThat(server.accepted()).as("five minutes old").isEqualTo(3);
            clock.addAndGet(Duration.ofSeconds(20).toNanos());
            while (transport.census().open() > 0) { // the watchdog's part
                Thread.sleep(10);
            }
        }
    }

    @Test
    void sixtyFourThreadsShareFourConnections() throws Exception {
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Set<Long> used = ConcurrentHashMap.newKeySet();
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    while (peer.readRequest() != null) {
                        most.accumulateAndGet(busy.incrementAndGet(), Math::max);
                        Thread.sleep(1);
                        busy.decrementAndGet();
                        peer.send(OK);
                    }
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withMaxConnections(4))) {
            ExecutorService threads = Executors.newFixedThreadPool(64);
            try {
                List<Future<?>> calls = new ArrayList<>();
                for (int t = 0; t < 64; t++) {
                    calls.add(threads.submit(() -> {
                        for (int i = 0; i < 10; i++) {
                            try (HttpResponse response =
                                    transport.send(get(server).build())) {
                                assertThat(response.readAll(100)).hasSize(5);
                                used.add(response.connection().id());
                            }
                        }
                        return null;
                    }));
                }
                for (Future<?> call : calls) {
                    call.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(most.get()).isEqualTo(4);
            assertThat(used).hasSize(4);
            assertThat(server.accepted()).isEqualTo(4);
            assertThat(transport.census()).isEqualTo(new HttpTransport.Census(4, 4, 4));
        }
    }

    @Test
    void idleConnectionsOfOneHostMakeRoomForAnother() throws Exception {
        try (ScriptedServer one = ScriptedServer.plain(always(OK));
                ScriptedServer two = ScriptedServer.plain(always(OK));
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withMaxConnections(1))) {
            for (int i = 0; i < 3; i++) {
                assertThat(text(transport, get(one).build())).isEqualTo("hello");
                assertThat(text(transport, get(two).build())).isEqualTo("hello");
                assertThat(transport.census().open()).isEqualTo(1);
            }
        }
    }

    @Test
    void whoeverGivesUpWaitingTakesNoConnectionAway() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(always(OK));
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withMaxConnections(1))) {
            HttpResponse holding = transport.send(get(server).build());
            HttpException e = failure(
                    Kind.DEADLINE,
                    () -> transport.send(
                            get(server).timeout(Duration.ofMillis(100)).build()));
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            holding.close();
            assertThat(text(transport, get(server).build())).isEqualTo("hello");
        }
    }
}
