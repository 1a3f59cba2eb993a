package dev.anystore.testkit.b2;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A version of a file, a marker that hides it, or a large file that is not finished. Guarded by the account's lock. */
final class StoredFile {
    final StoredBucket bucket;
    final String id;
    final String name;
    final long timestamp;
    final String contentType;
    final Map<String, String> info;
    /** The MD5 of the customer's key, {@code AES256} of the service's own, or null. */
    final @Nullable String encryption;

    /** upload, hide or start. */
    String action;

    String sha1;
    Content content;
    final TreeMap<Integer, Part> parts = new TreeMap<>();

    /** A part of a large file. */
    record Part(int number, String sha1, Content content, long timestamp) {}

    StoredFile(
            StoredBucket bucket,
            String id,
            String name,
            long timestamp,
            String action,
            String contentType,
            String sha1,
            Map<String, String> info,
            Content content,
            @Nullable String encryption) {
        this.bucket = bucket;
        this.id = id;
        this.name = name;
        this.timestamp = timestamp;
        this.action = action;
        this.contentType = contentType;
        this.sha1 = sha1;
        this.info = info;
        this.content = content;
        this.encryption = encryption;
    }

    boolean is(String what) {
        return action.equals(what);
    }

    /** As listings and answers to writes show it. */
    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("accountId", Account.ID);
        document.put("action", action);
        document.put("bucketId", bucket.id);
        document.put("contentLength", content.length());
        document.put("contentSha1", is("hide") ? null : sha1);
        document.put("contentMd5", null);
        document.put("contentType", is("hide") ? "application/x-bz-hide-marker" : contentType);
        document.put("fileId", id);
        document.put("fileInfo", info);
        document.put("fileName", name);
        Map<String, @Nullable Object> retention = new LinkedHashMap<>();
        retention.put("mode", null);
        retention.put("retainUntilTimestamp", null);
        document.put("fileRetention", field(retention));
        document.put("legalHold", field(null));
        document.put("replicationStatus", null);
        document.put("serverSideEncryption", encryptionDocument());
        document.put("uploadTimestamp", timestamp);
        return document;
    }

    private Map<String, @Nullable Object> encryptionDocument() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        boolean customers = encryption != null && !encryption.equals("AES256");
        document.put("algorithm", encryption == null ? null : "AES256");
        document.put("mode", encryption == null ? null : customers ? "SSE-C" : "SSE-B2");
        if (customers) {
            document.put("customerKeyMd5", encryption);
        }
        return document;
    }

    /** A field that only some keys may read. */
    static Map<String, @Nullable Object> field(@Nullable Object value) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("isClientAuthorizedToRead", true);
        document.put("value", value);
        return document;
    }
}
