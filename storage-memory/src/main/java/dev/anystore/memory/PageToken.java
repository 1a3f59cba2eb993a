package dev.anystore.memory;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a page ended: what kind of thing was last, its number among those of one key, and its key. Opaque to the caller, who
 * may hand back anything.
 */
record PageToken(char kind, long number, String key) {
    static final char OBJECT = 'o';
    static final char PREFIX = 'p';
    static final char VERSION = 'v';
    static final char UPLOAD = 'u';

    String text() {
        byte[] plain = (kind + "" + number + ":" + key).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
    }

    static PageToken parse(String text, String kinds) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int colon = plain.indexOf(':');
            if (colon > 1 && kinds.indexOf(plain.charAt(0)) >= 0) {
                return new PageToken(
                        plain.charAt(0), Long.parseLong(plain.substring(1, colon)), plain.substring(colon + 1));
            }
        } catch (IllegalArgumentException e) {
            // Neither base64 nor a number: the same answer as below.
        }
        throw StorageException.builder(Kind.INVALID_ARGUMENT)
                .message("the page token is none of this listing")
                .fix("pass the token of the page before, unchanged")
                .build();
    }
}
