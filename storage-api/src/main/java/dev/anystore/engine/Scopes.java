package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The operations that a store has under way; closing stops them and waits until they have gone. A reader is stopped and not
 * waited for: only its caller can end it.
 */
final class Scopes {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gone = lock.newCondition();
    private final Set<Scope> live = new HashSet<>();
    private final Set<Scope> reading = new HashSet<>();
    private boolean closed;

    Scope open(Duration limit) {
        return add(new Scope(this, System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit)), live);
    }

    Scope openUnlimited() {
        return add(new Scope(this, Long.MAX_VALUE), live);
    }

    Scope openReading() {
        return add(new Scope(this, Long.MAX_VALUE), reading);
    }

    private Scope add(Scope scope, Set<Scope> to) {
        lock.lock();
        try {
            if (closed) {
                throw closedException();
            }
            to.add(scope);
            return scope;
        } finally {
            lock.unlock();
        }
    }

    void remove(Scope scope) {
        lock.lock();
        try {
            live.remove(scope);
            reading.remove(scope);
            if (live.isEmpty()) {
                gone.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Stops all and waits at most so long for them to end. Idempotent. */
    void close(Duration patience) {
        Set<Scope> all = new HashSet<>();
        lock.lock();
        try {
            closed = true;
            all.addAll(live);
            all.addAll(reading);
        } finally {
            lock.unlock();
        }
        all.forEach(scope -> scope.stop(closedException()));
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(patience.toMillis());
            while (!live.isEmpty() && left > 0) {
                left = gone.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    static StorageException closedException() {
        return StorageException.builder(Kind.CLOSED)
                .message("the store is closed")
                .fix("open another one from its configuration")
                .build();
    }
}
