package dev.anystore.local;

import dev.anystore.Keys;
import java.util.Arrays;

/**
 * The names of a folder as they were, in the order of the keys that they lead to: an object by its segment, a folder with
 * a slash behind. A name takes the bytes of its string and a reference, 67 in all for one of 20 letters: a folder of a
 * million is listed in a heap of 80 MiB ({@code -Xmx80m -XX:+UseSerialGC}, JDK 17; with 70 it is not).
 */
final class Snapshot {
    private final String prefix;
    private final String[] names;

    /**
     * Takes over the names and sorts them; twins become one.
     *
     * @param prefix of all keys in the folder: empty, or ending in a slash
     */
    Snapshot(String prefix, String[] names) {
        this.prefix = prefix;
        Arrays.sort(names, Keys.UTF8_ORDER);
        int kept = 0;
        for (int i = 0; i < names.length; i++) {
            if (i == 0 || !names[i].equals(names[i - 1])) {
                names[kept++] = names[i];
            }
        }
        this.names = kept == names.length ? names : Arrays.copyOf(names, kept);
    }

    String prefix() {
        return prefix;
    }

    int size() {
        return names.length;
    }

    String name(int index) {
        return names[index];
    }

    /** The index of the first name that leads to a key behind this one. */
    int firstAfter(String key) {
        if (!key.startsWith(prefix)) {
            return Keys.UTF8_ORDER.compare(key, prefix) > 0 ? names.length : 0;
        }
        if (key.isEmpty()) {
            return 0;
        }
        String rest = key.substring(prefix.length());
        int at = Arrays.binarySearch(names, rest, Keys.UTF8_ORDER);
        int first = at >= 0 ? at + 1 : -at - 1;
        // The folder that the key is in comes before the key, and what else is in it behind.
        boolean within = first > 0 && names[first - 1].endsWith("/") && rest.startsWith(names[first - 1]);
        return within ? first - 1 : first;
    }
}
