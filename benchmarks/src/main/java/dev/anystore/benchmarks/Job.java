package dev.anystore.benchmarks;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;

/**
 * What a contender has to do: the same for all.
 *
 * @param endpoint of the loopback server
 * @param source that is uploaded, {@code bytes} long
 * @param target of downloads
 * @param bytes of the object
 * @param partBytes of each part, and of each range
 * @param connections at once
 */
public record Job(URI endpoint, Path source, Path target, long bytes, long partBytes, int connections) {
    /** Any pair: the server does not look at signatures, but a client has to make them. */
    static final String ACCESS_KEY = "testaccess";

    static final String SECRET_KEY = "testsecret12345";
    static final String REGION = "us-east-1";

    /** The same at another address. */
    Job at(URI other) {
        return new Job(other, source, target, bytes, partBytes, connections);
    }

    /** The key that is uploaded. */
    String uploadKey() {
        return "uploaded";
    }

    /** The key that is downloaded. */
    String downloadKey() {
        return LoopbackS3.key(bytes);
    }

    int parts() {
        return (int) ((bytes + partBytes - 1) / partBytes);
    }

    long offset(int part) {
        return part * partBytes;
    }

    long bytesOf(int part) {
        return Math.min(partBytes, bytes - offset(part));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
    }
}
