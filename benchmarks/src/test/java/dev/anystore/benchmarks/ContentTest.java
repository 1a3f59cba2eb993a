package dev.anystore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentTest {
    private static final long BYTES = 3_000_001;
    private static Content content;

    @TempDir
    private Path folder;

    @BeforeAll
    static void generate() {
        content = Content.generated();
    }

    @Test
    void aFileOfItHasItsDigest() throws IOException {
        Path file = folder.resolve("file");
        content.writeFile(file, BYTES);

        CRC32C crc = new CRC32C();
        crc.update(Files.readAllBytes(file));
        assertThat(content.crc32c(BYTES)).isEqualTo((int) crc.getValue());
        assertThat(content.isIn(file, BYTES)).isTrue();
    }

    @Test
    void oneOtherBitIsNoticed() throws IOException {
        Path file = folder.resolve("file");
        content.writeFile(file, BYTES);
        try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
            changed.seek(BYTES - 1);
            int last = changed.read();
            changed.seek(BYTES - 1);
            changed.write(last ^ 1);
        }

        assertThat(content.isIn(file, BYTES)).isFalse();
    }

    @Test
    void aMissingByteIsNoticed() throws IOException {
        Path file = folder.resolve("file");
        content.writeFile(file, BYTES - 1);

        assertThat(content.isIn(file, BYTES)).isFalse();
    }

    @Test
    void itDoesNotShrink() throws IOException {
        java.util.zip.Deflater deflater = new java.util.zip.Deflater();
        byte[] bytes = new byte[1 << 20];
        content.piece(12_345, bytes.length).get(bytes);
        deflater.setInput(bytes);
        deflater.finish();
        long packed = 0;
        while (!deflater.finished()) {
            packed += deflater.deflate(new byte[1 << 16]);
        }
        deflater.end();
        assertThat(packed).isGreaterThan(bytes.length);
    }
}
