package dev.anystore.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * xml.root("ListBucketResult");
 * while (xml.nextChild()) {
 *   switch (xml.name()) {
 *     case "IsTruncated" -> truncated = xml.flag();
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

    private static final Pattern REFERENCE = Pattern.compile("&#(x[0-9a-fA-F]{1,6}|[0-9]{1,7});");

    // Made once: finding and configuring it costs more than reading a small document. It makes readers from many
    // threads.
    private static final XMLInputFactory FACTORY = factory();

    /** Stands for characters that XML has no way to write; it is itself no character of Unicode. */
    private static final char UNWRITABLE = '\uFDD0';

    private final XMLStreamReader reader;
    private final boolean mended;
    private int depth;

    private XmlReader(XMLStreamReader reader, boolean mended) {
        this.reader = reader;
        this.mended = mended;
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
            return new XmlReader(FACTORY.createXMLStreamReader(new Bounded(in)), false);
        } catch (XMLStreamException e) {
            throw failure(e);
        }
    }

    /**
     * Begins to read an answer to a request with characters that XML has no way to write, control characters mostly. Some
     * services quote the request with them, which makes the answer no XML. They are replaced, and a text in which one was
     * is refused: it is a quotation or, unencoded, a key that can't be known.
     */
    static XmlReader ofQuoting(InputStream in) throws IOException {
        try {
            String text = new String(new Bounded(in).readAllBytes(), StandardCharsets.UTF_8);
            return new XmlReader(FACTORY.createXMLStreamReader(new StringReader(mended(text))), true);
        } catch (XMLStreamException e) {
            throw failure(e);
        }
    }

    private static String mended(String text) {
        String written = REFERENCE.matcher(text).replaceAll(reference -> {
            String digits = reference.group(1);
            int codePoint = digits.startsWith("x")
                    ? Integer.parseInt(digits, 1, digits.length(), 16)
                    : Integer.parseInt(digits);
            return isWritable(codePoint) ? Matcher.quoteReplacement(reference.group()) : String.valueOf(UNWRITABLE);
        });
        StringBuilder out = new StringBuilder(written.length());
        written.codePoints().forEach(c -> out.appendCodePoint(isWritable(c) ? c : UNWRITABLE));
        return out.toString();
    }

    /** The production Char of https://www.w3.org/TR/xml/#charsets. */
    private static boolean isWritable(int codePoint) {
        return codePoint == '\t'
                || codePoint == '\n'
                || codePoint == '\r'
                || (codePoint >= ' ' && codePoint <= 0xD7FF)
                || (codePoint >= 0xE000 && codePoint <= 0xFFFD)
                || (codePoint >= 0x10000 && codePoint <= 0x10FFFF);
    }

    /** Reads up to the first element, which must have this name. */
    void root(String expected) throws IOException {
        String name = root();
        if (!name.equals(expected)) {
            throw new MalformedXml("the answer is <" + S3Text.shown(name, 40) + ">, not <" + expected + ">");
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

    /** The text of this element, to its end; children are not allowed. */
    String text() throws IOException {
        String text = textIfKnown();
        if (text == null) {
            throw new MalformedXml("a text of the answer has a character that XML can't write");
        }
        return text;
    }

    /** The same, or null where the text has characters that XML can't write and so can't be known. */
    @Nullable
    String textIfKnown() throws IOException {
        String text = anyText();
        return mended && text.indexOf(UNWRITABLE) >= 0 ? null : text;
    }

    private String anyText() throws IOException {
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
        throw new MalformedXml("a number of the answer is '" + S3Text.shown(text, 40) + "'");
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
        throw new MalformedXml("a flag of the answer is '" + S3Text.shown(text, 40) + "'");
    }

    /** A time such as {@code 2026-11-21T12:00:00.000Z}. */
    Instant time() throws IOException {
        String text = text().trim();
        try {
            Instant usual = usualTime(text);
            if (usual != null) {
                return usual;
            }
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new MalformedXml("a time of the answer is '" + S3Text.shown(text, 40) + "'");
        }
    }

    /** The form that every service uses, read without a formatter: half the CPU of a page of 1,000 keys went there. */
    private static @Nullable Instant usualTime(String text) {
        if (text.length() != 24
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':'
                || text.charAt(19) != '.'
                || text.charAt(23) != 'Z') {
            return null;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        int milli = digits(text, 20, 23);
        if ((year | month | day | hour | minute | second | milli) < 0 || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400 + hour * 3600L + minute * 60L + second;
        return Instant.ofEpochSecond(seconds, milli * 1_000_000L);
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
     * A stream that fails behind its bound. It leaves out blanks at the beginning: a service that is still at work on a
     * completion sends them, some even before the XML declaration, where XML allows none.
     */
    private static final class Bounded extends FilterInputStream {
        private int left = MAX_BYTES;
        private boolean begun;

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
            while (true) {
                int n = super.read(bytes, offset, length);
                if (n <= 0) {
                    return n;
                }
                count(n);
                int blanks = begun ? 0 : blanks(bytes, offset, n);
                if (blanks < n) {
                    begun = true;
                    System.arraycopy(bytes, offset + blanks, bytes, offset, n - blanks);
                    return n - blanks;
                }
            }
        }

        private static int blanks(byte[] bytes, int offset, int length) {
            int n = 0;
            while (n < length && (bytes[offset + n] == ' ' || bytes[offset + n] == '\n' || bytes[offset + n] == '\r')) {
                n++;
            }
            return n;
        }

        private void count(int n) throws MalformedXml {
            left -= n;
            if (left < 0) {
                throw new MalformedXml("the answer is over " + MAX_BYTES + " bytes");
            }
        }
    }
}
