package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void whatATerminalWouldObeyIsWrittenOut() {
        assertThat(Printable.of("a\nb\u001B[31m\u0007\u007f\u0085\u202e\u2028\ud800"))
                .isEqualTo("a\\u000Ab\\u001B[31m\\u0007\\u007F\\u0085\\u202E\\u2028\\uD800");
    }

    @Test
    void lettersOfEveryScriptStay() {
        String text = "Größe 大きさ 😀 \\ %";
        assertThat(Printable.of(text)).isSameAs(text);
    }

    @Test
    void aLongNameIsCutInTheMiddle() {
        assertThat(Printable.fitted("abcdefghij", 10)).isEqualTo("abcdefghij");
        assertThat(Printable.fitted("abcdefghijk", 10)).isEqualTo("abcd…ghijk");
        assertThat(Printable.columns(Printable.fitted("大大大大大大", 8))).isLessThanOrEqualTo(8);
        assertThat(Printable.fitted("abc", 1)).isEmpty();
    }

    @Test
    void sizesHaveThreeDigitsAndAUnit() {
        assertThat(Units.bytes(0)).isEqualTo("0 B");
        assertThat(Units.bytes(1023)).isEqualTo("1023 B");
        assertThat(Units.bytes(1024)).isEqualTo("1.00 KiB");
        assertThat(Units.bytes((64 << 20) - 1)).isEqualTo("64.0 MiB");
        assertThat(Units.bytes((1L << 30) - 1)).isEqualTo("1.00 GiB");
        assertThat(Units.bytes(1000L << 20)).isEqualTo("1000 MiB");
        assertThat(Units.bytes(Long.MAX_VALUE)).isEqualTo("8.00 EiB");
    }

    @Test
    void timesGrowCoarserAsTheyGrow() {
        assertThat(Units.time(Duration.ofMillis(314))).isEqualTo("0.31 s");
        assertThat(Units.time(Duration.ofMillis(4200))).isEqualTo("4.2 s");
        assertThat(Units.time(Duration.ofMillis(9960))).isEqualTo("10 s");
        assertThat(Units.time(Duration.ofSeconds(65))).isEqualTo("1 min 05 s");
        assertThat(Units.time(Duration.ofMillis(59_700))).isEqualTo("1 min 00 s");
        assertThat(Units.time(Duration.ofMinutes(123))).isEqualTo("2 h 03 min");
    }
}
