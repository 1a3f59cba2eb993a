package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The parts that one transfer has under way: at most so many at once. The first failure stops the others, and is what
 * {@link #join()} throws; it returns only when no task runs any more, so that nothing is freed under a running one.
 */
final class PartTasks {
    private final Workers workers;
    private final Scope scope;
    private final int atOnce;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int running;
    private @Nullable Throwable failure;

    PartTasks(Workers workers, Scope scope, int atOnce) {
        this.workers = workers;
        this.scope = scope;
        this.atOnce = atOnce;
    }

    /** Runs the task on a worker, once fewer than the allowed number are under way; throws what failed so far. */
    void submit(Runnable task) {
        lock.lock();
        try {
            while (running >= atOnce && failure == null) {
                await();
            }
            rethrow();
            running++;
        } finally {
            lock.unlock();
        }
        try {
            workers.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            ended(Scopes.closedException());
            rethrow();
        }
    }

    private void run(Runnable task) {
        Throwable thrown = null;
        try {
            scope.check();
            task.run();
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        ended(thrown);
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
            while (running > 0) {
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
            changed.awaitNanos(Math.max(1, scope.patienceNanos()));
            if (failure == null) {
                scope.check();
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
