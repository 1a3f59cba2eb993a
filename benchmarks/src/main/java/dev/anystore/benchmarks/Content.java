package dev.anystore.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * The bytes of every object here: random, so that nothing on the way can make them fewer, and the same for each run. An
 * object of any size is their repetition.
 */
final class Content {
    /**
     * The largest prime below 64 MiB: beyond what a processor's cache holds, and no multiple of a part, so that two parts of
     * one object that were swapped give another digest.
     */
    private static final int PERIOD = 67_108_859;

    private static final long SEED = 20_261_121L;
    private static final int SLICE = 1 << 20;

    private final ByteBuffer ring;
    private final Map<Long, Integer> digests = new ConcurrentHashMap<>();

    private Content(ByteBuffer ring) {
        this.ring = ring;
    }

    /** Makes them, 64 MiB outside the heap. */
    static Content generated() {
        SplittableRandom random = new SplittableRandom(SEED);
        ByteBuffer ring = ByteBuffer.allocateDirect(PERIOD + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < PERIOD; i += Long.BYTES) {
            ring.putLong(i, random.nextLong());
        }
        return new Content(ring.limit(PERIOD).slice().asReadOnlyBuffer());
    }

    /** Some bytes from this offset of an object on, at most so many, and at least one. */
    ByteBuffer piece(long offset, long most) {
        int start = (int) (offset % PERIOD);
        int length = (int) Math.min(Math.min(most, SLICE), PERIOD - start);
        return ring.slice(start, length);
    }

    /** Writes a range of an object where it belongs in a file. */
    void write(FileChannel file, long offset, long length) throws IOException {
        for (long at = offset; at < offset + length; ) {
            ByteBuffer piece = piece(at, offset + length - at);
            while (piece.hasRemaining()) {
                at += file.write(piece, at);
            }
        }
    }

    /** Writes an object of this size as a file, in place of what is there. */
    void writeFile(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, 0, size);
        }
    }

    /** The CRC32C of an object of this size. */
    int crc32c(long size) {
        return digests.computeIfAbsent(size, n -> {
            CRC32C crc = new CRC32C();
            for (long done = 0; done < n; ) {
                ByteBuffer piece = piece(done, n - done);
                done += piece.remaining();
                crc.update(piece);
            }
            return (int) crc.getValue();
        });
    }

    /** Compares a file with the object of its size, byte by byte. */
    boolean isIn(Path file, long size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SLICE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != size) {
                return false;
            }
            for (long done = 0; done < size; ) {
                ByteBuffer piece = piece(done, size - done);
                buffer.clear().limit(piece.remaining());
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer, done + buffer.position()) < 0) {
                        return false;
                    }
                }
                done += piece.remaining();
                if (!buffer.flip().equals(piece)) {
                    return false;
                }
            }
            return true;
        }
    }
}
