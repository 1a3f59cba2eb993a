package dev.anystore.engine;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for the files of one tree: each waits for whole transfers, so they can't be the store's workers, which do the
 * parts. As many as one transfer has connections; gone when closed.
 */
public final class TreeWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.engine");
    /** As long as a cancel may take. */
    private static final int PATIENCE_SECONDS = 2;

    private final Scope scope;
    private final ExecutorService pool;
    /** Bounds what is queued: a tree may have more files than memory has room for their names. */
    private final Semaphore places;

    private final int capacity;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** Threads within this scope. */
    public TreeWorkers(Engine engine, Scope scope) {
        this.scope = scope;
        int threads = engine.settings().connections();
        this.capacity = threads * 4;
        this.places = new Semaphore(capacity);
        AtomicInteger number = new AtomicInteger();
        String name = "anystore-" + engine.settings().provider() + "-tree-";
        this.pool = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs it on one of the threads, waiting for a place. */
    public void submit(Runnable task) {
        await(1);
        pool.execute(() -> {
            try {
                if (!scope.isStopped()) {
                    task.run();
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                places.release();
            }
        });
    }

    /** Waits for all; throws what a task threw. */
    public void join() {
        await(capacity);
        places.release(capacity);
        Throwable thrown = failure.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        scope.check();
    }

    private void await(int count) {
        try {
            while (!places.tryAcquire(count, 100, TimeUnit.MILLISECONDS)) {
                scope.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.cancelled("the calling thread was interrupted");
        }
    }

    /** Stops what runs and waits for it: when this returns no file of the tree is written any more. */
    @Override
    public void close() {
        pool.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            if (!pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("a transfer of a tree did not stop within {} s", PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
