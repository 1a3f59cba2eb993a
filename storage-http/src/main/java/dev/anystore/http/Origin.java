package dev.anystore.http;

import java.net.URI;
import java.util.Locale;

/**
 * Whom a request is sent to. Connections are pooled by it.
 *
 * @param tls whether the connection is encrypted
 * @param host a name or an address, an IPv6 address without its brackets; sent in {@code Host} as it is written here
 * @param port 1 to 65535
 */
public record Origin(boolean tls, String host, int port) {
    public Origin {
        if (host.isEmpty() || host.length() > 255) {
            throw new IllegalArgumentException("a host has 1 to 255 characters");
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || "/\\@?#[]\"<>".indexOf(c) >= 0) {
                throw new IllegalArgumentException("the host contains a character that no host has, at " + i);
            }
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port %d is outside 1 to 65535".formatted(port));
        }
    }

    /** Scheme, host and port of an absolute http or https address; 80 or 443 where it names no port. */
    public static Origin of(URI address) {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("an http or https address is needed");
        }
        String host = address.getHost();
        if (host == null) {
            throw new IllegalArgumentException("the address names no host");
        }
        boolean tls = scheme.equals("https");
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Origin(tls, bare, address.getPort() < 0 ? (tls ? 443 : 80) : address.getPort());
    }

    /** The value of the {@code Host} header: without the port where it is the scheme's own. */
    public String hostHeader() {
        return port == (tls ? 443 : 80) ? bracketed() : authority();
    }

    /** Host and port, always both. */
    public String authority() {
        return bracketed() + ':' + port;
    }

    private String bracketed() {
        return host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + hostHeader();
    }
}
