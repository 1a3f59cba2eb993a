package dev.anystore.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A line of a journal: {@code name=value *1a2b3c4d}, with the CRC32C of what stands before the space. A line that was not
 * written to its end, or that the disk lost, is told by that.
 *
 * @param name lower-case letters and digits
 * @param value any text; controls and {@code %} are percent-encoded in the file
 */
record JournalLine(String name, String value) {
    /** {@code " *"} and 8 digits. */
    private static final int TAIL = 10;

    /** The lines at the beginning of a file, and how many bytes they take; what follows is torn. */
    record Read(List<JournalLine> lines, int bytes) {}

    byte[] encoded() {
        byte[] text = (name + '=' + encode(value, "")).getBytes(StandardCharsets.UTF_8);
        byte[] tail = (" *" + HexFormat.of().toHexDigits(crc(text, 0, text.length)) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] line = java.util.Arrays.copyOf(text, text.length + tail.length);
        System.arraycopy(tail, 0, line, text.length, tail.length);
        return line;
    }

    /** Reads until the end or the first line that is none. */
    static Read read(byte[] bytes) {
        List<JournalLine> lines = new ArrayList<>();
        int at = 0;
        for (int end = lineEnd(bytes, at); end >= 0; end = lineEnd(bytes, at)) {
            JournalLine line = parse(bytes, at, end);
            if (line == null) {
                break;
            }
            lines.add(line);
            at = end + 1;
        }
        return new Read(List.copyOf(lines), at);
    }

    private static int lineEnd(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable JournalLine parse(byte[] bytes, int from, int to) {
        int end = to - TAIL;
        if (end <= from || bytes[end] != ' ' || bytes[end + 1] != '*') {
            return null;
        }
        String digits = new String(bytes, end + 2, TAIL - 2, StandardCharsets.US_ASCII);
        if (!digits.equals(HexFormat.of().toHexDigits(crc(bytes, from, end - from)))) {
            return null;
        }
        String text = new String(bytes, from, end - from, StandardCharsets.UTF_8);
        int equals = text.indexOf('=');
        return equals < 1 ? null : new JournalLine(text.substring(0, equals), decode(text.substring(equals + 1)));
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** The value with controls, {@code %} and these other characters percent-encoded. */
    static String encode(String value, String others) {
        StringBuilder text = new StringBuilder(value.length() + 8);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '%' || c == 0x7f || others.indexOf(c) >= 0) {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder value = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2))) {
                value.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    private static boolean isHex(char c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }
}
