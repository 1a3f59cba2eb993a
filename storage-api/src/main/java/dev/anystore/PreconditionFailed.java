package dev.anystore;

/** A condition of the caller did not hold, and nothing was written. */
public final class PreconditionFailed extends StorageException {
    private static final long serialVersionUID = 1L;

    PreconditionFailed(Builder details) {
        super(details);
    }
}
