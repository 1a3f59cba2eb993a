package dev.anystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeviationRowsTest {
    private static final List<Deviation> DEVIATIONS = List.of(new Deviation("s[a//b]", "it stores a/b"));

    @Test
    void aRowWithoutADeviationRunsAsItIs() {
        AtomicInteger runs = new AtomicInteger();
        assertThatCode(() -> DeviationRows.run(DEVIATIONS, "s[other]", runs::incrementAndGet))
                .doesNotThrowAnyException();
        assertThat(runs).hasValue(1);
        AssertionError mine = new AssertionError("mine");
        assertThatThrownBy(() -> DeviationRows.run(DEVIATIONS, "s[other]", () -> {
                    throw mine;
                }))
                .isSameAs(mine);
    }

    @Test
    void aRowThatDeviatesAsNamedPasses() {
        for (Throwable wrong : List.of(
                new AssertionError("wrong"),
                StorageException.builder(Kind.PROTOCOL).build())) {
            assertThatCode(() -> DeviationRows.run(DEVIATIONS, "s[a//b]", () -> {
                        throw wrong;
                    }))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aRowThatHoldsAlthoughADeviationNamesItFails() {
        assertThatThrownBy(() -> DeviationRows.run(DEVIATIONS, "s[a//b]", () -> {}))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("s[a//b]")
                .hasMessageContaining("it stores a/b");
    }

    @Test
    void aProgrammingErrorIsNoDeviation() {
        assertThatThrownBy(() -> DeviationRows.run(DEVIATIONS, "s[a//b]", () -> {
                    throw new IllegalStateException("a bug of the harness");
                }))
                .isInstanceOf(IllegalStateException.class);
    }
}
