package dev.anystore.benchmarks;

/**
 * A client in the harness. Each runs in a process of its own, and is used by one thread there. Those of other people are found
 * by {@link java.util.ServiceLoader}, and made before it is known whether they are wanted: a constructor loads nothing.
 */
public interface Contender {
    /** How it is chosen and printed. */
    String name();

    /** What it runs on, with its version. */
    String description();

    /** Whether a download ends in the target; only the ceiling drops it. */
    default boolean keepsDownloads() {
        return true;
    }

    /** Makes a client; called once, before the clock starts. */
    Client open(Job job) throws Exception;

    /** One client of one job. A return means that the server has confirmed, or that the file is whole. */
    interface Client extends AutoCloseable {
        /** Uploads the source. */
        void upload() throws Exception;

        /** Downloads to the target, in place of what is there. */
        void download() throws Exception;

        @Override
        void close() throws java.io.IOException;
    }
}
