package dev.anystore.benchmarks;

import dev.anystore.Body;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StoreOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** This library with its provider {@code b2}, by its public interface. */
final class AnystoreB2 implements B2Contender {
    @Override
    public String name() {
        return "anystore";
    }

    @Override
    public String description() {
        return "this library: SHA-1 of each part, CRC32C and SHA-1 of each small file, downloads fsynced";
    }

    @Override
    public Client open(URI api, String keyId, String key, String bucket, int connections) {
        return new StoreClient(store(api, keyId, key, bucket, connections));
    }

    /** A store on the server. */
    static ObjectStore store(URI api, String keyId, String key, String bucket, int connections) {
        StorageConfig config = StorageConfig.of(Map.of(
                "provider_type",
                "b2",
                "bucket_name",
                bucket,
                "key_id",
                keyId,
                "application_key",
                key,
                "api_url",
                api.toString()));
        return config.open(StoreOptions.DEFAULT
                .withConnectionsPerTransfer(Math.min(connections, 8))
                .withMaxConnections(connections));
    }

    private record StoreClient(ObjectStore store) implements Client {
        @Override
        public void upload(Path file, String name) {
            store.upload(file, name);
        }

        @Override
        public void download(String name, Path file) {
            store.download(name, file);
        }

        @Override
        public void put(String name, byte[] bytes) {
            store.put(name, Body.of(bytes));
        }

        @Override
        public byte[] get(String name) {
            return store.getBytes(name);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
