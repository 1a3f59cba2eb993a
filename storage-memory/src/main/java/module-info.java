/** An in-memory store with every power, for tests. */
module dev.anystore.memory {
    requires transitive dev.anystore;

    exports dev.anystore.memory;

    provides dev.anystore.spi.StorageProvider with
            dev.anystore.memory.MemoryProvider;
}
