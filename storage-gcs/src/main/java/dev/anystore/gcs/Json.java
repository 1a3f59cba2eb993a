package dev.anystore.gcs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the service's JSON. The service may be hostile or broken: documents have at most 16 MiB, are at most 32
 * deep, and nothing in them chooses a class.
 */
final class Json {
    /** The largest document that is read. */
    static final int MAX_BYTES = 16 << 20;

    private static final int MAX_DEPTH = 32;

    /** Immutable once made; making one costs more than reading a document. */
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_BYTES)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** A document that can't be read as what it should be. Its message quotes nothing of it. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** Reads an object. */
    static JsonNode read(byte[] bytes) throws IOException {
        JsonNode node;
        try {
            node = MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            // Jackson's own message quotes the document.
            throw new Malformed("the document is no JSON that can be read");
        }
        if (node == null || !node.isObject()) {
            throw new Malformed("the document is no JSON object");
        }
        return node;
    }

    /** An empty object. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The text of an object. */
    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that can't be written", e);
        }
    }

    /** A text or number of an object, or null. */
    static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() || value.isContainerNode() ? null : value.asText();
    }

    /** A number of an object, which the service writes as text where it may be large; -1 if there is none. */
    static long number(JsonNode node, String name) {
        return GcsText.number(text(node, name));
    }
}
