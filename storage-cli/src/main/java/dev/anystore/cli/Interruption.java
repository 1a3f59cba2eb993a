package dev.anystore.cli;

/** Stops work that waits for nothing. */
final class Interruption {
    private Interruption() {}

    /** Throws if the thread has been interrupted; the flag stays. */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new Session.Interrupted();
        }
    }
}
