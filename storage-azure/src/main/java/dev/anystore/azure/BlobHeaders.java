package dev.anystore.azure;

import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.http.HttpHeaders;
import dev.anystore.http.HttpResponse;
import dev.anystore.spi.Attributes;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is stored beside the bytes, as headers carry it. */
final class BlobHeaders {
    private static final String META = "x-ms-meta-";
    private static final Pattern META_NAME = Pattern.compile("[a-z0-9_-]+");
    /** Where names and values together may have so many: https://learn.microsoft.com/rest/api/storageservices/put-blob */
    static final int MAX_METADATA_BYTES = 8 << 10;

    private final @Nullable String accessTier;

    /** With the tier of objects whose writer names none. */
    BlobHeaders(@Nullable String accessTier) {
        this.accessTier = accessTier;
    }

    /**
     * Adds the attributes to a request that creates a blob.
     *
     * @throws StorageException of kind {@code INVALID_ARGUMENT} if they can't be stored as they are
     */
    void write(Attributes attributes, AzureRequest request) {
        write("content-type", attributes.contentType(), request);
        write("content-encoding", attributes.contentEncoding(), request);
        write("content-disposition", attributes.contentDisposition(), request);
        write("cache-control", attributes.cacheControl(), request);
        String tier = attributes.storageClass() == null ? accessTier : attributes.storageClass();
        if (tier != null) {
            checkPrintable("storage class", tier);
            request.header("x-ms-access-tier", tier);
        }
        metadata(attributes.metadata(), request);
    }

    /** Adds the tier of objects whose writer names none. */
    void tier(AzureRequest request) {
        if (accessTier != null) {
            request.header("x-ms-access-tier", accessTier);
        }
    }

    /** Adds the metadata. */
    static void metadata(Map<String, String> metadata, AzureRequest request) {
        int bytes = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            String name = entry.getKey();
            if (!META_NAME.matcher(name).matches()) {
                throw invalid("the metadata name '" + AzureText.shown(name, 60)
                        + "' has other characters than a-z, 0-9, - and _");
            }
            String spelled = MetadataNames.encode(name);
            String value = EncodedWords.encode(entry.getValue());
            bytes += spelled.length() + value.length();
            request.header(META + spelled, value);
        }
        if (bytes > MAX_METADATA_BYTES) {
            throw invalid("the metadata has " + bytes + " bytes as it is sent; at most " + MAX_METADATA_BYTES
                    + " are stored here");
        }
    }

    private static void write(String name, @Nullable String value, AzureRequest request) {
        if (value != null) {
            checkPrintable(name, value);
            request.header("x-ms-blob-" + name, value);
        }
    }

    private static void checkPrintable(String name, String value) {
        if (value.isBlank() || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw invalid(name + " must be printable ASCII"
                    + (name.equals("content-disposition")
                            ? "; write other characters as filename*=UTF-8''... (RFC 6266)"
                            : ""));
        }
    }

    private static StorageException invalid(String message) {
        return StorageException.builder(StorageException.Kind.INVALID_ARGUMENT)
                .message(message)
                .build();
    }

    /**
     * What the answer to a read says of the object. Its MD5 is not among the checksums: whoever writes a blob may store any
     * there, and one that is kept with other bytes is no sign of damage.
     */
    static ObjectInfo.Builder read(String key, long size, HttpResponse answer) {
        HttpHeaders headers = answer.headers();
        String tag = AzureText.unquoted(headers.first("etag"));
        Instant modified = HttpDates.parse(headers.first("last-modified"));
        ObjectInfo.Builder info = ObjectInfo.builder(key, size)
                .revision(tag)
                .eTag(tag.isEmpty() ? null : tag)
                .versionId(headers.first("x-ms-version-id"))
                .storageClass(headers.first("x-ms-access-tier"))
                .contentType(headers.first("content-type"))
                .contentEncoding(headers.first("content-encoding"))
                .contentDisposition(headers.first("content-disposition"))
                .cacheControl(headers.first("cache-control"))
                .metadata(metadata(headers));
        return modified == null ? info : info.lastModified(modified);
    }

    /** What was written, with what the answer says of it. */
    ObjectInfo.Builder written(
            String key, long size, Attributes attributes, Map<String, String> metadata, HttpResponse answer) {
        String tag = AzureText.unquoted(answer.header("etag"));
        Instant modified = HttpDates.parse(answer.header("last-modified"));
        return ObjectInfo.builder(key, size)
                .revision(tag)
                .eTag(tag.isEmpty() ? null : tag)
                .lastModified(modified == null ? Instant.now() : modified)
                .versionId(answer.header("x-ms-version-id"))
                .storageClass(attributes.storageClass() == null ? accessTier : attributes.storageClass())
                .contentType(attributes.contentType())
                .contentEncoding(attributes.contentEncoding())
                .contentDisposition(attributes.contentDisposition())
                .cacheControl(attributes.cacheControl())
                .metadata(metadata);
    }

    private static Map<String, String> metadata(HttpHeaders headers) {
        Map<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            if (name.startsWith(META) && name.length() > META.length()) {
                metadata.putIfAbsent(
                        MetadataNames.decode(name.substring(META.length())), EncodedWords.decode(headers.value(i)));
            }
        }
        return metadata;
    }
}
