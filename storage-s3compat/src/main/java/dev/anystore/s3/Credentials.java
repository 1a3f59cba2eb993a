package dev.anystore.s3;

import dev.anystore.spi.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What signs a request. Its text hides them.
 *
 * @param id the access key id
 * @param secret the secret access key
 * @param token of a session, or null
 * @param expiresAt when the service stops to accept them, or null
 */
record Credentials(
        String id,
        Secret secret,
        @Nullable Secret token,
        @Nullable Instant expiresAt) {
    @Override
    public String toString() {
        return "Credentials[***" + (expiresAt == null ? "" : ", until " + expiresAt) + "]";
    }
}
