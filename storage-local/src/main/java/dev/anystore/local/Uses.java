package dev.anystore.local;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the operations under way, so that what they use is released when the store is closed and the last of them has
 * gone, and not beneath them.
 */
final class Uses {
    private static final long ENDED = 1L << 62;

    private final AtomicLong state = new AtomicLong();
    private final Runnable release;

    Uses(Runnable release) {
        this.release = release;
    }

    /** Begins an operation; false if none may begin any more. */
    boolean begin() {
        while (true) {
            long now = state.get();
            if (now >= ENDED) {
                return false;
            }
            if (state.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Ends one. */
    void end() {
        if (state.decrementAndGet() == ENDED) {
            release.run();
        }
    }

    /** Lets none begin from now on. */
    void endAll() {
        while (true) {
            long now = state.get();
            if (now >= ENDED) {
                return;
            }
            if (state.compareAndSet(now, now + ENDED)) {
                if (now == 0) {
                    release.run();
                }
                return;
            }
        }
    }

    boolean ended() {
        return state.get() >= ENDED;
    }
}
