package dev.anystore;

/** Is told how far a transfer is, at most 20 times a second and once at its end. What it throws is logged and ignored. */
@FunctionalInterface
public interface ProgressListener {
    /** Called on a thread of the transfer; should return at once. */
    void progressed(Progress progress);
}
