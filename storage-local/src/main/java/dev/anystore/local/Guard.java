package dev.anystore.local;

/** Stops an operation between two of its steps. */
interface Guard {
    /** Throws if the call was cancelled, its time is over, or the store is closed. */
    void check();
}
