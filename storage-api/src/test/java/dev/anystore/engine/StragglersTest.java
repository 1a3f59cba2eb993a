package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StragglersTest {
    private static final long MS = 1_000_000;

    private long now;
    private final Stragglers stragglers = new Stragglers(() -> now);

    private void planned(int parts) {
        for (int i = 0; i < parts; i++) {
            stragglers.planned();
        }
    }

    private void doneIn(int from, int to, long millis) {
        for (int number = from; number <= to; number++) {
            stragglers.began(number, 100);
            now += millis * MS;
            stragglers.done(number);
        }
    }

    @Test
    void beforeEightPartsNothingIsKnown() {
        planned(100);
        stragglers.began(100, 100);
        doneIn(1, 7, 10);
        now += 1000 * MS;
        assertThat(stragglers.take()).isEmpty();
        doneIn(8, 8, 10);
        assertThat(stragglers.take()).containsExactly(100);
        assertThat(stragglers.any()).isTrue();
    }

    @Test
    void slowIsMoreThanThreeMediansAndAQuarterOfASecond() {
        planned(100);
        doneIn(1, 8, 10);
        stragglers.began(9, 100);
        now += 250 * MS;
        assertThat(stragglers.take())
                .as("ten medians, and no quarter of a second")
                .isEmpty();
        now += MS;
        assertThat(stragglers.take()).containsExactly(9);
        Stragglers slower = new Stragglers(() -> now);
        for (int number = 1; number <= 8; number++) {
            slower.planned();
            slower.began(number, 100);
            now += 200 * MS;
            slower.done(number);
        }
        slower.planned();
        slower.began(9, 100);
        now += 600 * MS;
        assertThat(slower.take()).isEmpty();
        now += MS;
        assertThat(slower.take()).containsExactly(9);
    }

    @Test
    void aPartIsTakenOnceAndOnlyOneOfTwentyIs() {
        planned(40);
        doneIn(1, 8, 10);
        for (int number = 9; number <= 40; number++) {
            stragglers.began(number, 100);
        }
        now += 1000 * MS;
        List<Integer> taken = new ArrayList<>(stragglers.take());
        assertThat(taken).hasSize(2).doesNotHaveDuplicates();
        assertThat(stragglers.take()).isEmpty();
        planned(20);
        assertThat(stragglers.take()).hasSize(1).doesNotContainAnyElementsOf(taken);
    }

    @Test
    void aPartThatWaitsBetweenTwoAttemptsIsNotSlow() {
        planned(100);
        doneIn(1, 8, 10);
        stragglers.began(9, 100);
        now += 200 * MS;
        stragglers.failed(9);
        now += 5000 * MS;
        assertThat(stragglers.take()).isEmpty();
        stragglers.began(9, 100);
        now += 251 * MS;
        assertThat(stragglers.take()).containsExactly(9);
    }

    @Test
    void aLargerPartMayTakeLonger() {
        planned(100);
        doneIn(1, 8, 100);
        stragglers.began(9, 200);
        now += 600 * MS;
        assertThat(stragglers.take()).isEmpty();
        now += MS;
        assertThat(stragglers.take()).containsExactly(9);
    }
}
