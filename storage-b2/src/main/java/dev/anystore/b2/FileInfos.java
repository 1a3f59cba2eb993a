package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2FileVersion;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.Keys;
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

/**
 * What is stored beside the bytes: a content type, and the file info, which has names of its own for what other services have
 * headers for.
 *
 * @see <a href="https://www.backblaze.com/docs/cloud-storage-file-information">file information</a>
 */
final class FileInfos {
    static final String HEADER = "X-Bz-Info-";
    /** What a file gets that was put without a type; without any, the service would guess by the name's ending. */
    static final String UNTYPED = "application/octet-stream";
    /** What the writer of a large file says of all its bytes, by the convention of Backblaze's own clients. */
    static final String WHOLE_SHA1 = "large_file_sha1";

    /**
     * Name and info of a file that the service encrypts have 2,048 bytes; without encryption it is 7,000, but since
     * 14 September 2026 the service encrypts by default.
     */
    static final int MAX_BYTES = 2048;

    private static final int MAX_NAME_BYTES = 50;
    private static final String DISPOSITION = "b2-content-disposition";
    private static final String CACHE = "b2-cache-control";
    private static final String ENCODING = "b2-content-encoding";
    /** What the service sends for a file that says nothing of caches. */
    private static final String UNCACHED = "max-age=0, no-cache, no-store";

    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-fA-F]{40}");

    private FileInfos() {}

    /**
     * The file info of these attributes.
     *
     * @throws StorageException of kind {@code INVALID_ARGUMENT} if they can't be stored as they are, {@code UNSUPPORTED} if they
     *     ask for what the service does not have
     */
    static Map<String, String> of(String key, Attributes attributes) {
        checkKey(key);
        if (attributes.storageClass() != null) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("B2 has no storage classes")
                    .fix("leave the storage class out")
                    .build();
        }
        Map<String, String> info = new TreeMap<>();
        int bytes = Keys.utf8Length(key);
        for (Map.Entry<String, String> entry : attributes.metadata().entrySet()) {
            String name = entry.getKey();
            if (!NAME.matcher(name).matches() || name.length() > MAX_NAME_BYTES) {
                throw invalid("the metadata name '" + B2Text.shown(name, 60)
                        + "' is not of 1 to 50 characters a-z, 0-9, - and _");
            }
            if (name.startsWith("b2-")) {
                throw invalid("the metadata name " + name + " is the service's own");
            }
            info.put(name, entry.getValue());
        }
        special(DISPOSITION, attributes.contentDisposition(), info);
        special(CACHE, attributes.cacheControl(), info);
        special(ENCODING, attributes.contentEncoding(), info);
        String type = attributes.contentType();
        if (type != null && (type.isBlank() || type.chars().anyMatch(c -> c < ' ' || c > '~'))) {
            throw invalid("the content type must be printable ASCII");
        }
        for (Map.Entry<String, String> entry : info.entrySet()) {
            bytes += entry.getKey().length() + Percent.encode(entry.getValue()).length();
        }
        if (bytes > MAX_BYTES) {
            throw invalid("name and metadata have " + bytes + " bytes as they are sent; at most " + MAX_BYTES
                    + " are stored together");
        }
        return info;
    }

    private static void special(String name, @Nullable String value, Map<String, String> into) {
        if (value == null) {
            return;
        }
        if (value.isBlank() || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw invalid(name.substring(3) + " must be printable ASCII"
                    + (name.equals(DISPOSITION) ? "; write other characters as filename*=UTF-8''... (RFC 6266)" : ""));
        }
        into.put(name, value);
    }

    /**
     * Refuses a key that the service does not take: https://www.backblaze.com/docs/cloud-storage-files
     *
     * @throws StorageException of kind {@code INVALID_KEY}
     */
    static void checkKey(String key) {
        if (key.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw StorageException.builder(Kind.INVALID_KEY)
                    .message("the key has a control character, which B2 does not take")
                    .build();
        }
    }

    static String type(Attributes attributes) {
        return attributes.contentType() == null ? UNTYPED : attributes.contentType();
    }

    private static StorageException invalid(String message) {
        return StorageException.builder(Kind.INVALID_ARGUMENT).message(message).build();
    }

    // ---- what comes back

    /** What the head of a download says. */
    static ObjectInfo.Builder read(String key, long size, Answer answer) {
        HttpHeaders headers = answer.response().headers();
        String id = headers.first("x-bz-file-id");
        Map<String, String> info = new TreeMap<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.length() > HEADER.length() && name.regionMatches(true, 0, HEADER, 0, HEADER.length())) {
                String value = Percent.decode(headers.value(i), true);
                info.put(
                        name.substring(HEADER.length()).toLowerCase(Locale.ROOT),
                        value == null ? headers.value(i) : value);
            }
        }
        put(info, DISPOSITION, headers.first("content-disposition"));
        put(info, ENCODING, headers.first("content-encoding"));
        String cache = headers.first("cache-control");
        put(info, CACHE, UNCACHED.equals(cache) ? null : cache);
        return described(
                key,
                size,
                id == null ? "" : id,
                number(headers.first("x-bz-upload-timestamp")),
                headers.first("content-type"),
                headers.first("x-bz-content-sha1"),
                info);
    }

    private static void put(Map<String, String> info, String name, @Nullable String value) {
        if (value != null) {
            info.putIfAbsent(name, value);
        }
    }

    /** What a document says. */
    @SuppressWarnings("NullAway") // the SDK says nothing of nulls: what large files and others do not have is null
    static ObjectInfo.Builder read(B2FileVersion file) {
        Map<String, String> info = new TreeMap<>();
        if (file.getFileInfo() != null) {
            file.getFileInfo().forEach((name, value) -> info.put(name.toLowerCase(Locale.ROOT), value));
        }
        return described(
                file.getFileName(),
                file.getContentLength(),
                file.getFileId(),
                file.getUploadTimestamp(),
                file.getContentType(),
                file.getContentSha1(),
                info);
    }

    private static ObjectInfo.Builder described(
            String key,
            long size,
            String id,
            long timestamp,
            @Nullable String type,
            @Nullable String sha1,
            Map<String, String> info) {
        ObjectInfo.Builder builder = ObjectInfo.builder(key, size)
                .revision(id)
                .versionId(id.isEmpty() ? null : id)
                .contentType(type)
                .contentDisposition(info.remove(DISPOSITION))
                .cacheControl(info.remove(CACHE))
                .contentEncoding(info.remove(ENCODING));
        if (timestamp > 0) {
            builder.lastModified(Instant.ofEpochMilli(timestamp));
        }
        Checksum whole = sha1(sha1);
        if (whole == null) {
            whole = sha1(info.get(WHOLE_SHA1));
        }
        if (whole != null) {
            builder.addChecksum(whole);
        }
        return builder.metadata(info);
    }

    /** A digest that the service has checked: {@code none} of large files and {@code unverified:…} are none. */
    static @Nullable Checksum sha1(@Nullable String text) {
        return text != null && SHA1.matcher(text).matches() ? new Checksum(Algorithm.SHA1, text) : null;
    }

    static long number(@Nullable String text) {
        if (text == null
                || text.isEmpty()
                || text.length() > 18
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }
}
