package dev.anystore.memory;

import dev.anystore.Checksum;
import dev.anystore.ListEntry;
import dev.anystore.ObjectInfo;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Versions;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of an object, or a marker that hides the older ones.
 *
 * @param sequence grows with every write of the space
 * @param versionId {@link #UNVERSIONED} if it was written while versioning was off or suspended
 * @param content the bytes, or null of a marker
 * @param crc32c of the bytes, or null of a marker
 */
record Stored(
        long sequence,
        String versionId,
        @Nullable Content content,
        Attributes attributes,
        Map<String, String> tags,
        @Nullable Checksum crc32c,
        Instant modified) {
    /** The id of the only version that a key has while versioning is off, as S3 calls it. */
    static final String UNVERSIONED = "null";

    boolean marker() {
        return content == null;
    }

    long size() {
        return content == null ? 0 : content.size();
    }

    /** Unique for each write, so that equal bytes written twice are told apart. */
    String revision() {
        return marker() ? "" : "r%016x".formatted(sequence);
    }

    Content bytes() {
        if (content == null) {
            throw new IllegalStateException("a delete marker has no bytes");
        }
        return content;
    }

    Stored withTags(Map<String, String> value) {
        return new Stored(sequence, versionId, content, attributes, Map.copyOf(value), crc32c, modified);
    }

    ListEntry entry(String key) {
        return ListEntry.of(key, size(), modified, revision(), attributes.storageClass());
    }

    Versions.Version version(String key, boolean newest) {
        return new Versions.Version(key, versionId, size(), modified, revision(), newest && !marker(), marker());
    }

    ObjectInfo info(String key, boolean showVersion, Verification verification) {
        ObjectInfo.Builder info = ObjectInfo.builder(key, size())
                .lastModified(modified)
                .revision(revision())
                .eTag(revision())
                .versionId(showVersion ? versionId : null)
                .storageClass(attributes.storageClass())
                .contentType(attributes.contentType())
                .contentEncoding(attributes.contentEncoding())
                .contentDisposition(attributes.contentDisposition())
                .cacheControl(attributes.cacheControl())
                .metadata(attributes.metadata())
                .verification(verification);
        if (crc32c != null) {
            info.addChecksum(crc32c);
        }
        return info.build();
    }
}
