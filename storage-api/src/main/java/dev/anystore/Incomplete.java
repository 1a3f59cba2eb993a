package dev.anystore;

import java.util.Map;

/** Some of many keys failed; the others are done. */
public final class Incomplete extends StorageException {
    private static final long serialVersionUID = 1L;

    Incomplete(Builder details) {
        super(details);
    }

    /** What failed, by key, in the order in which it failed. */
    public Map<String, StorageException> failures() {
        return failuresByKey();
    }
}
