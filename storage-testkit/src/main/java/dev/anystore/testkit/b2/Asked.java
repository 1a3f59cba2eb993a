package dev.anystore.testkit.b2;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call of the API asks for: the members of its JSON, or of its query.
 *
 * @param operation such as {@code b2_list_file_names}
 * @param version of the API
 * @param members by name
 * @param token of the account
 */
record Asked(String operation, int version, Map<String, ? extends @Nullable Object> members, String token) {
    @Nullable
    String text(String name) {
        Object value = members.get(name);
        return value == null || value.equals("") ? null : String.valueOf(value);
    }

    String required(String name) {
        String text = text(name);
        if (text == null) {
            throw Refused.badRequest("required field " + name + " is missing");
        }
        return text;
    }

    long number(String name, long otherwise) {
        String text = text(name);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refused.badRequest(name + " is no number");
        }
    }

    int count(String name, int otherwise, int most) {
        long count = number(name, otherwise);
        if (count < 1 || count > most) {
            throw new Refused(400, "out_of_range", name + " is outside 1 to " + most);
        }
        return (int) count;
    }

    /** An object or an array as it came; null if there is none. */
    @Nullable
    Object raw(String name) {
        return members.get(name);
    }

    @SuppressWarnings("unchecked") // Json makes no other maps
    Map<String, Object> map(String name) {
        Object value = members.get(name);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw Refused.badRequest(name + " is no object");
    }

    List<?> list(String name) {
        Object value = members.get(name);
        if (value instanceof List<?> list) {
            return list;
        }
        throw Refused.badRequest(name + " is no array");
    }
}
