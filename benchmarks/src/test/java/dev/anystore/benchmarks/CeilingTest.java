package dev.anystore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CeilingTest {
    private final Ceiling ceiling = new Ceiling("raw", Figures.of(List.of(2.0, 1.0, 1.5)));

    @Test
    void aMedianAboveTheFastestRunOfTheCeilingIsRefused() {
        assertThat(ceiling.refuses(Figures.of(List.of(2.1, 2.2, 0.1)))).isTrue();
    }

    @Test
    void oneFastRunBelowASlowerMedianIsNot() {
        Figures transfer = Figures.of(List.of(0.9, 2.2, 1.0));

        assertThat(ceiling.refuses(transfer)).isFalse();
        assertThat(ceiling.share(transfer)).isEqualTo("50 % of raw");
    }

    @Test
    void theLowerOfTwoCeilingsCounts() {
        Ceiling disk = new Ceiling("disk", Figures.of(List.of(0.5)));

        assertThat(ceiling.lower(disk)).isEqualTo(disk);
        assertThat(disk.lower(ceiling)).isEqualTo(disk);
    }

    @Test
    void figuresOfNoRunsAreNone() {
        assertThatThrownBy(() -> Figures.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertThat(Figures.of(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    }
}
