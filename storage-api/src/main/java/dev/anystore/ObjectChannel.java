package dev.anystore;

import dev.anystore.engine.BodyReader;
import dev.anystore.engine.Engine;
import dev.anystore.spi.GetRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Random reading of one revision of an object. {@link #read(ByteBuffer, long)} is for many threads; each such read is one
 * request for the bytes that are asked for. Reading with the channel's own position reads ahead by up to 1 MiB. Failures
 * are {@link StorageIOException}s; an object that was replaced is kind {@code OBJECT_CHANGED}.
 */
public final class ObjectChannel implements SeekableByteChannel {
    private static final int READ_AHEAD = 1 << 20;

    private final Engine engine;
    private final String full;
    private final ObjectInfo info;
    private final @Nullable String version;
    private final boolean requireVerified;
    private final ReentrantLock lock = new ReentrantLock();
    private long position;
    private ByteBuffer ahead = ByteBuffer.allocate(0);
    private long aheadAt;
    private volatile boolean open = true;

    ObjectChannel(Engine engine, String full, ObjectInfo info, GetOptions options) {
        this.engine = engine;
        this.full = full;
        this.info = info;
        this.version = options.version().orElse(null);
        this.requireVerified = options.requireVerified();
    }

    /** What is known of the object. */
    public ObjectInfo info() {
        return info;
    }

    /**
     * Reads at a position, without moving the channel's own. At most as much as the buffer takes.
     *
     * @return how much was read; -1 at or behind the end
     */
    public int read(ByteBuffer target, long from) throws IOException {
        checkOpen();
        if (from < 0) {
            throw new IllegalArgumentException("position is " + from);
        }
        if (from >= info.size()) {
            return -1;
        }
        int wanted = (int) Math.min(target.remaining(), info.size() - from);
        if (wanted == 0) {
            return 0;
        }
        byte[] bytes = new byte[wanted];
        fetch(bytes, from);
        target.put(bytes);
        return wanted;
    }

    private void fetch(byte[] bytes, long from) throws IOException {
        GetRequest request = GetRequest.range(full, ByteRange.of(from, bytes.length))
                .withVersion(version)
                .withIfRevision(info.revision().isEmpty() ? null : info.revision());
        try (BodyReader reader = Objects.requireNonNull(BodyReader.open(engine, "read", request, requireVerified))) {
            int got = 0;
            while (got < bytes.length) {
                got += reader.read(bytes, got, bytes.length - got);
            }
        } catch (PreconditionFailed | ObjectNotFound | RangeNotSatisfiable e) {
            throw new StorageIOException(engine.named(
                    StorageException.builder(StorageException.Kind.OBJECT_CHANGED)
                            .message("the object was replaced or deleted since the channel was opened")
                            .cause(e)
                            .fix("open it again")
                            .build(),
                    "read",
                    full));
        } catch (StorageException e) {
            throw new StorageIOException(e);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        lock.lock();
        try {
            checkOpen();
            if (position >= info.size()) {
                return -1;
            }
            if (!target.hasRemaining()) {
                return 0;
            }
            long into = position - aheadAt;
            if (into < 0 || into >= ahead.limit()) {
                int length = (int) Math.min(Math.max(target.remaining(), READ_AHEAD), info.size() - position);
                byte[] bytes = new byte[length];
                fetch(bytes, position);
                ahead = ByteBuffer.wrap(bytes);
                aheadAt = position;
                into = 0;
            }
            int n = (int) Math.min(target.remaining(), ahead.limit() - into);
            target.put(ahead.slice((int) into, n));
            position += n;
            return n;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long position() throws IOException {
        checkOpen();
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ObjectChannel position(long newPosition) throws IOException {
        checkOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position is " + newPosition);
        }
        lock.lock();
        try {
            position = newPosition;
            return this;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return info.size();
    }

    /** Always throws: the channel only reads. */
    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    /** Always throws: the channel only reads. */
    @Override
    public ObjectChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
