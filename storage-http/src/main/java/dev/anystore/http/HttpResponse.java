package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request, whatever its status. Holds a connection until the body was read to its end or this is
 * closed; whoever got it closes it.
 */
public final class HttpResponse implements AutoCloseable {
    private final Exchange exchange;
    private final AnswerHead head;
    private final ResponseBody body;
    private final ConnectionInfo connection;

    HttpResponse(Exchange exchange, AnswerHead head, ResponseBody body, ConnectionInfo connection) {
        this.exchange = exchange;
        this.head = head;
        this.body = body;
        this.connection = connection;
    }

    /** 200 to 599: interim answers are not delivered. */
    public int status() {
        return head.status();
    }

    public HttpHeaders headers() {
        return head.headers();
    }

    /** The first header of this name. */
    public @Nullable String header(String name) {
        return head.headers().first(name);
    }

    /** The body as it came, never decoded; empty, not null, where there is none. */
    public ResponseBody body() {
        return body;
    }

    /** Fields behind a chunked body; empty until it has been read to its end. */
    public HttpHeaders trailers() {
        return body.trailers();
    }

    /**
     * Reads the rest of the body, for answers that are documents.
     *
     * @throws HttpException of kind {@code PROTOCOL} if it has more than {@code maxBytes}
     */
    public byte[] readAll(int maxBytes) throws IOException {
        long declared = body.declaredLength();
        if (declared > maxBytes) {
            throw tooLong(maxBytes);
        }
        byte[] bytes = new byte[declared >= 0 ? (int) declared : Math.min(8 << 10, maxBytes)];
        int count = 0;
        while (true) {
            if (count == bytes.length) {
                int next = body.read();
                if (next < 0) {
                    return bytes;
                }
                if (count == maxBytes) {
                    throw tooLong(maxBytes);
                }
                bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(64L, 2L * count)));
                bytes[count++] = (byte) next;
                continue;
            }
            int n = body.read(bytes, count, bytes.length - count);
            if (n < 0) {
                return Arrays.copyOf(bytes, count);
            }
            count += n;
        }
    }

    private HttpException tooLong(int maxBytes) {
        HttpException failure =
                exchange.failure(Kind.PROTOCOL, "the answer has more than %d bytes".formatted(maxBytes), null);
        close();
        return failure;
    }

    /**
     * Whether the request was sent twice, because a pooled connection turned out to be dead. The service may then have acted on
     * the first sending, so that a conflict may be one with oneself.
     */
    public boolean wasResent() {
        return exchange.resent;
    }

    /** Which connection brought it. */
    public ConnectionInfo connection() {
        return connection;
    }

    /** Closes the body; see there. */
    @Override
    public void close() {
        body.close();
    }

    @Override
    public String toString() {
        return exchange.request + " " + status();
    }
}
