package dev.anystore.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** No client: what reading the bytes and their SHA-1 alone cost, which B2 asks of every upload. */
final class Sha1Floor implements B2Contender {
    static final String NAME = "sha1";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "no client: SHA-1 of the bytes alone, the floor of uploads";
    }

    @Override
    public Client open(URI api, String keyId, String key, String bucket, int connections) {
        return new Client() {
            @Override
            public void upload(Path file, String name) throws IOException {
                MessageDigest digest = sha1();
                try (InputStream in = Files.newInputStream(file)) {
                    byte[] chunk = new byte[128 << 10];
                    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                        digest.update(chunk, 0, n);
                    }
                }
                Proof.same("digested", 20, digest.digest().length);
            }

            @Override
            public void download(String name, Path file) {}

            @Override
            public void put(String name, byte[] bytes) {
                Proof.same("digested", 20, sha1().digest(bytes).length);
            }

            @Override
            public byte[] get(String name) {
                return new byte[SmallVerb.BYTES];
            }

            @Override
            public void close() {}
        };
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }
}
