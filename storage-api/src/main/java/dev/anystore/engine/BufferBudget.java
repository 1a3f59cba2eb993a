package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes that a store's part buffers may take together. Whoever finds it used up waits for a part to be done, in the
 * order of coming: small buffers never overtake a large one for ever. A buffer that its writer fills slowly is not given
 * back before, so a wait in which nothing at all moves ends with an error.
 */
final class BufferBudget {
    /** The longest array that every JVM makes. */
    private static final long LONGEST = Integer.MAX_VALUE - 8;

    private final long total;
    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Deque<Object> queue = new ArrayDeque<>();
    private long free;
    private long changedAt = System.nanoTime();

    /** So many bytes; a wait ends after this time without any change. */
    BufferBudget(long total, Duration patience) {
        this.total = total;
        this.free = total;
        this.patienceNanos = TimeUnit.NANOSECONDS.convert(patience);
    }

    long total() {
        return total;
    }

    /**
     * A buffer, once there is room for it; whoever gets it gives it back.
     *
     * @param meanwhile runs now and then while this waits: what frees buffers may need this thread
     */
    Buffer buffer(Scope scope, long bytes, Runnable meanwhile) {
        take(scope, bytes, meanwhile);
        boolean made = false;
        try {
            Buffer buffer = new Buffer(new byte[(int) bytes]);
            made = true;
            return buffer;
        } finally {
            if (!made) {
                give(bytes);
            }
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

    private void take(Scope scope, long bytes, Runnable meanwhile) {
        if (bytes > Math.min(total, LONGEST)) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a part of " + bytes + " bytes is more than the " + Math.min(total, LONGEST)
                            + " bytes that one buffer may take")
                    .fix("raise STORAGE_MEMORY_BYTES, or lower STORAGE_PART_BYTES")
                    .build();
        }
        Object ticket = new Object();
        lock.lock();
        try {
            queue.add(ticket);
            long since = System.nanoTime();
            while (queue.peek() != ticket || free < bytes) {
                scope.check();
                if (freed.awaitNanos(Math.max(1, scope.patienceNanos())) <= 0) {
                    requireChange(since, bytes);
                    outside(meanwhile);
                }
            }
            free -= bytes;
            changedAt = System.nanoTime();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.cancelled("the calling thread was interrupted");
        } finally {
            queue.remove(ticket);
            freed.signalAll();
            lock.unlock();
        }
    }

    private void requireChange(long since, long bytes) {
        long now = System.nanoTime();
        if (Math.min(now - since, now - changedAt) > patienceNanos) {
            throw StorageException.builder(Kind.TIMEOUT)
                    .message("no room for a part of " + bytes + " bytes: other transfers hold " + (total - free)
                            + " of " + total + " bytes of buffers, and none of them moves")
                    .fix("commit or close the writers that are open, or raise STORAGE_MEMORY_BYTES")
                    .build();
        }
    }

    private void outside(Runnable action) {
        lock.unlock();
        try {
            action.run();
        } finally {
            lock.lock();
        }
    }

    private void give(long bytes) {
        lock.lock();
        try {
            free += bytes;
            changedAt = System.nanoTime();
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
