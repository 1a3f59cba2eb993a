package dev.anystore.gcs;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Digests as the service writes them: Base64, in {@code x-goog-hash} as {@code crc32c=...,md5=...}. Every object has a CRC32C;
 * those that were composed or put in parts have no MD5.
 *
 * @see <a href="https://cloud.google.com/storage/docs/hashes-etags">hashes</a>
 */
final class Hashes {
    static final String HEADER = "x-goog-hash";

    private Hashes() {}

    /** A digest as headers and documents carry it. */
    static String base64(Checksum checksum) {
        return Base64.getEncoder().encodeToString(checksum.bytes());
    }

    /** The header of a CRC32C. */
    static String header(Checksum crc32c) {
        return "crc32c=" + base64(crc32c);
    }

    /** The digest, or null if the text is none. */
    static @Nullable Checksum parse(Algorithm algorithm, @Nullable String base64) {
        if (base64 == null || base64.isEmpty()) {
            return null;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == algorithm.bytes() ? Checksum.of(algorithm, bytes) : null;
        } catch (IllegalArgumentException e) {
            return null; // a digest that can't be read says nothing, and is not the object's fault
        }
    }

    /** All digests of an answer. */
    static List<Checksum> of(HttpHeaders headers) {
        List<Checksum> found = new ArrayList<>(2);
        for (String value : headers.all(HEADER)) {
            for (String one : value.split(",", -1)) {
                String trimmed = one.trim();
                Checksum checksum = trimmed.startsWith("crc32c=")
                        ? parse(Algorithm.CRC32C, trimmed.substring(7))
                        : trimmed.startsWith("md5=") ? parse(Algorithm.MD5, trimmed.substring(4)) : null;
                if (checksum != null) {
                    found.add(checksum);
                }
            }
        }
        return found;
    }

    /** The CRC32C of an answer, or null. */
    static @Nullable Checksum crc32c(HttpHeaders headers) {
        return of(headers).stream()
                .filter(checksum -> checksum.algorithm() == Algorithm.CRC32C)
                .findFirst()
                .orElse(null);
    }
}
