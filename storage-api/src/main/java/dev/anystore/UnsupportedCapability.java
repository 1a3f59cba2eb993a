package dev.anystore;

import java.util.Optional;

/** The store has no such capability; refused before any I/O. */
public final class UnsupportedCapability extends StorageException {
    private static final long serialVersionUID = 1L;

    UnsupportedCapability(Builder details) {
        super(details);
    }

    /** The capability that is missing, if it has a name. */
    public Optional<Capability> capability() {
        return missingCapability();
    }
}
