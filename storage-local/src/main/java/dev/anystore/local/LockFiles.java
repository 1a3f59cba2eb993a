package dev.anystore.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock files that this process has open, each once. POSIX gives record locks to the process, and closing any
 * descriptor of a file drops all of them; so the stores of one process that share a root must share one descriptor.
 * That is why this is the one thing here that is static. Two class loaders have two of it: they still exclude each
 * other, for Java knows the locks of the whole process, but the close of one may drop what the other holds against
 * other processes.
 */
final class LockFiles {
    private static final ReentrantLock GUARD = new ReentrantLock();
    private static final Map<Object, LockFile> OPEN = new HashMap<>();

    private LockFiles() {}

    /** An open lock file. */
    static final class LockFile implements AutoCloseable {
        private final Object key;
        private final FileChannel channel;
        private final ReentrantLock[] stripes;
        private int users = 1;

        private LockFile(Object key, FileChannel channel, int stripes) {
            this.key = key;
            this.channel = channel;
            this.stripes = new ReentrantLock[stripes];
            for (int i = 0; i < stripes; i++) {
                this.stripes[i] = new ReentrantLock();
            }
        }

        FileChannel channel() {
            return channel;
        }

        /** What excludes the threads of this process, before the file lock excludes other processes. */
        ReentrantLock stripe(int number) {
            return stripes[number];
        }

        /** Whether the name still leads to this file. */
        boolean is(@Nullable Entry entry) {
            return entry != null && (entry.key() == null || key.equals(entry.key()));
        }

        @Override
        public void close() throws IOException {
            GUARD.lock();
            try {
                if (--users == 0) {
                    OPEN.remove(key);
                    channel.close();
                }
            } finally {
                GUARD.unlock();
            }
        }
    }

    /** Opens a lock file, or shares it if this process has it open. */
    static LockFile open(Folder folder, String name, int stripes) throws IOException {
        GUARD.lock();
        try {
            LockFile known = OPEN.get(key(folder, folder.find(name), name));
            if (known != null) {
                known.users++;
                return known;
            }
            FileChannel channel = folder.lockFile(name);
            boolean done = false;
            try {
                LockFile opened = new LockFile(key(folder, folder.find(name), name), channel, stripes);
                OPEN.put(opened.key, opened);
                done = true;
                return opened;
            } finally {
                if (!done) {
                    channel.close();
                }
            }
        } finally {
            GUARD.unlock();
        }
    }

    /** Whether this process has the file open. */
    static boolean isOpen(Folder folder, Entry entry) {
        GUARD.lock();
        try {
            return OPEN.containsKey(key(folder, entry, entry.name()));
        } finally {
            GUARD.unlock();
        }
    }

    private static Object key(Folder folder, @Nullable Entry entry, String name) {
        return entry != null && entry.key() != null
                ? entry.key()
                : folder.path().resolve(name);
    }
}
