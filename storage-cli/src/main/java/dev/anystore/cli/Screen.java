package dev.anystore.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Standard error: messages, and below them on a terminal one line that is drawn over and over. Whatever else is written
 * here, log lines too, goes above that line. Never fails: without a place for messages there is nobody to tell. Thread-safe.
 */
final class Screen {
    private static final String CLEAR = "\r\u001B[K";

    private final OutputStream stream;
    private final Tty tty;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean drawn;

    Screen(OutputStream stream, Tty tty) {
        this.stream = stream;
        this.tty = tty;
    }

    Tty tty() {
        return tty;
    }

    /** A line that stays. */
    void line(String text) {
        write((drawn() ? CLEAR : "") + text + "\n", false);
    }

    /** A question; the answer is typed behind it. */
    void question(String text) {
        write((drawn() ? CLEAR : "") + text, false);
    }

    /** A line that the next one replaces; one write, so that nothing flickers. */
    void status(String text) {
        write("\r" + text + "\u001B[K", true);
    }

    /** Takes the replaceable line away. */
    void clear() {
        if (drawn()) {
            write(CLEAR, false);
        }
    }

    private boolean drawn() {
        lock.lock();
        try {
            return drawn;
        } finally {
            lock.unlock();
        }
    }

    private void write(String text, boolean status) {
        write(text.getBytes(StandardCharsets.UTF_8), status);
    }

    private void write(byte[] bytes, boolean status) {
        lock.lock();
        try {
            stream.write(bytes);
            stream.flush();
            drawn = status;
        } catch (IOException e) {
            drawn = false;
        } finally {
            lock.unlock();
        }
    }

    /** The same place for whoever writes bytes: the log. */
    OutputStream asStream() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) {
                clear();
                Screen.this.write(java.util.Arrays.copyOfRange(b, off, off + len), false);
            }
        };
    }

    String bold(String text) {
        return coloured("1", text);
    }

    String red(String text) {
        return coloured("1;31", text);
    }

    String green(String text) {
        return coloured("32", text);
    }

    String dim(String text) {
        return coloured("2", text);
    }

    private String coloured(String code, String text) {
        return tty.err() && tty.colour() ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
}
