package dev.anystore.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header or trailer fields of an answer, in the order in which they came. Names are found in any case. Values are
 * the bytes that came, each as one Latin-1 character, without the blanks around them.
 */
public final class HttpHeaders {
    static final HttpHeaders NONE = new HttpHeaders(new byte[0], new int[0], 0);

    // One copy of the head and the bounds of each name and value in it: strings are made for what is asked.
    private final byte[] head;
    private final int[] bounds; // name start, name end, value start, value end
    private final int count;

    HttpHeaders(byte[] head, int[] bounds, int count) {
        this.head = head;
        this.bounds = bounds;
        this.count = count;
    }

    public int size() {
        return count;
    }

    public String name(int index) {
        return text(index, 0);
    }

    public String value(int index) {
        return text(index, 2);
    }

    /** The first value under this name. */
    public @Nullable String first(String name) {
        int i = find(name, 0);
        return i < 0 ? null : value(i);
    }

    /** Every value under this name. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = find(name, 0); i >= 0; i = find(name, i + 1)) {
            values.add(value(i));
        }
        return values;
    }

    /** The index of the first field of this name at or after {@code from}, or -1. */
    int find(String name, int from) {
        for (int i = from; i < count; i++) {
            int start = bounds[4 * i];
            if (bounds[4 * i + 1] - start == name.length() && sameName(start, name)) {
                return i;
            }
        }
        return -1;
    }

    private boolean sameName(int start, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (lower(head[start + i]) != lower(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private String text(int index, int which) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        int start = bounds[4 * index + which];
        return new String(head, start, bounds[4 * index + which + 1] - start, ISO_8859_1);
    }

    /** The names alone: a value may be a secret. */
    @Override
    public String toString() {
        StringBuilder names = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            names.append(i == 0 ? "" : ", ").append(name(i));
        }
        return names.append(']').toString();
    }
}
