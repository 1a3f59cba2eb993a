package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;

/** Whether a transfer that failed leaves what it has for a later run, where a journal is kept. */
final class Resuming {
    private Resuming() {}

    /**
     * A stop from outside, an outage and credentials that have expired may pass; what is refused for good stays refused, and a
     * transfer that the caller cancelled is not wanted any more.
     */
    static boolean mayGoOn(StorageException failure, Scope scope) {
        if (scope.isUnwanted()) {
            return false;
        }
        Kind kind = failure.kind();
        return failure.retryable()
                || kind == Kind.CANCELLED
                || kind == Kind.CLOSED
                || kind == Kind.OUTCOME_UNKNOWN
                || kind == Kind.UNAUTHENTICATED
                || kind == Kind.CLOCK_SKEW;
    }

    /** The same failure, which says how to go on. */
    static StorageException saying(StorageException failure, String have) {
        StorageException said = failure.toBuilder()
                .fix("run the same transfer again: it goes on from the " + have + " that are there")
                .resumable(true)
                .build();
        said.setStackTrace(failure.getStackTrace());
        for (Throwable suppressed : failure.getSuppressed()) {
            said.addSuppressed(suppressed);
        }
        return said;
    }
}
