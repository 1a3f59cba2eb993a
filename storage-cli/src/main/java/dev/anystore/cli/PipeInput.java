package dev.anystore.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * Standard input that tells an end from an interruption. Ctrl-C reaches every command of a pipeline: the one before us dies
 * of it, and what looks like the end of its output is where it was cut. Stored as an object that would be a success that was
 * none.
 */
final class PipeInput extends InputStream {
    /** For our own signal to arrive; far longer than it takes, and only once in a transfer. */
    private static final int PATIENCE_MILLIS = 50;

    private final InputStream in;
    private final Session session;

    PipeInput(InputStream in, Session session) {
        this.in = in;
        this.session = session;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        int n = in.read(b, off, len);
        if (n < 0) {
            try {
                Thread.sleep(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (session.isInterrupted() || Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted at the end of standard input");
            }
        }
        return n;
    }
}
