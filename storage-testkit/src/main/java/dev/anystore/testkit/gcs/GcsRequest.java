package dev.anystore.testkit.gcs;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came.
 *
 * @param method of it
 * @param rawPath as it was sent
 * @param rawQuery as it was sent; empty if there was none
 * @param headers by lower-case names
 * @param body all of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed once it is here
record GcsRequest(String method, String rawPath, String rawQuery, Map<String, String> headers, byte[] body) {
    /** The parameters of the query, decoded. */
    Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : rawQuery.isEmpty() ? new String[0] : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return query;
    }

    @Nullable
    String query(String name) {
        return query().get(name);
    }

    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The path in pieces, decoded. */
    List<String> segments() {
        return List.of(rawPath.substring(1).split("/", -1)).stream()
                .map(GcsRequest::decodedPath)
                .toList();
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    static String decodedPath(String raw) {
        return decoded(raw.replace("+", "%2B"));
    }

    private static String decoded(String raw) {
        return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    }
}
