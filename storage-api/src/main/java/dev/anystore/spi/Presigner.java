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
     * @param method GET, PUT, or DELETE
     * @param key the key
     * @param version for GET and DELETE: the version, or null
     * @param atMost how long it may live; shorter if the credentials end earlier
     * @param attributes for PUT: what the sender must store; for GET: type, encoding, disposition and cache control override the answer's
     * @param condition for PUT, not of a part
     * @param part for PUT: which part of which upload is put, without attributes and condition; null for a whole object
     */
    record Presign(
            String method,
            String key,
            @Nullable String version,
            Duration atMost,
            Attributes attributes,
            WriteCondition condition,
            @Nullable PartOf part) {
        /** A request that is about a whole object. */
        public Presign(
                String method,
                String key,
                @Nullable String version,
                Duration atMost,
                Attributes attributes,
                WriteCondition condition) {
            this(method, key, version, atMost, attributes, condition, null);
        }

        /** The deletion of an object, or of one version of it; of several versions without this, the newest is hidden. */
        public static Presign delete(String key, @Nullable String version, Duration atMost) {
            return new Presign("DELETE", key, version, atMost, Attributes.NONE, WriteCondition.ALWAYS);
        }

        /**
         * One part of an upload that is under way. What is put is in the answer's {@code ETag}, which the completion wants; or
         * {@link Multipart#parts} tells it.
         */
        public static Presign part(Multipart.Upload upload, int number, Duration atMost) {
            return new Presign(
                    "PUT",
                    upload.key(),
                    null,
                    atMost,
                    Attributes.NONE,
                    WriteCondition.ALWAYS,
                    new PartOf(upload.uploadId(), number));
        }
    }

    /**
     * A part of an upload.
     *
     * @param uploadId the service's name of it
     * @param number from 1 on
     */
    record PartOf(String uploadId, int number) {}

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
