package dev.anystore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where values come from, the strongest first.
 *
 * @param given by the caller: a map, a file, a builder or a URI
 * @param properties of the system, those that begin with {@code anystore.}
 * @param environment variables that settings are read from; empty where the settings are hermetic
 * @param chain variables that a vendor's own chain of credentials may look at
 */
record Sources(
        List<Given> given, Map<String, String> properties, Map<String, String> environment, Map<String, String> chain) {

    /**
     * One value that the caller gave.
     *
     * @param name as it was written
     * @param value not yet checked; may be a secret
     * @param origin the name, and the file or URI around it
     */
    record Given(String name, String value, String origin) {
        /** Names in maps are compared in lower case, with {@code _} for {@code -}. */
        String plainName() {
            return plain(name);
        }

        static String plain(String name) {
            return name.trim().toLowerCase(Locale.ROOT).replace('-', '_');
        }

        /** Whether it means this name. */
        boolean is(String other) {
            return plainName().equals(plain(other));
        }

        /** Neither the value nor its length. */
        @Override
        public String toString() {
            return origin;
        }
    }

    Sources {
        given = List.copyOf(given);
    }

    /** The environment of a process. */
    static Sources of(Map<String, String> environment, Map<String, String> properties) {
        return new Sources(List.of(), properties, environment, environment);
    }

    /** What a caller gave, alone. */
    static List<Given> given(Map<String, String> values) {
        List<Given> given = new ArrayList<>();
        new TreeMap<>(values).forEach((name, value) -> given.add(new Given(name, value == null ? "" : value, name)));
        return given;
    }

    /** Names only. */
    @Override
    public String toString() {
        return "Sources[given=" + given + ", properties=" + properties.keySet() + ", environment of "
                + environment.size() + "]";
    }
}
