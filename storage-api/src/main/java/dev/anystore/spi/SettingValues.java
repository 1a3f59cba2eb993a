package dev.anystore.spi;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of settings. Every failure is an {@link IllegalArgumentException} that says what is allowed, never the
 * value, which may be a secret in the wrong place; hence none has a cause.
 */
public final class SettingValues {
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,18})\\s*(|B|KiB|MiB|GiB|TiB)", Pattern.CASE_INSENSITIVE);
    private static final Pattern TIME = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);

    /** A longer one would overflow the nanoseconds that deadlines are counted in. */
    private static final Duration LONGEST = Duration.ofDays(3653);

    private SettingValues() {}

    /**
     * A value as a provider gets it: trimmed, a secret freed from one line end at its end, a switch as {@code true} or
     * {@code false}, and checked against everything that the setting declares.
     *
     * @return the value, or null if it is empty, which is unset
     */
    public static @Nullable String canonical(Setting setting, String raw) {
        if (setting.secret()) {
            String secret = withoutLineEnd(raw);
            checkSecret(secret);
            return secret.isEmpty() ? null : secret;
        }
        String text = raw.trim();
        if (text.isEmpty()) {
            return null;
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("has a line end or another control character in it");
        }
        switch (setting.type()) {
            case TEXT -> {
                return setting.choices().isEmpty() ? text : choice(setting, text);
            }
            case URI -> uri(text);
            case BOOLEAN -> {
                return Boolean.toString(flag(text));
            }
            case NUMBER -> checkRange(setting, number(text));
            case BYTES -> checkRange(setting, bytes(text));
            case DURATION -> duration(text);
            case PATH -> path(text);
            case SECRET -> throw new AssertionError("handled above");
        }
        return text;
    }

    private static String withoutLineEnd(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") || text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** A secret that was cut out of a page with a blank or a second line would only fail later, and less clearly. */
    private static void checkSecret(String secret) {
        if (!secret.isEmpty()
                && (Character.isWhitespace(secret.charAt(0))
                        || Character.isWhitespace(secret.charAt(secret.length() - 1)))) {
            throw new IllegalArgumentException("begins or ends with a blank");
        }
        if (secret.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("has a line end or another control character in it");
        }
    }

    private static String choice(Setting setting, String text) {
        return setting.choices().stream()
                .filter(text::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is none of " + String.join(", ", setting.choices())));
    }

    private static void checkRange(Setting setting, long value) {
        if (value < setting.minimum() || value > setting.maximum()) {
            throw new IllegalArgumentException("is outside %d to %d".formatted(setting.minimum(), setting.maximum()));
        }
    }

    private static void path(String text) {
        try {
            Path unused = Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a path of this machine");
        }
    }

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
                throw new IllegalArgumentException("is not a duration such as 20s, 500ms, 5m or PT20S");
            }
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("is not a duration above zero");
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("is a duration above 10 years");
        }
        return duration;
    }

    /** An absolute URI with a host; a text without a scheme means https. */
    public static URI uri(String text) {
        String trimmed = text.trim();
        if (trimmed.chars().anyMatch(c -> "<>{}".indexOf(c) >= 0)) {
            throw new IllegalArgumentException(
                    "still has a placeholder such as <account_id> in it; put your own value there");
        }
        URI uri;
        try {
            uri = new URI(trimmed.contains("://") ? trimmed : "https://" + trimmed);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URL such as https://host");
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("is not a URL such as https://host, without user and fragment");
        }
        return uri;
    }
}
