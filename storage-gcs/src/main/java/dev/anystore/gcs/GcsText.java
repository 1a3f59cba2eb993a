package dev.anystore.gcs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The small grammar of the service's texts: numbers, times, and what is fit to be shown. */
final class GcsText {
    private GcsText() {}

    /** At most this many characters, with a dot for each that could harm a terminal or a log. */
    static String shown(String text, int atMost) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), atMost));
        for (int i = 0; i < text.length() && i < atMost; i++) {
            char c = text.charAt(i);
            boolean harmless = !Character.isISOControl(c)
                    && !Character.isSurrogate(c)
                    && Character.getType(c) != Character.FORMAT
                    && Character.getType(c) != Character.LINE_SEPARATOR
                    && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
            out.append(harmless ? c : '.');
        }
        return text.length() > atMost ? out.append("...").toString() : out.toString();
    }

    /** A decimal number, or -1. */
    static long number(@Nullable String text) {
        return isNumber(text) ? Long.parseLong(text) : -1;
    }

    /** The text if it is a decimal number, else null. */
    static @Nullable String digits(@Nullable String text) {
        return isNumber(text) ? text : null;
    }

    /** Whether this is a decimal number that a {@code long} holds: generations have 16 digits. */
    static boolean isNumber(@Nullable String text) {
        return text != null
                && !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The time in an HTTP header, or null. */
    static @Nullable Instant httpTime(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.US).parse(header, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The time of a document (RFC 3339), or null. */
    static @Nullable Instant time(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text.trim()).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** An entity tag without quotes; empty if there is none. */
    static String unquoted(@Nullable String tag) {
        if (tag == null) {
            return "";
        }
        String bare = tag.startsWith("W/") ? tag.substring(2) : tag;
        return bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")
                ? bare.substring(1, bare.length() - 1)
                : bare;
    }
}
