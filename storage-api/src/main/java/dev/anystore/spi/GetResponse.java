package dev.anystore.spi;

import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to a {@link GetRequest}. Whoever receives it closes it; closing before the end of the body stops the
 * transfer, and never waits for the rest.
 */
public final class GetResponse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.spi");

    private final @Nullable ObjectInfo info;
    private final long offset;
    private final long length;
    private final InputStream body;
    private final @Nullable Checksum bodyChecksum;

    private GetResponse(
            @Nullable ObjectInfo info, long offset, long length, InputStream body, @Nullable Checksum bodyChecksum) {
        this.info = info;
        this.offset = offset;
        this.length = length;
        this.body = body;
        this.bodyChecksum = bodyChecksum;
    }

    /** The object still has the revision that the caller named. */
    public static GetResponse unchanged() {
        return new GetResponse(null, 0, 0, InputStream.nullInputStream(), null);
    }

    /** What is known of the object, without a body. */
    public static GetResponse head(ObjectInfo info) {
        return new GetResponse(Objects.requireNonNull(info), 0, 0, InputStream.nullInputStream(), null);
    }

    /**
     * A body.
     *
     * @param info of the whole object, its size above all
     * @param offset of the first byte of the body within the object, as the service says, not as it was asked
     * @param length of the body
     * @param body exactly these bytes: a shorter body throws, and never ends early. One that is also a
     *     {@link java.nio.channels.ReadableByteChannel} is read without copies. Failures are {@link
     *     dev.anystore.StorageIOException}s
     */
    public static GetResponse of(ObjectInfo info, long offset, long length, InputStream body) {
        return new GetResponse(Objects.requireNonNull(info), offset, length, body, null);
    }

    /** The same with the service's digest of just this body. */
    public GetResponse withBodyChecksum(@Nullable Checksum value) {
        return new GetResponse(info, offset, length, body, value);
    }

    /** Whether the caller's revision still holds; there is no info and no body then. */
    public boolean notModified() {
        return info == null;
    }

    /**
     * What is known of the whole object.
     *
     * @throws IllegalStateException if {@link #notModified()}
     */
    public ObjectInfo info() {
        if (info == null) {
            throw new IllegalStateException("the object was not modified, nothing is known of it");
        }
        return info;
    }

    /** Where the body begins in the object. */
    public long offset() {
        return offset;
    }

    /** The length of the body. */
    public long length() {
        return length;
    }

    /** The bytes. */
    public InputStream body() {
        return body;
    }

    /** The service's digest of the body, or null. */
    public @Nullable Checksum bodyChecksum() {
        return bodyChecksum;
    }

    /** Ends the transfer. Does not throw: a body that nobody wants any more has nothing left that could fail. */
    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            LOG.debug("a body could not be closed", e);
        }
    }
}
