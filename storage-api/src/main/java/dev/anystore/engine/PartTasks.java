package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The parts that one transfer has under way: at most so many at once. The first failure stops the others, and is what
 * {@link #join()} throws; it returns only when no task runs any more, so that nothing is freed under a running one.
 *
 * <p>A worker is told to take the next task, not which. So a task that no worker comes to take is not lost: the thread that
 * waits for it takes it itself. An executor whose only thread is the one that waits, that is full, or that was shut down
 * makes a transfer slow, and never hangs it. Every task that was accepted runs exactly once, if only to find that its
 * scope was stopped: it frees what it holds.
 */
final class PartTasks {
    private final Workers workers;
    private final Scope scope;
    private final int atOnce;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Runnable watch = () -> {};
    private int running;
    private @Nullable Throwable failure;

    PartTasks(Workers workers, Scope scope, int atOnce) {
        this.workers = workers;
        this.scope = scope;
        this.atOnce = atOnce;
    }

    /** What the waiting thread does now and then while parts are under way; quick, and never blocking. */
    void whileWaiting(Runnable value) {
        watch = value;
    }

    /** Gives a task to a worker besides those that count, before any that waits. */
    void submitBeside(Runnable task) {
        lock.lock();
        try {
            waiting.addFirst(task);
        } finally {
            lock.unlock();
        }
        give(task);
    }

    /**
     * Gives the task to a worker, once fewer than the allowed number are under way; throws what failed so far. A task for
     * which this throws does not run.
     */
    void submit(Runnable task) {
        lock.lock();
        try {
            while (running + waiting.size() >= atOnce && failure == null) {
                await();
            }
            rethrow();
            waiting.add(task);
        } finally {
            lock.unlock();
        }
        give(task);
    }

    private void give(Runnable task) {
        boolean given = false;
        try {
            workers.execute(this::runNext);
            given = true;
        } catch (RejectedExecutionException e) {
            given = true;
            runNext();
        } finally {
            if (!given) {
                takeBack(task);
            }
        }
    }

    /** Runs one task that nobody has begun; false if there is none. */
    boolean runNext() {
        Runnable task;
        lock.lock();
        try {
            task = waiting.poll();
            if (task == null) {
                return false;
            }
            running++;
        } finally {
            lock.unlock();
        }
        Throwable thrown = null;
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        ended(thrown);
        return true;
    }

    private void takeBack(Runnable task) {
        lock.lock();
        try {
            waiting.remove(task);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void ended(@Nullable Throwable thrown) {
        boolean first = false;
        lock.lock();
        try {
            running--;
            if (thrown != null && failure == null) {
                failure = thrown;
                first = true;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            stopOthers(thrown);
        }
    }

    private void stopOthers(@Nullable Throwable why) {
        if (!scope.isStopped()) {
            scope.stop(
                    why instanceof StorageException e
                            ? e
                            : StorageException.builder(Kind.CANCELLED)
                                    .message("another part failed: " + why)
                                    .cause(why)
                                    .build());
        }
    }

    /** Waits for all; throws the first failure. */
    void join() {
        lock.lock();
        try {
            while (running > 0 || !waiting.isEmpty()) {
                await();
            }
            rethrow();
        } finally {
            lock.unlock();
        }
    }

    /** Stops all, waits until none runs. */
    void stop(Throwable why) {
        stopOthers(why);
        settle();
    }

    /** Waits until none runs, whatever happens meanwhile. */
    void settle() {
        while (runNext()) {
            // What no worker has begun ends here, so that it frees what it holds.
        }
        lock.lock();
        try {
            while (running > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** An interrupt of the caller, a cancel or a close is noticed here, and handed to every part. */
    @SuppressWarnings("WaitNotInLoop") // its caller asks in a loop, which the check cannot see from here
    private void await() {
        try {
            boolean silence = changed.awaitNanos(Math.max(1, scope.patienceNanos())) <= 0;
            if (failure == null) {
                scope.check();
            }
            if (silence || failure != null) {
                outside(this::runNext);
            }
            if (failure == null) {
                outside(watch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.cancelled("the calling thread was interrupted");
        }
    }

    /** What failed first: a task, or what the caller saw, which may only follow from it. */
    Throwable firstFailure(Throwable seen) {
        lock.lock();
        try {
            return failure != null ? failure : seen;
        } finally {
            lock.unlock();
        }
    }

    /** Without the lock; if the workers have not come for what waits, they may be waiting for this very thread. */
    private void outside(Runnable action) {
        lock.unlock();
        try {
            action.run();
        } finally {
            lock.lock();
        }
    }

    /** Throws the first failure of a task, if there is one. */
    void rethrow() {
        Throwable thrown;
        lock.lock();
        try {
            thrown = failure;
        } finally {
            lock.unlock();
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }
}
