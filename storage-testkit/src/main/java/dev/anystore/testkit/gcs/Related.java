package dev.anystore.testkit.gcs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Documents of several parts, each with a head of its own. */
final class Related {
    private Related() {}

    /** The parts, their heads included. */
    static List<byte[]> parts(String contentType, byte[] body) {
        int at = contentType.toLowerCase(Locale.ROOT).indexOf("boundary=");
        if (at < 0) {
            throw GcsSpace.invalid("the document names no boundary");
        }
        String boundary = contentType.substring(at + 9).split(";", 2)[0].trim().replaceAll("^[\"']|[\"']$", "");
        byte[] mark = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        List<byte[]> parts = new ArrayList<>();
        int from = -1;
        for (int i = find(body, mark, 0); i >= 0; i = find(body, mark, i + mark.length)) {
            if (from >= 0) {
                int end = i;
                end -= end >= 1 && body[end - 1] == '\n' ? 1 : 0;
                end -= end >= 1 && body[end - 1] == '\r' ? 1 : 0;
                parts.add(Arrays.copyOfRange(body, from, Math.max(from, end)));
            }
            from = i + mark.length;
            from += from < body.length && body[from] == '\r' ? 1 : 0;
            from += from < body.length && body[from] == '\n' ? 1 : 0;
        }
        return parts;
    }

    private static int find(byte[] body, byte[] mark, int from) {
        outer:
        for (int i = from; i <= body.length - mark.length; i++) {
            for (int j = 0; j < mark.length; j++) {
                if (body[i + j] != mark[j]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }

    private static int headEnd(byte[] part) {
        if (part.length > 0 && part[0] == '\n') {
            return 1;
        }
        if (part.length > 1 && part[0] == '\r' && part[1] == '\n') {
            return 2; // a head of nothing
        }
        for (int i = 0; i < part.length; i++) {
            if (part[i] == '\n') {
                if (i + 1 < part.length && part[i + 1] == '\n') {
                    return i + 2;
                }
                if (i + 2 < part.length && part[i + 1] == '\r' && part[i + 2] == '\n') {
                    return i + 3;
                }
            }
        }
        return part.length;
    }

    static byte[] body(byte[] part) {
        return Arrays.copyOfRange(part, headEnd(part), part.length);
    }

    static @Nullable String header(byte[] part, String name) {
        String head = new String(part, 0, headEnd(part), StandardCharsets.ISO_8859_1);
        for (String line : head.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).trim().equalsIgnoreCase(name)) {
                return line.substring(colon + 1).trim();
            }
        }
        return null;
    }
}
