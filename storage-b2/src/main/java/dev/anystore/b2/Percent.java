package dev.anystore.b2;

import dev.anystore.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of names and infos in headers and URLs: every byte of UTF-8 but the unreserved ones of RFC 3986 and the slash
 * becomes {@code %XX}. Nothing is normalised.
 *
 * @see <a href="https://www.backblaze.com/docs/cloud-storage-native-api-string-encoding">the service's rules</a>
 */
final class Percent {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Percent() {}

    static String encode(String text) {
        byte[] bytes = Keys.utf8(text);
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            if (stays(b)) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
            }
        }
        return out.toString();
    }

    private static boolean stays(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~'
                || b == '/';
    }

    /** As the service sends it, with a plus for a space or for itself; null if it is no encoding of UTF-8. */
    static @Nullable String decode(String text, boolean plusIsSpace) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '+' && plusIsSpace) {
                b = ' ';
            } else if (b == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                b = (byte) (high << 4 | low);
                i += 2;
            }
            bytes[length++] = b;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
