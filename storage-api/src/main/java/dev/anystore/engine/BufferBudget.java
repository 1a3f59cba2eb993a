package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The bytes that a store's part buffers may take together. Whoever finds it used up waits for a part to be done. */
final class BufferBudget {
    private final long total;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition freed = lock.newCondition();
    private long free;

    BufferBudget(long total) {
        this.total = total;
        this.free = total;
    }

    long total() {
        return total;
    }

    /** A buffer, once there is room for it; whoever gets it gives it back. */
    Buffer buffer(Scope scope, int bytes) {
        take(scope, bytes);
        try {
            return new Buffer(new byte[bytes]);
        } catch (OutOfMemoryError e) {
            give(bytes);
            throw e;
        }
    }

    /** A buffer that counts until it is closed; closing it twice counts once. */
    final class Buffer implements AutoCloseable {
        private final byte[] bytes;
        private final AtomicBoolean given = new AtomicBoolean();

        private Buffer(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            if (given.compareAndSet(false, true)) {
                give(bytes.length);
            }
        }
    }

    private void take(Scope scope, long bytes) {
        if (bytes > total) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a part of " + bytes + " bytes is more than the " + total + " bytes that buffers may take")
                    .fix("raise STORAGE_MEMORY_BYTES, or lower STORAGE_PART_BYTES")
                    .build();
        }
        lock.lock();
        try {
            while (free < bytes) {
                scope.check();
                freed.awaitNanos(scope.patienceNanos());
            }
            free -= bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.cancelled("the calling thread was interrupted");
        } finally {
            lock.unlock();
        }
    }

    private void give(long bytes) {
        lock.lock();
        try {
            free += bytes;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
