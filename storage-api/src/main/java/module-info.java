/** What callers of anystore use, what a provider implements, and the transfer engine between them. */
module dev.anystore {
    requires static transitive org.jspecify;
    requires transitive org.slf4j;

    exports dev.anystore;
    exports dev.anystore.spi;

    uses dev.anystore.spi.StorageProvider;
}
