package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The metadata that the library itself leaves beside an object. The names have no separators: nginx drops names with
 * {@code _}, and Azure refuses {@code -}.
 */
public final class Reserved {
    /** {@code <8 hex>:<length>}: the CRC32C of the object and its length. */
    public static final String CRC32C = "anystorecrc32c";

    /** 32 hex digits, random for each write, by which a lost answer is recognised. */
    public static final String TOKEN = "anystoretoken";

    /** The size of all parts but the last. */
    public static final String PART = "anystorepart";

    /** All of them. */
    public static final Set<String> NAMES = Set.of(CRC32C, TOKEN, PART);

    private Reserved() {}

    /** The metadata with the digest of the whole object added. */
    static Map<String, String> withCrc32c(Map<String, String> metadata, Checksum crc32c, long length) {
        Map<String, String> more = new TreeMap<>(metadata);
        more.put(CRC32C, crc32c.hex() + ":" + length);
        return more;
    }

    /**
     * The CRC32C that the writer recorded.
     *
     * @return null if there is none, or if it was made for another length: a foreign client may keep metadata with new bytes
     */
    static @Nullable Checksum crc32c(Map<String, String> metadata, long size) {
        String value = metadata.get(CRC32C);
        if (value == null
                || value.length() < 10
                || value.charAt(8) != ':'
                || !value.substring(9).equals(Long.toString(size))) {
            return null;
        }
        try {
            return new Checksum(Checksum.Algorithm.CRC32C, value.substring(0, 8));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The size of all parts but the last, as the writer recorded it; 0 if it did not. */
    static long partBytes(Map<String, String> metadata) {
        String value = metadata.get(PART);
        if (value == null || value.length() > 15 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    /** The description as a caller sees it: the recorded digest among the checksums, our own names not among the metadata. */
    public static ObjectInfo reveal(ObjectInfo info) {
        ObjectInfo.Builder builder = info.toBuilder();
        Checksum recorded = crc32c(info.metadata(), info.size());
        if (recorded != null) {
            builder.addChecksum(recorded);
        }
        return builder.metadata(strip(info.metadata())).build();
    }

    /** The metadata without the library's own names. */
    public static Map<String, String> strip(Map<String, String> metadata) {
        if (metadata.keySet().stream().noneMatch(NAMES::contains)) {
            return metadata;
        }
        Map<String, String> rest = new TreeMap<>(metadata);
        rest.keySet().removeAll(NAMES);
        return rest;
    }
}
