package dev.anystore.azure;

import java.nio.charset.StandardCharsets;

/** Writes the small documents that requests carry. */
final class XmlWriter {
    private final StringBuilder out = new StringBuilder(512);

    /** A document with this root. */
    XmlWriter(String root) {
        out.append("<?xml version=\"1.0\" encoding=\"utf-8\"?><").append(root).append('>');
    }

    /** Opens an element. */
    XmlWriter open(String name) {
        out.append('<').append(name).append('>');
        return this;
    }

    /** Closes it. */
    XmlWriter close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    /** An element with a text. */
    XmlWriter element(String name, String text) {
        open(name);
        escape(text);
        return close(name);
    }

    /** The document, its root closed. */
    byte[] bytes(String root) {
        return close(root).out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                // A parser turns a bare CR, and a tab or line feed at some places, into something else.
                case '\t', '\n', '\r' -> out.append("&#").append((int) c).append(';');
                default -> {
                    if ((c >= 0x7f && c <= 0x9f) || c == '\u2028') {
                        out.append("&#").append((int) c).append(';');
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
