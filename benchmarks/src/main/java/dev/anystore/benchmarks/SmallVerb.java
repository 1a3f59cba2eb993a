package dev.anystore.benchmarks;

import dev.anystore.benchmarks.SmallContender.Client;
import java.util.Arrays;

/** What is measured of small requests, with the work of one operation. It throws if the answer is not what it should be. */
enum SmallVerb {
    PUT(10_000),
    GET(10_000),
    HEAD(10_000),
    DELETE(10_000),
    PAGE(500);

    /** Of an object. */
    static final int BYTES = 4 << 10;
    /** Of a page. */
    static final int KEYS = 1_000;

    private final int operations;

    SmallVerb(int operations) {
        this.operations = operations;
    }

    /** How many are measured; twice as many warm up. */
    int operations() {
        return operations;
    }

    /** Does one; the bytes are those of the object that the server generates. */
    void run(Client client, byte[] bytes, int number) throws Exception {
        String key = "small/" + number % 1_000;
        switch (this) {
            case PUT -> client.put(key, bytes);
            case GET -> {
                if (!Arrays.equals(client.get(LoopbackS3.key(BYTES)), bytes)) {
                    throw new IllegalStateException("other bytes than the object's came back");
                }
            }
            case HEAD -> Proof.same("told as the size", (long) BYTES, client.head(LoopbackS3.key(BYTES)));
            case DELETE -> client.delete(key);
            case PAGE -> Proof.same("listed", KEYS, client.page());
        }
    }
}
