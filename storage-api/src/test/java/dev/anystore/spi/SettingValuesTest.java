package dev.anystore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingValuesTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "8388608,8388608",
        "8MiB,8388608",
        "8 mib,8388608",
        "1KiB,1024",
        "1GiB,1073741824",
        "2TiB,2199023255552"
    })
    void sizesAreDigitsOrBinaryUnits(String text, long bytes) {
        assertThat(SettingValues.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8MB", "-1", "1.5GiB", "8388608TiB", "99999999999999999999", "8 M"})
    void otherSizesAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingValues.bytes(text))
                .withNoCause();
    }

    @ParameterizedTest
    @CsvSource({"PT20S,PT20S", "20s,PT20S", "500ms,PT0.5S", "5m,PT5M", "2h,PT2H", "7d,PT168H", "P1D,PT24H"})
    void durationsAreIsoOrShort(String text, String duration) {
        assertThat(SettingValues.duration(text)).isEqualTo(Duration.parse(duration));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "0s", "PT-1S", "20 years", "999999999999d", "PT99999999999999H", "P4000D"})
    void otherDurationsAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingValues.duration(text))
                .withNoCause();
    }

    @Test
    void aHostWithoutASchemeMeansHttps() {
        assertThat(SettingValues.uri(" cdn.example/x ")).isEqualTo(URI.create("https://cdn.example/x"));
        assertThat(SettingValues.uri("http://127.0.0.1:9000")).isEqualTo(URI.create("http://127.0.0.1:9000"));
        assertThat(SettingValues.uri("localhost:9000")).isEqualTo(URI.create("https://localhost:9000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "http://", "https:///x", "https://user:test@host", "https://host/#x", "a b", "http://ho st"})
    void otherUrlsAreRefusedWithoutRepeatingThem(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingValues.uri(text))
                .withNoCause()
                .withMessageStartingWith("is not a URL");
    }

    @Test
    void aDeclaredRangeHolds() {
        Setting number = Setting.of("n", Setting.Type.NUMBER, "A number.").between(1, 10);
        assertThat(SettingValues.canonical(number, " 10 ")).isEqualTo("10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingValues.canonical(number, "11"))
                .withMessage("is outside 1 to 10");
        Setting size = Setting.of("s", Setting.Type.BYTES, "A size.").between(1024, 2048);
        assertThatIllegalArgumentException().isThrownBy(() -> SettingValues.canonical(size, "3KiB"));
    }

    @Test
    void aDeclaredChoiceHoldsInAnyCase() {
        Setting choice = Setting.of("c", Setting.Type.TEXT, "A choice.").oneOf("full", "none");
        assertThat(SettingValues.canonical(choice, "FULL")).isEqualTo("full");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingValues.canonical(choice, "half"))
                .withMessage("is none of full, none");
    }

    @Test
    void aDeclarationIsNeverChangedByAnother() {
        Setting first = Setting.of("n", Setting.Type.NUMBER, "A number.").variable("A");
        Setting second = first.variable("B")
                .defaultsTo("1")
                .beginning()
                .inGroup("g")
                .inMaps("m")
                .between(0, 1);
        assertThat(first.variables()).hasSize(1);
        assertThat(first.defaultValue()).isNull();
        assertThat(first.begins()).isFalse();
        assertThat(first.group()).isNull();
        assertThat(first.mapNames()).isEmpty();
        assertThat(first.maximum()).isEqualTo(Long.MAX_VALUE);
        assertThat(second.variables()).hasSize(2);
        assertThat(second.readsFiles()).isTrue();
    }
}
