package dev.anystore;

/** Shortens and cleans what a user wrote, before it is repeated in a message. */
final class Text {
    /** Names of settings and providers are shorter; a longer one is a value in the wrong place. */
    private static final int LONGEST_NAME = 48;

    private Text() {}

    /** A name as it may be shown. */
    static String name(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().limit(LONGEST_NAME).forEach(c -> {
            boolean printable = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
            shown.appendCodePoint(printable ? c : '?');
        });
        return shown.length() < name.length() ? shown + "…" : shown.toString();
    }
}
