package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.spi.Call;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request to the provider, in one fixed order: observe, retry with a budget, and for each attempt the
 * limit of the store and the deadline. The only layer that retries.
 */
final class CallPipeline {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.engine");

    private final String provider;
    private final int maxAttempts;
    private final RetryBudget budget = new RetryBudget();
    private final Backoff backoff;
    private final Semaphore permits;

    /** One attempt. */
    @FunctionalInterface
    interface Attempt<T> {
        T run(Call call);
    }

    /**
     * What is done, for messages and decisions.
     *
     * @param verb of the caller, such as {@code upload}
     * @param key that it is about, or empty
     * @param repeatable whether the request may be sent again
     * @param held whether the call of a successful attempt goes on, with a body, until {@link Scope#end(Call)}
     */
    record Operation(String verb, String key, boolean repeatable, boolean held) {
        static Operation of(String verb, String key) {
            return new Operation(verb, key, true, false);
        }

        static Operation once(String verb, String key) {
            return new Operation(verb, key, false, false);
        }

        static Operation held(String verb, String key) {
            return new Operation(verb, key, true, true);
        }
    }

    CallPipeline(String provider, int maxAttempts, int connections, RandomGenerator random) {
        this.provider = provider;
        this.maxAttempts = maxAttempts;
        this.permits = new Semaphore(connections, true);
        this.backoff = new Backoff(random);
    }

    <T> T run(Scope scope, Operation operation, Attempt<T> attempt) {
        return run(scope, operation, null, attempt);
    }

    /** Makes the call, again where that is safe and may help; every failure names operation, key and provider. */
    <T> T run(Scope scope, Operation operation, @Nullable Meter meter, Attempt<T> attempt) {
        long begun = LOG.isDebugEnabled() ? System.nanoTime() : 0;
        boolean ambiguous = false;
        for (int failures = 0; ; ) {
            try {
                T result = attemptOnce(scope, operation, attempt, failures == 0, meter);
                observe(operation, begun, failures + 1, null);
                return result;
            } catch (StorageException e) {
                failures++;
                ambiguous |= e.mayHaveHappened();
                StorageException failure = decorate(scope.reasonOf(e), operation, failures, ambiguous);
                long wait = waitBeforeNext(scope, operation, failure, failures);
                if (wait < 0) {
                    observe(operation, begun, failures, failure);
                    throw failure;
                }
                if (meter != null) {
                    meter.retried();
                }
                try {
                    scope.sleep(wait);
                } catch (StorageException stopped) {
                    throw Failures.with(decorate(stopped, operation, failures, ambiguous), failure);
                }
            }
        }
    }

    private <T> T attemptOnce(
            Scope scope, Operation operation, Attempt<T> attempt, boolean first, @Nullable Meter meter) {
        // The bytes of a request that can't be repeated come from the caller while it runs, and the caller may need the
        // store to make them: held permits would wait for each other.
        boolean limited = operation.repeatable();
        if (limited) {
            acquire(scope);
        }
        try {
            if (first) {
                budget.earn();
            }
            Call call = scope.begin(meter == null ? null : meter::moved);
            boolean done = false;
            try {
                T result = attempt.run(call);
                done = true;
                return result;
            } finally {
                // A body is read after the attempt: whoever reads it ends the call.
                if (!(done && operation.held())) {
                    scope.end(call);
                }
                if (meter != null && !done) {
                    meter.moved(-call.sentBytes());
                }
            }
        } finally {
            if (limited) {
                permits.release();
            }
        }
    }

    /** Waits for a place among the store's connections; an operation that is stopped waits no longer. */
    private void acquire(Scope scope) {
        if (permits.tryAcquire()) {
            return;
        }
        try {
            do {
                scope.check();
            } while (!permits.tryAcquire(scope.patienceNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.cancelled("the calling thread was interrupted");
        }
    }

    /** Nanoseconds to wait, or -1 if the failure is final. */
    private long waitBeforeNext(Scope scope, Operation operation, StorageException failure, int failures) {
        // One that was stopped meanwhile waits no time and learns why it was, which says more than the failure.
        if (!failure.retryable() || !operation.repeatable() || failures >= maxAttempts) {
            return -1;
        }
        long wait = backoff.nanos(failures, failure.retryAfter().orElse(null));
        return wait >= 0 && wait < scope.remainingNanos() && budget.take() ? wait : -1;
    }

    /** After a body broke off: waits as before any other attempt. False if there must not be another one. */
    boolean pause(Scope scope, StorageException failure, int failures) {
        long wait = waitBeforeNext(scope, Operation.of("", ""), failure, failures);
        if (wait >= 0) {
            scope.sleep(wait);
        }
        return wait >= 0;
    }

    StorageException decorate(StorageException e, Operation operation, int attempts, boolean ambiguous) {
        StorageException.Builder builder = e.toBuilder();
        builder.operation(operation.verb()).provider(provider).attempts(attempts);
        if (builder.key() == null && !operation.key().isEmpty()) {
            builder.key(operation.key());
        }
        if (ambiguous) {
            builder.mayHaveHappened(true);
        }
        StorageException decorated = builder.build();
        decorated.setStackTrace(e.getStackTrace());
        for (Throwable suppressed : e.getSuppressed()) {
            decorated.addSuppressed(suppressed);
        }
        return decorated;
    }

    private void observe(Operation operation, long begun, int attempts, @Nullable StorageException failure) {
        if (LOG.isDebugEnabled() && begun != 0) {
            LOG.debug(
                    "{} {}:{} {} in {} ms, attempts {}",
                    operation.verb(),
                    provider,
                    printable(operation.key()),
                    failure == null ? "done" : failure.kind(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun),
                    attempts);
        }
    }

    /** A hostile key must not write lines of its own into a log. */
    private static String printable(String key) {
        return key.chars().noneMatch(Character::isISOControl) ? key : key.replaceAll("\\p{Cntrl}", "?");
    }
}
