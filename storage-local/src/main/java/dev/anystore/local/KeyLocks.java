package dev.anystore.local;

import dev.anystore.Keys;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The locks of keys, between threads and between processes: a key belongs to one of 1,024 stripes, each a byte of the
 * lock file. Held while the state of a key is compared and changed, not while bytes are copied.
 */
final class KeyLocks implements AutoCloseable {
    /** The lock file, in our folder. */
    static final String NAME = "lock";

    private static final int STRIPES = 1024;

    /** The stripe behind those of keys: who holds it may write the format file. */
    private static final int FORMAT_STRIPE = STRIPES;

    private static final long FIRST_WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Changes changes;
    private final LockFiles.LockFile file;

    private KeyLocks(Changes changes, LockFiles.LockFile file) {
        this.changes = changes;
        this.file = file;
    }

    static KeyLocks open(Folder ours, Changes changes) throws IOException {
        return new KeyLocks(changes, LockFiles.open(ours, NAME, STRIPES + 1));
    }

    /** Whether the lock file is still the one that others find. */
    boolean holdFor(Folder ours) throws IOException {
        return file.is(ours.find(NAME));
    }

    /** What is done while a lock is held. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does the work under the lock of a key; waits for it as long as the call may take. */
    <T> T holding(String key, Call call, Work<T> work) throws IOException {
        return holding(stripe(key), call, work);
    }

    /** Does the work under the lock of the format file. */
    <T> T holdingFormat(Call call, Work<T> work) throws IOException {
        return holding(FORMAT_STRIPE, call, work);
    }

    private static int stripe(String key) {
        CRC32C crc = new CRC32C();
        crc.update(Keys.utf8(key));
        return (int) (crc.getValue() & (STRIPES - 1));
    }

    private <T> T holding(int stripe, Call call, Work<T> work) throws IOException {
        ReentrantLock threads = file.stripe(stripe);
        try {
            while (!threads.tryLock(call.remainingMillis(100), TimeUnit.MILLISECONDS)) {
                call.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LocalErrors.interrupted(e);
        }
        try {
            FileLock processes = await(stripe, call);
            try {
                return work.run();
            } finally {
                if (processes.isValid()) {
                    processes.release();
                }
            }
        } finally {
            threads.unlock();
        }
    }

    /** Asks again and again: an interrupt in FileChannel.lock() closes the channel, and that drops the locks of others. */
    private FileLock await(int stripe, Call call) throws IOException {
        long wait = FIRST_WAIT_NANOS;
        FileLock lock = tryLock(stripe);
        while (lock == null) {
            call.check();
            LockSupport.parkNanos(this, wait);
            if (Thread.currentThread().isInterrupted()) {
                throw LocalErrors.interrupted(new InterruptedException("waiting for the lock of a key"));
            }
            wait = Math.min(LONGEST_WAIT_NANOS, wait * 2);
            lock = tryLock(stripe);
        }
        return lock;
    }

    private @Nullable FileLock tryLock(int stripe) throws IOException {
        try {
            return changes.tryLock(file.channel(), stripe);
        } catch (OverlappingFileLockException e) {
            // Another class loader of this process holds it.
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
