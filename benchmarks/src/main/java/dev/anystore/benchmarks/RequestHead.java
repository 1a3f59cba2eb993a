package dev.anystore.benchmarks;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the body of a request.
 *
 * @param method in capitals
 * @param path decoded
 * @param query decoded; a name without value has the empty one
 * @param headers by names in lower case
 */
record RequestHead(String method, String path, Map<String, String> query, Map<String, String> headers) {
    /** Where the head ends in these bytes, from position to limit: behind its empty line, or -1. */
    static int endOf(ByteBuffer bytes, int from) {
        for (int i = Math.max(from, bytes.position() + 3); i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n' && bytes.get(i - 1) == '\r' && bytes.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Reads a head without its empty line. */
    static RequestHead parse(String text) throws IOException {
        String[] lines = text.split("\r\n", -1);
        String[] first = lines[0].split(" ", -1);
        if (first.length != 3 || !first[2].equals("HTTP/1.1")) {
            throw new IOException("no request of HTTP/1.1: " + lines[0]);
        }
        int mark = first[1].indexOf('?');
        Map<String, String> query = new HashMap<>();
        if (mark >= 0) {
            for (String pair : first[1].substring(mark + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).trim());
            }
        }
        String path = mark >= 0 ? first[1].substring(0, mark) : first[1];
        return new RequestHead(first[0], decoded(path.replace("+", "%2B")), query, headers);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** A header, or null. */
    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /** Bytes behind the head. */
    long contentLength() throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new IOException("bodies must have a length here");
        }
        return number("content-length", 0);
    }

    /** Bytes of the object or part in the body: fewer than those sent, where a client frames them once more. */
    long payloadLength() throws IOException {
        return number("x-amz-decoded-content-length", contentLength());
    }

    private long number(String name, long otherwise) throws IOException {
        String text = headers.get(name);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(name + " is no number", e);
        }
    }
}
