package dev.anystore.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A call that ended without a whole answer. Says in a closed word what failed and whether the service may have acted
 * on the request. Its message names host and port at most: no header, no query, no credential.
 */
public class HttpException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What failed. */
    public enum Kind {
        /** The host's name has no address, or the lookup took too long. */
        NAME,
        /** Every address refused or could not be reached, or the connection broke before TLS was agreed on. */
        CONNECT,
        /** No address answered in time. */
        CONNECT_TIMEOUT,
        /** The proxy could not be reached or does not let the request through. */
        PROXY,
        /** The proxy wants other credentials (407, or 401 as some say it). */
        PROXY_AUTHENTICATION,
        /** The CA bundle or the trust store cannot be read, or the TLS stack that was asked for is not there. */
        TLS_SETTINGS,
        /** The server's certificate is not signed by anyone who is trusted, or is not valid today. */
        TLS_UNTRUSTED,
        /** The server's certificate belongs to another host. */
        TLS_HOST_NAME,
        /** Any other failure to agree on TLS: no common protocol, or the server does not speak TLS at all. */
        TLS_HANDSHAKE,
        /** The TLS handshake took too long. */
        TLS_TIMEOUT,
        /** The request could not be sent to its end. */
        SEND,
        /** The caller's own body failed, or is not as long as it was said to be; see {@link BodySourceException}. */
        SOURCE,
        /** The connection ended before anything of the answer came. */
        NO_ANSWER,
        /** The head of the answer did not come in time. */
        ANSWER_TIMEOUT,
        /** Body bytes were outstanding and moved more slowly than the floor. */
        STALL,
        /** The answer ended before its declared end. */
        TRUNCATED,
        /** The answer is not HTTP, is malformed or ambiguous, or breaks a bound. */
        PROTOCOL,
        /** The request's own deadline passed. */
        DEADLINE,
        /** The request's {@link Cancellation} was cancelled, or its answer closed by another thread. */
        CANCELLED,
        /** The calling thread was interrupted; its flag is still set. */
        INTERRUPTED,
        /** The transport was closed. */
        CLOSED
    }

    private final Kind kind;
    private final boolean mayHaveBeenProcessed;

    HttpException(Kind kind, String message, boolean mayHaveBeenProcessed, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.mayHaveBeenProcessed = mayHaveBeenProcessed;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * False only where the service cannot have received a whole request, so that nothing can have happened. True means that the
     * outcome is unknown, or that the answer's head was seen and its body lost.
     */
    public boolean requestMayHaveBeenProcessed() {
        return mayHaveBeenProcessed;
    }
}
