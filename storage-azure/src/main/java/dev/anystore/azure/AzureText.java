package dev.anystore.azure;

import org.jspecify.annotations.Nullable;

/** Text of a service, made fit to be shown, and the little grammar of entity tags. */
final class AzureText {
    private AzureText() {}

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

    /** An entity tag without the quotes that some services leave out; the empty text if there is none. */
    static String unquoted(@Nullable String tag) {
        if (tag == null) {
            return "";
        }
        String bare = tag.startsWith("W/") ? tag.substring(2) : tag;
        if (bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        return bare;
    }

    /** An entity tag as conditions want it. */
    static String quoted(String tag) {
        return '"' + tag + '"';
    }
}
