package dev.anystore;

/** The answer to a write was lost, and reading back could not tell what became of it. */
public final class OutcomeUnknown extends StorageException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknown(Builder details) {
        super(details);
    }
}
