package dev.anystore.spi;

import dev.anystore.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a call, as the engine sees it: until when it may take, and how it is stopped from outside. A provider
 * that does I/O registers with {@link #onCancel(Runnable)} what frees its thread. Thread-safe.
 */
public final class Call {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.spi");
    private static final long NO_DEADLINE = Long.MAX_VALUE;

    private final long deadlineNanos;
    private final @Nullable LongConsumer observer;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Registration> registrations = new ArrayList<>(1);
    private final AtomicLong sentBytes = new AtomicLong();
    private volatile boolean cancelled;

    private Call(long deadlineNanos, @Nullable LongConsumer observer) {
        this.deadlineNanos = deadlineNanos;
        this.observer = observer;
    }

    /** A call without a deadline. */
    public static Call unbounded() {
        return new Call(NO_DEADLINE, null);
    }

    /** A call that must end before {@link System#nanoTime()} passes this value. */
    public static Call until(long nanoTime) {
        return new Call(nanoTime == NO_DEADLINE ? nanoTime - 1 : nanoTime, null);
    }

    /** The same kind of call, whose {@link #sent(long)} is told to somebody too. */
    public Call observedBy(LongConsumer value) {
        return new Call(deadlineNanos, value);
    }

    /** Nanoseconds left; {@link Long#MAX_VALUE} without a deadline, zero or less when it has passed. */
    public long remainingNanos() {
        return deadlineNanos == NO_DEADLINE ? Long.MAX_VALUE : deadlineNanos - System.nanoTime();
    }

    /** Milliseconds left, rounded up, at most {@code atMost}. */
    public long remainingMillis(long atMost) {
        long nanos = remainingNanos();
        return nanos == Long.MAX_VALUE
                ? atMost
                : Math.max(0, Math.min(atMost, TimeUnit.NANOSECONDS.toMillis(nanos) + 1));
    }

    /** Whether somebody stopped the call. */
    public boolean cancelled() {
        return cancelled;
    }

    /**
     * Throws if the call was stopped or its time is over.
     *
     * @throws StorageException of kind {@code CANCELLED} or {@code TIMEOUT}
     */
    public void check() {
        if (cancelled) {
            throw StorageException.builder(StorageException.Kind.CANCELLED)
                    .message("the call was cancelled")
                    .build();
        }
        if (remainingNanos() <= 0) {
            throw StorageException.builder(StorageException.Kind.TIMEOUT)
                    .message("the deadline of the call passed")
                    .build();
        }
    }

    /** Stops the call: runs what was registered, once each, on this thread. Safe from any thread, any number of times. */
    public void cancel() {
        List<Registration> all;
        lock.lock();
        try {
            cancelled = true;
            all = List.copyOf(registrations);
            registrations.clear();
        } finally {
            lock.unlock();
        }
        for (Registration registration : all) {
            try {
                registration.action.run();
            } catch (RuntimeException e) {
                // One that fails must not keep the others, or a store that closes, from being stopped.
                LOG.warn("what should have stopped a call failed", e);
            }
        }
    }

    /**
     * Registers what frees the calling thread. Runs at once if the call was stopped already.
     *
     * @param action quick, never blocking, harmless when nothing is under way
     * @return to be closed when the action is no longer needed
     */
    public Registration onCancel(Runnable action) {
        Registration registration = new Registration(action);
        boolean now;
        lock.lock();
        try {
            now = cancelled;
            if (!now) {
                registrations.add(registration);
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            action.run();
        }
        return registration;
    }

    /** Tells that this many more bytes of the payload went out; the engine shows them as progress. */
    public void sent(long bytes) {
        sentBytes.addAndGet(bytes);
        if (observer != null) {
            observer.accept(bytes);
        }
    }

    /** How many bytes of the payload went out so far. */
    public long sentBytes() {
        return sentBytes.get();
    }

    /** An action that {@link #cancel()} runs, until it is closed. */
    public final class Registration implements AutoCloseable {
        private final Runnable action;

        private Registration(Runnable action) {
            this.action = action;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                registrations.remove(this);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
