package dev.anystore.engine;

import dev.anystore.Progress;
import dev.anystore.ProgressListener;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what one transfer has moved, and tells its listener at most 20 times a second and once at the end. */
public final class Meter {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.engine");
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final @Nullable ProgressListener listener;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong shown = new AtomicLong();
    private final AtomicInteger parts = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private final AtomicInteger resumed = new AtomicInteger();
    /** Calls come one after the other, so that what the listener sees never falls. */
    private final ReentrantLock telling = new ReentrantLock();

    private final AtomicLong told = new AtomicLong(System.nanoTime() - PAUSE_NANOS);
    private volatile long totalBytes = -1;
    private volatile int totalParts = -1;

    /** A meter for this listener. */
    public Meter(@Nullable ProgressListener listener) {
        this.listener = listener;
    }

    void plan(long size, int count) {
        totalBytes = size;
        totalParts = count;
    }

    /** So many more bytes went out or came in; negative if an attempt failed and its bytes count no longer. */
    void moved(long more) {
        bytes.addAndGet(more);
        tell(false);
    }

    /** A part is done: whatever the provider had not told of its bytes is told now. */
    void partDone(long unreported) {
        bytes.addAndGet(unreported);
        parts.incrementAndGet();
        tell(false);
    }

    /** An earlier run has moved a part. */
    void resumed(long partBytes) {
        resumed.incrementAndGet();
        partDone(partBytes);
    }

    void retried() {
        retries.incrementAndGet();
    }

    /** The transfer has succeeded. */
    public void finish(long size) {
        bytes.set(size);
        totalBytes = size;
        totalParts = Math.max(parts.get(), 1);
        parts.set(totalParts);
        tell(true);
    }

    /** How far the transfer is. */
    public Progress progress() {
        long total = totalBytes;
        long now = shown.accumulateAndGet(Math.max(0, bytes.get()), Math::max);
        return new Progress(
                total < 0 ? now : Math.min(now, total), total, parts.get(), totalParts, retries.get(), resumed.get());
    }

    private void tell(boolean last) {
        if (listener == null) {
            return;
        }
        long now = System.nanoTime();
        long before = told.get();
        if (!last && (now - before < PAUSE_NANOS || !told.compareAndSet(before, now))) {
            return;
        }
        if (last) {
            telling.lock();
        } else if (!telling.tryLock()) {
            return;
        }
        try {
            listener.progressed(progress());
        } catch (RuntimeException e) {
            LOG.warn("a progress listener failed, which changes nothing", e);
        } finally {
            telling.unlock();
        }
    }
}
