package dev.anystore;

import dev.anystore.spi.Setting;
import dev.anystore.spi.SettingValues;
import org.jspecify.annotations.Nullable;

/**
 * A value of one setting in one place.
 *
 * @param setting whose it is
 * @param origin the name of the place
 * @param text checked; null if it is empty or wrong. May be a secret
 * @param variable that gave it, or null if it is not from the environment
 * @param problem why it is wrong, or null
 */
record Found(
        Setting setting,
        String origin,
        @Nullable String text,
        Setting.@Nullable Variable variable,
        @Nullable String problem) {
    static Found of(Setting setting, String origin, String raw, Setting.@Nullable Variable variable) {
        try {
            String text = SettingValues.canonical(setting, raw);
            if (text != null && variable != null && variable.negated()) {
                text = Boolean.toString(!SettingValues.flag(text));
            }
            return new Found(setting, origin, text, variable, null);
        } catch (IllegalArgumentException e) {
            return wrong(setting, origin, variable, shown(setting, raw) + e.getMessage());
        }
    }

    static Found wrong(Setting setting, String origin, Setting.@Nullable Variable variable, String why) {
        return new Found(setting, origin, null, variable, Text.name(origin) + " " + why);
    }

    /** Only values that are numbers, switches or choices by their type: a text may be a secret in the wrong place. */
    private static String shown(Setting setting, String raw) {
        boolean harmless =
                switch (setting.type()) {
                    case BOOLEAN, NUMBER, BYTES, DURATION -> true;
                    case TEXT -> !setting.choices().isEmpty();
                    case SECRET, URI, PATH -> false;
                };
        return harmless ? "(" + Text.value(raw) + ") " : "";
    }

    boolean empty() {
        return text == null && problem == null;
    }

    /** Whether both mean the same, however it is written. */
    boolean means(Found other) {
        return text != null && other.text != null && plain(text).equals(plain(other.text));
    }

    private String plain(String value) {
        return switch (setting.type()) {
            case URI -> withoutSlash(SettingValues.uri(value).toString());
            case NUMBER -> Integer.toString(SettingValues.number(value));
            case BYTES -> Long.toString(SettingValues.bytes(value));
            case DURATION -> SettingValues.duration(value).toString();
            case TEXT, SECRET, BOOLEAN, PATH -> value;
        };
    }

    private static String withoutSlash(String uri) {
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }

    /** Not the value. */
    @Override
    public String toString() {
        return origin;
    }
}
