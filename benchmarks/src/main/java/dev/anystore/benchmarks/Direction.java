package dev.anystore.benchmarks;

import dev.anystore.benchmarks.Contender.Client;

/** Which way the bytes go. */
enum Direction {
    UPLOAD {
        @Override
        void run(Client client) throws Exception {
            client.upload();
        }
    },
    DOWNLOAD {
        @Override
        void run(Client client) throws Exception {
            client.download();
        }
    };

    abstract void run(Client client) throws Exception;
}
