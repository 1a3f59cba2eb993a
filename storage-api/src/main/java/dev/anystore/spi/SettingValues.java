package dev.anystore.spi;

import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the values of settings. Every failure is an {@link IllegalArgumentException} that says what is allowed. */
public final class SettingValues {
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,18})\\s*(|B|KiB|MiB|GiB|TiB)", Pattern.CASE_INSENSITIVE);
    private static final Pattern TIME = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);

    private SettingValues() {}

    /** A switch. */
    public static boolean flag(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes", "on" -> true;
            case "0", "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("is neither true (1, yes, on) nor false (0, no, off)");
        };
    }

    /** A number from 0 on. */
    public static int number(String text) {
        try {
            int number = Integer.parseInt(text.trim());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the same sentence.
        }
        throw new IllegalArgumentException("is not a number from 0 to " + Integer.MAX_VALUE);
    }

    /** A number of bytes: digits, or digits with KiB, MiB, GiB or TiB. */
    public static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a size such as 8388608, 8MiB or 1GiB");
        }
        int shift =
                switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                    case "kib" -> 10;
                    case "mib" -> 20;
                    case "gib" -> 30;
                    case "tib" -> 40;
                    default -> 0;
                };
        long count = Long.parseLong(matcher.group(1));
        if (count > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("is too large a size");
        }
        return count << shift;
    }

    /** A duration above zero: {@code PT20S}, or digits with ms, s, m, h or d. */
    public static Duration duration(String text) {
        Matcher matcher = TIME.matcher(text.trim());
        Duration duration;
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            duration = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        } else {
            try {
                duration = Duration.parse(text.trim());
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("is not a duration such as 20s, 500ms, 5m or PT20S", e);
            }
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("is not a duration above zero");
        }
        return duration;
    }

    /** An absolute URI with a host; a text without a scheme means https. */
    public static URI uri(String text) {
        String trimmed = text.trim();
        URI uri;
        try {
            uri = URI.create(trimmed.contains("://") ? trimmed : "https://" + trimmed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a URL such as https://host", e);
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("is not a URL such as https://host, without user and fragment");
        }
        return uri;
    }
}
