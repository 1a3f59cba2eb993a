package dev.anystore.http;

import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.get;
import static dev.anystore.http.Calls.put;
import static dev.anystore.http.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.http.HttpException.Kind;
import java.io.ByteArrayInputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever ends a call, and wherever it is stuck: it is over within two seconds, and nothing is left of it. */
@Timeout(240)
class CancelTest {
    private static final int LARGE = 64 << 20; // more than the kernel's buffers take
    private static final long STUCK_MILLIS = 150; // after which a call has reached where it is meant to be stuck

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Thread caller = Thread.currentThread();
    private Cancellation cancellation = new Cancellation();
    private HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem));
    private Path folder = Path.of("");

    enum State {
        BYTES,
        DIRECT_BYTES,
        FILE,
        CHUNKS,
        ANSWER,
        BODY,
        DIRECT_BODY
    }

    enum Ending {
        CANCEL(Kind.CANCELLED),
        INTERRUPT(Kind.INTERRUPTED),
        CLOSE(Kind.CLOSED);

        final Kind kind;

        Ending(Kind kind) {
            this.kind = kind;
        }
    }

    @BeforeEach
    void open(@TempDir Path temporary) {
        folder = temporary;
    }

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        threads.shutdownNow();
        assertThat(transport.census().open()).isZero();
    }

    private static ScriptedServer stuck(boolean tls) throws Exception {
        ScriptedServer.Script script = peer -> {
            String head = peer.needHead();
            if (head.startsWith("GET")) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhello");
            }
            peer.doNothing();
        };
        return tls ? ScriptedServer.tls(Certificates.HERE.context, script) : ScriptedServer.plain(script);
    }

    private HttpRequest request(State state, ScriptedServer server) throws Exception {
        HttpRequest.Builder builder =
                switch (state) {
                    case BYTES -> put(server, HttpBody.of(new byte[LARGE]));
                    case DIRECT_BYTES -> put(server, HttpBody.of(ByteBuffer.allocateDirect(LARGE)));
                    case FILE -> {
                        Path file = folder.resolve("large");
                        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                            sparse.setLength(LARGE);
                        }
                        yield put(server, HttpBody.file(file, 0, LARGE));
                    }
                    case CHUNKS -> put(server, HttpBody.chunked(new ByteArrayInputStream(new byte[LARGE])));
                    case ANSWER -> put(server, HttpBody.empty());
                    case BODY, DIRECT_BODY -> get(server);
                };
        return builder.cancellation(cancellation).build();
    }

    private void end(Ending ending) {
        switch (ending) {
            case CANCEL -> cancellation.cancel();
            case INTERRUPT -> caller.interrupt();
            case CLOSE -> transport.close();
        }
    }

    /** Returns when the call's thread runs: an interrupt must meet nobody else. */
    private <T> Future<T> start(Callable<T> call) throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(1);
        Future<T> started = threads.submit(() -> {
            caller = Thread.currentThread();
            runs.countDown();
            return call.call();
        });
        runs.await();
        return started;
    }

    private void endsAs(Kind kind, Future<?> call) throws Exception {
        endsAs(kind, call, 0);
    }

    private void endsAs(Kind kind, Future<?> call, int othersOpen) throws Exception {
        HttpException e = failure(kind, () -> {
            try {
                call.get(10, TimeUnit.SECONDS);
            } catch (ExecutionException wrapped) {
                throw wrapped.getCause();
            }
        });
        assertThat(e.kind()).isEqualTo(kind);
        while (transport.census().open() > othersOpen) {
            Thread.sleep(5);
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void everyEndingFreesAPlainCall(State state) throws Exception {
        everyEndingFrees(state, false);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void everyEndingFreesATlsCall(State state) throws Exception {
        everyEndingFrees(state, true);
    }

    private void everyEndingFrees(State state, boolean tls) throws Exception {
        for (Ending ending : List.of(Ending.INTERRUPT, Ending.CANCEL, Ending.CLOSE)) {
            try (ScriptedServer server = stuck(tls)) {
                HttpRequest request = request(state, server);
                Future<?> call = start(() -> {
                    try (HttpResponse response = transport.send(request)) {
                        ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
                        while (state == State.DIRECT_BODY
                                ? response.body().read(direct) >= 0
                                : response.body().read() >= 0) {}
                        return null;
                    } finally {
                        // kept, as the JDK's own blocking calls do
                        assertThat(Thread.currentThread().isInterrupted()).isEqualTo(ending == Ending.INTERRUPT);
                    }
                });
                Thread.sleep(STUCK_MILLIS);
                assertThat(call).as("%s is stuck", state).isNotDone();
                end(ending);
                endsAs(ending.kind, call);
            }
            if (ending == Ending.CANCEL) {
                HttpRequest later = HttpRequest.builder("GET", new Origin(false, "127.0.0.1", 1), "/", null)
                        .cancellation(cancellation)
                        .build();
                failure(Kind.CANCELLED, () -> transport.send(later));
                cancellation = new Cancellation();
            }
        }
        failure(
                Kind.CLOSED,
                () -> transport.send(HttpRequest.builder("GET", new Origin(false, "127.0.0.1", 1), "/", null)
                        .build()));
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aConnectThatHangsIsFreed(Ending ending) throws Exception {
        try (TimeTest.FullListener full = new TimeTest.FullListener()) {
            HttpRequest request = HttpRequest.builder("GET", full.origin(), "/", null)
                    .cancellation(cancellation)
                    .build();
            Future<?> call = start(() -> transport.send(request));
            Thread.sleep(STUCK_MILLIS);
            assertThat(call).isNotDone();
            end(ending);
            endsAs(ending.kind, call);
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aHandshakeThatHangsIsFreed(Ending ending) throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(ScriptedServer.Peer::doNothing)) {
            HttpRequest request = HttpRequest.builder("GET", new Origin(true, "127.0.0.1", server.port()), "/", null)
                    .cancellation(cancellation)
                    .build();
            Future<?> call = start(() -> transport.send(request));
            Thread.sleep(STUCK_MILLIS);
            assertThat(call).isNotDone();
            end(ending);
            endsAs(ending.kind, call);
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aLookupThatHangsIsLeft(Ending ending) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        transport.close();
        transport = new HttpTransport(TransportOptions.DEFAULT.withResolver(host -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                // the transport was closed
            }
            return List.of(InetAddress.getLoopbackAddress());
        }));
        HttpRequest request = HttpRequest.builder("GET", new Origin(false, "name.example", 80), "/", null)
                .cancellation(cancellation)
                .build();
        Future<?> call = start(() -> transport.send(request));
        Thread.sleep(STUCK_MILLIS);
        assertThat(call).isNotDone();
        end(ending);
        endsAs(ending.kind, call);
        over.countDown();
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void waitingForAConnectionIsFreed(Ending ending) throws Exception {
        transport.close();
        transport = new HttpTransport(TransportOptions.DEFAULT.withMaxConnections(1));
        try (ScriptedServer server = stuck(false);
                HttpResponse holding = transport.send(get(server).build())) {
            assertThat(holding.status()).isEqualTo(200);
            HttpRequest request = get(server).cancellation(cancellation).build();
            Future<?> call = start(() -> transport.send(request));
            Thread.sleep(STUCK_MILLIS);
            assertThat(call).isNotDone();
            end(ending);
            endsAs(ending.kind, call, 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void closingAnAnswerFreesItsReader(boolean tls) throws Exception {
        try (ScriptedServer server = stuck(tls)) {
            HttpResponse response = transport.send(get(server).build());
            Future<?> call = start(() -> response.body().readAllBytes());
            Thread.sleep(STUCK_MILLIS);
            assertThat(call).isNotDone();
            response.close();
            endsAs(Kind.CANCELLED, call);
        }
    }

    @Test
    void oneCancellationEndsManyCallsAndNoOther() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    while (peer.readRequest() != null) {
                        Thread.sleep(50);
                        peer.send(OK);
                    }
                });
                ScriptedServer stuck = stuck(false)) {
            HttpRequest request =
                    put(stuck, HttpBody.empty()).cancellation(cancellation).build();
            List<Future<HttpResponse>> ended =
                    List.of(start(() -> transport.send(request)), start(() -> transport.send(request)));
            Future<?> other = threads.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    assertThat(text(transport, get(server).build())).isEqualTo("hello");
                }
                return null;
            });
            Thread.sleep(STUCK_MILLIS);
            cancellation.cancel();
            for (Future<?> call : ended) {
                failure(Kind.CANCELLED, () -> {
                    try {
                        call.get(10, TimeUnit.SECONDS);
                    } catch (ExecutionException wrapped) {
                        throw wrapped.getCause();
                    }
                });
            }
            other.get(100, TimeUnit.SECONDS);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void cancelsThatRaceWithTheEndOfACallHurtNobodyElse() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(ScriptedServer.always(OK))) {
            for (int i = 0; i < 2000; i++) {
                Cancellation late = new Cancellation();
                Future<?> racing = threads.submit(late::cancel);
                try {
                    text(transport, get(server).cancellation(late).build());
                } catch (HttpException e) {
                    assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
                }
                assertThat(text(transport, get(server).neverResend().build())).isEqualTo("hello");
                racing.get();
            }
        }
    }

    @Test
    void aFileThatOthersReadTooStaysOpenWhenOneTransferIsInterrupted() throws Exception {
        try (ScriptedServer server = stuck(false)) {
            HttpRequest request = request(State.FILE, server);
            Future<?> one = start(() -> transport.send(request));
            Thread.sleep(STUCK_MILLIS);
            Thread interrupted = caller;
            Future<?> two = start(() -> transport.send(request));
            Thread.sleep(STUCK_MILLIS);
            interrupted.interrupt();
            failure(Kind.INTERRUPTED, () -> {
                try {
                    one.get(10, TimeUnit.SECONDS);
                } catch (ExecutionException wrapped) {
                    throw wrapped.getCause();
                }
            });
            assertThat(two).isNotDone();
            assertThat(Files.size(folder.resolve("large"))).isEqualTo(LARGE);
            cancellation.cancel();
            endsAs(Kind.CANCELLED, two);
        }
    }
}
