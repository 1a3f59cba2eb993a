package dev.anystore.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object on one line. Scripts read it: a field, once there, keeps its name and meaning for as long as {@code v}
 * stays 1. What is not known is left out; nothing is ever null.
 */
final class JsonLine {
    private static final int VERSION = 1;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;

    private JsonLine() {
        try {
            json = FACTORY.createGenerator(text);
            json.writeStartObject();
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    /** The line that tells of one result, or of one failure, of a verb. */
    static JsonLine of(String verb, boolean ok) {
        return plain().put("v", VERSION).put("op", verb).put("ok", ok);
    }

    /** An object without those three. */
    static JsonLine plain() {
        return new JsonLine();
    }

    JsonLine put(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        return write(() -> json.writeStringField(name, value));
    }

    JsonLine put(String name, long value) {
        return write(() -> json.writeNumberField(name, value));
    }

    JsonLine put(String name, boolean value) {
        return write(() -> json.writeBooleanField(name, value));
    }

    JsonLine put(String name, Instant value) {
        return put(name, TIME.format(value));
    }

    JsonLine put(String name, Collection<String> values) {
        return write(() -> {
            json.writeArrayFieldStart(name);
            for (String value : values) {
                json.writeString(value);
            }
            json.writeEndArray();
        });
    }

    JsonLine put(String name, Map<String, String> values) {
        return write(() -> {
            json.writeObjectFieldStart(name);
            for (Map.Entry<String, String> entry : values.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        });
    }

    JsonLine put(String name, JsonLine value) {
        return write(() -> {
            json.writeFieldName(name);
            json.writeRawValue(value.end());
        });
    }

    /** Several objects as one array. */
    static String array(List<JsonLine> lines) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartArray();
            for (JsonLine line : lines) {
                json.writeRawValue(line.end());
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw inMemory(e);
        }
        return text.toString();
    }

    /** The text, without a line end; the line takes no more. */
    String end() {
        write(json::close);
        return text.toString();
    }

    private interface Step {
        void run() throws IOException;
    }

    private JsonLine write(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    private static UncheckedIOException inMemory(IOException e) {
        return new UncheckedIOException("a StringWriter does not fail", e);
    }
}
