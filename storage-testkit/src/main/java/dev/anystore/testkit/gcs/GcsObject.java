package dev.anystore.testkit.gcs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** An object, or the draft of one that is being uploaded. Whoever uses it holds the server's lock. */
final class GcsObject {
    /** What clients may say of an object, as the JSON API names it. */
    static final List<String> TEXTS = List.of(
            "contentType",
            "contentEncoding",
            "contentDisposition",
            "contentLanguage",
            "cacheControl",
            "storageClass",
            "customTime");

    final String name;
    final Map<String, String> texts = new LinkedHashMap<>();
    final Map<String, String> metadata = new LinkedHashMap<>();
    byte[] bytes = new byte[0];
    long generation;
    long metageneration = 1;
    String created = "";
    String updated = "";

    @Nullable
    String deleted;

    @Nullable
    String kmsKey;

    @Nullable
    String customerKey;

    long components;
    boolean hasMd5 = true;

    GcsObject(String name) {
        this.name = name;
    }

    /** Takes what a JSON resource says. */
    void take(Map<String, Object> resource) {
        for (String text : TEXTS) {
            if (resource.containsKey(text)) {
                Object value = resource.get(text);
                if (value == null) {
                    texts.remove(text);
                } else {
                    texts.put(text, value.toString());
                }
            }
        }
        JsonText.object(resource.get("metadata")).forEach((name, value) -> {
            if (value == null) {
                metadata.remove(name);
            } else {
                metadata.put(name, value.toString());
            }
        });
    }

    GcsObject copyOfAttributes(String otherName) {
        GcsObject copy = new GcsObject(otherName);
        copy.texts.putAll(texts);
        copy.metadata.putAll(metadata);
        copy.components = components;
        copy.hasMd5 = hasMd5;
        return copy;
    }

    String storageClass() {
        return texts.getOrDefault("storageClass", "STANDARD");
    }

    String crc32c() {
        return crc32c(bytes);
    }

    static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    static String md5(byte[] bytes) {
        return Base64.getEncoder().encodeToString(digest("MD5", bytes));
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An entity tag that is no digest, as the service's are. */
    String etag() {
        return "C" + Long.toString(generation, 36) + "m" + metageneration;
    }

    /** As the JSON API describes it. */
    Map<String, Object> resource(String bucket) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "storage#object");
        json.put("id", bucket + "/" + name + "/" + generation);
        json.put("name", name);
        json.put("bucket", bucket);
        json.put("generation", Long.toString(generation));
        json.put("metageneration", Long.toString(metageneration));
        json.putAll(texts);
        json.put("storageClass", storageClass());
        json.put("size", Long.toString(bytes.length));
        if (hasMd5) {
            json.put("md5Hash", md5(bytes));
        }
        json.put("crc32c", crc32c());
        json.put("etag", etag());
        json.put("timeCreated", created);
        json.put("updated", updated);
        if (deleted != null) {
            json.put("timeDeleted", deleted);
        }
        if (!metadata.isEmpty()) {
            json.put("metadata", metadata);
        }
        if (kmsKey != null) {
            json.put("kmsKeyName", kmsKey + "/cryptoKeyVersions/1");
        }
        if (customerKey != null) {
            json.put("customerEncryption", Map.of("encryptionAlgorithm", "AES256", "keySha256", customerKey));
        }
        if (components > 0) {
            json.put("componentCount", components);
        }
        return json;
    }
}
