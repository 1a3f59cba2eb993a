package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;

/**
 * Sends requests on the calling thread, over connections that it keeps. One per store; any number of threads may use it,
 * virtual ones too. It starts no thread before its first connection, and leaves none after {@link #close}, but for a name
 * lookup that hangs in the operating system.
 */
public final class HttpTransport implements AutoCloseable {
    private static final int MAX_INTERIM = 16; // 1xx answers before the final one

    private final TransportOptions options;
    private final Pool pool;
    private final Names names;
    private final Connector connector;
    private final Watchdog watchdog;

    /** Opens nothing yet: the first request does. */
    public HttpTransport(TransportOptions options) {
        this.options = options;
        this.pool = new Pool(options);
        this.names = new Names(options);
        this.watchdog = new Watchdog(pool, options.nanoTime());
        this.connector = new Connector(options, pool, names, watchdog);
    }

    /**
     * How many connections there are.
     *
     * @param opened since the transport was made
     * @param open now, those that are being opened among them
     * @param idle of these, how many wait for a request
     */
    public record Census(long opened, int open, int idle) {}

    public Census census() {
        return new Census(connector.opened(), pool.openCount(), pool.idleCount());
    }

    /**
     * Sends a request and waits for the head of its answer. Any status is an answer, redirects and errors too. Waits for a
     * connection while the transport's limit is reached.
     *
     * @throws HttpException if no answer came; nothing is held then
     */
    public HttpResponse send(HttpRequest request) throws HttpException {
        Exchange exchange = new Exchange(request, options, pool);
        boolean answered = false;
        try {
            exchange.throwIfInterrupted();
            if (request.cancellation != null) {
                request.cancellation.attach(exchange);
            }
            exchange.throwIfAborted();
            HttpResponse response = exchange(exchange);
            answered = true;
            return response;
        } finally {
            if (!answered) {
                exchange.end(false);
            }
        }
    }

    private HttpResponse exchange(Exchange exchange) throws HttpException {
        Connection pooled = pool.lease(exchange);
        if (pooled != null) {
            try {
                exchange.attach(pooled);
                watchdog.wake();
                return attempt(exchange, pooled);
            } catch (HttpException e) {
                if (!exchange.mayResend(e)) {
                    throw e;
                }
                exchange.dropConnection();
                exchange.prepareResend();
            }
        }
        return attempt(exchange, connector.connect(exchange));
    }

    private HttpResponse attempt(Exchange exchange, Connection connection) throws HttpException {
        connection.exchanges++;
        AnswerHead early = Sender.send(exchange, connection);
        if (early != null && early.status() < 300) {
            throw exchange.failure(Kind.PROTOCOL, "the server reports success before it has the whole request", null);
        }
        try {
            AnswerHead head = early != null ? early : readAnswer(exchange, connection);
            exchange.phaseOver();
            ConnectionInfo info = connection.info();
            ResponseBody body = ResponseBody.of(exchange, connection, head, early == null, options.drainBytes());
            return new HttpResponse(exchange, head, body, info);
        } catch (HttpException e) {
            throw e;
        } catch (IOException e) {
            throw exchange.failure(exchange.answerSeen ? Kind.TRUNCATED : Kind.NO_ANSWER, e);
        }
    }

    static AnswerHead readAnswer(Exchange exchange, Connection connection) throws IOException {
        exchange.phase(Kind.ANSWER_TIMEOUT, exchange.answerNanos());
        for (int interim = 0; interim <= MAX_INTERIM; interim++) {
            AnswerHead head = AnswerHead.read(exchange, connection);
            if (head.status() >= 200) {
                return head;
            }
            if (head.status() == 101) {
                throw AnswerHead.malformed(exchange, "it switches to a protocol that nobody asked for");
            }
        }
        throw AnswerHead.malformed(exchange, "it has over 16 interim answers");
    }

    /** Ends requests that are under way ({@link Kind#CLOSED}), closes every connection, ends the threads. Takes up to a second. */
    @Override
    public void close() {
        pool.close();
        names.close();
        watchdog.stop();
    }
}
