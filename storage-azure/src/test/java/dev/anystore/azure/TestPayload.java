package dev.anystore.azure;

import dev.anystore.Checksum;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Payloads as the engine makes them. */
final class TestPayload implements Payload {
    private final byte[] bytes;
    private final @Nullable FileRegion file;
    private final boolean asBuffer;
    private final boolean repeatable;

    private TestPayload(byte[] bytes, @Nullable FileRegion file, boolean asBuffer, boolean repeatable) {
        this.bytes = bytes;
        this.file = file;
        this.asBuffer = asBuffer;
        this.repeatable = repeatable;
    }

    static TestPayload of(byte[] bytes) {
        return new TestPayload(bytes, null, true, true);
    }

    static TestPayload of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static TestPayload stream(byte[] bytes, boolean repeatable) {
        return new TestPayload(bytes, null, false, repeatable);
    }

    static TestPayload file(Path file, long position, long length) {
        return new TestPayload(new byte[0], new FileRegion(file, position, length), false, true);
    }

    @Override
    public long length() {
        return file != null ? file.length() : bytes.length;
    }

    @Override
    public boolean repeatable() {
        return repeatable;
    }

    @Override
    public InputStream open() throws IOException {
        if (file == null) {
            return new ByteArrayInputStream(bytes);
        }
        FileChannel channel = FileChannel.open(file.file());
        channel.position(file.position());
        return new FilterInputStream(Channels.newInputStream(channel)) {};
    }

    @Override
    public @Nullable FileRegion file() {
        return file;
    }

    @Override
    public @Nullable ByteBuffer buffer() {
        return asBuffer ? ByteBuffer.wrap(bytes).asReadOnlyBuffer() : null;
    }

    @Override
    public Checksum checksum(Checksum.Algorithm algorithm) throws IOException {
        if (!repeatable) {
            throw new IOException("read once only");
        }
        byte[] all = bytes;
        if (file != null) {
            try (InputStream in = open()) {
                all = in.readNBytes((int) file.length());
            }
        }
        return checksum(algorithm, all);
    }

    static Checksum checksum(Checksum.Algorithm algorithm, byte[] bytes) {
        if (algorithm == Checksum.Algorithm.CRC32C) {
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            return Checksum.crc32c(crc.getValue());
        }
        try {
            return Checksum.of(
                    Checksum.Algorithm.MD5, MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public @Nullable Checksum knownChecksum(Checksum.Algorithm algorithm) {
        return null;
    }

    /** Bytes that differ from place to place and from seed to seed. */
    static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "TestPayload" + Arrays.asList(length(), repeatable);
    }
}
