package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Limits;
import dev.anystore.StorageException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartPlanTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;

    /** Limits as services publish them, and some that nobody has but a test. */
    private static final List<Limits> SERVICES = List.of(
            Limits.builder()
                    .partBytes(5 * MIB, 5 * GIB)
                    .partCount(10_000)
                    .objectBytes(50 * TIB)
                    .build(),
            Limits.builder()
                    .partBytes(5 * MIB, 5 * GIB)
                    .partCount(10_000)
                    .equalParts(true)
                    .objectBytes(5 * TIB)
                    .build(),
            Limits.builder()
                    .partBytes(5_000_000, 5_000_000_000L)
                    .partCount(10_000)
                    .objectBytes(10_000_000_000_000L)
                    .build(),
            Limits.builder()
                    .partBytes(1, 4000 * MIB)
                    .partCount(50_000)
                    .objectBytes(190 * TIB)
                    .build(),
            Limits.builder()
                    .partBytes(256 << 10, 5 * GIB)
                    .partCount(10_000)
                    .partAlignment(256 << 10)
                    .objectBytes(5 * TIB)
                    .build(),
            Limits.builder()
                    .partBytes(5 << 10, 20 << 10)
                    .partCount(7)
                    .objectBytes((7 * 20) << 10)
                    .build());

    @Test
    void noRandomSizeMakesAnIllegalPlan() {
        int plans = Boolean.getBoolean("anystore.test.minimum") ? 1_000_000 : 10_000_000;
        long seed = new Random().nextLong();
        System.out.println("PartPlanTest: " + plans + " plans, seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < plans; i++) {
            Limits limits = SERVICES.get(i % SERVICES.size());
            long most = Math.min(PartPlan.largest(limits), 50 * TIB);
            // Sizes of every magnitude, not only huge ones.
            long size = 1 + (random.nextLong() >>> 1) % Math.max(1, most >>> random.nextInt(40));
            check(PartPlan.of(size, limits, 0), size, limits);
        }
    }

    @Test
    void theBordersOfEveryServiceAreLegal() {
        for (Limits limits : SERVICES) {
            long most = PartPlan.largest(limits);
            for (long size : new long[] {
                1, limits.partMinBytes() - 1, limits.partMinBytes(), limits.partMinBytes() + 1, most - 1, most
            }) {
                if (size > 0) {
                    check(PartPlan.of(size, limits, 0), size, limits);
                }
            }
            assertThatThrownBy(() -> PartPlan.of(most + 1, limits, 0))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("at most " + most);
        }
    }

    private static void check(PartPlan plan, long size, Limits limits) {
        long last = plan.bytes(plan.count());
        boolean legal = plan.count() >= 1
                && plan.count() <= limits.partCount()
                && plan.partBytes() <= limits.partMaxBytes()
                && (plan.count() == 1 || plan.partBytes() >= limits.partMinBytes())
                && (plan.count() == 1 || plan.partBytes() % limits.partAlignment() == 0)
                && last >= 1
                && last <= plan.partBytes()
                && plan.offset(plan.count()) + last == size;
        if (!legal) {
            throw new AssertionError("an illegal plan: " + plan + " within " + limits);
        }
    }

    @Test
    void aGibibyteGoesInPartsOfEightMebibytes() {
        PartPlan plan = PartPlan.of(GIB, SERVICES.get(0), 0);
        assertThat(plan.partBytes()).isEqualTo(8 * MIB);
        assertThat(plan.count()).isEqualTo(128);
    }

    @Test
    void aPartSizeThatWasAskedForIsTakenOrRefusedByName() {
        Limits limits = SERVICES.get(0);
        assertThat(PartPlan.of(GIB, limits, 64 * MIB).count()).isEqualTo(16);
        assertThatThrownBy(() -> PartPlan.of(GIB, limits, MIB)).hasMessageContaining("STORAGE_PART_BYTES");
        assertThatThrownBy(() -> PartPlan.of(TIB, limits, 8 * MIB))
                .hasMessageContaining("too many")
                .hasMessageContaining("at least " + 105 * MIB);
        assertThat(PartPlan.of(MIB, limits, MIB).count())
                .as("one part may be small")
                .isEqualTo(1);
    }
}
