package dev.anystore.b2;

import com.backblaze.b2.json.B2Json;
import com.backblaze.b2.json.B2JsonException;
import com.backblaze.b2.json.B2JsonOptions;
import java.io.IOException;

/** The service's documents, by the SDK's own JSON, which has no bounds: so they are looked at before. */
final class Documents {
    /** The longest answer: 10,000 files with all that they carry have some 10 MiB. */
    static final int MAX_BYTES = 16 << 20;

    private static final int MAX_DEPTH = 32;

    private Documents() {}

    static <T> T read(byte[] body, Class<T> type) throws IOException {
        checkDepth(body);
        try {
            return B2Json.get().fromJson(body, type, B2JsonOptions.DEFAULT_AND_ALLOW_EXTRA_FIELDS);
        } catch (B2JsonException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // What the SDK says of it quotes the document.
            throw new IOException("the answer is not the JSON that it should be");
        }
    }

    static byte[] write(Object document) {
        try {
            return B2Json.get().toJsonUtf8Bytes(document);
        } catch (B2JsonException e) {
            throw new IllegalStateException("a request that is no JSON", e);
        }
    }

    /** The SDK reads nested values by recursion: a document of nothing but brackets would end the thread. */
    private static void checkDepth(byte[] body) throws IOException {
        int depth = 0;
        boolean inText = false;
        for (int i = 0; i < body.length; i++) {
            byte b = body[i];
            if (inText) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    inText = false;
                }
            } else if (b == '"') {
                inText = true;
            } else if (b == '{' || b == '[') {
                if (++depth > MAX_DEPTH) {
                    throw new IOException("the answer is over " + MAX_DEPTH + " deep");
                }
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
    }
}
