package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    @Test
    void everyPartIsTakenOnceWhoeverIsFaster() {
        long seed = new Random().nextLong();
        System.out.println("ClaimsTest: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            int parts = 1 + random.nextInt(40);
            int speed = random.nextInt(10);
            Claims claims = new Claims(parts * 10L - random.nextInt(10), 10, 1 + random.nextInt(8));
            BitSet taken = new BitSet();
            boolean frontEnded = false;
            boolean rangesEnded = false;
            while (!frontEnded || !rangesEnded) {
                boolean fromFront = random.nextInt(10) < speed;
                int part = fromFront ? claims.front() : claims.next();
                if (part < 0) {
                    frontEnded |= fromFront;
                    rangesEnded |= !fromFront;
                    if (speed == 0) {
                        frontEnded = true;
                    }
                    continue;
                }
                if (random.nextInt(20) == 0) {
                    claims.giveBack(part);
                    rangesEnded = false;
                    continue;
                }
                assertThat(taken.get(part)).isFalse();
                taken.set(part);
            }
            assertThat(taken.cardinality()).isEqualTo(claims.count());
            assertThat(claims.offset(claims.count() - 1) + claims.bytes(claims.count() - 1))
                    .isGreaterThan(parts * 10L - 10);
        }
    }

    @Test
    void theFrontOfOneStreamTakesAllInOrder() {
        Claims claims = new Claims(35, 10, 1);
        assertThat(new int[] {claims.front(), claims.front(), claims.front(), claims.front(), claims.front()})
                .containsExactly(0, 1, 2, 3, -1);
    }

    @Test
    void anEmptyObjectHasNoParts() {
        Claims claims = new Claims(0, 10, 8);
        assertThat(claims.count()).isZero();
        assertThat(claims.front()).isEqualTo(-1);
        assertThat(claims.next()).isEqualTo(-1);
        assertThat(claims.crc32c()).isZero();
    }
}
