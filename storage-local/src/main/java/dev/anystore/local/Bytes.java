package dev.anystore.local;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a new object come from. They pass through one small buffer, and are digested there on the way, so
 * that the digest is of what was written and not of what was meant.
 */
interface Bytes {
    /** Between the caches of a core and the cost of a system call: larger buffers were slower, smaller ones too. */
    int CHUNK = 256 << 10;

    /** Receives the bytes in pieces of at most {@link #CHUNK}. */
    interface Sink {
        void accept(ByteBuffer bytes) throws IOException;
    }

    /**
     * Hands all bytes to the sink.
     *
     * @throws StorageException if the source fails or is shorter than it said
     */
    void copyTo(Sink sink) throws IOException;

    /** How many, or {@link Payload#UNKNOWN}. */
    long length();

    /** The bytes of a payload. */
    static Bytes of(Payload payload) {
        return new Bytes() {
            @Override
            public long length() {
                return payload.length();
            }

            @Override
            public void copyTo(Sink sink) throws IOException {
                ByteBuffer buffer = payload.buffer();
                FileRegion region = payload.file();
                if (buffer != null) {
                    copyBuffer(buffer, sink);
                } else if (region != null) {
                    copyFile(region, sink);
                } else {
                    copyStream(payload, sink);
                }
            }
        };
    }

    /** The bytes of an object. Its failures are {@link StorageIOException}s. */
    static Bytes of(ReadableByteChannel body, long length) {
        return new Bytes() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public void copyTo(Sink sink) throws IOException {
                ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK, Math.max(1, length)));
                try {
                    while (body.read(chunk) >= 0) {
                        sink.accept(chunk.flip());
                        chunk.clear();
                    }
                } catch (StorageIOException e) {
                    throw e.storageException();
                }
            }
        };
    }

    private static void copyBuffer(ByteBuffer buffer, Sink sink) throws IOException {
        ByteBuffer all = buffer.slice();
        for (int at = 0; at < all.limit(); at += CHUNK) {
            sink.accept(all.slice(at, Math.min(CHUNK, all.limit() - at)));
        }
    }

    private static void copyFile(FileRegion region, Sink sink) throws IOException {
        FileChannel file;
        try {
            file = FileChannel.open(region.file(), StandardOpenOption.READ);
        } catch (IOException e) {
            throw failure(Kind.SOURCE_FAILED, "the source file " + region.file() + " can't be opened", e);
        }
        try (file) {
            Entry before = look(region);
            if (copyChannel(file, region.position(), region.length(), sink) < region.length()) {
                throw failure(
                        Kind.SOURCE_CHANGED,
                        "the source file " + region.file() + " became shorter while it was read",
                        null);
            }
            // Before anything is published: what was read of a file that changed meanwhile is no whole.
            if (!before.equals(look(region))) {
                throw failure(
                        Kind.SOURCE_CHANGED, "the source file " + region.file() + " changed while it was read", null);
            }
        }
    }

    private static Entry look(FileRegion region) {
        try {
            return Entry.of("", Files.readAttributes(region.file(), BasicFileAttributes.class));
        } catch (IOException e) {
            throw failure(Kind.SOURCE_CHANGED, "the source file " + region.file() + " is not there any more", e);
        }
    }

    private static long copyChannel(FileChannel file, long from, long length, Sink sink) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK, Math.max(1, length)));
        long done = 0;
        while (done < length) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), length - done));
            int read;
            try {
                read = file.read(chunk, from + done);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                throw failure(Kind.SOURCE_FAILED, "the source file can't be read", e);
            }
            if (read < 0) {
                return done;
            }
            done += read;
            sink.accept(chunk.flip());
        }
        return done;
    }

    private static void copyStream(Payload payload, Sink sink) throws IOException {
        long length = payload.length();
        byte[] chunk = new byte[length == Payload.UNKNOWN ? CHUNK : (int) Math.min(CHUNK, Math.max(1, length))];
        try (Source in = new Source(payload)) {
            long done = 0;
            while (length == Payload.UNKNOWN || done < length) {
                int wanted = length == Payload.UNKNOWN ? chunk.length : (int) Math.min(chunk.length, length - done);
                int read = in.read(chunk, wanted);
                if (read < 0) {
                    break;
                }
                done += read;
                sink.accept(ByteBuffer.wrap(chunk, 0, read));
            }
            if (length != Payload.UNKNOWN && done < length) {
                throw failure(Kind.SOURCE_FAILED, "the source ended after " + done + " of " + length + " bytes", null);
            }
        }
    }

    /** The caller's stream, whose failures are not the disk's. */
    final class Source implements AutoCloseable {
        private final InputStream stream;

        private Source(Payload payload) {
            try {
                stream = payload.open();
            } catch (IOException e) {
                throw sourceFailed(e);
            }
        }

        /** Fills the chunk as far as the source goes; -1 at its end. */
        private int read(byte[] chunk, int wanted) {
            try {
                int read = stream.readNBytes(chunk, 0, wanted);
                return read == 0 ? -1 : read;
            } catch (IOException e) {
                throw sourceFailed(e);
            }
        }

        @Override
        public void close() {
            try {
                stream.close();
            } catch (IOException e) {
                throw sourceFailed(e);
            }
        }

        private static StorageException sourceFailed(IOException e) {
            if (e instanceof StorageIOException wrapped) {
                return wrapped.storageException();
            }
            if (e instanceof java.io.InterruptedIOException
                    && Thread.currentThread().isInterrupted()) {
                return LocalErrors.interrupted(e);
            }
            return failure(Kind.SOURCE_FAILED, "the source failed: " + e.getMessage(), e);
        }
    }

    private static StorageException failure(Kind kind, String message, @Nullable Throwable cause) {
        return StorageException.builder(kind).message(message).cause(cause).build();
    }
}
