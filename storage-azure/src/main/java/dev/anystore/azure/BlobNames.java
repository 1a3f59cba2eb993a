package dev.anystore.azure;

import dev.anystore.StorageException;
import org.jspecify.annotations.Nullable;

/**
 * Which keys the service keeps byte for byte. It reads a path as a URL of .NET: segments of dots lead elsewhere, dots at the
 * end of a segment and control characters are lost, and a backslash becomes a slash. Such keys are refused here: under
 * another name they could be another object.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata">names of blobs</a>
 */
final class BlobNames {
    /** From the same page. */
    private static final int MAX_CHARACTERS = 1024;

    private static final int MAX_SEGMENTS = 254;

    private BlobNames() {}

    /**
     * Refuses a key that the service would take for another one.
     *
     * @throws StorageException of kind {@code INVALID_KEY}
     */
    static void check(String key) {
        String refusal = refusal(key);
        if (refusal != null) {
            throw StorageException.builder(StorageException.Kind.INVALID_KEY)
                    .message("the key " + refusal)
                    .build();
        }
    }

    /** Why, as the second half of a sentence, or null. */
    static @Nullable String refusal(String key) {
        int segments = 1;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
                return "has a control character, which Azure does not keep in a name";
            }
            if (c == '\\') {
                return "has a backslash, which Azure turns into a slash";
            }
            boolean endsSegment = i + 1 == key.length() || key.charAt(i + 1) == '/';
            if (c == '.' && endsSegment) {
                return "has a dot at the end of a segment, which Azure drops";
            }
            if (c == '/') {
                segments++;
            }
        }
        if (segments > MAX_SEGMENTS) {
            return "has over " + MAX_SEGMENTS + " segments";
        }
        return key.length() > MAX_CHARACTERS ? "has over " + MAX_CHARACTERS + " characters" : null;
    }
}
