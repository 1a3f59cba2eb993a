package dev.anystore.http;

import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.get;
import static dev.anystore.http.Calls.put;
import static dev.anystore.http.Calls.text;
import static dev.anystore.http.ScriptedServer.always;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class CloseTest {
    private static final TransportOptions OPTIONS = TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem);

    private static ScriptedServer server(boolean tls, ScriptedServer.Script script) throws Exception {
        return tls ? ScriptedServer.tls(Certificates.HERE.context, script) : ScriptedServer.plain(script);
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("anystore-"))
                .toList();
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aShortRestThatIsThereIsReadAndTheConnectionKept(boolean tls) throws Exception {
        String chunked = "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n";
        for (String answer : List.of(OK, chunked)) {
            try (ScriptedServer server = server(tls, always(answer));
                    HttpTransport transport = new HttpTransport(OPTIONS)) {
                for (int i = 0; i < 5; i++) {
                    HttpResponse response = transport.send(get(server).build());
                    assertThat(response.body().read()).isEqualTo('h');
                    response.close();
                    response.close();
                    assertThatThrownBy(() -> response.body().read()).isInstanceOf(ClosedChannelException.class);
                    assertThat(response.body().isOpen()).isFalse();
                }
                assertThat(server.accepted()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRestThatIsLongOrNotThereEndsTheConnectionAtOnce(boolean tls) throws Exception {
        for (String rest : List.of(
                "Content-Length: 100\r\n\r\nhello",
                "Content-Length: 1000000\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\na: b\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r")) {
            CountDownLatch gone = new CountDownLatch(1);
            try (ScriptedServer server = server(tls, peer -> {
                        peer.readRequest();
                        peer.send("HTTP/1.1 200 OK\r\n" + rest);
                        try {
                            peer.in.read();
                        } finally {
                            gone.countDown();
                        }
                    });
                    HttpTransport transport = new HttpTransport(OPTIONS)) {
                HttpResponse response = transport.send(get(server).build());
                assertThat(response.body().readNBytes(5)).asString().isEqualTo("hello");
                response.close();
                assertThat(transport.census().open()).as(rest).isZero();
                gone.await();
            }
        }
    }

    @Test
    void aTransportThatWasNeverUsedHasNoThread() {
        assertThat(ourThreads()).isEmpty();
        new HttpTransport(OPTIONS).close();
        HttpTransport unused = new HttpTransport(OPTIONS);
        assertThat(ourThreads()).isEmpty();
        unused.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLeftOfATransport(boolean tls) throws Exception {
        Path file = Files.createTempFile("anystore", "leak");
        Files.write(file, new byte[1_000_000]);
        try (ScriptedServer server = server(tls, peer -> {
            String head;
            while ((head = peer.readRequest()) != null) {
                peer.send(head.contains("/cut") ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello" : OK);
                if (head.contains("/cut")) {
                    return;
                }
            }
        })) {
            useOnce(server, file); // what the JDK opens once and keeps
            long before = openDescriptors();
            for (int i = 0; i < 10; i++) {
                useOnce(server, file);
            }
            for (int wait = 0;
                    wait < 100 && (openDescriptors() > before || !ourThreads().isEmpty());
                    wait++) {
                Thread.sleep(20); // the server's own sockets, and the last breath of a thread
                if (System.getProperty("anystore.tls") != null) {
                    System.gc(); // see Connection.close
                }
            }
            assertThat(ourThreads()).isEmpty();
            // One that is lost each time makes ten; the JVM itself opens and closes one now and then.
            assertThat(openDescriptors()).isLessThan(before + 5);
        } finally {
            Files.delete(file);
        }
    }

    private static void useOnce(ScriptedServer server, Path file) throws Exception {
        HttpTransport transport = new HttpTransport(OPTIONS);
        HttpRequest named = HttpRequest.builder(
                        "GET", new Origin(server.origin().tls(), "localhost", server.port()), "/", null)
                .build();
        List<HttpResponse> open = new ArrayList<>();
        try (transport) {
            text(transport, named);
            text(transport, put(server, HttpBody.file(file, 0, 1_000_000)).build());
            failure(
                    Kind.TRUNCATED,
                    () -> text(
                            transport,
                            HttpRequest.builder("GET", server.origin(), "/cut", null)
                                    .build()));
            open.add(transport.send(get(server).build()));
            open.add(transport.send(get(server).build()));
            assertThat(ourThreads()).contains("anystore-watchdog").hasSizeGreaterThan(1);
        }
        assertThat(transport.census().open()).isZero();
        for (HttpResponse response : open) {
            failure(Kind.CLOSED, () -> response.body().read());
            response.close();
        }
    }

    @Test
    void virtualThreadsMayCall() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "this JDK has no virtual threads");
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try (ScriptedServer server = ScriptedServer.plain(always(OK));
                ScriptedServer secure = ScriptedServer.tls(Certificates.HERE.context, always(OK));
                HttpTransport transport = new HttpTransport(OPTIONS.withMaxConnections(8))) {
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                HttpRequest request = get(i % 2 == 0 ? server : secure).build();
                calls.add(threads.submit(() -> text(transport, request)));
            }
            for (Future<String> call : calls) {
                assertThat(call.get()).isEqualTo("hello");
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
