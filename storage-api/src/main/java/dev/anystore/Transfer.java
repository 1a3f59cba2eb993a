package dev.anystore;

import dev.anystore.engine.Engine;
import dev.anystore.engine.Failures;
import dev.anystore.engine.Meter;
import dev.anystore.engine.Scope;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * A transfer that its caller does not wait for. Thread-safe. Closing an unfinished one cancels it.
 *
 * @param <T> of its result
 */
public final class Transfer<T> implements AutoCloseable {
    private final Scope scope;
    private final Meter meter;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Transfer(Engine engine, Meter meter, String verb, String key, Scope scope, Function<Scope, T> work) {
        this.scope = scope;
        this.meter = meter;
        this.thread = new Thread(
                () -> run(engine, verb, key, work),
                "anystore-" + engine.settings().provider() + "-" + verb);
        thread.setDaemon(true);
    }

    static <T> Transfer<T> start(Engine engine, Meter meter, String verb, String key, Function<Scope, T> work) {
        Transfer<T> transfer = new Transfer<>(engine, meter, verb, key, engine.openTransfer(), work);
        boolean started = false;
        try {
            transfer.thread.start();
            started = true;
        } finally {
            if (!started) {
                transfer.scope.close();
            }
        }
        return transfer;
    }

    /** The result is told when nothing of the transfer is left, so that whoever gets it may close the store. */
    private void run(Engine engine, String verb, String key, Function<Scope, T> work) {
        Runnable outcome;
        try (Scope ending = scope) {
            T value = work.apply(ending);
            outcome = () -> result.complete(value);
        } catch (StorageException e) {
            StorageException why = engine.named(scope.reasonOf(e), verb, key);
            outcome = () -> result.completeExceptionally(why);
        } catch (RuntimeException | Error e) {
            outcome = () -> result.completeExceptionally(e);
        }
        outcome.run();
    }

    /**
     * Waits for the end.
     *
     * @throws StorageException that the transfer ended with; of kind {@code CANCELLED} if this thread is interrupted, which
     *     cancels the transfer and keeps the flag
     */
    public T join() {
        try {
            return result.get();
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw Failures.cancelled("the calling thread was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageException ours) {
                throw Failures.with(ours.toBuilder().build(), ours);
            }
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException("the transfer failed", e.getCause());
        }
    }

    /** The result to come. Completing or cancelling it has no effect on the transfer. */
    public CompletableFuture<T> future() {
        return result.copy();
    }

    /**
     * Stops the transfer; {@link #join()} then throws kind {@code CANCELLED}, unless it had ended. Returns at once. Nothing of
     * it is kept, not for a later run either; to go on later, close the store instead.
     */
    public void cancel() {
        scope.abandon(Failures.cancelled("the transfer was cancelled"));
    }

    /** How far it is. */
    public Progress progress() {
        return meter.progress();
    }

    /**
     * What names the transfer for going on after a crash: for {@link Uploads#resume}, as far as it is an upload. Empty where
     * no journal is kept, before the transfer has begun to keep one, and for what goes in one request.
     */
    public Optional<String> resumeToken() {
        return Optional.ofNullable(scope.resumeToken());
    }

    /** Cancels the transfer if it has not ended, and waits until it has. */
    @Override
    public void close() {
        if (result.isDone()) {
            return;
        }
        cancel();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(2_000);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
