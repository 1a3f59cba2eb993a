package dev.anystore.benchmarks;

import java.net.URI;
import java.nio.file.Path;

/**
 * A client of B2 that is measured, in a process of its own. Those of other people are found by {@link java.util.ServiceLoader},
 * and made before it is known whether they are wanted: a constructor loads nothing.
 */
public interface B2Contender {
    /** How it is chosen and printed. */
    String name();

    /** What it runs on, with its version. */
    String description();

    /**
     * Makes a client of a bucket that is there.
     *
     * @param api of the server
     * @param connections that it may have
     */
    Client open(URI api, String keyId, String key, String bucket, int connections) throws Exception;

    /** One client, used by many threads. A return means that the server has confirmed, or that the file is whole. */
    interface Client extends AutoCloseable {
        /** Uploads a large file. */
        void upload(Path file, String name) throws Exception;

        /** Downloads to a file, in place of what is there. */
        void download(String name, Path file) throws Exception;

        /** Stores a small file. */
        void put(String name, byte[] bytes) throws Exception;

        /** Reads a small file. */
        byte[] get(String name) throws Exception;

        @Override
        void close() throws java.io.IOException;
    }
}
