package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.spi.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One part under way: as a rule one attempt after the other, and a second sender at the same time if the first one is slow.
 * The first answer wins and stops the other sender; a failure counts when no other one is under way. Thread-safe.
 */
final class PartSending {
    private final int number;
    /** Each sender has a payload of its own, for one request at a time reads from it. */
    private final Supplier<Payload> payload;

    private final Runnable free;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Scope> senders = new ArrayList<>(1);
    private int expected = 1;
    private boolean won;
    private @Nullable StorageException failure;

    /** A part; {@code free} runs when nobody reads its payload any more. */
    PartSending(int number, Supplier<Payload> payload, Runnable free) {
        this.number = number;
        this.payload = payload;
        this.free = free;
    }

    int number() {
        return number;
    }

    Payload payload() {
        return payload.get();
    }

    /** Whether a second sender may still help; it is then waited for. */
    boolean mayHaveAnother() {
        lock.lock();
        try {
            if (won || expected != 1 || senders.isEmpty()) {
                return false;
            }
            expected++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A sender begins; false if it comes too late. */
    boolean enter(Scope sender) {
        lock.lock();
        try {
            senders.add(sender);
            return !won;
        } finally {
            lock.unlock();
        }
    }

    /** A sender has the service's answer; whether it is the first, which stops the other. */
    boolean win(Scope sender) {
        List<Scope> others;
        lock.lock();
        try {
            if (won) {
                return false;
            }
            won = true;
            others = senders.stream().filter(each -> each != sender).toList();
        } finally {
            lock.unlock();
        }
        others.forEach(other -> other.stop(Failures.cancelled("the same part, sent a second time, was faster")));
        return true;
    }

    /** A sender failed. Returns what the part failed with, or null if another sender decides that or has won. */
    @Nullable
    StorageException fail(StorageException why) {
        lock.lock();
        try {
            if (won) {
                return null;
            }
            if (expected > 1) {
                failure = why;
                return null;
            }
            return Failures.with(why, failure);
        } finally {
            lock.unlock();
        }
    }

    /** A sender has ended, however. */
    void leave() {
        boolean last;
        lock.lock();
        try {
            expected--;
            last = expected == 0;
        } finally {
            lock.unlock();
        }
        if (last) {
            free.run();
        }
    }
}
