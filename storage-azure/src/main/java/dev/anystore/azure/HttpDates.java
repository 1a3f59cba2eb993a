package dev.anystore.azure;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The dates of HTTP, which Azure uses in headers, signatures and listings: {@code Sat, 21 Nov 2026 12:00:00 GMT}. */
final class HttpDates {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

    private HttpDates() {}

    /** The date of an instant, in whole seconds. */
    static String format(Instant instant) {
        return FORMAT.format(instant.atZone(ZoneOffset.UTC));
    }

    /** The instant of a date, or null if it is none. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant usual = usual(text);
            return usual != null
                    ? usual
                    : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The form with two digits of the day, read without a formatter: a page of a listing has thousands of them. */
    private static @Nullable Instant usual(String text) {
        if (text.length() != 29
                || text.charAt(3) != ','
                || text.charAt(16) != ' '
                || text.charAt(19) != ':'
                || text.charAt(22) != ':'
                || !text.endsWith(" GMT")) {
            return null;
        }
        int month = MONTHS.indexOf(text.substring(8, 11));
        int day = digits(text, 5, 7);
        int year = digits(text, 12, 16);
        int hour = digits(text, 17, 19);
        int minute = digits(text, 20, 22);
        int second = digits(text, 23, 25);
        if (month < 0 || month % 3 != 0 || (day | year | hour | minute | second) < 0 || hour > 23 || minute > 59) {
            return null;
        }
        long days = LocalDate.of(year, month / 3 + 1, day).toEpochDay();
        return Instant.ofEpochSecond(days * 86_400 + hour * 3600L + minute * 60L + second);
    }

    /** The number, or a negative one if there is something else than digits. */
    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
