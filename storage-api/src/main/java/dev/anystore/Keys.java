package dev.anystore;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * Rules of object keys. A key is an opaque string of 1 to 1,024 bytes of UTF-8, passed byte for byte and never
 * normalised; only the empty key, NUL, lone surrogates and longer ones are invalid. {@code ..} is legal in a key, and
 * refused where a key becomes a file name.
 */
public final class Keys {
    /** The longest key, as in S3's "Creating object key names". */
    public static final int MAX_BYTES = 1024;

    /** The order of every listing: by the bytes of UTF-8, which is the order of code points. */
    public static final Comparator<String> UTF8_ORDER = Keys::compareUtf8;

    private Keys() {}

    /**
     * The number of bytes of this string in UTF-8.
     *
     * @throws IllegalArgumentException if it has a lone surrogate
     */
    public static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new IllegalArgumentException("a lone surrogate at index " + i);
            }
        }
        return bytes;
    }

    /**
     * Returns the key if it is valid.
     *
     * @throws StorageException of kind {@link StorageException.Kind#INVALID_KEY} if it is not
     */
    public static String check(String key) {
        return check(key, MAX_BYTES);
    }

    static String check(String key, int maxBytes) {
        String problem = problem(key, maxBytes);
        if (problem != null) {
            throw StorageException.builder(StorageException.Kind.INVALID_KEY)
                    .key(key.isEmpty() ? null : key)
                    .message(problem)
                    .build();
        }
        return key;
    }

    private static @org.jspecify.annotations.Nullable String problem(String key, int maxBytes) {
        if (key.isEmpty()) {
            return "the key is empty; a key has 1 to " + maxBytes + " bytes of UTF-8";
        }
        if (key.indexOf('\0') >= 0) {
            return "the key has a NUL character, which no service takes";
        }
        int bytes;
        try {
            bytes = utf8Length(key);
        } catch (IllegalArgumentException e) {
            return "the key has " + e.getMessage() + " and is no valid Unicode";
        }
        return bytes <= maxBytes
                ? null
                : "the key has " + bytes + " bytes of UTF-8; at most " + maxBytes + " are allowed";
    }

    /** The bytes of a key in UTF-8. */
    public static byte[] utf8(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static int compareUtf8(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above U+FFFF, so they sort after every other char.
                boolean highX = Character.isSurrogate(x);
                boolean highY = Character.isSurrogate(y);
                return highX == highY ? Character.compare(x, y) : (highX ? 1 : -1);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
