package dev.anystore.azure;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a service answers, element by element. The service may be hostile or broken: a document type, a document over
 * 16 MiB, elements 32 deep, a text over 64 KiB and anything that is not whole XML end with {@link MalformedXml}. Nothing
 * outside the document is ever opened.
 *
 * <pre>{@code
 * xml.root("EnumerationResults");
 * while (xml.nextChild()) {
 *   switch (xml.name()) {
 *     case "NextMarker" -> next = xml.text();
 *     default -> xml.skip();
 *   }
 * }
 * xml.end();
 * }</pre>
 */
final class XmlReader {
    static final int MAX_BYTES = 16 << 20;
    static final int MAX_DEPTH = 32;
    static final int MAX_TEXT = 64 << 10;

    // Made once: finding and configuring it costs more than reading a small document. It makes readers from many
    // threads.
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader reader;
    private int depth;

    private XmlReader(XMLStreamReader reader) {
        this.reader = reader;
    }

    private static XMLInputFactory factory() {
        // The JVM's own, not one that happens to be on the class path: its limits are the ones that were tested.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_VALIDATING, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing outside the document is opened");
        });
        return factory;
    }

    /** Begins to read; the stream stays the caller's to close. */
    static XmlReader of(InputStream in) throws IOException {
        try {
            return new XmlReader(FACTORY.createXMLStreamReader(new Bounded(in)));
        } catch (XMLStreamException e) {
            throw failure(e);
        }
    }

    /** Reads up to the first element, which must have this name. */
    void root(String expected) throws IOException {
        String name = root();
        if (!name.equals(expected)) {
            throw new MalformedXml("the answer is <" + AzureText.shown(name, 40) + ">, not <" + expected + ">");
        }
    }

    /** Reads up to the first element and returns its name without its namespace. */
    String root() throws IOException {
        while (true) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    deeper();
                    return reader.getLocalName();
                }
                case XMLStreamConstants.END_DOCUMENT -> throw new MalformedXml("the answer has no element");
                default -> {}
            }
        }
    }

    /** Goes to the next child of the element that is being read; false at its end. */
    boolean nextChild() throws IOException {
        while (true) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    deeper();
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    return false;
                }
                default -> {}
            }
        }
    }

    /** The name of the element that {@link #nextChild()} went to. */
    String name() {
        return reader.getLocalName();
    }

    /** An attribute of the element that was gone to, or null. Before its text is read. */
    @Nullable
    String attribute(String name) {
        return reader.getAttributeValue(null, name);
    }

    /** The text of this element, to its end; children are not allowed. */
    String text() throws IOException {
        String first = "";
        StringBuilder more = null;
        while (true) {
            switch (next()) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (reader.getTextLength() + (more == null ? first.length() : more.length()) > MAX_TEXT) {
                        throw new MalformedXml("a text of the answer is over " + MAX_TEXT + " characters");
                    }
                    if (more != null) {
                        more.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
                    } else if (first.isEmpty()) {
                        first = reader.getText();
                    } else {
                        more = new StringBuilder(first).append(reader.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    return more == null ? first : more.toString();
                }
                case XMLStreamConstants.START_ELEMENT ->
                    throw new MalformedXml("an element of the answer has a child where a text belongs");
                case XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new MalformedXml("the answer refers to an entity that it cannot define");
                default -> {}
            }
        }
    }

    /** A number from 0 on. */
    long number() throws IOException {
        String text = text().trim();
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && text.charAt(0) != '+') {
                return value;
            }
        } catch (NumberFormatException e) {
            // The same sentence as below.
        }
        throw new MalformedXml("a number of the answer is '" + AzureText.shown(text, 40) + "'");
    }

    /** {@code true} or {@code false}. */
    boolean flag() throws IOException {
        String text = text().trim();
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new MalformedXml("a flag of the answer is '" + AzureText.shown(text, 40) + "'");
    }

    /** A time as HTTP writes it, such as {@code Sat, 21 Nov 2026 12:00:00 GMT}. */
    Instant time() throws IOException {
        String text = text().trim();
        Instant time = HttpDates.parse(text);
        if (time == null) {
            throw new MalformedXml("a time of the answer is '" + AzureText.shown(text, 40) + "'");
        }
        return time;
    }

    /** Passes over this element and all in it. */
    void skip() throws IOException {
        int end = depth - 1;
        while (depth > end) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> deeper();
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> {}
            }
        }
    }

    /** Reads up to the end of the document, so that a cut one is noticed. */
    void end() throws IOException {
        while (next() != XMLStreamConstants.END_DOCUMENT) {
            // Blanks and comments behind the root; the parser refuses anything else there.
        }
    }

    private void deeper() throws MalformedXml {
        if (++depth > MAX_DEPTH) {
            throw new MalformedXml("the answer's elements are over " + MAX_DEPTH + " deep");
        }
    }

    private int next() throws IOException {
        try {
            int event = reader.next();
            if (event == XMLStreamConstants.DTD) {
                throw new MalformedXml("the answer has a document type, which is refused");
            }
            return event;
        } catch (XMLStreamException e) {
            throw failure(e);
        } catch (RuntimeException e) {
            // The JVM's parser throws unchecked ones on some broken input, such as a lone surrogate in a reference.
            throw new MalformedXml("the answer is no whole XML document");
        }
    }

    private static IOException failure(XMLStreamException e) {
        // The parser's own message quotes the document, so it is not repeated.
        for (Throwable cause = e; cause != null; cause = cause == e ? e.getNestedException() : cause.getCause()) {
            if (cause instanceof IOException io && !(io instanceof java.io.CharConversionException)) {
                return io;
            }
        }
        return new MalformedXml("the answer is no whole XML document");
    }

    /** The document breaks a bound, or is none. */
    static final class MalformedXml extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedXml(String message) {
            super(message);
        }
    }

    /**
     * A stream that fails behind its bound.
     */
    private static final class Bounded extends FilterInputStream {
        private int left = MAX_BYTES;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            left -= Math.max(0, n);
            if (left < 0) {
                throw new MalformedXml("the answer is over " + MAX_BYTES + " bytes");
            }
            return n;
        }
    }
}
