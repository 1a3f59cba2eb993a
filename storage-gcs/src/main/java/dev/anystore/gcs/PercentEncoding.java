package dev.anystore.gcs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The encoding of keys in paths and of values in queries: every byte of UTF-8 but the unreserved ones of RFC 3986 becomes
 * {@code %XX}, once. Nothing is normalised: {@code a//b}, {@code .} and {@code ..} stay as they are, since each of them
 * is another key.
 */
final class PercentEncoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final boolean[] UNRESERVED = new boolean[128];

    static {
        for (char c = 0; c < 128; c++) {
            UNRESERVED[c] = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == '~';
        }
    }

    private PercentEncoding() {}

    /** A key, whose slashes stay. */
    static void appendPath(StringBuilder out, String key) {
        append(out, key, true);
    }

    /** A name or a value of a query. */
    static void appendQuery(StringBuilder out, String text) {
        append(out, text, false);
    }

    /** A name or a value of a query. */
    static String query(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        append(out, text, false);
        return out.toString();
    }

    private static void append(StringBuilder out, String text, boolean slashStays) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                if (UNRESERVED[c] || (slashStays && c == '/')) {
                    out.append(c);
                } else {
                    octet(out, c);
                }
            } else {
                int end = i + 1;
                while (end < text.length() && text.charAt(end) >= 128) {
                    end++;
                }
                for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    octet(out, b & 0xff);
                }
                i = end - 1;
            }
        }
    }

    private static void octet(StringBuilder out, int value) {
        out.append('%').append(HEX[value >> 4]).append(HEX[value & 15]);
    }

    /**
     * Decodes what a service encoded for {@code encoding-type=url}. A {@code +} is a space: AWS and MinIO encode as forms do,
     * and all encode a real plus as {@code %2B}.
     *
     * @throws CharacterCodingException if the text is no encoding of UTF-8
     */
    static String decode(String text) throws CharacterCodingException {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '+') {
                b = ' ';
            } else if (b == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new CharacterCodingException();
                }
                b = (byte) (high << 4 | low);
                i += 2;
            }
            bytes[length++] = b;
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, 0, length))
                .toString();
    }
}
