package dev.anystore.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The digest that Azure checks by. */
class Crc64Test {
    private static long of(byte[] bytes) {
        Crc64 crc = new Crc64();
        crc.update(bytes, 0, bytes.length);
        return crc.value();
    }

    /** The check value of CRC-64/NVME in the catalogue of parametrised CRC algorithms. */
    @Test
    void theCheckValueOfTheCatalogueComesOut() {
        assertThat(of("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0xAE8B14860A799888L);
        assertThat(of(new byte[0])).isZero();
    }

    /** The definition, a bit at a time. */
    private static long slowly(byte[] bytes) {
        long crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x9A6C9329AC4BC9B5L;
            }
        }
        return ~crc;
    }

    @Test
    void anyLengthInAnyPiecesIsAsTheDefinitionHasIt() {
        Random random = new Random(64);
        for (int length = 0; length < 200; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(of(bytes)).as("%d bytes", length).isEqualTo(slowly(bytes));
            int cut = length == 0 ? 0 : random.nextInt(length);
            Crc64 pieces = new Crc64();
            pieces.update(bytes, 0, cut);
            pieces.update(ByteBuffer.wrap(bytes, cut, length - cut).asReadOnlyBuffer());
            assertThat(pieces.value()).as("%d bytes, cut at %d", length, cut).isEqualTo(slowly(bytes));
        }
    }

    @Test
    void theHeaderHasTheLeastSignificantByteFirst() {
        assertThat(Crc64.header(0x0807060504030201L)).isEqualTo("AQIDBAUGBwg=");
    }
}
