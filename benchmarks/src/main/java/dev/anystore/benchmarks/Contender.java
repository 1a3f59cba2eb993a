package dev.anystore.benchmarks;

import java.io.IOException;
import java.util.List;

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

    /** Whether it can run here. */
    default boolean isInstalled() {
        return true;
    }

    /** Whether it speaks TLS; who does not is given the plain address, and is no client but a ceiling. */
    default boolean speaksTls() {
        return true;
    }

    /** What the JVM of its process is started with. */
    default List<String> jvm() {
        return List.of();
    }

    /** Makes a client; called once, before the clock starts. */
    Client open(Job job) throws Exception;

    /** One client of one job. A return means that the server has confirmed, or that the file is whole. */
    interface Client extends AutoCloseable {
        /** Uploads the source. */
        void upload() throws Exception;

        /** Downloads to the target, in place of what is there. */
        void download() throws Exception;

        /** The CPU time that it has used until now, in nanoseconds. */
        default long cpuNanos() throws IOException {
            return ProcessCpu.nanos();
        }

        /** The most memory that it had at once, in KiB. */
        default long peakKibibytes() throws IOException {
            return ProcessCpu.peakKibibytes();
        }

        @Override
        void close() throws IOException;
    }
}
