package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The payloads that the engine makes: a region of a file, a buffer, or the caller's stream. */
public final class Payloads {
    private Payloads() {}

    /** A region of a file. */
    public static Payload of(Path file, long position, long length) {
        return new FilePayload(new FileRegion(file, position, length));
    }

    /** The bytes between position and limit, which must not change. */
    public static Payload of(ByteBuffer bytes) {
        return new BufferPayload(bytes.slice().asReadOnlyBuffer());
    }

    /** A stream that can be read once. */
    static Payload once(InputStream stream, long length) {
        return new StreamPayload(stream, length);
    }

    private static Checksum digest(Payload payload, Algorithm algorithm) throws IOException {
        Digests digest = Digests.begin(algorithm);
        if (digest == null) {
            throw new IllegalArgumentException("no " + algorithm + " here");
        }
        return digest(payload, digest);
    }

    /** The digest of all bytes of a payload. */
    static Checksum digest(Payload payload, Digests digest) throws IOException {
        ByteBuffer buffer = payload.buffer();
        if (buffer != null) {
            digest.update(buffer);
            return digest.result();
        }
        try (InputStream in = payload.open()) {
            byte[] chunk = new byte[128 << 10];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return digest.result();
    }

    /** What repeatable payloads share: each digest is computed once. */
    private abstract static class Repeatable implements Payload {
        private final Map<Algorithm, Checksum> known = new EnumMap<>(Algorithm.class);

        @Override
        public boolean repeatable() {
            return true;
        }

        @Override
        public Checksum checksum(Algorithm algorithm) throws IOException {
            Checksum checksum = known.get(algorithm);
            if (checksum == null) {
                checksum = digest(this, algorithm);
                known.put(algorithm, checksum);
            }
            return checksum;
        }

        @Override
        public @Nullable Checksum knownChecksum(Algorithm algorithm) {
            return known.get(algorithm);
        }
    }

    private static final class BufferPayload extends Repeatable {
        private final ByteBuffer bytes;

        private BufferPayload(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public long length() {
            return bytes.remaining();
        }

        @Override
        public InputStream open() {
            return new BufferStream(bytes.duplicate());
        }

        @Override
        public @Nullable FileRegion file() {
            return null;
        }

        @Override
        public ByteBuffer buffer() {
            return bytes.duplicate();
        }
    }

    private static final class BufferStream extends InputStream {
        private final ByteBuffer bytes;

        private BufferStream(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes.hasRemaining() ? bytes.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] b, int off, int len) {
            if (len == 0) {
                return 0;
            }
            int n = Math.min(len, bytes.remaining());
            if (n == 0) {
                return -1;
            }
            bytes.get(b, off, n);
            return n;
        }

        @Override
        public int available() {
            return bytes.remaining();
        }
    }

    private static final class FilePayload extends Repeatable {
        private final FileRegion region;

        private FilePayload(FileRegion region) {
            this.region = region;
        }

        @Override
        public long length() {
            return region.length();
        }

        @Override
        public InputStream open() throws IOException {
            try {
                return new RegionStream(FileChannel.open(region.file(), StandardOpenOption.READ), region);
            } catch (IOException e) {
                throw new StorageIOException(Failures.ofFile("the source file can't be opened", e));
            }
        }

        @Override
        public FileRegion file() {
            return region;
        }

        @Override
        public @Nullable ByteBuffer buffer() {
            return null;
        }
    }

    /** A region of a file; its end before the region's end means that the file shrank. */
    private static final class RegionStream extends InputStream {
        private final FileChannel channel;
        private final FileRegion region;
        private long position;

        private RegionStream(FileChannel channel, FileRegion region) {
            this.channel = channel;
            this.region = region;
            this.position = region.position();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            long left = region.position() + region.length() - position;
            if (left <= 0 || len == 0) {
                return len == 0 ? 0 : -1;
            }
            int n;
            try {
                n = channel.read(ByteBuffer.wrap(b, off, (int) Math.min(len, left)), position);
            } catch (java.nio.channels.ClosedByInterruptException e) {
                throw new StorageIOException(Failures.cancelled("the thread that read the file was interrupted"));
            } catch (IOException e) {
                throw new StorageIOException(Failures.ofFile("the source file can't be read", e));
            }
            if (n < 0) {
                throw new StorageIOException(StorageException.builder(Kind.SOURCE_CHANGED)
                        .message("the file became shorter while it was read")
                        .fix("upload a file that nobody writes to")
                        .build());
            }
            position += n;
            return n;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, region.position() + region.length() - position);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** The caller's stream, checked against its declared length; closing it leaves the caller's open. */
    private static final class StreamPayload implements Payload {
        private final SourceStream stream;
        private final long length;

        private StreamPayload(InputStream stream, long length) {
            this.stream = new SourceStream(stream, length);
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public boolean repeatable() {
            return false;
        }

        @Override
        public InputStream open() {
            return stream;
        }

        @Override
        public @Nullable FileRegion file() {
            return null;
        }

        @Override
        public @Nullable ByteBuffer buffer() {
            return null;
        }

        @Override
        public Checksum checksum(Algorithm algorithm) throws IOException {
            throw new IOException("a stream that is read once has no digest before it was read");
        }

        @Override
        public @Nullable Checksum knownChecksum(Algorithm algorithm) {
            return null;
        }
    }
}
