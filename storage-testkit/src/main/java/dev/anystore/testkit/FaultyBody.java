package dev.anystore.testkit;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A body that is cut or altered on its way, and that tells once when it is closed. */
final class FaultyBody extends InputStream {
    private final InputStream inner;
    private final long cutAt;
    private final long flipAt;
    private final Runnable onClose;
    private long position;
    private boolean closed;

    FaultyBody(InputStream inner, @Nullable Fault fault, Runnable onClose) {
        this.inner = inner;
        this.cutAt = fault instanceof Fault.CutBody cut ? cut.afterBytes() : Long.MAX_VALUE;
        this.flipAt = fault instanceof Fault.FlipBit flip ? flip.offset() : -1;
        this.onClose = onClose;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length > 0 && position >= cutAt) {
            throw new StorageIOException(StorageException.builder(Kind.UNAVAILABLE)
                    .message("the body was cut after " + position + " bytes, by a fault of the test")
                    .build());
        }
        int read = inner.read(target, offset, (int) Math.min(length, cutAt - position));
        if (read > 0 && flipAt >= position && flipAt < position + read) {
            target[offset + (int) (flipAt - position)] ^= 1;
        }
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int available() throws IOException {
        return inner.available();
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            onClose.run();
        }
        inner.close();
    }
}
