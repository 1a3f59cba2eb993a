package dev.anystore.gcs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * An element of an answer of the XML API. The service may be hostile or broken: a document type, 32 levels, and anything that is
 * no whole XML end with an exception; the caller bounds the bytes. Nothing outside the document is ever opened.
 */
final class XmlElement {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ELEMENTS = 200_000;

    // Made once: finding and configuring it costs more than reading a small document. It makes readers from many
    // threads.
    private static final XMLInputFactory FACTORY = factory();

    private final String name;
    private final List<XmlElement> children = new ArrayList<>(4);
    private final StringBuilder text = new StringBuilder();

    private XmlElement(String name) {
        this.name = name;
    }

    private static XMLInputFactory factory() {
        // The JVM's own, not the one that comes with Google's client: its limits are the ones that were tested.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing outside the document is opened");
        });
        return factory;
    }

    /** Reads a whole document. */
    static XmlElement read(byte[] document) throws IOException {
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(document));
            List<XmlElement> open = new ArrayList<>();
            XmlElement root = null;
            int count = 0;
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        XmlElement element = new XmlElement(reader.getLocalName());
                        if (open.size() == MAX_DEPTH || ++count > MAX_ELEMENTS) {
                            throw new Json.Malformed("the XML is too deep or too large");
                        }
                        if (open.isEmpty()) {
                            root = element;
                        } else {
                            open.get(open.size() - 1).children.add(element);
                        }
                        open.add(element);
                    }
                    case XMLStreamConstants.END_ELEMENT -> open.remove(open.size() - 1);
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        if (!open.isEmpty()) {
                            open.get(open.size() - 1).text.append(reader.getText());
                        }
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new Json.Malformed("the XML has a document type or an entity");
                    default -> {}
                }
            }
            if (root == null) {
                throw new Json.Malformed("the answer has no element");
            }
            return root;
        } catch (XMLStreamException e) {
            // The parser's own message may quote the document.
            throw new Json.Malformed("the answer is no whole XML");
        } catch (RuntimeException e) {
            // The JVM's parser lets some of its own out where the input is broken.
            throw new Json.Malformed("the answer is no XML that can be read");
        }
    }

    String name() {
        return name;
    }

    /** The text of a child, without blanks around it, or null. */
    @Nullable
    String text(String child) {
        for (XmlElement element : children) {
            if (element.name.equals(child)) {
                return element.text.toString().trim();
            }
        }
        return null;
    }

    /** The text of a child as it stands, or null. */
    @Nullable
    String exact(String child) {
        for (XmlElement element : children) {
            if (element.name.equals(child)) {
                return element.text.toString();
            }
        }
        return null;
    }

    /** All children of this name. */
    List<XmlElement> all(String child) {
        return children.stream().filter(element -> element.name.equals(child)).toList();
    }

    /** Text between tags. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
