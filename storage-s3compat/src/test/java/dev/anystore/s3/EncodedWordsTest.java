package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EncodedWordsTest {
    @Test
    void printableAsciiGoesAsItIs() {
        assertThat(EncodedWords.encode("a plain value; x=1")).isEqualTo("a plain value; x=1");
        assertThat(EncodedWords.encode("")).isEmpty();
    }

    @Test
    void wordsAreAsShortAsTheirStandardSays() {
        String words = EncodedWords.encode("Grüße, 世界 🌍 ".repeat(40));
        assertThat(words.split(" ")).allSatisfy(word -> assertThat(word)
                .hasSizeLessThanOrEqualTo(75)
                .startsWith("=?UTF-8?B?")
                .endsWith("?="));
    }

    @Test
    void everyValueComesBackAsItWas() {
        Random random = new Random(11);
        String[] pieces = {"a", " ", "  ", "=?", "?=", "=?UTF-8?B?aGk=?=", "ü", "世", "🌍", "\"", ",", "_", "%", "Q", "?"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String value = text.toString();
            String header = EncodedWords.encode(value);
            assertThat(header).matches("[ -~]*").isEqualTo(header.trim()).doesNotContain("  ");
            assertThat(EncodedWords.decode(header)).isEqualTo(value);
        }
    }

    @Test
    void wordsOfOtherClientsAreReadInBothEncodings() {
        assertThat(EncodedWords.decode("=?utf-8?q?Gr=C3=BC=C3=9Fe_an_alle?=")).isEqualTo("Grüße an alle");
        assertThat(EncodedWords.decode("=?ISO-8859-1?Q?=FC?= and =?UTF-8?B?w7w=?="))
                .isEqualTo("ü and ü");
        assertThat(EncodedWords.decode("before =?UTF-8?B?w7w=?= =?UTF-8?B?w7w=?= after"))
                .isEqualTo("before üü after");
    }

    @Test
    void rawUtf8OfAServiceIsReadAsSuchAndAnythingElseAsLatin1() {
        String raw = new String("Grüße".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(EncodedWords.decode(raw)).isEqualTo("Grüße");
        assertThat(EncodedWords.decode("\u00fc")).isEqualTo("\u00fc");
    }

    @Test
    void whatIsNoWordStaysAsItIs() {
        for (String text : new String[] {
            "=?",
            "=?UTF-8?B?!!!?=",
            "=?UTF-8?X?abc?=",
            "=?no-such-charset?B?aGk=?=",
            "=?UTF-8?Q?=C3?=",
            "=?UTF-8?Q?=-1?=",
            "=?UTF-8?Q?=?=",
            "=?UTF-8?B?/w==?="
        }) {
            assertThat(EncodedWords.decode(text)).isEqualTo(text);
        }
    }
}
