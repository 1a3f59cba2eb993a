package dev.anystore.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections: name, address after address, the proxy's consent, TLS. */
final class Connector {
    private static final Logger log = LoggerFactory.getLogger("dev.anystore.http");
    private static final long AVOID_NANOS = 30_000_000_000L; // an address that failed is tried last for so long
    private static final long SHORTEST_TRY_MILLIS = 1000; // a lost SYN is sent again after one second

    private final TransportOptions options;
    private final Pool pool;
    private final Names names;
    private final Watchdog watchdog;
    private final Tls tls;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<InetAddress, Long> failedAt = new ConcurrentHashMap<>();

    Connector(TransportOptions options, Pool pool, Names names, Watchdog watchdog) {
        this.watchdog = watchdog;
        this.options = options;
        this.pool = pool;
        this.names = names;
        this.tls = new Tls(options);
    }

    long opened() {
        return opened.get();
    }

    /** A connection that is ready for its first request, held by {@code exchange}. */
    Connection connect(Exchange exchange) throws HttpException {
        Origin origin = exchange.request.origin;
        if (origin.tls()) {
            try {
                tls.prepare();
            } catch (IOException e) {
                throw exchange.failure(Kind.TLS_SETTINGS, e.getMessage(), e);
            }
        }
        ProxySettings.Proxy proxy = options.proxy().proxyFor(origin);
        Connection connection =
                proxy == null ? reach(exchange, origin.host(), origin.port()) : reachProxy(exchange, proxy);
        if (origin.tls()) {
            encrypt(exchange, connection);
        }
        exchange.phaseOver();
        if (log.isTraceEnabled()) {
            log.trace("connection {} to {} is open", connection.id, origin.authority());
        }
        return connection;
    }

    private Connection reach(Exchange exchange, String host, int port) throws HttpException {
        List<InetAddress> addresses = inOrder(names.resolve(host, exchange), exchange.now());
        long dueAt = System.nanoTime() + options.connectTimeout().toNanos();
        IOException last = null;
        for (int i = 0; i < addresses.size(); i++) {
            long leftMillis = (dueAt - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0 && last != null) {
                break;
            }
            // Each has its share of what is left, so that one that swallows packets does not use up the time of all.
            long share = Math.max(leftMillis / (addresses.size() - i), Math.min(leftMillis, SHORTEST_TRY_MILLIS));
            InetAddress address = addresses.get(i);
            exchange.throwIfInterrupted();
            try {
                return open(exchange, new InetSocketAddress(address, port), (int) Math.max(1, share));
            } catch (HttpException e) {
                throw e;
            } catch (IOException e) {
                last = e;
                exchange.dropConnection();
                if (exchange.isAborted() || Thread.currentThread().isInterrupted()) {
                    break;
                }
                failedAt.put(address, exchange.now());
            }
        }
        Kind kind = last instanceof SocketTimeoutException ? Kind.CONNECT_TIMEOUT : Kind.CONNECT;
        throw exchange.failure(kind, Failures.whyNotReached(last), last);
    }

    private Connection open(Exchange exchange, InetSocketAddress address, int millis) throws IOException {
        Connection connection = new Connection(opened.incrementAndGet(), exchange.request.origin, exchange.now());
        pool.register(connection);
        exchange.attach(connection);
        watchdog.wake();
        if (pool.isClosed()) {
            throw exchange.failure(Kind.CLOSED, null);
        }
        connection.connect(address, millis);
        failedAt.remove(address.getAddress());
        return connection;
    }

    /** Begins at another address each time; those that failed lately come last. */
    private List<InetAddress> inOrder(List<InetAddress> found, long now) {
        if (found.size() == 1) {
            return found;
        }
        int first = Math.floorMod(turn.getAndIncrement(), found.size());
        List<InetAddress> good = new ArrayList<>(found.size());
        List<InetAddress> bad = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            InetAddress address = found.get((first + i) % found.size());
            Long failed = failedAt.get(address);
            if (failed != null && now - failed < AVOID_NANOS) {
                bad.add(address);
            } else {
                good.add(address);
            }
        }
        good.addAll(bad);
        if (failedAt.size() > 1000) { // names whose addresses change all the time must not fill the memory
            failedAt.clear();
        }
        return good;
    }

    // ---- proxy

    private Connection reachProxy(Exchange exchange, ProxySettings.Proxy proxy) throws HttpException {
        Connection connection;
        try {
            connection = reach(exchange, proxy.host(), proxy.port());
        } catch (HttpException e) {
            if (e.kind() == Kind.NAME || e.kind() == Kind.CONNECT || e.kind() == Kind.CONNECT_TIMEOUT) {
                throw exchange.failure(Kind.PROXY, "the proxy " + proxy + " could not be reached", e);
            }
            throw e;
        }
        exchange.phase(Kind.PROXY, options.connectTimeout().toNanos());
        String target = exchange.request.origin.authority();
        StringBuilder head = new StringBuilder("CONNECT ")
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(target);
        if (proxy.authorization() != null) {
            head.append("\r\nProxy-Authorization: ").append(proxy.authorization());
        }
        byte[] bytes = head.append("\r\n\r\n").toString().getBytes(ISO_8859_1);
        AnswerHead answer;
        try {
            connection.write(exchange, bytes, 0, bytes.length);
            answer = AnswerHead.read(exchange, connection);
        } catch (HttpException e) {
            if (e.kind() == Kind.PROTOCOL || e.kind() == Kind.TRUNCATED || e.kind() == Kind.NO_ANSWER) {
                throw refusal(exchange, Kind.PROXY, "the proxy " + proxy + " gave no valid answer", e);
            }
            throw e;
        } catch (IOException e) {
            throw refusal(exchange, Kind.PROXY, "the proxy " + proxy + " ended the connection", e);
        }
        // 401 is the word of a server, but only the proxy can have said it: tinyproxy does, of a wrong password.
        if (answer.status() == 407 || answer.status() == 401) {
            throw refusal(
                    exchange,
                    Kind.PROXY_AUTHENTICATION,
                    "the proxy %s %s (%d)"
                            .formatted(
                                    proxy,
                                    proxy.authorization() == null
                                            ? "wants a user and a password"
                                            : "refuses our user and password",
                                    answer.status()),
                    null);
        }
        if (answer.status() < 200 || answer.status() > 299) {
            throw refusal(
                    exchange, Kind.PROXY, "the proxy " + proxy + " refuses the tunnel (" + answer.status() + ')', null);
        }
        if (connection.inPos < connection.inEnd) {
            // A server speaks first in neither TLS nor HTTP.
            throw refusal(exchange, Kind.PROXY, "the proxy " + proxy + " sent bytes before the tunnel's first", null);
        }
        exchange.answerSeen = false; // that was the proxy's
        return connection;
    }

    private static HttpException refusal(Exchange exchange, Kind kind, String detail, @Nullable IOException cause) {
        exchange.answerSeen = false;
        return exchange.failure(kind, detail, cause);
    }

    // ---- TLS

    private void encrypt(Exchange exchange, Connection connection) throws HttpException {
        exchange.phase(Kind.TLS_TIMEOUT, options.tlsTimeout().toNanos());
        try {
            SSLSocket socket = tls.wrap(connection.socket(), exchange.request.origin);
            socket.startHandshake();
            connection.useTls(socket);
        } catch (IOException e) {
            throw exchange.failure(Failures.tlsKind(e), e);
        }
    }
}
