package dev.anystore.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Finds the parts that take so long that sending them a second time is worth it: after 8 parts, those under way for more
 * than three times the median and 250 ms; each once, and at most 5 % of all parts. A part that waits between two attempts
 * is not slow: the service has asked for the pause. Thread-safe.
 */
final class Stragglers {
    private static final int KNOWN = 8;
    private static final int TIMES_MEDIAN = 3;
    private static final long LEAST_NANOS = Duration.ofMillis(250).toNanos();
    /** One of so many parts. */
    private static final int ONE_OF = 20;
    /** The median is that of the last parts: a link may change in the hours of a large transfer. */
    private static final int WINDOW = 255;

    private record Running(long since, long bytes) {}

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Running> running = new HashMap<>();
    private final Set<Integer> twice = new HashSet<>();
    private final long[] durations = new long[WINDOW];
    private long largest;
    private int begun;
    private int done;

    Stragglers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A part is to be sent, for the first time. */
    void planned() {
        lock.lock();
        try {
            begun++;
        } finally {
            lock.unlock();
        }
    }

    /** An attempt begins to send it. */
    void began(int number, long bytes) {
        lock.lock();
        try {
            running.putIfAbsent(number, new Running(nanoTime.getAsLong(), bytes));
        } finally {
            lock.unlock();
        }
    }

    /** An attempt failed. */
    void failed(int number) {
        lock.lock();
        try {
            running.remove(number);
        } finally {
            lock.unlock();
        }
    }

    /** The service has it. */
    void done(int number) {
        lock.lock();
        try {
            Running was = running.remove(number);
            if (was != null) {
                durations[done % WINDOW] = nanoTime.getAsLong() - was.since();
                largest = Math.max(largest, was.bytes());
                done++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The parts to send a second time now. */
    List<Integer> take() {
        List<Integer> slow = new ArrayList<>();
        lock.lock();
        try {
            if (done >= KNOWN && !running.isEmpty() && twice.size() * ONE_OF < begun) {
                long limit = Math.max(LEAST_NANOS, TIMES_MEDIAN * median());
                long now = nanoTime.getAsLong();
                running.forEach((number, part) -> {
                    // Parts of a stream grow: a larger one may take longer.
                    double share = Math.max(1, (double) part.bytes() / Math.max(1, largest));
                    if (now - part.since() > limit * share && twice.size() * ONE_OF < begun && twice.add(number)) {
                        slow.add(number);
                    }
                });
            }
        } finally {
            lock.unlock();
        }
        return slow;
    }

    private long median() {
        long[] sorted = Arrays.copyOf(durations, Math.min(done, WINDOW));
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Whether some part was sent twice. */
    boolean any() {
        lock.lock();
        try {
            return !twice.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
