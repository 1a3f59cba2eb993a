package dev.anystore.s3;

import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpDates;
import dev.anystore.http.HttpHeaders;
import dev.anystore.spi.Attributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is stored beside the bytes, as headers carry it. */
final class ObjectHeaders {
    private static final String META = "x-amz-meta-";
    private static final Pattern META_NAME = Pattern.compile("[a-z0-9_-]+");
    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    private final Profile profile;
    private final ObjectDefaults defaults;

    ObjectHeaders(Profile profile, ObjectDefaults defaults) {
        this.profile = profile;
        this.defaults = defaults;
    }

    /** What every object of the store gets. */
    ObjectDefaults defaults() {
        return defaults;
    }

    /**
     * Adds the attributes to a request.
     *
     * @throws StorageException of kind {@code INVALID_ARGUMENT} if they can't be stored as they are
     */
    void write(Attributes attributes, S3Request request) {
        write("content-type", attributes.contentType(), request);
        write("content-encoding", attributes.contentEncoding(), request);
        write("content-disposition", attributes.contentDisposition(), request);
        write("cache-control", attributes.cacheControl(), request);
        write("x-amz-storage-class", attributes.storageClass(), request);
        int bytes = 0;
        for (Map.Entry<String, String> entry : attributes.metadata().entrySet()) {
            String name = entry.getKey();
            if (!META_NAME.matcher(name).matches()) {
                throw invalid("the metadata name '" + S3Text.shown(name, 60)
                        + "' has other characters than a-z, 0-9, - and _");
            }
            if (profile.replacesUnderscores() && name.indexOf('_') >= 0) {
                throw invalid("the metadata name '" + name + "' has a _, which this server would turn into a -");
            }
            String value = EncodedWords.encode(entry.getValue());
            // Some services count the prefix too, so that the limit is reached a little earlier.
            bytes += META.length() + name.length() + value.length();
            request.header(META + name, value);
        }
        int most = profile.capabilities().limits().metadataBytes();
        if (bytes > most) {
            throw invalid("the metadata has " + bytes + " bytes as it is sent; at most " + most + " are stored here");
        }
        defaults.onCreate(request);
    }

    private static void write(String name, @Nullable String value, S3Request request) {
        if (value == null) {
            return;
        }
        if (value.isBlank() || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw invalid(name + " must be printable ASCII"
                    + (name.equals("content-disposition")
                            ? "; write other characters as filename*=UTF-8''... (RFC 6266)"
                            : ""));
        }
        request.header(name, value);
    }

    private static StorageException invalid(String message) {
        return StorageException.builder(Kind.INVALID_ARGUMENT).message(message).build();
    }

    /** What the answer to a read says of the object. */
    ObjectInfo.Builder read(String key, long size, Answer answer) {
        HttpHeaders headers = answer.response().headers();
        String tag = S3Text.unquoted(headers.first("etag"));
        Instant modified = HttpDates.parse(headers.first("last-modified"));
        ObjectInfo.Builder info = ObjectInfo.builder(key, size)
                .revision(tag)
                .eTag(tag.isEmpty() ? null : tag)
                .versionId(version(headers.first("x-amz-version-id")))
                .storageClass(headers.first("x-amz-storage-class"))
                .contentType(headers.first("content-type"))
                .contentEncoding(withoutChunks(headers.first("content-encoding")))
                .contentDisposition(headers.first("content-disposition"))
                .cacheControl(headers.first("cache-control"))
                .metadata(metadata(headers))
                .checksums(checksums(headers, tag, answer.status() == 206))
                .compositeChecksum(Checksums.composite(Algorithm.CRC32C, headers.first(Checksums.CRC32C_HEADER)));
        return modified == null ? info : info.lastModified(modified);
    }

    /** What was written, with what the answer says of it. */
    ObjectInfo.Builder written(String key, long size, Attributes attributes, String tag, Answer answer) {
        Instant date = HttpDates.parse(answer.header("date"));
        return ObjectInfo.builder(key, size)
                .revision(tag)
                .eTag(tag.isEmpty() ? null : tag)
                .lastModified(date == null ? Instant.now() : date)
                .versionId(version(answer.header("x-amz-version-id")))
                .storageClass(attributes.storageClass() == null ? defaults.storageClass() : attributes.storageClass())
                .contentType(attributes.contentType())
                .contentEncoding(attributes.contentEncoding())
                .contentDisposition(attributes.contentDisposition())
                .cacheControl(attributes.cacheControl())
                .metadata(attributes.metadata());
    }

    /** Buckets without versions call the only one {@code null}; where versions are not declared, an id is of no use. */
    private @Nullable String version(@Nullable String header) {
        boolean kept = profile.capabilities().has(Capability.VERSIONS);
        return header == null || header.equals("null") || !kept ? null : header;
    }

    /** Some services keep the framing of the transfer as if it were the object's encoding. */
    private static @Nullable String withoutChunks(@Nullable String encoding) {
        if (encoding == null || !encoding.contains("aws-chunked")) {
            return encoding;
        }
        String rest = encoding.replaceAll("\\s*aws-chunked\\s*(,|$)", "")
                .replaceAll(",\\s*$", "")
                .trim();
        return rest.isEmpty() ? null : rest;
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

    /** Digests of the whole object. With a part of it, a service may send the digest of something else. */
    private List<Checksum> checksums(HttpHeaders headers, String tag, boolean partial) {
        List<Checksum> checksums = new ArrayList<>(2);
        if (profile.asksForChecksums() && !partial && !"COMPOSITE".equals(headers.first("x-amz-checksum-type"))) {
            for (Algorithm algorithm : Algorithm.values()) {
                Checksum checksum = algorithm == Algorithm.MD5
                        ? null
                        : Checksums.parse(algorithm, headers.first(Checksums.header(algorithm)));
                if (checksum != null) {
                    checksums.add(checksum);
                }
            }
        }
        if (profile.md5Tags() && MD5.matcher(tag).matches() && !encryptedWithKeys(headers)) {
            checksums.add(new Checksum(Algorithm.MD5, tag));
        }
        return checksums;
    }

    /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html: with KMS or a customer's key the tag is no MD5. */
    private static boolean encryptedWithKeys(HttpHeaders headers) {
        String encryption = headers.first("x-amz-server-side-encryption");
        return (encryption != null && encryption.startsWith("aws:kms"))
                || headers.first("x-amz-server-side-encryption-customer-algorithm") != null;
    }
}
