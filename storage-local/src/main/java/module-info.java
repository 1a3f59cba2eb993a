/** A folder as an object store: atomic, durable, confined. */
module dev.anystore.local {
    requires transitive dev.anystore;
    requires org.slf4j;

    exports dev.anystore.local;

    provides dev.anystore.spi.StorageProvider with
            dev.anystore.local.LocalProvider;
}
