package dev.anystore;

import java.util.HexFormat;
import java.util.Locale;

/**
 * A digest of bytes.
 *
 * @param algorithm how it was computed
 * @param hex the value in lower-case hexadecimal digits, most significant byte first
 */
public record Checksum(Algorithm algorithm, String hex) {
    /** The digests that services know. */
    public enum Algorithm {
        /** CRC-32C (Castagnoli), the library's own digest. */
        CRC32C(4),
        /** CRC-64/NVME. */
        CRC64NVME(8),
        /** MD5. */
        MD5(16),
        /** SHA-1. */
        SHA1(20),
        /** SHA-256. */
        SHA256(32);

        private final int bytes;

        Algorithm(int bytes) {
            this.bytes = bytes;
        }

        /** The length of a value in bytes. */
        public int bytes() {
            return bytes;
        }
    }

    /** Checks the length and the digits, and turns them to lower case. */
    public Checksum {
        hex = hex.toLowerCase(Locale.ROOT);
        if (hex.length() != algorithm.bytes() * 2 || !isHex(hex)) {
            throw new IllegalArgumentException("not a " + algorithm + ": " + hex.length() + " characters, "
                    + algorithm.bytes() * 2 + " hexadecimal digits are needed");
        }
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The digest with this value, most significant byte first. */
    public static Checksum of(Algorithm algorithm, byte[] value) {
        return new Checksum(algorithm, HexFormat.of().formatHex(value));
    }

    /** The CRC32C with this value, of which the low 32 bits count. */
    public static Checksum crc32c(long value) {
        return new Checksum(Algorithm.CRC32C, HexFormat.of().toHexDigits((int) value));
    }

    /** The value, most significant byte first. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }
}
