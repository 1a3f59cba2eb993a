package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.StorageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a", ".", "..", "/", "a//b", "../../x", " ", "a b+%2f", "\u0001", "é", "e\u0301", "\uFFFD", "😀"
            })
    void anyOtherTextIsAKey(String key) {
        assertThat(Keys.check(key)).isSameAs(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\uD83D", "\uDE00x", "x\uD83Dy"})
    void emptyNulAndLoneSurrogatesAreNone(String key) {
        assertThatThrownBy(() -> Keys.check(key))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_KEY));
    }

    @Test
    void theLimitIsAThousandAndTwentyFourBytesOfUtf8() {
        assertThat(Keys.check("é".repeat(512))).hasSize(512);
        assertThatThrownBy(() -> Keys.check("é".repeat(512) + "a")).hasMessageContaining("1025 bytes");
    }

    @Test
    void theOrderIsThatOfBytes() {
        long seed = new Random().nextLong();
        System.out.println("KeysTest: seed " + seed);
        Random random = new Random(seed);
        int[] alphabet = {'a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff};
        for (int i = 0; i < 100_000; i++) {
            String a = text(random, alphabet);
            String b = text(random, alphabet);
            int bytes = Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
            assertThat(Integer.signum(Keys.UTF8_ORDER.compare(a, b))).isEqualTo(Integer.signum(bytes));
            assertThat(Keys.utf8Length(a)).isEqualTo(a.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    private static String text(Random random, int[] alphabet) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n >= 0; n--) {
            text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
        }
        return text.toString();
    }
}
