package dev.anystore.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many retries a store may still make. It begins with a burst of 100; each first attempt earns a fifth of one, so that
 * a service that fails always sees at most 1.2 times the load. Thread-safe, without locks.
 */
final class RetryBudget {
    /** Counted in tenths, so that a first attempt earns a whole number. */
    private static final long RETRY = 10;

    private static final long EARNED = 2;
    private static final long FULL = 100 * RETRY;

    private final AtomicLong tenths = new AtomicLong(FULL);

    /** A first attempt is made. */
    void earn() {
        if (tenths.get() < FULL) {
            tenths.updateAndGet(now -> Math.min(FULL, now + EARNED));
        }
    }

    /** Whether another retry may be made; counts it if so. */
    boolean take() {
        return tenths.getAndUpdate(now -> now >= RETRY ? now - RETRY : now) >= RETRY;
    }
}
