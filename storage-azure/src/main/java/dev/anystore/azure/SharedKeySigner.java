package dev.anystore.azure;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs with an account's key: requests, and the texts that links are made of. Thread-safe.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key">Shared Key</a>
 */
final class SharedKeySigner {
    private static final String[] SIGNED = {
        "content-encoding",
        "content-language",
        "content-length",
        "content-md5",
        "content-type",
        "date",
        "if-modified-since",
        "if-match",
        "if-none-match",
        "if-unmodified-since",
        "range"
    };

    private final String account;
    private final SecretKeySpec key;
    private final ThreadLocal<Mac> macs;

    /** Signs with this key. */
    SharedKeySigner(String account, byte[] key) {
        this.account = account;
        this.key = new SecretKeySpec(key, "HmacSHA256");
        // Making one costs as much as using it.
        this.macs = ThreadLocal.withInitial(this::mac);
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }

    /** The account. */
    String account() {
        return account;
    }

    /**
     * The value of {@code Authorization}.
     *
     * @param path as it is sent
     * @param query not encoded
     * @param headers all that are signed, but the length of the body
     * @param length of the body; 0 or less where there is none
     */
    String authorization(String method, String path, Fields query, Fields headers, long length) {
        return "SharedKey " + account + ':' + sign(text(method, path, query, headers, length));
    }

    /** What is signed for a request. */
    String text(String method, String path, Fields query, Fields headers, long length) {
        StringBuilder text = new StringBuilder(512).append(method).append('\n');
        for (String name : SIGNED) {
            String value =
                    name.equals("content-length") ? (length > 0 ? Long.toString(length) : null) : headers.get(name);
            text.append(value == null ? "" : value).append('\n');
        }
        for (int i : order(headers)) {
            text.append(headers.name(i))
                    .append(':')
                    .append(headers.value(i).trim())
                    .append('\n');
        }
        text.append('/').append(account).append(path);
        // Fields are in the order of their names already.
        for (int i = 0; i < query.size(); i++) {
            text.append('\n').append(query.name(i)).append(':').append(query.value(i));
        }
        return text.toString();
    }

    /** The places of the headers of Azure's own, in the order in which the service signs them. */
    private static int[] order(Fields headers) {
        Integer[] order = new Integer[headers.size()];
        int count = 0;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).startsWith("x-ms-")) {
                order[count++] = i;
            }
        }
        Arrays.sort(order, 0, count, (one, other) -> compare(headers.name(one), headers.name(other)));
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = order[i];
        }
        return places;
    }

    /**
     * The service sorts as a dictionary does, not by the characters' numbers: hyphens do not count, and _ comes before digits.
     * It shows with names of metadata alone.
     */
    static int compare(String one, String other) {
        int i = 0;
        int j = 0;
        while (true) {
            while (i < one.length() && one.charAt(i) == '-') {
                i++;
            }
            while (j < other.length() && other.charAt(j) == '-') {
                j++;
            }
            if (i == one.length() || j == other.length()) {
                boolean even = i == one.length() && j == other.length();
                return even ? one.compareTo(other) : i == one.length() ? -1 : 1;
            }
            int difference = weight(one.charAt(i++)) - weight(other.charAt(j++));
            if (difference != 0) {
                return difference;
            }
        }
    }

    private static int weight(char c) {
        return c == '_' ? 1 : c;
    }

    /** The signature of a text. */
    String sign(String text) {
        return Base64.getEncoder().encodeToString(macs.get().doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The account alone. */
    @Override
    public String toString() {
        return "SharedKeySigner[" + account + "]";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
