package dev.anystore.spi;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The power to sign a request that somebody else sends. */
public interface Presigner {
    /** Signs; no I/O unless the credentials must be fetched. */
    Signed presign(Presign request, Call call);

    /**
     * What to sign.
     *
     * @param method GET or PUT
     * @param key the key
     * @param version for GET: the version, or null
     * @param atMost how long it may live; shorter if the credentials end earlier
     * @param attributes for PUT: what the sender must store; for GET: type, encoding, disposition and cache control override the answer's
     * @param condition for PUT
     */
    record Presign(
            String method,
            String key,
            @Nullable String version,
            Duration atMost,
            Attributes attributes,
            WriteCondition condition) {}

    /**
     * A signed request.
     *
     * @param uri with the signature
     * @param headers that the sender must send exactly so
     * @param expiresAt when it ends
     */
    record Signed(URI uri, Map<String, String> headers, Instant expiresAt) {
        /** Hides the query. */
        @Override
        public String toString() {
            return "Signed[" + uri.getHost() + uri.getRawPath() + ", until " + expiresAt + "]";
        }
    }
}
