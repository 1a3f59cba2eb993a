package dev.anystore.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers for people: three or four digits and a unit. */
final class Units {
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Units() {}

    /** {@code 999 B}, {@code 1.5 KiB}, {@code 12.3 MiB}, {@code 1023 GiB}; at most 8 characters. */
    static String bytes(long count) {
        if (count < 1024) {
            return count + " B";
        }
        double value = count;
        int unit = 0;
        // 1023.5 would be rounded to 1024 of the unit below.
        while (value >= 1023.5 && unit < SIZES.length - 1) {
            value /= 1024;
            unit++;
        }
        String digits = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, digits + " %s", value, SIZES[unit]);
    }

    /** Bytes in a second. */
    static String rate(long bytes, Duration took) {
        double seconds = Math.max(1e-6, took.toNanos() / 1e9);
        return bytes((long) (bytes / seconds)) + "/s";
    }

    /** {@code 0.31 s}, {@code 4.2 s}, {@code 1 min 05 s}, {@code 2 h 03 min}. */
    static String time(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, seconds < 0.995 ? "%.2f s" : "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
    }

    /** {@code 12,345}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 file}, {@code 2 files}. */
    static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }
}
