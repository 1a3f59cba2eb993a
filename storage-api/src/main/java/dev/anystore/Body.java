package dev.anystore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a put: in memory, in a file, from a source that can be opened again, or from a stream that is read once.
 * Nothing is read before the put. What is in memory or in a file must not change while the put is under way.
 */
public final class Body {
    /** The length of a stream whose end is not known. */
    static final long UNKNOWN = -1;

    /** Opens the same bytes each time that it is asked. */
    @FunctionalInterface
    public interface Source {
        /** A stream from the first byte; the library closes it. */
        InputStream open() throws IOException;
    }

    private final @Nullable ByteBuffer buffer;
    private final @Nullable Path file;
    private final @Nullable Source source;
    private final @Nullable InputStream once;
    private final long length;

    private Body(
            @Nullable ByteBuffer buffer,
            @Nullable Path file,
            @Nullable Source source,
            @Nullable InputStream once,
            long length) {
        this.buffer = buffer;
        this.file = file;
        this.source = source;
        this.once = once;
        this.length = length;
    }

    /** These bytes, which are not copied. */
    public static Body of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    /** The remaining bytes of the buffer, whose position does not move. */
    public static Body of(ByteBuffer bytes) {
        ByteBuffer view = bytes.slice().asReadOnlyBuffer();
        return new Body(view, null, null, null, view.remaining());
    }

    /** A file, read in regions by several threads; a change of it while it is read is {@code SOURCE_CHANGED}. */
    public static Body of(Path file) {
        return new Body(null, Objects.requireNonNull(file), null, null, UNKNOWN);
    }

    /** A source of unknown length. */
    public static Body from(Source replayable) {
        return new Body(null, null, Objects.requireNonNull(replayable), null, UNKNOWN);
    }

    /** A source of exactly this many bytes; another number is {@code SOURCE_FAILED}, and nothing is written. */
    public static Body from(Source replayable, long length) {
        return new Body(null, null, Objects.requireNonNull(replayable), null, checked(length));
    }

    /** A stream that is read once, to its end; the caller closes it. */
    public static Body stream(InputStream once) {
        return new Body(null, null, null, Objects.requireNonNull(once), UNKNOWN);
    }

    /** A stream of exactly this many bytes, read once; the caller closes it. */
    public static Body stream(InputStream once, long length) {
        return new Body(null, null, null, Objects.requireNonNull(once), checked(length));
    }

    private static long checked(long length) {
        if (length < 0) {
            throw new IllegalArgumentException("length is " + length);
        }
        return length;
    }

    @Nullable
    ByteBuffer buffer() {
        return buffer == null ? null : buffer.duplicate();
    }

    @Nullable
    Path file() {
        return file;
    }

    /** Opens the stream; whoever calls this closes it only if {@link #ownsStream()}. */
    InputStream open() throws IOException {
        if (once != null) {
            return once;
        }
        return Objects.requireNonNull(source, "in memory or in a file").open();
    }

    boolean ownsStream() {
        return once == null;
    }

    long length() {
        return length;
    }
}
