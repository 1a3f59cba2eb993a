package dev.anystore.s3;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.CompositeChecksum;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Which digest travels with the bytes, so that the service refuses others. */
enum Checksums {
    /** CRC32C with every request; the parts of an upload combine into the digest of the object, which complete names. */
    CRC32C("crc32c", Algorithm.CRC32C),
    /** CRC32C with every request; an object of parts has only a digest of their digests. */
    CRC32C_PARTS("crc32c-parts", Algorithm.CRC32C),
    /** {@code Content-MD5} with every request: what services know that know nothing else. */
    MD5("md5", Algorithm.MD5),
    /** None. */
    NONE("none", null);

    /** The header of a CRC32C, and with the others of its kind the prefix of all. */
    static final String CRC32C_HEADER = "x-amz-checksum-crc32c";

    private final String settingValue;
    private final @Nullable Algorithm algorithm;

    Checksums(String settingValue, @Nullable Algorithm algorithm) {
        this.settingValue = settingValue;
        this.algorithm = algorithm;
    }

    /** How a user names it. */
    String settingValue() {
        return settingValue;
    }

    /** The digest that each request needs, or null. */
    @Nullable
    Algorithm algorithm() {
        return algorithm;
    }

    /** Whether it is one of the two that send CRC32C. */
    boolean isCrc32c() {
        return algorithm == Algorithm.CRC32C;
    }

    /** The one that a user names so, or null. */
    static @Nullable Checksums named(String value) {
        for (Checksums checksums : values()) {
            if (checksums.settingValue.equalsIgnoreCase(value)) {
                return checksums;
            }
        }
        return null;
    }

    /** The name of the header that carries a digest. */
    static String header(Algorithm algorithm) {
        return switch (algorithm) {
            case CRC32C -> CRC32C_HEADER;
            case CRC64NVME -> "x-amz-checksum-crc64nvme";
            case SHA1 -> "x-amz-checksum-sha1";
            case SHA256 -> "x-amz-checksum-sha256";
            case MD5 -> "content-md5";
        };
    }

    /** A digest as headers and documents carry it. */
    static String base64(Checksum checksum) {
        return Base64.getEncoder().encodeToString(checksum.bytes());
    }

    /** The digest, or null if it is none of a whole object: one of parts' digests ends in {@code -} and their count. */
    static @Nullable Checksum parse(Algorithm algorithm, @Nullable String base64) {
        if (base64 == null || base64.indexOf('-') >= 0) {
            return null;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == algorithm.bytes() ? Checksum.of(algorithm, bytes) : null;
        } catch (IllegalArgumentException e) {
            return null; // a digest that can't be read says nothing, and is not the object's fault
        }
    }

    /** The digest of the parts' digests in {@code <base64>-<count>}, or null if it is none. */
    static @Nullable CompositeChecksum composite(Algorithm algorithm, @Nullable String value) {
        int dash = value == null ? -1 : value.indexOf('-');
        if (value == null || dash < 0 || value.length() - dash > 6) {
            return null;
        }
        Checksum digest = parse(algorithm, value.substring(0, dash));
        try {
            return digest == null
                    ? null
                    : new CompositeChecksum(digest, Integer.parseInt(value, dash + 1, value.length(), 10));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
