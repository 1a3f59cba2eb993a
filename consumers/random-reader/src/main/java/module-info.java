/** Reads here and there in one large object. */
module com.example.reader {
    requires dev.anystore;
    requires dev.anystore.local;
}
