package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Words for failures, and the reading of TLS ones. */
final class Failures {
    private Failures() {}

    static String sentence(Kind kind) {
        return switch (kind) {
            case NAME -> "the host's name could not be resolved";
            case CONNECT -> "the host could not be reached";
            case CONNECT_TIMEOUT -> "the host did not accept a connection in time";
            case PROXY -> "the proxy did not let the request through";
            case PROXY_AUTHENTICATION -> "the proxy wants other credentials";
            case TLS_SETTINGS -> "TLS could not be set up";
            case TLS_UNTRUSTED -> "the server's certificate is not trusted";
            case TLS_HOST_NAME -> "the server's certificate belongs to another host";
            case TLS_HANDSHAKE -> "the server and we could not agree on TLS";
            case TLS_TIMEOUT -> "the TLS handshake took too long";
            case SEND -> "the connection broke while the request was sent";
            case SOURCE -> "the request's body could not be read";
            case NO_ANSWER -> "the connection ended before an answer came";
            case ANSWER_TIMEOUT -> "no answer came in time";
            case STALL -> "the connection moved too few bytes";
            case TRUNCATED -> "the answer ended before its declared end";
            case PROTOCOL -> "the answer is not valid HTTP";
            case DEADLINE -> "the request's time is over";
            case CANCELLED -> "the request was cancelled";
            case INTERRUPTED -> "the thread was interrupted";
            case CLOSED -> "the transport is closed";
        };
    }

    /** What the system says of a connection that did not come about; null if nothing better than the kind's sentence. */
    static @Nullable String whyNotReached(@Nullable IOException last) {
        if (last instanceof NoRouteToHostException) {
            return "there is no route to the host";
        }
        // The other words of this exception are the system's; a refusal, meaning that nobody listens, is the usual one.
        boolean refused = last instanceof ConnectException
                && String.valueOf(last.getMessage()).contains("refused");
        return refused ? "the host refused the connection" : null;
    }

    /** Why a handshake failed, as far as the two TLS stacks tell. */
    static Kind tlsKind(IOException e) {
        boolean certificate = false;
        boolean broken = false;
        for (Throwable cause = e; cause != null && cause.getCause() != cause; cause = cause.getCause()) {
            if (cause instanceof SSLPeerUnverifiedException) { // Conscrypt's word for a wrong name
                return Kind.TLS_HOST_NAME;
            }
            if (cause instanceof CertPathBuilderException
                    || cause instanceof CertPathValidatorException
                    || cause instanceof CertificateExpiredException
                    || cause instanceof CertificateNotYetValidException) {
                return Kind.TLS_UNTRUSTED;
            }
            // A connection that breaks while TLS is agreed on is no disagreement, and may well hold the next time.
            broken |= cause instanceof SocketException || cause instanceof EOFException;
            if (cause instanceof CertificateException) {
                certificate = true;
                // The JDK has no type of its own for it (sun.security.util.HostnameChecker).
                String message = cause.getMessage();
                if (message != null
                        && (message.startsWith("No subject alternative") || message.startsWith("No name matching"))) {
                    return Kind.TLS_HOST_NAME;
                }
            }
        }
        if (certificate) {
            return Kind.TLS_UNTRUSTED;
        }
        return broken ? Kind.CONNECT : Kind.TLS_HANDSHAKE;
    }
}
