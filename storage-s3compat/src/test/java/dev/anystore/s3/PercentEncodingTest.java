package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {
    private static String path(String key) {
        StringBuilder out = new StringBuilder();
        PercentEncoding.appendPath(out, key);
        return out.toString();
    }

    @Test
    void aKeyIsEncodedByteForByteAndNeverNormalised() {
        assertThat(path("a//b/./c/../d/")).isEqualTo("a//b/./c/../d/");
        assertThat(path("/a")).isEqualTo("/a");
        assertThat(path("a b+c%2F")).isEqualTo("a%20b%2Bc%252F");
        assertThat(path("é")).isEqualTo("%C3%A9");
        assertThat(path("e\u0301")).isEqualTo("e%CC%81");
        assertThat(path("🌍x")).isEqualTo("%F0%9F%8C%8Dx");
        assertThat(path("\u0001\n?#")).isEqualTo("%01%0A%3F%23");
        assertThat(path("A-Z_a.z~0")).isEqualTo("A-Z_a.z~0");
        assertThat(PercentEncoding.query("a/b")).isEqualTo("a%2Fb");
    }

    @Test
    void whatIsEncodedIsDecodedAgainInBothSpellingsOfABlank() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                int c = random.nextInt(0x110000);
                text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? ' ' : random.nextBoolean() ? c : c % 128);
            }
            String key = text.toString();
            assertThat(PercentEncoding.decode(path(key))).isEqualTo(key);
            assertThat(PercentEncoding.decode(PercentEncoding.query(key))).isEqualTo(key);
            assertThat(PercentEncoding.decode(URLEncoder.encode(key, StandardCharsets.UTF_8)))
                    .isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "a%C3", "%C3%28", "%ED%A0%80", "%-1", "%+1"})
    void whatIsNoEncodingOfUtf8IsRefused(String text) {
        assertThatThrownBy(() -> PercentEncoding.decode(text)).isInstanceOf(CharacterCodingException.class);
    }
}
