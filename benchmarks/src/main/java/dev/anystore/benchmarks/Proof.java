package dev.anystore.benchmarks;

import dev.anystore.benchmarks.Contender.Client;
import java.io.IOException;
import java.nio.file.Files;

/** Shows that a client moves the bytes, before anybody asks how fast it does. */
final class Proof {
    private Proof() {}

    /** One upload whose digests the server compares, and one download that is compared byte by byte. */
    static void of(Client client, LoopbackS3 server, Job job) throws Exception {
        server.verify(true);
        try {
            long before = server.counts().received();
            client.upload();
            same("uploaded", job.bytes(), server.counts().received() - before);
        } finally {
            server.verify(false);
        }
        Files.deleteIfExists(job.target());
        client.download();
        downloaded(server.content(), job);
    }

    /** The target has the bytes of the object. */
    static void downloaded(Content content, Job job) throws IOException {
        if (!content.isIn(job.target(), job.bytes())) {
            throw new IllegalStateException("the downloaded file has other bytes than the object");
        }
    }

    /** So many bytes were counted. */
    static void same(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException(actual + " bytes were " + what + ", not " + expected);
        }
    }
}
