package dev.anystore;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a tree has moved, from what its files tell, and passes it on at most 20 times a second and at the end. */
final class TreeMeter {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore");
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final @Nullable ProgressListener listener;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger files = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    /** Calls come one after the other, so that what the listener sees never falls. */
    private final ReentrantLock telling = new ReentrantLock();

    private final AtomicLong told = new AtomicLong(System.nanoTime() - PAUSE_NANOS);
    private final AtomicLong knownBytes = new AtomicLong();
    private final AtomicInteger knownFiles = new AtomicInteger();
    private volatile boolean allKnown;

    TreeMeter(@Nullable ProgressListener listener) {
        this.listener = listener;
    }

    /** There is one more file of this size. */
    void found(long size) {
        knownBytes.addAndGet(size);
        knownFiles.incrementAndGet();
    }

    /** There are no more. */
    void allFound() {
        allKnown = true;
        tell(true);
    }

    /** All are done. */
    void end() {
        tell(true);
    }

    /** One file's part in it. Its transfer tells on any of its threads. */
    final class OfFile implements ProgressListener {
        private final AtomicLong counted = new AtomicLong();
        private volatile Progress latest = new Progress(0, -1, 0, -1, 0);

        @Override
        public void progressed(Progress progress) {
            latest = progress;
            long before = counted.getAndAccumulate(progress.bytes(), Math::max);
            bytes.addAndGet(Math.max(0, progress.bytes() - before));
            tell(false);
        }

        Progress latest() {
            return latest;
        }

        /** It is done, well or not. */
        void end() {
            files.incrementAndGet();
            retries.addAndGet(latest.retries());
            tell(false);
        }
    }

    OfFile begin() {
        return new OfFile();
    }

    private void tell(boolean now) {
        if (listener == null) {
            return;
        }
        long time = System.nanoTime();
        long before = told.get();
        if (!now && (time - before < PAUSE_NANOS || !told.compareAndSet(before, time))) {
            return;
        }
        if (now) {
            telling.lock();
        } else if (!telling.tryLock()) {
            return;
        }
        try {
            tell();
        } catch (RuntimeException e) {
            LOG.warn("a progress listener failed, which changes nothing", e);
        } finally {
            telling.unlock();
        }
    }

    private void tell() {
        if (listener == null) {
            return;
        }
        boolean known = allKnown;
        long total = known ? knownBytes.get() : -1;
        long moved = bytes.get();
        listener.progressed(new Progress(
                known ? Math.min(moved, total) : moved,
                total,
                files.get(),
                known ? knownFiles.get() : -1,
                retries.get()));
    }
}
