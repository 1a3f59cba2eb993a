package dev.anystore;

import dev.anystore.engine.BodyReader;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an object or of a range. {@code read} throws {@link StorageIOException}. A connection that breaks is
 * replaced at the exact byte. The digest of a whole object is compared before the last bytes are handed out: a caller who
 * has read exactly {@link #length()} bytes without an exception has the right ones, if {@link #verification()} is {@link
 * Verification#WHOLE}. For one thread at a time; must be closed, and closing before the end stops the transfer at once.
 */
public final class ObjectReader extends InputStream {
    private final BodyReader reader;
    private final ObjectInfo info;
    private final InputStream stream;

    ObjectReader(BodyReader reader, ObjectInfo info) {
        this.reader = reader;
        this.info = info;
        this.stream = reader.asStream();
        reader.watch(this);
    }

    /** What is known of the whole object. */
    public ObjectInfo info() {
        return info;
    }

    /** Where the bytes begin in the object. */
    public long offset() {
        return reader.offset();
    }

    /** How many bytes there are. */
    public long length() {
        return reader.length();
    }

    /** The check that was made; {@link Verification#UNVERIFIED} before the last byte was read. */
    public Verification verification() {
        return reader.verification();
    }

    @Override
    public int read() throws IOException {
        return stream.read();
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        java.util.Objects.checkFromIndexSize(off, len, b.length);
        return stream.read(b, off, len);
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void close() {
        reader.close();
    }
}
