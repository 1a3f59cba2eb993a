package dev.anystore.http;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that ends what takes too long, and closes what has been idle. It begins with the first connection, looks
 * ten times a second while any is busy, once a second for as long as there are idle ones, and sleeps otherwise.
 */
final class Watchdog implements Runnable {
    private static final long BUSY_NANOS = 100_000_000L;
    private static final long IDLE_NANOS = 1_000_000_000L;
    private static final int TICKS_BEFORE_NAP = 10;

    private final Pool pool;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Thread thread;
    private volatile boolean napping;
    private volatile boolean stopped;

    Watchdog(Pool pool, LongSupplier nanoTime) {
        this.pool = pool;
        this.nanoTime = nanoTime;
    }

    /** There is work: called by each exchange that takes a connection. One volatile read while the watchdog is awake. */
    void wake() {
        if (thread == null || napping) {
            startOrUnpark();
        }
    }

    private void startOrUnpark() {
        lock.lock();
        try {
            if (thread == null && !stopped) {
                Thread fresh = new Thread(this, "anystore-watchdog");
                fresh.setDaemon(true);
                fresh.start();
                thread = fresh;
            }
            LockSupport.unpark(thread);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        int quietTicks = 0;
        while (!stopped) {
            quietTicks = look() ? 0 : quietTicks + 1;
            if (quietTicks < TICKS_BEFORE_NAP) {
                LockSupport.parkNanos(this, BUSY_NANOS);
            } else {
                nap();
            }
        }
    }

    /** Checks every exchange that has a connection: whether there was one. */
    private boolean look() {
        boolean busy = false;
        long now = nanoTime.getAsLong();
        for (Connection connection : pool.open()) {
            Exchange holder = connection.holder();
            if (holder != null) {
                busy = true;
                holder.check(now);
            }
        }
        pool.evict(now);
        return busy;
    }

    private void nap() {
        napping = true;
        // An exchange takes its connection first and looks at napping then: it is seen here, or it sees us.
        if (!stopped && !look()) {
            if (pool.open().isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
        }
        napping = false;
    }

    /** Ends the thread and waits for it, unless it is the caller. */
    void stop() {
        Thread running;
        lock.lock();
        try {
            stopped = true;
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        LockSupport.unpark(running);
        boolean interrupted = false;
        try {
            running.join(1000);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
