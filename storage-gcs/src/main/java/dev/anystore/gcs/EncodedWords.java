package dev.anystore.gcs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metadata values in headers of the XML API. Printable ASCII goes as it is; anything else becomes encoded words (RFC 2047, base64
 * of UTF-8). JSON carries values as they are, but for those that would change when the object is read by header.
 */
final class EncodedWords {
    // A word has at most 75 characters (RFC 2047 section 2): 12 of frame leave 60 of base64, which are 45 bytes.
    private static final int BYTES_PER_WORD = 45;
    private static final Pattern WORD = Pattern.compile("=\\?([^?\\s]{1,40})\\?([BbQq])\\?([^?\\s]*)\\?=");

    private EncodedWords() {}

    /** The value as a header carries it: printable ASCII. */
    static String encode(String value) {
        return isPlain(value) ? value : words(value);
    }

    /** The value as JSON carries it: any text, but none that a header would change or a reader take for words. */
    static String encodeForJson(String value) {
        boolean fragile = value.startsWith(" ") || value.endsWith(" ") || value.contains("  ") || value.contains("=?");
        return fragile ? words(value) : value;
    }

    /** Whether a header carries the value as it is. */
    static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        // Blanks at the ends are trimmed on the way and several in a row may be folded; "=?" would be read as a word.
        return !value.startsWith(" ") && !value.endsWith(" ") && !value.contains("  ") && !value.contains("=?");
    }

    private static String words(String value) {
        StringBuilder out = new StringBuilder(value.length() * 2);
        int start = 0;
        while (start < value.length()) {
            int end = start;
            int bytes = 0;
            while (end < value.length()) {
                int codePoint = value.codePointAt(end);
                int more = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
                if (bytes + more > BYTES_PER_WORD) {
                    break;
                }
                bytes += more;
                end += Character.charCount(codePoint);
            }
            byte[] utf8 = value.substring(start, end).getBytes(StandardCharsets.UTF_8);
            out.append(start == 0 ? "" : " ")
                    .append("=?UTF-8?B?")
                    .append(Base64.getEncoder().encodeToString(utf8))
                    .append("?=");
            start = end;
        }
        return out.toString();
    }

    /** The value of a header, whose characters are the bytes that came. What is no well-formed word stays as it is. */
    static String decode(String header) {
        String text = header;
        for (int i = 0; i < header.length(); i++) {
            if (header.charAt(i) > '~') {
                text = utf8OrLatin1(header);
                break;
            }
        }
        return decodeText(text);
    }

    /** The value of a document. */
    static String decodeText(String text) {
        if (!text.contains("=?")) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        Matcher matcher = WORD.matcher(text);
        int copied = 0;
        boolean wordBefore = false;
        while (matcher.find()) {
            String between = text.substring(copied, matcher.start());
            String decoded;
            try {
                decoded = decodeWord(matcher.group(1), matcher.group(2), matcher.group(3));
            } catch (IllegalArgumentException | CharacterCodingException e) {
                continue; // not a word; the text stays
            }
            // Blanks between two words only separate them: RFC 2047 section 6.2.
            if (!wordBefore || !between.isBlank()) {
                out.append(between);
            }
            out.append(decoded);
            copied = matcher.end();
            wordBefore = true;
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** What was stored by JSON comes in a header as UTF-8. */
    private static String utf8OrLatin1(String header) {
        try {
            return decodeStrictly(StandardCharsets.UTF_8, header.getBytes(StandardCharsets.ISO_8859_1));
        } catch (CharacterCodingException e) {
            return header;
        }
    }

    private static String decodeWord(String charset, String encoding, String text) throws CharacterCodingException {
        Charset known =
                switch (charset.toUpperCase(Locale.ROOT)) {
                    case "UTF-8" -> StandardCharsets.UTF_8;
                    case "ISO-8859-1" -> StandardCharsets.ISO_8859_1;
                    case "US-ASCII" -> StandardCharsets.US_ASCII;
                    default -> throw new IllegalArgumentException("a character set that is not needed");
                };
        byte[] bytes = encoding.equalsIgnoreCase("B") ? Base64.getDecoder().decode(text) : quoted(text);
        return decodeStrictly(known, bytes);
    }

    private static byte[] quoted(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '_') {
                c = ' ';
            } else if (c == '=') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException("half an octet");
                }
                c = (char) (high << 4 | low);
                i += 2;
            }
            bytes[length++] = (byte) c;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static String decodeStrictly(Charset charset, byte[] bytes) throws CharacterCodingException {
        return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
