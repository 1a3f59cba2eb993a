package dev.anystore.testkit;

/** Text for reports: the odd keys of a failure would break a terminal, and the XML of a report. */
final class Printable {
    private Printable() {}

    /** The text with everything that is not plain ASCII or a line end written as its code point. */
    static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if ((c >= ' ' && c < 0x7f) || c == '\n') {
                out.appendCodePoint(c);
            } else {
                out.append("<U+%04X>".formatted(c));
            }
        });
        return out.toString();
    }
}
