package dev.anystore;

/** The range has no byte of the object. */
public final class RangeNotSatisfiable extends StorageException {
    private static final long serialVersionUID = 1L;

    RangeNotSatisfiable(Builder details) {
        super(details);
    }

    /** The size of the object in bytes, or -1 if the service did not say. */
    public long size() {
        return objectSize();
    }
}
