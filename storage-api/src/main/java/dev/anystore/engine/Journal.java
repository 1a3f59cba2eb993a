package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in which one transfer notes how far it is, open and locked: append-only lines, read back after a crash as far as
 * they are whole. Closing it keeps the file for a later run; {@link #remove()} ends it. Thread-safe.
 */
final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.engine");

    private final JournalFolder folder;
    private final String name;
    private final Path path;
    /** Not a channel: an interrupt of whoever writes would close it for everybody, and drop the lock with it. */
    private final RandomAccessFile file;

    private final Disk disk;
    private final List<JournalLine> lines;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean broken;
    private boolean closed;

    /** How bytes get to the disk. */
    interface Disk {
        Disk REAL = new Disk() {
            @Override
            public void write(RandomAccessFile file, byte[] bytes) throws IOException {
                file.write(bytes);
            }

            @Override
            public void force(RandomAccessFile file) throws IOException {
                file.getFD().sync();
            }
        };

        void write(RandomAccessFile file, byte[] bytes) throws IOException;

        void force(RandomAccessFile file) throws IOException;
    }

    Journal(JournalFolder folder, String name, Path path, RandomAccessFile file, Disk disk, List<JournalLine> lines) {
        this.folder = folder;
        this.name = name;
        this.path = path;
        this.file = file;
        this.disk = disk;
        this.lines = lines;
    }

    /** What names it, and the transfer. */
    String name() {
        return name;
    }

    /** What an earlier run left, oldest first. */
    List<JournalLine> lines() {
        return lines;
    }

    /** Forgets what an earlier run left, and notes what is about to happen: on the disk when this returns. */
    void begin(List<JournalLine> intent) {
        lock.lock();
        try {
            file.setLength(0);
            file.seek(0);
            broken = false;
            for (JournalLine line : intent) {
                disk.write(file, line.encoded());
            }
            disk.force(file);
            folder.force();
        } catch (IOException e) {
            broken = true;
            throw Failures.ofFile("the journal " + path + " can't be written", e);
        } finally {
            lock.unlock();
        }
    }

    /** Notes what must not be lost. */
    void require(JournalLine line) {
        lock.lock();
        try {
            write(line);
        } catch (IOException e) {
            throw Failures.ofFile("the journal " + path + " can't be written", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Notes what a later run would otherwise do again. If that fails the transfer goes on and nothing more is noted: behind
     * half a line nothing would be read.
     */
    void note(JournalLine line) {
        lock.lock();
        try {
            if (!broken && !closed) {
                write(line);
            }
        } catch (IOException e) {
            LOG.warn("the journal {} can't be written ({}); after a crash more is done again", path, e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void write(JournalLine line) throws IOException {
        boolean written = false;
        try {
            if (broken || closed) {
                throw new IOException(closed ? "it is closed" : "an earlier line could not be written");
            }
            disk.write(file, line.encoded());
            written = true;
        } finally {
            broken |= !written;
        }
    }

    /** The transfer has ended, and needs no journal any more. */
    void remove() {
        end(true);
    }

    @Override
    public void close() {
        end(false);
    }

    private void end(boolean remove) {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                folder.end(path, file, remove);
            }
        } catch (IOException e) {
            LOG.warn("the journal {} could not be {}", path, remove ? "removed" : "closed", e);
        } finally {
            lock.unlock();
        }
    }

    static StorageException running(String what, String pid) {
        return StorageException.builder(Kind.CONFLICT)
                .message("the same " + what + " is already running, pid " + pid)
                .retryable(false)
                .fix("wait for it, or end it")
                .build();
    }
}
