package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryTest {
    @Test
    void beyondTheBurstAFailingServiceSeesAtMostAFifthMore() {
        RetryBudget budget = new RetryBudget();
        long requests = 0;
        for (int first = 0; first < 100_000; first++) {
            budget.earn();
            requests++;
            for (int retry = 1; retry < 5 && budget.take(); retry++) {
                requests++;
            }
        }
        assertThat(requests).isLessThanOrEqualTo((long) (100_000 * 1.2) + 100);
        assertThat(requests).as("retries are not forbidden either").isGreaterThan(110_000);
    }

    @Test
    void theBudgetBeginsWithABurstOfAHundredAndNeverHoldsMore() {
        RetryBudget budget = new RetryBudget();
        for (int i = 0; i < 1_000; i++) {
            budget.earn();
        }
        int taken = 0;
        while (budget.take()) {
            taken++;
        }
        assertThat(taken).isEqualTo(100);
    }

    @Test
    void waitsAreJitteredUnderADoublingCeiling() {
        Random random = new Random(7);
        Backoff backoff = new Backoff(random);
        for (int failures = 1; failures < 40; failures++) {
            long ceiling = Math.min(20_000, 100L << Math.min(20, failures - 1));
            for (int i = 0; i < 100; i++) {
                assertThat(Duration.ofNanos(backoff.nanos(failures, null)).toMillis())
                        .isBetween(0L, ceiling);
            }
        }
    }

    @Test
    void aServiceThatSaysHowLongIsObeyedUpToAMinute() {
        Backoff backoff = new Backoff(new Random(7));
        assertThat(Duration.ofNanos(backoff.nanos(1, Duration.ofSeconds(3))))
                .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_100));
        assertThat(backoff.nanos(1, Duration.ofSeconds(61))).isEqualTo(-1);
    }
}
