package dev.anystore.s3;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads and writes one JSON object of plain values: what metadata services, programs and login caches hand credentials out in.
 * Nested values are checked and passed over. Bounded in size and depth; anything that is not JSON is refused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
final class FlatJson {
    static final int MAX_CHARS = 64 << 10;
    private static final int MAX_DEPTH = 32;

    private final String text;
    private int at;
    private int depth;

    private FlatJson(String text) {
        this.text = text;
    }

    /**
     * The object's own values by their names: strings without quotes, numbers, {@code true} and {@code false} as they stand.
     * What is null or nested is left out.
     *
     * @throws IOException if the text is no JSON object; it says nothing of the text, which may hold secrets
     */
    static Map<String, String> read(String text) throws IOException {
        if (text.length() > MAX_CHARS) {
            throw new IOException("the document is over " + MAX_CHARS + " characters");
        }
        FlatJson json = new FlatJson(text);
        json.blanks();
        Map<String, String> values = new LinkedHashMap<>();
        json.object(values);
        json.blanks();
        if (json.at != text.length()) {
            throw json.malformed();
        }
        return values;
    }

    /** An object of strings. */
    static String write(Map<String, String> values) {
        StringBuilder out = new StringBuilder("{");
        values.forEach((name, value) -> {
            out.append(out.length() > 1 ? "," : "");
            quote(out, name);
            out.append(':');
            quote(out, value);
        });
        return out.append('}').toString();
    }

    private static void quote(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private IOException malformed() {
        return new IOException("the document is no JSON object, at character " + at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char next() throws IOException {
        if (at >= text.length()) {
            throw malformed();
        }
        return text.charAt(at++);
    }

    private boolean skip(char c) {
        blanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) throws IOException {
        if (!skip(c)) {
            throw malformed();
        }
    }

    private void object(Map<String, String> values) throws IOException {
        deeper();
        expect('{');
        if (!skip('}')) {
            do {
                blanks();
                String name = string();
                expect(':');
                value(name, values);
            } while (skip(','));
            expect('}');
        }
        depth--;
    }

    private void array() throws IOException {
        deeper();
        expect('[');
        if (!skip(']')) {
            do {
                value("", new LinkedHashMap<>());
            } while (skip(','));
            expect(']');
        }
        depth--;
    }

    private void deeper() throws IOException {
        if (++depth > MAX_DEPTH) {
            throw new IOException("the document is over " + MAX_DEPTH + " deep");
        }
    }

    private void value(String name, Map<String, String> into) throws IOException {
        blanks();
        char c = at < text.length() ? text.charAt(at) : 0;
        if (c == '"') {
            into.put(name, string());
        } else if (c == '{') {
            object(new LinkedHashMap<>());
        } else if (c == '[') {
            array();
        } else {
            String word = word();
            if (word.equals("true") || word.equals("false") || word.matches("-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?")) {
                into.put(name, word);
            } else if (!word.equals("null")) {
                throw malformed();
            }
        }
    }

    private String word() {
        int from = at;
        while (at < text.length() && " \t\r\n,]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private String string() throws IOException {
        if (next() != '"') {
            throw malformed();
        }
        StringBuilder out = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw malformed();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        return out.toString();
    }

    private char escaped() throws IOException {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw malformed();
                }
                int value = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) {
                        throw malformed();
                    }
                    value = value * 16 + digit;
                }
                yield (char) value;
            }
            default -> throw malformed();
        };
    }
}
