package dev.anystore.testkit.gcs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON as maps, lists, texts, longs and booleans: enough for what clients send. */
final class JsonText {
    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /** Reads an object; an empty text is an empty one. */
    static Map<String, Object> read(String text) {
        if (text.isBlank()) {
            return new LinkedHashMap<>();
        }
        JsonText json = new JsonText(text);
        Object value = json.value(0);
        if (!(value instanceof Map<?, ?>) || json.skipBlanks() != text.length()) {
            throw new IllegalArgumentException("no JSON object");
        }
        return object(value);
    }

    /** A nested object, empty if it is none. */
    @SuppressWarnings("unchecked") // objects are made here alone, with texts as names
    static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : new LinkedHashMap<>();
    }

    static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            int count = 0;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (entry.getValue() != null) {
                    out.append(count++ == 0 ? "" : ",");
                    quote(String.valueOf(entry.getKey()), out);
                    out.append(':');
                    write(entry.getValue(), out);
                }
            }
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) {
                out.append(i == 0 ? "" : ",");
                write(list.get(i), out);
            }
            out.append(']');
        } else if (value instanceof String string) {
            quote(string, out);
        } else {
            out.append(value);
        }
    }

    private static void quote(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || c == 0x7f) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private int skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private @Nullable Object value(int depth) {
        if (depth > 32) {
            throw new IllegalArgumentException("too deep");
        }
        skipBlanks();
        char c = at < text.length() ? text.charAt(at) : 0;
        switch (c) {
            case '{' -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                at++;
                while (!skip('}')) {
                    skip(',');
                    skipBlanks();
                    String name = string();
                    if (!skip(':')) {
                        throw new IllegalArgumentException("no colon at " + at);
                    }
                    map.put(name, value(depth + 1));
                }
                return map;
            }
            case '[' -> {
                List<@Nullable Object> list = new ArrayList<>();
                at++;
                while (!skip(']')) {
                    skip(',');
                    list.add(value(depth + 1));
                }
                return list;
            }
            case '"' -> {
                return string();
            }
            default -> {
                int from = at;
                while (at < text.length() && " \t\r\n,]}".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                String word = text.substring(from, at);
                return switch (word) {
                    case "true" -> true;
                    case "false" -> false;
                    case "null" -> null;
                    default -> word.contains(".") ? (Object) Double.valueOf(word) : (Object) Long.valueOf(word);
                };
            }
        }
    }

    private boolean skip(char c) {
        if (skipBlanks() < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        if (at >= text.length()) {
            throw new IllegalArgumentException("the JSON ends too early");
        }
        return false;
    }

    private String string() {
        if (at >= text.length() || text.charAt(at++) != '"') {
            throw new IllegalArgumentException("no text at " + at);
        }
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(at++);
            switch (escaped) {
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    out.append((char) Integer.parseInt(text, at, at + 4, 16));
                    at += 4;
                }
                default -> out.append(escaped);
            }
        }
        throw new IllegalArgumentException("the JSON ends within a text");
    }
}
