package dev.anystore.local;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A range of a file that is held open: whoever replaces or deletes the object meanwhile does not change it. Used by one
 * thread at a time; may be closed by any.
 */
final class FileBody extends InputStream implements ReadableByteChannel {
    /** Between two looks at the deadline. */
    private static final int MAX_CHUNK = 8 << 20;

    private final FileChannel file;
    private final Path root;
    private final Guard guard;
    private final Runnable onClose;
    private long position;
    private final long end;

    FileBody(FileChannel file, long offset, long length, Path root, Guard guard, Runnable onClose) {
        this.file = file;
        this.position = offset;
        this.end = offset + length;
        this.root = root;
        this.guard = guard;
        this.onClose = onClose;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? 0 : read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        int limit = target.limit();
        int wanted = (int) Math.min(Math.min(MAX_CHUNK, target.remaining()), end - position);
        try {
            guard.check();
            target.limit(target.position() + wanted);
            int read = file.read(target, position);
            if (read < 0) {
                throw StorageException.builder(Kind.OBJECT_CHANGED)
                        .message("the file became shorter while it was read")
                        .build();
            }
            position += read;
            return read;
        } catch (StorageException e) {
            throw new StorageIOException(e);
        } catch (IOException e) {
            throw new StorageIOException(LocalErrors.of(e, root));
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public long skip(long bytes) {
        long skipped = Math.max(0, Math.min(bytes, end - position));
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - position);
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() {
        onClose.run();
        try {
            file.close();
        } catch (IOException e) {
            // Nothing was written: there is nothing to lose, and nobody to do something about it.
        }
    }
}
