package dev.anystore.azure;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one request, or the parameters of its query, kept in the order of their names, which is the
 * order in which they are signed. A name comes once; header names are in lower case.
 */
final class Fields {
    private String[] names = new String[16];
    private String[] values = new String[16];
    private int size;

    /** Sets a field. */
    Fields set(String name, String value) {
        int at = Arrays.binarySearch(names, 0, size, name);
        if (at >= 0) {
            values[at] = value;
            return this;
        }
        at = -at - 1;
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        System.arraycopy(names, at, names, at + 1, size - at);
        System.arraycopy(values, at, values, at + 1, size - at);
        names[at] = name;
        values[at] = value;
        size++;
        return this;
    }

    /** Sets a field unless the value is null. */
    Fields setIfPresent(String name, @Nullable String value) {
        return value == null ? this : set(name, value);
    }

    /** The value, or null. */
    @Nullable
    String get(String name) {
        int at = Arrays.binarySearch(names, 0, size, name);
        return at >= 0 ? values[at] : null;
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** The name at this place of the order. */
    String name(int index) {
        return names[index];
    }

    /** The value at this place of the order. */
    String value(int index) {
        return values[index];
    }

    /** A copy that changes on its own. */
    Fields copy() {
        Fields copy = new Fields();
        copy.names = names.clone();
        copy.values = values.clone();
        copy.size = size;
        return copy;
    }

    /** The names alone: a value may be a secret. */
    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(names, size));
    }
}
