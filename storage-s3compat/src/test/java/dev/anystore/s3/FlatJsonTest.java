package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** The one JSON object in which credentials are handed out. */
class FlatJsonTest {
    @Test
    void plainValuesAreReadAndNestedOnesPassedOver() throws IOException {
        String text = """
                { "A" : "x\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9", "N": -1.5e3, "T":true, "F" : false, "Z": null,
                  "O": {"A": "inner", "L": [[1], {"A": 2}]}, "E": {}, "L": [] }
                """;
        assertThat(FlatJson.read(text))
                .isEqualTo(Map.of("A", "x\"\\/\b\f\n\r\t\u00e9", "N", "-1.5e3", "T", "true", "F", "false"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "\"a\"",
                "{",
                "{}}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":tru}",
                "{\"a\":\"b}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u12",
                "{\"a\":\"\n\"}",
                "{a:1}",
                "{\"a\":1 2}",
                "<html>"
            })
    void whatIsNoObjectIsRefused(String text) {
        assertThatThrownBy(() -> FlatJson.read(text)).isInstanceOf(IOException.class);
    }

    @Test
    void nothingOfARefusedDocumentIsShown() {
        assertThatThrownBy(() -> FlatJson.read("{\"SecretAccessKey\":\"testsecret12345\",}"))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("testsecret");
    }

    @Test
    void depthAndLengthHaveABound() {
        assertThatThrownBy(() -> FlatJson.read("{\"a\":" + "[".repeat(100_000))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FlatJson.read("{\"a\":" + "[".repeat(60) + "]".repeat(60) + "}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("deep");
    }

    @Test
    void whatIsWrittenIsReadByUsAndByOthers() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Map<String, String> values = new LinkedHashMap<>();
            for (int n = random.nextInt(5); n >= 0; n--) {
                values.put(text(random), text(random));
            }
            String written = FlatJson.write(values);
            assertThat(FlatJson.read(written)).as("seed %d", seed).isEqualTo(values);
            Map<String, String> theirs = new LinkedHashMap<>();
            JsonNode.parser().parse(written).asObject().forEach((name, value) -> theirs.put(name, value.asString()));
            assertThat(theirs).as("seed %d", seed).isEqualTo(values);
        }
    }

    private static String text(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            out.append((char) (random.nextInt(4) == 0 ? random.nextInt(0x300) : ' ' + random.nextInt(95)));
        }
        return out.toString();
    }
}
