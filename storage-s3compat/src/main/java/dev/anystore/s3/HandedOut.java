package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Secret;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The document in which metadata services and programs hand credentials out. */
final class HandedOut {
    private HandedOut() {}

    /**
     * The credentials in it.
     *
     * @param what they are, for messages, which quote nothing of the document
     * @throws StorageException of kind {@code UNAUTHENTICATED} if it has none
     */
    static Credentials read(String document, String what) {
        try {
            Map<String, String> values = FlatJson.read(document);
            String id = values.get("AccessKeyId");
            String secret = values.get("SecretAccessKey");
            // Each has its own name for the same.
            String token = values.getOrDefault("Token", values.get("SessionToken"));
            if (id == null || id.isBlank() || secret == null || secret.isBlank()) {
                String code = values.get("Code");
                throw new IOException("the document has no key"
                        + (code == null || code.equals("Success") ? "" : "; it says " + S3Text.shown(code, 60)));
            }
            return new Credentials(
                    id,
                    Secret.of(secret),
                    token == null || token.isEmpty() ? null : Secret.of(token),
                    time(values.get("Expiration")));
        } catch (IOException e) {
            throw StorageException.builder(Kind.UNAUTHENTICATED)
                    .message(what + " were not to be had: " + e.getMessage())
                    .cause(e)
                    .build();
        }
    }

    private static @Nullable Instant time(@Nullable String text) throws IOException {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text.trim()).toInstant();
        } catch (DateTimeException e) {
            throw new IOException("the time of their end is no time");
        }
    }
}
