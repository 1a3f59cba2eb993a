package dev.anystore.cli;

/** Keys and names come from strangers: what a terminal would obey is written out. */
final class Printable {
    private Printable() {}

    /** The text with control and format characters, line separators and lone surrogates as {@code \\uXXXX}. */
    static String of(String text) {
        if (text.codePoints().noneMatch(Printable::isObeyed)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isObeyed(c)) {
                shown.append(String.format("\\u%04X", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private static boolean isObeyed(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** How many columns a terminal gives it; East Asian wide characters and emoji take two. */
    static int columns(String text) {
        return text.codePoints().map(Printable::columns).sum();
    }

    /** At most so many columns, with an ellipsis where something was cut out of the middle. */
    static String fitted(String text, int columns) {
        if (columns(text) <= columns) {
            return text;
        }
        if (columns < 2) {
            return "";
        }
        int head = (columns - 1) / 2;
        int tail = columns - 1 - head;
        return head(text, head) + "…" + tail(text, tail);
    }

    private static String head(String text, int columns) {
        int used = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            used += columns(c);
            if (used > columns) {
                break;
            }
            i += Character.charCount(c);
        }
        return text.substring(0, i);
    }

    private static String tail(String text, int columns) {
        int used = 0;
        int i = text.length();
        while (i > 0) {
            int c = text.codePointBefore(i);
            used += columns(c);
            if (used > columns) {
                break;
            }
            i -= Character.charCount(c);
        }
        return text.substring(i);
    }

    /** After the wide ranges of Unicode's EastAsianWidth.txt, roughly: only a progress line depends on it. */
    private static int columns(int c) {
        if (Character.getType(c) == Character.NON_SPACING_MARK) {
            return 0;
        }
        boolean wide = within(c, 0x1100, 0x115F)
                || within(c, 0x2E80, 0xA4CF)
                || within(c, 0xAC00, 0xD7A3)
                || within(c, 0xF900, 0xFAFF)
                || within(c, 0xFE30, 0xFE6F)
                || within(c, 0xFF00, 0xFF60)
                || within(c, 0x1F300, 0x1FAFF)
                || within(c, 0x20000, 0x3FFFD);
        return wide ? 2 : 1;
    }

    private static boolean within(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
