package dev.anystore.gcs;

import dev.anystore.spi.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What every object of a store gets: its storage class, its encryption, and who pays.
 *
 * @param storageClass of objects whose writer names none, or null
 * @param kmsKey of the key management, or null
 * @param customerKey that the service encrypts with and forgets, or null
 * @param userProject that pays, or null
 * @see <a href="https://cloud.google.com/storage/docs/encryption">encryption</a>
 */
record ObjectDefaults(
        @Nullable String storageClass,
        @Nullable String kmsKey,
        @Nullable CustomerKey customerKey,
        @Nullable String userProject) {
    /**
     * A key that the user keeps: 32 bytes, as headers have them.
     *
     * @param base64 the key
     * @param sha256 its digest, which tells the service that it came over whole
     */
    record CustomerKey(Secret base64, String sha256) {
        /** Reads a key, or null if the text is none. */
        static @Nullable CustomerKey of(Secret text) {
            try {
                byte[] key = Base64.getDecoder().decode(text.reveal().trim());
                if (key.length != 32) {
                    return null;
                }
                Base64.Encoder base64 = Base64.getEncoder();
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
                return new CustomerKey(Secret.of(base64.encodeToString(key)), base64.encodeToString(digest));
            } catch (IllegalArgumentException e) {
                return null;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has SHA-256", e);
            }
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /** For what makes an object by the XML API: a put, the beginning of an upload. */
    void onCreate(GcsRequest request, @Nullable String ownClass) {
        request.headerIfPresent("x-goog-storage-class", ownClass != null ? ownClass : storageClass)
                .headerIfPresent("x-goog-encryption-kms-key-name", kmsKey);
        onAccess(request);
    }

    /** For what makes an object by the JSON API. */
    void onInsert(GcsRequest request) {
        request.queryIfPresent("kmsKeyName", kmsKey);
        onAccess(request);
    }

    /** For what reads an object or adds to one. */
    void onAccess(GcsRequest request) {
        onAccess(request, "x-goog-encryption-");
    }

    /** For what copies from an object. */
    void onSource(GcsRequest request) {
        onAccess(request, "x-goog-copy-source-encryption-");
    }

    private void onAccess(GcsRequest request, String prefix) {
        if (customerKey != null) {
            request.header(prefix + "algorithm", "AES256")
                    .header(prefix + "key", customerKey.base64().reveal())
                    .header(prefix + "key-sha256", customerKey.sha256());
        }
    }
}
