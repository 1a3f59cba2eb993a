package dev.anystore.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Goes behind the writer of a file: reads back what is in it by now, and sends it on its way to the disk. So the disk
 * works from the beginning, and not only when the last byte is there, and looking at every byte again takes no time of its
 * own. A file of one step has no thread for this.
 */
final class Follower implements AutoCloseable {
    /**
     * 1 GiB with cp and sync took 1.0 s, with one force at the end 1.2 s, with one for each 32 MiB 0.9 s, for each 64 or 128
     * MiB 1.2 s (medians of 5, ext4).
     */
    static final long STEP_BYTES = 32L << 20;

    private final Changes changes;
    private final FileChannel file;
    private final String name;
    private final @Nullable CRC32C crc;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private @Nullable Thread thread;

    // Guarded by the lock.
    private long written;
    private boolean ended;
    private @Nullable IOException failure;

    /** Of the follower's thread, and of the writer's when that has ended. */
    private long followed;

    /**
     * Follows the writer of a file that is open for reading too.
     *
     * @param name of its thread
     * @param readsBack whether to look at the bytes again
     */
    Follower(Changes changes, FileChannel file, String name, boolean readsBack) {
        this.changes = changes;
        this.file = file;
        this.name = name;
        this.crc = readsBack ? new CRC32C() : null;
    }

    /** The file has so many bytes by now. */
    void reached(long bytes) throws IOException {
        if (bytes / STEP_BYTES == written() / STEP_BYTES) {
            return;
        }
        lock.lock();
        try {
            if (failure != null) {
                throw failure;
            }
            written = bytes;
            moved.signal();
        } finally {
            lock.unlock();
        }
        if (thread == null) {
            thread = new Thread(this::follow, name);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private long written() {
        lock.lock();
        try {
            return written;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all is read back; not until it is on the disk.
     *
     * @param bytes that the file has
     * @return the CRC32C of what is in the file; 0 if nobody wanted it
     */
    long finish(long bytes) throws IOException {
        close();
        if (failure != null) {
            throw failure;
        }
        readBack(bytes);
        return crc == null ? 0 : crc.getValue();
    }

    /** Ends the thread, which may be waiting for the disk. */
    @Override
    public void close() {
        Thread started = thread;
        if (started == null) {
            return;
        }
        lock.lock();
        try {
            ended = true;
            moved.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (started.isAlive()) {
            try {
                started.join();
            } catch (InterruptedException e) {
                // A force can't be stopped, and the file must not be taken from beneath it.
                interrupted = true;
            }
        }
        thread = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        try {
            for (long to = await(0); to > 0; to = await(to)) {
                readBack(to);
                changes.force(file);
            }
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(new IOException("following the writer of a file failed", e));
        }
    }

    private void fail(IOException e) {
        lock.lock();
        try {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until more than this is written; 0 when the end has come. */
    private long await(long more) {
        lock.lock();
        try {
            while (!ended && written <= more) {
                moved.awaitUninterruptibly();
            }
            return ended ? 0 : written;
        } finally {
            lock.unlock();
        }
    }

    private void readBack(long to) throws IOException {
        if (crc == null || followed == to) {
            return;
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(Bytes.CHUNK, to - followed));
        while (followed < to) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), to - followed));
            int read = file.read(chunk, followed);
            if (read < 0) {
                throw new IOException("the new file has " + followed + " bytes where " + to + " were written");
            }
            followed += read;
            crc.update(chunk.flip());
        }
    }
}
