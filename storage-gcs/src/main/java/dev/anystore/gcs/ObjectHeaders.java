package dev.anystore.gcs;

import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpHeaders;
import dev.anystore.spi.Attributes;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is stored beside the bytes, as headers of the XML API carry it. */
final class ObjectHeaders {
    private static final String META = "x-goog-meta-";
    private static final Pattern META_NAME = Pattern.compile("[a-z0-9_-]+");

    // https://cloud.google.com/storage/quotas: names and values of an object together
    static final int METADATA_BYTES = 8 << 10;

    private final ObjectDefaults defaults;

    ObjectHeaders(ObjectDefaults defaults) {
        this.defaults = defaults;
    }

    ObjectDefaults defaults() {
        return defaults;
    }

    /** Whether headers carry these as they are, so that they need no encoding. */
    static boolean arePlain(Attributes attributes) {
        return attributes.metadata().values().stream().allMatch(EncodedWords::isPlain);
    }

    /**
     * Refuses what can't be stored as it is.
     *
     * @throws StorageException of kind {@code INVALID_ARGUMENT}
     */
    static void check(Attributes attributes) {
        check("content-type", attributes.contentType());
        check("content-encoding", attributes.contentEncoding());
        check("content-disposition", attributes.contentDisposition());
        check("cache-control", attributes.cacheControl());
        check("storage class", attributes.storageClass());
        int bytes = 0;
        for (Map.Entry<String, String> entry : attributes.metadata().entrySet()) {
            String name = entry.getKey();
            if (!META_NAME.matcher(name).matches()) {
                throw invalid("the metadata name '" + GcsText.shown(name, 60)
                        + "' has other characters than a-z, 0-9, - and _");
            }
            bytes += name.length() + EncodedWords.encode(entry.getValue()).length();
        }
        if (bytes > METADATA_BYTES) {
            throw invalid("the metadata has " + bytes + " bytes as it is sent; at most " + METADATA_BYTES
                    + " are stored here");
        }
    }

    private static void check(String name, @Nullable String value) {
        if (value != null && (value.isBlank() || value.chars().anyMatch(c -> c < ' ' || c > '~'))) {
            throw invalid(name + " must be printable ASCII"
                    + (name.equals("content-disposition")
                            ? "; write other characters as filename*=UTF-8''... (RFC 6266)"
                            : ""));
        }
    }

    private static StorageException invalid(String message) {
        return StorageException.builder(Kind.INVALID_ARGUMENT).message(message).build();
    }

    /** Adds the attributes to a request that makes an object. */
    void write(Attributes attributes, GcsRequest request) {
        writeForOthers(attributes, request);
        defaults.onCreate(request, attributes.storageClass());
    }

    /** Adds the attributes to a request that somebody else sends. */
    void writeForOthers(Attributes attributes, GcsRequest request) {
        check(attributes);
        request.headerIfPresent("content-type", attributes.contentType())
                .headerIfPresent("content-encoding", attributes.contentEncoding())
                .headerIfPresent("content-disposition", attributes.contentDisposition())
                .headerIfPresent("cache-control", attributes.cacheControl());
        attributes.metadata().forEach((name, value) -> request.header(META + name, EncodedWords.encode(value)));
    }

    /** What the answer to a read says of the object. */
    ObjectInfo.Builder read(String key, long size, HttpHeaders headers) throws Json.Malformed {
        String generation = GcsText.digits(headers.first("x-goog-generation"));
        if (generation == null) {
            throw new Json.Malformed("the object has no generation");
        }
        String tag = GcsText.unquoted(headers.first("etag"));
        Instant modified = GcsText.httpTime(headers.first("last-modified"));
        ObjectInfo.Builder info = ObjectInfo.builder(key, size)
                .revision(generation)
                .versionId(generation)
                .eTag(tag.isEmpty() ? null : tag)
                .storageClass(headers.first("x-goog-storage-class"))
                .contentType(headers.first("content-type"))
                .contentEncoding(storedEncoding(headers))
                .contentDisposition(headers.first("content-disposition"))
                .cacheControl(headers.first("cache-control"))
                .metadata(metadata(headers))
                .checksums(Hashes.of(headers));
        return modified == null ? info : info.lastModified(modified);
    }

    /** How the object is encoded as it is stored; {@code identity} says that it is not. */
    static @Nullable String storedEncoding(HttpHeaders headers) {
        String stored = headers.first("x-goog-stored-content-encoding");
        String encoding = stored == null ? headers.first("content-encoding") : stored;
        return encoding == null || encoding.isEmpty() || encoding.equals("identity") ? null : encoding;
    }

    /** What was written, with what the answer says of it. */
    ObjectInfo.Builder written(String key, long size, Attributes attributes, HttpHeaders headers, Instant now) {
        String generation = GcsText.digits(headers.first("x-goog-generation"));
        String revision = generation == null ? "" : generation;
        String tag = GcsText.unquoted(headers.first("etag"));
        Instant date = GcsText.httpTime(headers.first("date"));
        return ObjectInfo.builder(key, size)
                .revision(revision)
                .versionId(revision.isEmpty() ? null : revision)
                .eTag(tag.isEmpty() ? null : tag)
                .lastModified(date == null ? now : date)
                .storageClass(attributes.storageClass() == null ? defaults.storageClass() : attributes.storageClass())
                .contentType(attributes.contentType())
                .contentEncoding(attributes.contentEncoding())
                .contentDisposition(attributes.contentDisposition())
                .cacheControl(attributes.cacheControl())
                .metadata(attributes.metadata());
    }

    private static Map<String, String> metadata(HttpHeaders headers) {
        Map<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            if (name.startsWith(META) && name.length() > META.length()) {
                metadata.putIfAbsent(name.substring(META.length()), EncodedWords.decode(headers.value(i)));
            }
        }
        return metadata;
    }
}
