package dev.anystore;

/** Bytes differ from their digest; nothing of them was delivered as whole. */
public final class IntegrityFailure extends StorageException {
    private static final long serialVersionUID = 1L;

    IntegrityFailure(Builder details) {
        super(details);
    }
}
