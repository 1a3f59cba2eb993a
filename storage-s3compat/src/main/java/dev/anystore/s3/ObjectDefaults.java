package dev.anystore.s3;

import dev.anystore.Capability;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Secret;
import dev.anystore.spi.Setting;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every object of a store gets: its encryption, its storage class, and who pays.
 *
 * @param encryption how the service encrypts, as its header says it; null leaves that to the bucket
 * @param keyId of the key management, or null for the account's own
 * @param context for the key management as its header has it, or null
 * @param bucketKey whether a key of the bucket is used; null leaves that to the bucket
 * @param customerKey that the service encrypts with and forgets, or null
 * @param previousKey that older objects were encrypted with, or null
 * @param requesterPays whether the requester pays
 * @param storageClass of objects whose writer names none, or null
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html">encryption</a>
 */
record ObjectDefaults(
        @Nullable String encryption,
        @Nullable String keyId,
        @Nullable String context,
        @Nullable Boolean bucketKey,
        @Nullable CustomerKey customerKey,
        @Nullable CustomerKey previousKey,
        boolean requesterPays,
        @Nullable String storageClass) {
    /** Nothing of it. */
    static final ObjectDefaults NONE = new ObjectDefaults(null, null, null, null, null, null, false, null);

    private static final String PREFIX = "x-amz-server-side-encryption";
    private static final String CUSTOMER = PREFIX + "-customer-";
    private static final String SOURCE = "x-amz-copy-source-server-side-encryption-customer-";

    /**
     * A key that the user keeps: 32 bytes, as headers have them.
     *
     * @param base64 the key
     * @param md5 its digest, which tells the service that it came over whole
     */
    record CustomerKey(Secret base64, String md5) {
        /** Reads a key, or null if the text is none. */
        static @Nullable CustomerKey of(Secret text) {
            try {
                byte[] key = Base64.getDecoder().decode(text.reveal().trim());
                if (key.length != 32) {
                    return null;
                }
                byte[] digest = MessageDigest.getInstance("MD5").digest(key);
                Base64.Encoder base64 = Base64.getEncoder();
                return new CustomerKey(Secret.of(base64.encodeToString(key)), base64.encodeToString(digest));
            } catch (IllegalArgumentException e) {
                return null;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has MD5", e);
            }
        }

        private void write(String prefix, S3Request request) {
            request.header(prefix + "algorithm", "AES256")
                    .header(prefix + "key", base64.reveal())
                    .header(prefix + "key-md5", md5);
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /** What the store must be able to do for this. */
    Set<Capability> needed() {
        EnumSet<Capability> needed = EnumSet.noneOf(Capability.class);
        if (usesKms()) {
            needed.add(Capability.ENCRYPTION_MANAGED_KEY);
        } else if (encryption != null) {
            needed.add(Capability.ENCRYPTION_SERVICE_KEY);
        }
        if (customerKey != null || previousKey != null) {
            needed.add(Capability.ENCRYPTION_CUSTOMER_KEY);
        }
        if (requesterPays) {
            needed.add(Capability.REQUESTER_PAYS);
        }
        return needed;
    }

    /** Whether the key management has a part in it. */
    boolean usesKms() {
        return encryption != null && encryption.startsWith("aws:kms");
    }

    /** Whether the same bytes have the same entity tag each time they are written. */
    boolean tagsFollowContent() {
        return !usesKms() && customerKey == null;
    }

    /** What must not be shown. */
    List<Secret> secrets() {
        List<Secret> secrets = new ArrayList<>(2);
        if (customerKey != null) {
            secrets.add(customerKey.base64());
        }
        if (previousKey != null) {
            secrets.add(previousKey.base64());
        }
        return secrets;
    }

    /** For what makes an object: a put, the beginning of an upload, a copy. */
    void onCreate(S3Request request) {
        if (storageClass != null && request.headers().get("x-amz-storage-class") == null) {
            request.header("x-amz-storage-class", storageClass);
        }
        request.headerIfPresent(PREFIX, encryption)
                .headerIfPresent(PREFIX + "-aws-kms-key-id", keyId)
                .headerIfPresent(PREFIX + "-context", context);
        if (bucketKey != null) {
            request.header(PREFIX + "-bucket-key-enabled", bucketKey.toString());
        }
        onAccess(request);
    }

    /** For what reads an object or adds to an upload. */
    void onAccess(S3Request request) {
        if (customerKey != null) {
            customerKey.write(CUSTOMER, request);
        }
    }

    /** For what copies from an object. */
    void onSource(S3Request request) {
        if (customerKey != null) {
            customerKey.write(SOURCE, request);
        }
    }

    /**
     * Reads with the key, and where that does not fit once more with the one before it.
     *
     * @param read gets what to read with
     */
    <T> T reading(Function<ObjectDefaults, T> read) {
        if (previousKey == null) {
            return read.apply(this);
        }
        try {
            return read.apply(this);
        } catch (StorageException e) {
            int status = e.status().orElse(0);
            // S3 says 403 to a key that is not the object's, and 400 to one where none was.
            if (status != 403 && status != 400) {
                throw e;
            }
            try {
                return read.apply(new ObjectDefaults(
                        encryption, keyId, context, bucketKey, previousKey, null, requesterPays, storageClass));
            } catch (StorageException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    /** Whether the answer says that the object is encrypted as it was told; true where nothing was told. */
    boolean saysSo(Answer answer) {
        boolean asked = encryption == null || encryption.equals(answer.header(PREFIX));
        return asked && (customerKey == null || customerKey.md5().equals(answer.header(CUSTOMER + "key-md5")));
    }

    /** What is said of a service that ignored what it was told about encryption. */
    StorageException ignored() {
        ObjectSettings names = ObjectSettings.S3;
        Setting told = encryption == null ? names.customerKey() : names.encryption();
        return StorageException.builder(Kind.UNSUPPORTED)
                .message("the service took the bytes, and does not say that it encrypted them as it was told")
                .fix("leave out " + told.howToSet()
                        + ", or use a service that has it; what was written may be there unencrypted")
                .mayHaveHappened(true)
                .build();
    }
}
