package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Progress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Tty TERMINAL = new Tty(true, true, true, false, false, () -> 80);

    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    private static String drawn(String name, int width) {
        Screen screen = new Screen(new ByteArrayOutputStream(), TERMINAL);
        ProgressLine line = ProgressLine.begin(screen, name, "parts", true);
        line.drawn(new Progress(0, 1000L << 20, 0, 125, 0), 0, width);
        return line.drawn(new Progress(250L << 20, 1000L << 20, 31, 125, 2), SECOND, width);
    }

    @Test
    void itSaysShareAmountRateTimeLeftAndParts() {
        assertThat(drawn("big.bin", 160))
                .isEqualTo("big.bin  #####---------------   25 %    250 MiB of 1000 MiB   250 MiB/s  3 s left"
                        + "  31/125 parts  2 tried again");
    }

    @Test
    void itIsNeverWiderThanTheTerminal() {
        for (int width = 20; width < 200; width++) {
            assertThat(Printable.columns(drawn("a/very/long/name/of/something.大きい.bin", width)))
                    .isLessThan(width);
        }
    }

    @Test
    void aNameIsNotObeyedByTheTerminal() {
        assertThat(drawn("a\u001B[2J\rb", 160)).startsWith("a\\u001B[2J\\u000Db  ");
    }

    @Test
    void theRateIsThatOfTheLastSeconds() {
        ProgressLine line = ProgressLine.begin(new Screen(seen, TERMINAL), "x", "parts", true);
        for (int second = 0; second <= 20; second++) {
            line.drawn(new Progress(second * (100L << 20), 1L << 40, 0, 2, 0), second * SECOND, 160);
        }
        String stalled = "";
        for (int second = 21; second <= 30; second++) {
            stalled = line.drawn(new Progress(2000L << 20, 1L << 40, 0, 2, 0), second * SECOND, 160);
        }
        assertThat(stalled).contains(" 0 B/s").doesNotContain("left");
    }

    @Test
    void anEmptyObjectIsDoneAtOnce() {
        ProgressLine line = ProgressLine.begin(new Screen(seen, TERMINAL), "x", "parts", true);
        assertThat(line.drawn(new Progress(0, 0, 1, 1, 0), SECOND, 80)).contains("100 %");
    }

    @Test
    void nothingIsDrawnInAPipe() throws Exception {
        try (ProgressLine line = ProgressLine.begin(new Screen(seen, Tty.NONE), "x", "parts", false)) {
            line.progressed(new Progress(1, 2, 0, 1, 0));
        }
        assertThat(seen.toByteArray()).isEmpty();
    }

    @Test
    void aMessageStandsAboveTheLineAndTheLineIsTakenAway() {
        Screen screen = new Screen(seen, TERMINAL);
        screen.status("10 %");
        screen.line("something happened");
        screen.status("20 %");
        screen.clear();
        screen.clear();
        assertThat(seen.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r10 %\u001B[K" + "\r\u001B[K" + "something happened\n" + "\r20 %\u001B[K" + "\r\u001B[K");
    }
}
