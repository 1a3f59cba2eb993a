package dev.anystore.testkit.b2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of a version or a part: a row of pieces, each in memory, or in a file of its own where the server has a folder. */
final class Content {
    /** What is shorter stays in memory although there is a folder. */
    private static final int IN_MEMORY = 64 << 10;

    static final Content EMPTY = new Content(List.of());

    private final List<Piece> pieces;
    private final long length;

    private record Piece(
            @Nullable ByteBuffer bytes, @Nullable Path file, long offset, long length) {
        void writeTo(OutputStream out, long from, long count) throws IOException {
            if (bytes != null) {
                byte[] some = new byte[Math.toIntExact(count)];
                bytes.get(Math.toIntExact(offset + from), some);
                out.write(some);
                return;
            }
            try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.READ)) {
                InputStream in = Channels.newInputStream(channel.position(offset + from));
                byte[] chunk = new byte[128 << 10];
                for (long left = count; left > 0; ) {
                    int n = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                    if (n < 0) {
                        throw new IOException("a file of the server is shorter than it was");
                    }
                    out.write(chunk, 0, n);
                    left -= n;
                }
            }
        }

        private Path path() {
            if (file == null) {
                throw new IllegalStateException("neither bytes nor a file");
            }
            return file;
        }
    }

    private Content(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        this.length = pieces.stream().mapToLong(Piece::length).sum();
    }

    long length() {
        return length;
    }

    /** One after the other. */
    static Content joined(List<Content> parts) {
        List<Piece> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.pieces));
        return new Content(all);
    }

    /** A range, which shares the bytes. */
    Content slice(long from, long count) {
        List<Piece> some = new ArrayList<>();
        long position = 0;
        for (Piece piece : pieces) {
            long begin = Math.max(from, position);
            long end = Math.min(from + count, position + piece.length());
            if (begin < end) {
                some.add(new Piece(piece.bytes(), piece.file(), piece.offset() + begin - position, end - begin));
            }
            position += piece.length();
        }
        return new Content(some);
    }

    void writeTo(OutputStream out) throws IOException {
        for (Piece piece : pieces) {
            piece.writeTo(out, 0, piece.length());
        }
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(length));
        writeTo(out);
        return out.toByteArray();
    }

    /** Takes bytes as they come. */
    static final class Taker extends OutputStream {
        private final @Nullable Path folder;
        private ByteArrayOutputStream memory = new ByteArrayOutputStream();
        private @Nullable Path file;
        private @Nullable OutputStream out;
        private long length;

        Taker(@Nullable Path folder) {
            this.folder = folder;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            length += count;
            if (out != null) {
                out.write(bytes, offset, count);
                return;
            }
            memory.write(bytes, offset, count);
            if (folder != null && memory.size() > IN_MEMORY) {
                file = Files.createTempFile(folder, "b2-", ".content");
                out = Files.newOutputStream(file);
                memory.writeTo(out);
                memory = new ByteArrayOutputStream();
            }
        }

        Content content() {
            return file != null
                    ? new Content(List.of(new Piece(null, file, 0, length)))
                    : new Content(List.of(new Piece(ByteBuffer.wrap(memory.toByteArray()), null, 0, length)));
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
        }

        /** Nobody wants the bytes. */
        void drop() throws IOException {
            close();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }
}
