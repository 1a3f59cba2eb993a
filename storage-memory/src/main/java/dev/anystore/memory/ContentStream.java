package dev.anystore.memory;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Reads a {@link Content} as the body of an answer: bounded by its call, dead once the store is closed. One reader. */
final class ContentStream extends InputStream implements ReadableByteChannel {
    private final Content content;
    private final Call call;
    private final BooleanSupplier storeClosed;
    private int piece;
    private int position;
    private boolean open = true;

    ContentStream(Content content, Call call, BooleanSupplier storeClosed) {
        this.content = content;
        this.call = call;
        this.storeClosed = storeClosed;
    }

    @Override
    public int read() throws IOException {
        Content.Piece current = current();
        return current == null ? -1 : current.bytes()[current.from() + position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        return length == 0 ? 0 : read(ByteBuffer.wrap(target, offset, length));
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            Content.Piece current = current();
            if (current == null) {
                return total == 0 ? -1 : total;
            }
            int take = Math.min(target.remaining(), current.length() - position);
            target.put(current.bytes(), current.from() + position, take);
            position += take;
            total += take;
        }
        return total;
    }

    private Content.@org.jspecify.annotations.Nullable Piece current() throws StorageIOException {
        if (!open || storeClosed.getAsBoolean()) {
            throw new StorageIOException(StorageException.builder(Kind.CLOSED)
                    .message(open ? "the store was closed while the object was read" : "the body is closed")
                    .build());
        }
        try {
            call.check();
        } catch (StorageException e) {
            throw new StorageIOException(e);
        }
        while (piece < content.pieces().size()) {
            Content.Piece candidate = content.pieces().get(piece);
            if (position < candidate.length()) {
                return candidate;
            }
            piece++;
            position = 0;
        }
        return null;
    }

    @Override
    public int available() {
        return open && piece < content.pieces().size()
                ? content.pieces().get(piece).length() - position
                : 0;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
