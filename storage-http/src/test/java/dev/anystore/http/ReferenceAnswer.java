package dev.anystore.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RFC 9112 once more, written after its grammar and with no thought of speed: what an answer that our parser accepts must
 * mean. Throws for whatever the grammar does not allow.
 */
record ReferenceAnswer(String text, String body) {
    private static final String TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]*";
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9][0-9])(?: " + TEXT + ")?");
    private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(" + TEXT + ")");
    private static final Pattern CHUNK = Pattern.compile("0*([0-9a-fA-F]{1,15})(?:[; \\t]" + TEXT + ")?");

    private static final class Reader {
        private final String rest;
        private int at;

        Reader(byte[] sent) {
            rest = new String(sent, ISO_8859_1);
        }

        String line() {
            int end = rest.indexOf("\r\n", at);
            check(end >= 0, "a line ends in CR LF");
            String line = rest.substring(at, end);
            at = end + 2;
            return line;
        }

        /** Field lines up to the empty one, as name=value. */
        List<String> fields() {
            List<String> fields = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                Matcher field = FIELD.matcher(line);
                check(field.matches(), "a field line");
                fields.add(field.group(1) + "=" + stripEnd(field.group(2)));
            }
            return fields;
        }

        String bytes(long count) {
            check(count <= rest.length() - at, "that many bytes");
            at += (int) count;
            return rest.substring(at - (int) count, at);
        }
    }

    static ReferenceAnswer read(byte[] sent, boolean head) {
        Reader reader = new Reader(sent);
        String minor;
        int status;
        List<String> fields;
        do {
            Matcher line = STATUS_LINE.matcher(reader.line());
            check(line.matches(), "a status line");
            minor = line.group(1);
            status = Integer.parseInt(line.group(2));
            check(status != 101, "no upgrade");
            fields = reader.fields();
        } while (status < 200);

        List<String> lengths = values(fields, "content-length");
        List<String> codings = values(fields, "transfer-encoding");
        check(lengths.stream().allMatch(length -> length.matches("[0-9]{1,18}")), "lengths are digits");
        check(lengths.stream().map(Long::parseLong).distinct().count() <= 1, "one length");
        check(codings.isEmpty() || lengths.isEmpty(), "a length or a coding");
        check(codings.isEmpty() || minor.equals("1"), "codings came with HTTP/1.1");
        check(
                codings.isEmpty()
                        || (codings.size() == 1
                                && codings.get(0).toLowerCase(Locale.ROOT).equals("chunked")),
                "chunked alone");

        String begin = status + "\n" + String.join("\n", fields) + "\n";
        if (head || status == 204 || status == 304) {
            return new ReferenceAnswer(begin, "");
        }
        if (!codings.isEmpty()) {
            StringBuilder body = new StringBuilder();
            while (true) {
                Matcher chunk = CHUNK.matcher(reader.line());
                check(chunk.matches(), "a chunk's size");
                long size = Long.parseLong(chunk.group(1), 16);
                if (size == 0) {
                    break;
                }
                body.append(reader.bytes(size));
                check(reader.bytes(2).equals("\r\n"), "a chunk's end");
            }
            return new ReferenceAnswer(begin + String.join("\n", reader.fields()), body.toString());
        }
        String body =
                lengths.isEmpty() ? reader.rest.substring(reader.at) : reader.bytes(Long.parseLong(lengths.get(0)));
        return new ReferenceAnswer(begin, body);
    }

    private static List<String> values(List<String> fields, String name) {
        return fields.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(name + "="))
                .map(field -> field.substring(name.length() + 1))
                .toList();
    }

    private static String stripEnd(String value) {
        return value.replaceAll("[ \\t]+$", "");
    }

    private static void check(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("accepted without " + rule);
        }
    }
}
