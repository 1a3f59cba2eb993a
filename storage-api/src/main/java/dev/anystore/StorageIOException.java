package dev.anystore;

import java.io.IOException;
import java.util.Objects;

/** A {@link StorageException} at the border to {@code java.io}, where only checked exceptions may pass. */
public final class StorageIOException extends IOException {
    private static final long serialVersionUID = 1L;

    private final StorageException storageException;

    /** Wraps the exception, which becomes the cause too. */
    public StorageIOException(StorageException cause) {
        super(cause.getMessage(), Objects.requireNonNull(cause));
        this.storageException = cause;
    }

    /** What happened. */
    public StorageException storageException() {
        return storageException;
    }
}
