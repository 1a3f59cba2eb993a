package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource(value = {"abc,abc,0", "abc,acb,1", "abc,ab,1", "ab,abc,1", "abc,xbc,1", "'',abc,3", "kitten,sitting,3"})
    void theDistanceCountsSlipsOfTheFinger(String a, String b, int slips) {
        assertThat(Spelling.distance(a, b)).isEqualTo(slips);
        assertThat(Spelling.distance(b, a)).isEqualTo(slips);
    }

    @Test
    void theNearestNameIsGuessedAndAFarOneIsNot() {
        List<String> names = List.of("bucket", "region", "path");
        assertThat(Spelling.nearest("buckte", names)).isEqualTo("bucket");
        assertThat(Spelling.nearest("regions", names)).isEqualTo("region");
        assertThat(Spelling.nearest("endpoint", names)).isNull();
        assertThat(Spelling.nearest("", names)).isNull();
        assertThat(Spelling.nearest("x".repeat(100_000), names)).isNull();
    }
}
