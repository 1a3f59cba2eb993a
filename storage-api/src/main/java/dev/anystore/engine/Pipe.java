package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageIOException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from the thread that writes an object to the thread that uploads it, through a ring of 256 KiB. Unlike {@link
 * java.io.PipedInputStream} it does not care which threads live, and an end is an end only if it was said.
 */
public final class Pipe {
    private static final int CAPACITY = 256 << 10;

    private final byte[] ring = new byte[CAPACITY];
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int start;
    private int filled;
    private boolean ended;
    private boolean aborted;
    private boolean readerGone;
    private @Nullable StorageException failure;

    /** Everything was written. */
    public void end() {
        signal(() -> ended = true);
    }

    /** What was written is not wanted; no effect after {@link #end()}. */
    public void abort() {
        signal(() -> aborted |= !ended);
    }

    /** An operation that is stopped does not wait for the writer any more. */
    public void abortWith(Scope scope) {
        scope.onStop(() -> signal(() -> {
            aborted = true;
            failure = scope.reasonOf(Failures.cancelled("the operation was stopped"));
        }));
    }

    /** The upload failed: the writer learns it at its next write. */
    public void fail(StorageException why) {
        signal(() -> failure = why);
    }

    /** Nobody reads any more. */
    public void readerGone() {
        signal(() -> readerGone = true);
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** For the writer; closing it changes nothing. */
    public OutputStream sink() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                java.util.Objects.checkFromIndexSize(off, len, b.length);
                int at = off;
                while (at < off + len) {
                    at += offer(b, at, off + len - at);
                }
            }
        };
    }

    private int offer(byte[] b, int off, int len) throws StorageIOException {
        lock.lock();
        try {
            while (filled == CAPACITY && !readerGone && failure == null && !aborted) {
                await();
            }
            if (failure != null) {
                throw new StorageIOException(failure);
            }
            if (ended || aborted || readerGone) {
                throw new StorageIOException(StorageException.builder(StorageException.Kind.CLOSED)
                        .message("the writer is committed or closed")
                        .build());
            }
            int end = (start + filled) % CAPACITY;
            int n = Math.min(len, Math.min(CAPACITY - filled, CAPACITY - end));
            System.arraycopy(b, off, ring, end, n);
            filled += n;
            changed.signalAll();
            return n;
        } finally {
            lock.unlock();
        }
    }

    /** For the upload. */
    public InputStream source() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return len == 0 ? 0 : poll(b, off, len);
            }
        };
    }

    private int poll(byte[] b, int off, int len) throws StorageIOException {
        lock.lock();
        try {
            while (filled == 0 && !ended && !aborted) {
                await();
            }
            if (aborted) {
                throw new StorageIOException(Failures.cancelled("the writer was closed without a commit"));
            }
            if (filled == 0) {
                return -1;
            }
            int n = Math.min(len, Math.min(filled, CAPACITY - start));
            System.arraycopy(ring, start, b, off, n);
            start = (start + n) % CAPACITY;
            filled -= n;
            changed.signalAll();
            return n;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // both callers ask in a loop, which the check cannot see from here
    private void await() throws StorageIOException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageIOException(Failures.cancelled("the writing thread was interrupted"));
        }
    }
}
