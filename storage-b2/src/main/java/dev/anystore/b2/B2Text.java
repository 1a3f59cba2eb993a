package dev.anystore.b2;

/** Texts of others that people are shown. */
final class B2Text {
    private B2Text() {}

    /** At most this many characters, harmless to terminals and logs. */
    static String shown(String text, int atMost) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), atMost));
        text.codePoints().limit(atMost).forEach(c -> {
            int type = Character.getType(c);
            boolean harmful = Character.isISOControl(c) || type == Character.FORMAT || type == Character.SURROGATE;
            if (harmful) {
                out.append(String.format("\\u%04X", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > atMost ? out.append('…').toString() : out.toString();
    }
}
