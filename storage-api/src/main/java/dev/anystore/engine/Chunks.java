package dev.anystore.engine;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers of one size that writers of files take and give back: memory outside the heap is freed only when the
 * collector finds its owner, so it is used again rather than allocated for each part.
 */
final class Chunks {
    static final int BYTES = 256 << 10;

    private final int most;
    private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();

    /** Keeps at most so many that nobody uses. */
    Chunks(int most) {
        this.most = most;
    }

    ByteBuffer take() {
        ByteBuffer buffer = idle.poll();
        if (buffer == null) {
            return ByteBuffer.allocateDirect(BYTES);
        }
        kept.decrementAndGet();
        return buffer;
    }

    void give(ByteBuffer buffer) {
        if (kept.incrementAndGet() <= most) {
            idle.add(buffer);
        } else {
            kept.decrementAndGet();
        }
    }

    void clear() {
        while (idle.poll() != null) {
            kept.decrementAndGet();
        }
    }
}
