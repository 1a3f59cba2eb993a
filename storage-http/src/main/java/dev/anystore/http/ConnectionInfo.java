package dev.anystore.http;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which connection carried an exchange.
 *
 * @param id counts the connections of one transport from 1
 * @param remote the server, or the proxy
 * @param tlsProtocol such as {@code TLSv1.3}, null on plain connections
 * @param reused whether an earlier exchange used it
 */
public record ConnectionInfo(
        long id,
        InetSocketAddress local,
        InetSocketAddress remote,
        @Nullable String tlsProtocol,
        boolean reused) {
    public boolean tls() {
        return tlsProtocol != null;
    }
}
