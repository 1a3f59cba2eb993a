package dev.anystore.local;

import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.spi.Attributes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is written beside the bytes of an object, as an extended attribute or a sidecar: lines {@code name=value}.
 *
 * @param key the key, if a hashed name does not tell it
 * @param revision 16 hexadecimal digits, random for each write
 * @param crc32c digits and length, joined by a colon: of these bytes and no others
 * @param attributes what the caller gave; in the metadata also the token and the part size of the library, if given
 */
record ObjectNote(@Nullable String key, String revision, String crc32c, Attributes attributes) {
    /** Without the {@code user.} that Linux puts before it and Java hides. */
    static final String ATTRIBUTE = "anystore";

    /** A larger note becomes a sidecar: ext4 has one block of 4 KiB for all attributes of a file. */
    static final int MAX_ATTRIBUTE_BYTES = 3072;

    /** The most metadata, names and values together. */
    static final int MAX_METADATA_BYTES = 64 << 10;

    /** No note is longer: metadata and four headers, every byte escaped. */
    static final int MAX_BYTES = 1 << 20;

    private static final String CRC32C = "anystorecrc32c";
    private static final String TOKEN = "anystoretoken";
    private static final String PART = "anystorepart";

    byte[] toBytes() {
        StringBuilder lines = new StringBuilder(256);
        line(lines, "v", "1");
        line(lines, "key", key);
        line(lines, "rev", revision);
        line(lines, "type", attributes.contentType());
        line(lines, "encoding", attributes.contentEncoding());
        line(lines, "disposition", attributes.contentDisposition());
        line(lines, "cache", attributes.cacheControl());
        line(lines, "crc32c", crc32c);
        attributes.metadata().forEach((name, value) -> {
            switch (name) {
                case CRC32C -> {}
                case TOKEN -> line(lines, "token", value);
                case PART -> line(lines, "part", value);
                default -> line(lines, "m." + name, value);
            }
        });
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder lines, String name, @Nullable String value) {
        if (value == null) {
            return;
        }
        lines.append(name).append('=');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == '%' || c == 0x7f) {
                lines.append('%')
                        .append(java.util.HexFormat.of().withUpperCase().toHexDigits((byte) c));
            } else {
                lines.append(c);
            }
        }
        lines.append('\n');
    }

    /** Reads the lines; null if they are none of ours. Lines of unknown names are left out. */
    static @Nullable ObjectNote parse(byte[] bytes) {
        Map<String, String> values = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                String name = line.substring(0, equals);
                String value = unescape(line.substring(equals + 1));
                if (name.startsWith("m.")) {
                    metadata.put(name.substring(2), value);
                } else {
                    values.put(name, value);
                }
            }
        }
        String revision = values.get("rev");
        if (!"1".equals(values.get("v")) || revision == null || !isHex(revision, 16)) {
            return null;
        }
        String crc32c = values.getOrDefault("crc32c", "");
        putIfPresent(metadata, CRC32C, values.get("crc32c"));
        putIfPresent(metadata, TOKEN, values.get("token"));
        putIfPresent(metadata, PART, values.get("part"));
        return new ObjectNote(
                values.get("key"),
                revision,
                crc32c,
                new Attributes(
                        values.get("type"),
                        values.get("encoding"),
                        values.get("disposition"),
                        values.get("cache"),
                        null,
                        metadata));
    }

    private static void putIfPresent(Map<String, String> metadata, String name, @Nullable String value) {
        if (value != null) {
            metadata.put(name, value);
        }
    }

    private static boolean isHex(String text, int length) {
        return text.length() == length && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static String unescape(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int code = c == '%' && i + 2 < text.length() ? hex(text, i + 1) : -1;
            if (code >= 0) {
                out.append((char) code);
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static int hex(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    /** The digest of the bytes, or null if it was recorded for another length: somebody changed the file by hand. */
    @Nullable
    Checksum checksum(long size) {
        if (crc32c.length() < 10 || !crc32c.substring(8).equals(":" + size) || !isHex(crc32c.substring(0, 8), 8)) {
            return null;
        }
        return new Checksum(Checksum.Algorithm.CRC32C, crc32c.substring(0, 8));
    }

    /** The revision of a file: the note's, unless the file was changed by hand since. */
    static String revision(Entry entry, @Nullable ObjectNote note) {
        return note == null || note.checksum(entry.size()) == null ? entry.plainRevision() : note.revision();
    }

    /** What is known of an object. */
    static ObjectInfo describe(String key, Entry entry, @Nullable ObjectNote note) {
        ObjectInfo.Builder info = ObjectInfo.builder(key, entry.size())
                .lastModified(entry.modified().toInstant())
                .revision(revision(entry, note));
        if (note != null) {
            Attributes attributes = note.attributes();
            info.contentType(attributes.contentType())
                    .contentEncoding(attributes.contentEncoding())
                    .contentDisposition(attributes.contentDisposition())
                    .cacheControl(attributes.cacheControl())
                    .metadata(attributes.metadata());
            Checksum checksum = note.checksum(entry.size());
            if (checksum != null) {
                info.addChecksum(checksum);
            }
        }
        return info.build();
    }
}
