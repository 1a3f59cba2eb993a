package dev.anystore.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a request carries. Made by the factories here; bytes and files can be sent again, a stream only if a
 * {@link Source} opens it.
 */
public abstract sealed class HttpBody permits HttpBody.None, HttpBody.Bytes, HttpBody.FileRegion, HttpBody.Stream {
    private HttpBody() {}

    /** Opens the bytes of a body; called once for each time that the body is sent. The transport closes what it opened. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /** No body and no {@code Content-Length}: what GET, HEAD and DELETE send. */
    public static HttpBody none() {
        return None.NONE;
    }

    /** A body of no bytes, announced as {@code Content-Length: 0}. */
    public static HttpBody empty() {
        return Bytes.EMPTY;
    }

    /** These bytes; they must not change until the request is done. */
    public static HttpBody of(byte[] bytes) {
        return new Bytes(ByteBuffer.wrap(bytes));
    }

    /** What remains of these buffers, in order; their positions stay as they are. Direct ones are sent without a copy on plain connections. */
    public static HttpBody of(ByteBuffer... buffers) {
        return new Bytes(buffers.clone());
    }

    /**
     * A part of a file, opened anew for each sending. On plain connections the bytes go from the page cache to the
     * socket without passing through the heap. A file that ends before the region does fails the request.
     */
    public static HttpBody file(Path path, long position, long length) {
        return new FileRegion(path, position, length);
    }

    /**
     * A stream that is sent once and stays the caller's to close. It must end exactly after {@code length} bytes: one
     * that is shorter or longer fails the request before its last bytes are sent.
     */
    public static HttpBody stream(InputStream once, long length) {
        return new Stream(null, once, checkLength(length), null);
    }

    /** Like {@link #stream(InputStream, long)}, but can be sent again. */
    public static HttpBody stream(Source source, long length) {
        return new Stream(source, null, checkLength(length), null);
    }

    /** A stream of unknown length, sent once with {@code Transfer-Encoding: chunked}; stays the caller's to close. */
    public static HttpBody chunked(InputStream once) {
        return new Stream(null, once, -1, null);
    }

    /** Like {@link #chunked(InputStream)}, but can be sent again. */
    public static HttpBody chunked(Source source) {
        return new Stream(source, null, -1, null);
    }

    /**
     * This chunked body with trailer fields, asked for when its last byte has been read.
     *
     * @throws IllegalStateException if the body is not chunked
     */
    public HttpBody withTrailers(Supplier<List<HttpField>> trailers) {
        throw new IllegalStateException("only a chunked body has trailers");
    }

    /** Bytes in the body, or -1 where only its end will tell. */
    public abstract long length();

    /** Whether the body can be sent a second time. */
    public abstract boolean replayable();

    private static long checkLength(long length) {
        if (length < 0) {
            throw new IllegalArgumentException("a body of %d bytes".formatted(length));
        }
        return length;
    }

    static final class None extends HttpBody {
        static final None NONE = new None();

        @Override
        public long length() {
            return 0;
        }

        @Override
        public boolean replayable() {
            return true;
        }
    }

    static final class Bytes extends HttpBody {
        static final Bytes EMPTY = new Bytes(ByteBuffer.allocate(0));
        final ByteBuffer[] buffers;
        private final long length;

        Bytes(ByteBuffer... buffers) {
            this.buffers = buffers;
            long sum = 0;
            for (ByteBuffer buffer : buffers) {
                sum += buffer.remaining();
            }
            this.length = sum;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public boolean replayable() {
            return true;
        }
    }

    static final class FileRegion extends HttpBody {
        final Path path;
        final long position;
        private final long length;

        FileRegion(Path path, long position, long length) {
            if (position < 0) {
                throw new IllegalArgumentException("position %d in a file".formatted(position));
            }
            this.path = Objects.requireNonNull(path, "path");
            this.position = position;
            this.length = checkLength(length);
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public boolean replayable() {
            return true;
        }
    }

    static final class Stream extends HttpBody {
        final @Nullable Source source;
        final @Nullable InputStream once;
        final @Nullable Supplier<List<HttpField>> trailers;
        private final long length;

        Stream(
                @Nullable Source source,
                @Nullable InputStream once,
                long length,
                @Nullable Supplier<List<HttpField>> trailers) {
            this.source = source;
            this.once = once;
            this.length = length;
            this.trailers = trailers;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public boolean replayable() {
            return source != null;
        }

        @Override
        public HttpBody withTrailers(Supplier<List<HttpField>> value) {
            return length >= 0 ? super.withTrailers(value) : new Stream(source, once, length, value);
        }
    }
}
