package dev.anystore.cli;

import dev.anystore.StorageException;

/** The exit codes, after rclone's list. They are part of what scripts rely on. */
final class Exit {
    static final int DONE = 0;
    static final int OTHER = 1;
    /** The command line or the settings are wrong. */
    static final int USAGE = 2;
    /** A bucket or a folder is not there. */
    static final int NO_BUCKET = 3;
    /** An object or a file is not there. */
    static final int NOT_FOUND = 4;
    /** May be tried again. */
    static final int TRY_AGAIN = 5;
    /** Trying again does not help: a condition, a missing capability, wrong bytes, some of many failed. */
    static final int NO_USE = 6;
    /** Rights or credentials. */
    static final int RIGHTS = 7;
    /** A limit of the command itself, such as the maximum of {@code rm}. */
    static final int LIMIT = 8;
    /** Nothing matched, where that was asked to be a failure. */
    static final int NO_MATCH = 9;
    /** 128 and the number of the signal, as shells count. */
    static final int INTERRUPTED = 130;

    private Exit() {}

    static int of(StorageException.Kind kind) {
        return switch (kind) {
            case CONFIGURATION, INVALID_KEY, INVALID_ARGUMENT -> USAGE;
            case BUCKET_NOT_FOUND -> NO_BUCKET;
            case NOT_FOUND -> NOT_FOUND;
            case THROTTLED, UNAVAILABLE, TIMEOUT, OUTCOME_UNKNOWN, CONFLICT -> TRY_AGAIN;
            case PRECONDITION_FAILED, UNSUPPORTED, INTEGRITY, INCOMPLETE, RANGE_NOT_SATISFIABLE, ARCHIVED -> NO_USE;
            case ACCESS_DENIED, UNAUTHENTICATED -> RIGHTS;
            case CANCELLED -> INTERRUPTED;
            default -> OTHER;
        };
    }
}
