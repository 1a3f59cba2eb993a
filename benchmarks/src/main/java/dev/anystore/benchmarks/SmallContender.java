package dev.anystore.benchmarks;

import java.net.URI;

/**
 * A client whose small requests are measured. Each runs in a process of its own. Those of other people are found by {@link
 * java.util.ServiceLoader}, and made before it is known whether they are wanted: a constructor loads nothing.
 */
public interface SmallContender {
    /** How it is chosen and printed. */
    String name();

    /** What it runs on, with its version. */
    String description();

    /**
     * Makes a client.
     *
     * @param endpoint of the loopback server
     * @param connections that it may have, one for each thread
     */
    Client open(URI endpoint, int connections) throws Exception;

    /** One client, used by many threads. A return means that the server has answered well. */
    interface Client extends AutoCloseable {
        /** Stores these bytes. */
        void put(String key, byte[] bytes) throws Exception;

        /** Reads a whole object. */
        byte[] get(String key) throws Exception;

        /** Asks for an object's size. */
        long head(String key) throws Exception;

        /** Deletes an object. */
        void delete(String key) throws Exception;

        /** Reads the first page of the bucket: how many keys it has. */
        int page() throws Exception;

        @Override
        void close() throws java.io.IOException;
    }
}
