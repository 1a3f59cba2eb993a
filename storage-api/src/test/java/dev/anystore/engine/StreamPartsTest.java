package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Limits;
import dev.anystore.spi.Payload;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamPartsTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    private static Limits.Builder service() {
        return Limits.builder().partBytes(5 * MIB, 5 * GIB).partCount(10_000).singlePutBytes(5 * GIB);
    }

    private static StreamParts unknown(Limits limits, long budget) {
        int first = (int) StreamParts.firstBytes(limits, 0, budget);
        return StreamParts.of(limits, budget, first, Payload.UNKNOWN);
    }

    @Test
    void partsOfUnknownLengthDoubleEveryThousandUpToHalfOfTheBuffers() {
        StreamParts parts = unknown(service().build(), 256 * MIB);
        assertThat(parts.bytes(1)).isEqualTo((int) (8 * MIB));
        assertThat(parts.bytes(1_000)).isEqualTo((int) (8 * MIB));
        assertThat(parts.bytes(1_001)).isEqualTo((int) (16 * MIB));
        assertThat(parts.bytes(4_001)).isEqualTo((int) (128 * MIB));
        assertThat(parts.bytes(10_000)).isEqualTo((int) (128 * MIB));
    }

    @Test
    void partsThatMustBeEqualAreSixteenMebibytesAndDoNotGrow() {
        StreamParts parts = unknown(service().equalParts(true).build(), 256 * MIB);
        assertThat(parts.equal()).isTrue();
        for (int number : new int[] {1, 1_001, 10_000}) {
            assertThat(parts.bytes(number)).isEqualTo((int) (16 * MIB));
        }
    }

    @Test
    void noBudgetAndNoLimitsMakeAnIllegalPart() {
        long seed = new Random().nextLong();
        System.out.println("StreamPartsTest: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long alignment = 1L << random.nextInt(19);
            long min = alignment * (1 + random.nextInt(20));
            long max = min * (1 + random.nextInt(1_000));
            Limits limits = Limits.builder()
                    .partBytes(min, max)
                    .partAlignment(alignment)
                    .partCount(10_000)
                    .equalParts(random.nextBoolean())
                    .build();
            // What a part must have at least has to fit, or nothing could be sent at all.
            long budget = 2 * min + (random.nextLong() >>> 1) % GIB;
            StreamParts parts = unknown(limits, budget);
            for (int number : new int[] {1, 1 + random.nextInt(10_000), 10_000}) {
                long bytes = parts.bytes(number);
                if (bytes < min || bytes > max || bytes % alignment != 0 || bytes > budget) {
                    throw new AssertionError("part " + number + " of " + bytes + " within " + limits + ", " + budget);
                }
            }
        }
    }
}
