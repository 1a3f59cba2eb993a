package dev.anystore;

import dev.anystore.engine.Reserved;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What may be stored beside an object: kept as it is or refused, never altered. */
final class MetadataRules {
    private MetadataRules() {}

    static Map<String, String> check(Map<String, String> values) {
        Map<String, String> checked = new TreeMap<>();
        values.forEach((name, value) -> {
            if (name.isEmpty() || !name.chars().allMatch(MetadataRules::inName)) {
                throw new IllegalArgumentException(
                        "the metadata name '" + printable(name) + "' is not made of a-z, 0-9, - and _");
            }
            if (Reserved.NAMES.contains(name)) {
                throw new IllegalArgumentException("the metadata name " + name + " is the library's own");
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("the value of metadata " + name + " has a control character");
            }
            try {
                Keys.utf8Length(value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the value of metadata " + name + " has " + e.getMessage(), e);
            }
            checked.put(name, value);
        });
        return checked;
    }

    /** A value that travels as an HTTP header of its own. */
    static @Nullable String headerValue(String option, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException(
                    option + " has a character that no header carries; printable ASCII is allowed");
        }
        return value;
    }

    private static boolean inName(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static String printable(String text) {
        return text.codePoints().allMatch(c -> c >= 0x20 && c < 0x7f) ? text : text.length() + " characters";
    }
}
