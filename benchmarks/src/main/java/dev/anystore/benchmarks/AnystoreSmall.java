package dev.anystore.benchmarks;

import dev.anystore.Body;
import dev.anystore.ListOptions;
import dev.anystore.ObjectStore;
import java.net.URI;
import java.nio.file.Path;

/** This library, by its public interface, as {@link AnystoreContender} opens it. */
final class AnystoreSmall implements SmallContender {
    @Override
    public String name() {
        return "anystore";
    }

    @Override
    public String description() {
        return "this library, CRC32C sent with a put and compared after a get";
    }

    @Override
    public Client open(URI endpoint, int connections) {
        Path none = Path.of("");
        return new StoreClient(
                AnystoreContender.store(new Job(endpoint, none, none, SmallVerb.BYTES, 8 << 20, connections)));
    }

    private record StoreClient(ObjectStore store) implements Client {
        @Override
        public void put(String key, byte[] bytes) {
            store.put(key, Body.of(bytes));
        }

        @Override
        public byte[] get(String key) {
            return store.getBytes(key);
        }

        @Override
        public long head(String key) {
            return store.head(key).size();
        }

        @Override
        public void delete(String key) {
            store.delete(key);
        }

        @Override
        public int page() {
            return store.listPage("", ListOptions.DEFAULT.withPageSize(SmallVerb.KEYS))
                    .objects()
                    .size();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
