package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class Crc32csTest {
    @Test
    void joinedPartsHaveTheDigestOfTheWhole() {
        long seed = new Random().nextLong();
        System.out.println("Crc32csTest: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(5_000)];
            random.nextBytes(bytes);
            int joined = 0;
            for (int from = 0; from < bytes.length; ) {
                int n = 1 + random.nextInt(bytes.length - from);
                joined = Crc32cs.join(joined, crc(bytes, from, n), n);
                from += n;
            }
            assertThat(joined).isEqualTo(crc(bytes, 0, bytes.length));
        }
    }

    @Test
    void anEmptyPartChangesNothing() {
        byte[] bytes = {1, 2, 3};
        int crc = crc(bytes, 0, 3);
        assertThat(Crc32cs.join(crc, 0, 0)).isEqualTo(crc);
        assertThat(Crc32cs.join(0, crc, 3)).isEqualTo(crc);
    }

    @Test
    void partsBeyondFourGibibytesJoin() {
        // Zeros of 5 GiB: made from halves, and from 1 MiB pieces one after the other.
        int mib = crc(new byte[1 << 20], 0, 1 << 20);
        int piecewise = 0;
        for (int i = 0; i < 5 * 1024; i++) {
            piecewise = Crc32cs.join(piecewise, mib, 1 << 20);
        }
        int doubled = mib;
        long bytes = 1 << 20;
        while (bytes < 4L << 30) {
            doubled = Crc32cs.join(doubled, doubled, bytes);
            bytes *= 2;
        }
        int gib = mib;
        for (long n = 1 << 20; n < 1L << 30; n *= 2) {
            gib = Crc32cs.join(gib, gib, n);
        }
        assertThat(Crc32cs.join(doubled, gib, 1L << 30)).isEqualTo(piecewise);
        assertThat(Crc32cs.join(gib, doubled, 4L << 30)).isEqualTo(piecewise);
    }

    private static int crc(byte[] bytes, int from, int n) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, n);
        return (int) crc.getValue();
    }
}
