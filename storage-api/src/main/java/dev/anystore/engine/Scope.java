package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.spi.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a caller, from its beginning to its end: the calls that it has under way, and the one place where all
 * of them are stopped. Thread-safe.
 */
public final class Scope implements AutoCloseable {
    private final @Nullable Scopes owner;
    private final long deadlineNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopped = lock.newCondition();
    private final Set<Call> calls = new HashSet<>();
    private final List<Runnable> hooks = new ArrayList<>(1);
    private @Nullable StorageException reason;
    private volatile boolean unwanted;
    private volatile @Nullable String resumeToken;
    private @Nullable Runnable detach;

    Scope(@Nullable Scopes owner, long deadlineNanos) {
        this.owner = owner;
        this.deadlineNanos = deadlineNanos;
    }

    /** A part of this operation that can be stopped alone: it stops with this one, and not the other way round. */
    Scope child() {
        return child(deadlineNanos);
    }

    /** The same with a time limit of its own. */
    Scope child(Duration limit) {
        // Half of what a long holds is 146 years, and leaves room to add the clock to it.
        long nanos = Math.min(Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS.convert(limit));
        return child(Math.min(deadlineNanos, System.nanoTime() + nanos));
    }

    private Scope child(long deadline) {
        Scope child = new Scope(null, deadline);
        Runnable hook = () -> child.stop(reasonOf(Failures.cancelled("the operation was stopped")));
        child.detach = () -> forget(hook);
        onStop(hook);
        return child;
    }

    /**
     * A part of this operation that may go on for so long when this one is stopped: for a request whose answer must be known
     * so that it can be undone. It does not begin when this one has been stopped.
     */
    Scope patient(Duration grace) {
        check();
        Scope child = new Scope(null, deadlineNanos);
        Executor later = CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS);
        Runnable hook =
                () -> later.execute(() -> child.stop(reasonOf(Failures.cancelled("the operation was stopped"))));
        child.detach = () -> forget(hook);
        onStop(hook);
        return child;
    }

    private void forget(Runnable hook) {
        lock.lock();
        try {
            hooks.remove(hook);
        } finally {
            lock.unlock();
        }
    }

    /** Runs the action when the operation is stopped; at once if it was. It is quick and never blocks. */
    void onStop(Runnable action) {
        boolean now;
        lock.lock();
        try {
            now = reason != null;
            if (!now) {
                hooks.add(action);
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            action.run();
        }
    }

    /** Throws why the operation was stopped, if it was, or that its time is over. */
    void check() {
        StorageException why = reason();
        if (why != null) {
            throw why.toBuilder().build();
        }
        if (remainingNanos() <= 0) {
            throw timedOut();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw Failures.cancelled("the calling thread was interrupted");
        }
    }

    private static StorageException timedOut() {
        return StorageException.builder(StorageException.Kind.TIMEOUT)
                .message("the time limit of the operation passed")
                .fix("raise STORAGE_OPERATION_TIMEOUT if it is meant to take longer")
                .build();
    }

    private @Nullable StorageException reason() {
        lock.lock();
        try {
            return reason;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was stopped. */
    boolean isStopped() {
        return reason() != null;
    }

    /**
     * Why a call ended: if it was stopped from here, the reason of that says more than the call can. What the failure says
     * beside itself, as of an upload that stays behind, is kept.
     */
    public StorageException reasonOf(StorageException failure) {
        StorageException why = reason();
        if (why == null || why == failure || failure.resumable() || failure.kind() != StorageException.Kind.CANCELLED) {
            return failure;
        }
        StorageException reason = why.toBuilder().build();
        for (Throwable beside : failure.getSuppressed()) {
            reason.addSuppressed(beside);
        }
        return reason;
    }

    /** Nanoseconds left; {@link Long#MAX_VALUE} without a limit. */
    long remainingNanos() {
        return deadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : deadlineNanos - System.nanoTime();
    }

    /** A new attempt, stopped with this operation. Must be given to {@link #end(Call)}. */
    Call begin(@Nullable LongConsumer observer) {
        check();
        Call call = deadlineNanos == Long.MAX_VALUE ? Call.unbounded() : Call.until(deadlineNanos);
        if (observer != null) {
            call = call.observedBy(observer);
        }
        lock.lock();
        try {
            if (reason != null) {
                throw reason.toBuilder().build();
            }
            calls.add(call);
        } finally {
            lock.unlock();
        }
        return call;
    }

    /** The attempt is over. */
    void end(Call call) {
        lock.lock();
        try {
            calls.remove(call);
        } finally {
            lock.unlock();
        }
    }

    /** Stops everything that is under way, and all that would begin. The first reason stays. */
    public void stop(StorageException why) {
        Set<Call> all;
        List<Runnable> actions;
        lock.lock();
        try {
            if (reason == null) {
                reason = why;
            }
            all = Set.copyOf(calls);
            actions = List.copyOf(hooks);
            hooks.clear();
            stopped.signalAll();
        } finally {
            lock.unlock();
        }
        all.forEach(Call::cancel);
        actions.forEach(Runnable::run);
    }

    /** Stops everything, and what it leaves is not wanted for a later run either. */
    public void abandon(StorageException why) {
        unwanted = true;
        stop(why);
    }

    /** Whether nobody will go on with what is left. */
    boolean isUnwanted() {
        return unwanted;
    }

    /** What names the operation for a later run, or null where none is noted. */
    public @Nullable String resumeToken() {
        return resumeToken;
    }

    void resumeToken(String value) {
        resumeToken = value;
    }

    /** Waits, unless the operation is stopped or its time ends before. */
    void sleep(long nanos) {
        if (nanos > remainingNanos()) {
            throw timedOut();
        }
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && reason == null) {
                left = stopped.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.cancelled("the calling thread was interrupted");
        } finally {
            lock.unlock();
        }
        check();
    }

    /** The milliseconds that a wait may take before the state must be looked at again. */
    long patienceNanos() {
        return Math.min(remainingNanos(), TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Override
    public void close() {
        if (owner != null) {
            owner.remove(this);
        }
        if (detach != null) {
            detach.run();
        }
    }
}
