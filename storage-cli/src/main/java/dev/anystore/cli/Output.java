package dev.anystore.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Standard output: results, and nothing else. What can't be written fails the command; a {@link java.io.PrintStream} would
 * swallow a full disk and let it end with success. Thread-safe.
 */
final class Output {
    private static final int BUFFER_BYTES = 64 << 10;

    private final OutputStream stream;
    private final boolean terminal;
    private final ReentrantLock lock = new ReentrantLock();

    Output(OutputStream stream, boolean terminal) {
        this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
        this.terminal = terminal;
    }

    /** Nobody reads any more, or the disk is full. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Lost(IOException cause) {
            super(cause.getMessage(), cause);
        }

        /** {@code ls | head}: the reader had enough, which is nobody's failure. */
        boolean readerLeft() {
            return String.valueOf(getMessage()).contains("Broken pipe");
        }
    }

    /** A line; what a person sees at once, what goes into a pipe is gathered. */
    void line(String text) {
        write(text, '\n');
    }

    /** A name ended by NUL, for {@code xargs -0}. */
    void nul(String text) {
        write(text, '\0');
    }

    private void write(String text, char end) {
        byte[] bytes = (text + end).getBytes(StandardCharsets.UTF_8);
        locked(() -> {
            stream.write(bytes);
            if (terminal) {
                stream.flush();
            }
        });
    }

    void bytes(byte[] bytes, int length) {
        locked(() -> stream.write(bytes, 0, length));
    }

    void flush() {
        locked(stream::flush);
    }

    private interface Write {
        void run() throws IOException;
    }

    private void locked(Write write) {
        lock.lock();
        try {
            write.run();
        } catch (IOException e) {
            throw new Lost(e);
        } finally {
            lock.unlock();
        }
    }

    /** A key or a name as it may be shown here: on a terminal nothing in it is obeyed, in a pipe it is itself. */
    String shown(String name) {
        return terminal ? Printable.of(name) : name;
    }

    /** The same place for whoever writes bytes: the help. */
    OutputStream asStream() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) {
                locked(() -> stream.write(b, off, len));
            }
        };
    }

    boolean isTerminal() {
        return terminal;
    }
}
