package dev.anystore.spi;

import dev.anystore.Checksum;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one request, made by the engine. A provider sends them in the form that suits it best: a region of a file,
 * a buffer, or a stream. Thread-safe only as far as one request at a time uses it.
 */
public interface Payload {
    /** The length of a payload whose end is not known. */
    long UNKNOWN = -1;

    /** The number of bytes, or {@link #UNKNOWN}, which only a store that declares {@code STREAMING_PUT} is given. */
    long length();

    /** Whether {@link #open()} may be called again and gives the same bytes, so that a request may be sent again. */
    boolean repeatable();

    /**
     * The bytes as a stream, from the first. A failure of the caller's source is thrown from it as a
     * {@link dev.anystore.StorageIOException} of kind {@code SOURCE_FAILED} or {@code SOURCE_CHANGED}, which a provider
     * passes on. The caller of this method closes the stream.
     */
    InputStream open() throws IOException;

    /** The file that holds the bytes, or null. */
    @Nullable
    FileRegion file();

    /** A read-only view of the bytes in memory, position 0 to limit, or null. */
    @Nullable
    ByteBuffer buffer();

    /**
     * The digest of all bytes. Reads a repeatable payload once for each algorithm asked for, and remembers it.
     *
     * @throws IOException as {@link #open()}; also if the payload is not repeatable
     */
    Checksum checksum(Checksum.Algorithm algorithm) throws IOException;

    /** The digest if it is known already, or null; never reads. */
    @Nullable
    Checksum knownChecksum(Checksum.Algorithm algorithm);
}
