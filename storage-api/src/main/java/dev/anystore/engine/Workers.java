package dev.anystore.engine;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The bounded daemon threads of a store, or the caller's executor. None before first use, all gone after close. */
final class Workers implements Executor, AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final @Nullable Executor callers;
    private final @Nullable ThreadPoolExecutor ours;

    Workers(String provider, int threads, @Nullable Executor callers) {
        this.callers = callers;
        if (callers != null) {
            this.ours = null;
            return;
        }
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "anystore-" + provider + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.ours = pool;
    }

    @Override
    public void execute(Runnable task) {
        if (ours != null) {
            ours.execute(task);
        } else if (callers != null) {
            callers.execute(task);
        }
    }

    /** Takes no more tasks and waits a moment for the threads to end; what they do was stopped before. */
    @Override
    public void close() {
        if (ours == null) {
            return;
        }
        ours.shutdown();
        try {
            if (!ours.awaitTermination(2, TimeUnit.SECONDS)) {
                ours.shutdownNow();
            }
        } catch (InterruptedException e) {
            ours.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
