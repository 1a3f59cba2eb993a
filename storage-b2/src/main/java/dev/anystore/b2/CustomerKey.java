package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2FileSseForRequest;
import dev.anystore.spi.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A key that the user keeps and every request brings.
 *
 * @param base64 the key
 * @param md5 its MD5 in Base64, by which the service tells keys apart
 */
record CustomerKey(Secret base64, String md5) {
    private static final String HEADER = "X-Bz-Server-Side-Encryption-Customer-";

    /** Reads a key, or null if the text is none. */
    static @Nullable CustomerKey of(Secret text) {
        try {
            byte[] key = Base64.getDecoder().decode(text.reveal().trim());
            if (key.length != 32) {
                return null;
            }
            byte[] digest = MessageDigest.getInstance("MD5").digest(key);
            Base64.Encoder base64 = Base64.getEncoder();
            return new CustomerKey(Secret.of(base64.encodeToString(key)), base64.encodeToString(digest));
        } catch (IllegalArgumentException e) {
            return null;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has MD5", e);
        }
    }

    void write(B2Request request) {
        request.header(HEADER + "Algorithm", "AES256")
                .header(HEADER + "Key", base64.reveal())
                .header(HEADER + "Key-Md5", md5);
    }

    B2FileSseForRequest forSdk() {
        return B2FileSseForRequest.createSseCAes256(base64.reveal(), md5);
    }

    @Override
    public String toString() {
        return "***";
    }
}
