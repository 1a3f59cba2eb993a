package dev.anystore;

/** Cleans what a user wrote before it is repeated in a message; what may be a secret in the wrong place is not repeated. */
final class Text {
    /** The longest name of a setting, with the file around it, has some 60 letters. */
    private static final int LONGEST_NAME = 80;

    /** Shorter than any service's id or secret. */
    private static final int LONGEST_VALUE = 16;

    private Text() {}

    /** The name of a setting, a variable or a file. */
    static String name(String name) {
        return name.length() <= LONGEST_NAME ? printable(name) : "a name of " + name.length() + " letters";
    }

    /** A value in quotes, or how long it is. */
    static String value(String value) {
        String trimmed = value.trim();
        return trimmed.length() <= LONGEST_VALUE
                ? "\"" + printable(trimmed) + "\""
                : "a value of " + trimmed.length() + " letters";
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean control = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            shown.appendCodePoint(control ? '?' : c);
        });
        return shown.toString();
    }
}
