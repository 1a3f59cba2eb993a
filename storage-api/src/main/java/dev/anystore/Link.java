package dev.anystore;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A URL that somebody without credentials can use. Immutable. */
public final class Link {
    private final URI uri;
    private final String method;
    private final Map<String, String> headers;
    private final boolean isPublic;
    private final @Nullable Instant expiresAt;

    private Link(URI uri, String method, Map<String, String> headers, boolean isPublic, @Nullable Instant expiresAt) {
        this.uri = Objects.requireNonNull(uri);
        this.method = method;
        this.headers = Map.copyOf(headers);
        this.isPublic = isPublic;
        this.expiresAt = expiresAt;
    }

    static Link publicly(URI uri) {
        return new Link(uri, "GET", Map.of(), true, null);
    }

    static Link signed(URI uri, String method, Map<String, String> headers, Instant expiresAt) {
        return new Link(uri, method, headers, false, expiresAt);
    }

    /** The URL, with its signature if it has one: a secret until it expires. */
    public URI uri() {
        return uri;
    }

    /** The HTTP method that it is for. */
    public String method() {
        return method;
    }

    /** Headers that the request must carry exactly so. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Whether it is the public URL of the object, without signature and expiry. */
    public boolean isPublic() {
        return isPublic;
    }

    /** When it ends; empty if it is public. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** Hides the query, which may hold the signature. */
    @Override
    public String toString() {
        String where = uri.getScheme() + "://" + (uri.getRawAuthority() == null ? "" : uri.getRawAuthority())
                + uri.getRawPath();
        return "Link[" + method + " " + where + (uri.getRawQuery() == null ? "" : "?***")
                + (expiresAt == null ? "" : ", until " + expiresAt) + "]";
    }
}
