package dev.anystore.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next attempt: full jitter from 100 ms, doubling to 20 s; a service that says how long is
 * obeyed up to 60 s, and beyond that the operation fails at once.
 */
final class Backoff {
    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();
    private static final long CAP_NANOS = Duration.ofSeconds(20).toNanos();

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Nanoseconds before the attempt that follows {@code failures} failed ones.
     *
     * @return -1 if the service asks for more than we wait
     */
    long nanos(int failures, @Nullable Duration asked) {
        if (asked != null && asked.compareTo(LONGEST_WAIT) > 0) {
            return -1;
        }
        long ceiling = failures > 20 ? CAP_NANOS : Math.min(CAP_NANOS, FIRST_NANOS << (failures - 1));
        long jitter = random.nextLong(ceiling + 1);
        // All clients were told the same time: the jitter on top keeps them apart.
        return asked == null ? jitter : asked.toNanos() + Math.min(jitter, FIRST_NANOS);
    }
}
