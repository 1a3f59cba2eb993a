package dev.anystore;

/** The object, the version or the upload is not there: {@link StorageException.Kind#NOT_FOUND}. */
public final class ObjectNotFound extends StorageException {
    private static final long serialVersionUID = 1L;

    ObjectNotFound(Builder details) {
        super(details);
    }
}
