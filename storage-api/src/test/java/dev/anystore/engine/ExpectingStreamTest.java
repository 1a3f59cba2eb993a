package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Checksum;
import dev.anystore.IntegrityFailure;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Payload;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ExpectingStreamTest {
    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    private static InputStream expecting(long crc, long length) {
        return new ExpectingStream(new ByteArrayInputStream(BYTES), Checksum.crc32c(crc), length);
    }

    private static long right() {
        CRC32C crc = new CRC32C();
        crc.update(BYTES);
        return crc.getValue();
    }

    @Test
    void theLastByteOfADeclaredLengthIsWithheldIfTheDigestDiffers() throws Exception {
        InputStream in = expecting(right() ^ 1, BYTES.length);
        assertThat(in.readNBytes(4)).hasSize(4);
        assertThatThrownBy(in::read).isInstanceOf(StorageIOException.class).hasCauseInstanceOf(IntegrityFailure.class);
    }

    @Test
    void theEndOfAnUndeclaredLengthFailsIfTheDigestDiffers() throws Exception {
        InputStream in = expecting(right() ^ 1, Payload.UNKNOWN);
        assertThat(in.readNBytes(5)).hasSize(5);
        assertThatThrownBy(in::read).isInstanceOf(StorageIOException.class);
    }

    @Test
    void theRightDigestPassesAllBytesAndItsEndMayBeAskedForTwice() throws Exception {
        for (long length : new long[] {BYTES.length, Payload.UNKNOWN}) {
            InputStream in = expecting(right(), length);
            assertThat(in.readAllBytes()).isEqualTo(BYTES);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
