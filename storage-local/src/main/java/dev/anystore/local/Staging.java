package dev.anystore.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which one store makes what it then moves into place. It holds a locked file as long as the store is
 * open; one whose lock is free was left by a process that was killed, and is swept when a store opens.
 */
final class Staging implements AutoCloseable {
    /** The folder of all staging folders, in ours. */
    static final String ALL = "tmp";

    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.local");
    private static final String LOCK = "lock";

    /** A folder without a lock file may be in the making; after this time it is not. */
    private static final Duration IN_THE_MAKING = Duration.ofHours(1);

    private final Changes changes;
    private final Folder all;
    private final Folder folder;
    private final String name;
    private final LockFiles.LockFile lockFile;
    private final FileLock lock;
    private final AtomicLong names = new AtomicLong();

    private Staging(
            Changes changes, Folder all, Folder folder, String name, LockFiles.LockFile lockFile, FileLock lock) {
        this.changes = changes;
        this.all = all;
        this.folder = folder;
        this.name = name;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes a staging folder.
     *
     * @param all the folder of them; closed with the result, or at once if there is none
     */
    static Staging open(Folder all, Changes changes, SecureRandom random) throws IOException {
        Staging staging = null;
        try {
            staging = make(all, changes, random);
            return staging;
        } finally {
            if (staging == null) {
                all.close();
            }
        }
    }

    private static Staging make(Folder all, Changes changes, SecureRandom random) throws IOException {
        for (int attempt = 1; attempt <= 16; attempt++) {
            String name = ProcessHandle.current().pid() + "-" + HexFormat.of().toHexDigits(random.nextInt());
            try {
                changes.makeFolder(all, name);
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            Folder folder = all.open(name);
            if (folder == null) {
                continue;
            }
            Staging staging = null;
            try {
                staging = lock(all, folder, name, changes);
                if (staging != null) {
                    return staging;
                }
            } finally {
                if (staging == null) {
                    folder.close();
                }
            }
        }
        throw new IOException("no staging folder can be made in " + all.path());
    }

    /** Takes the lock; null if somebody swept the folder in that moment. */
    private static @Nullable Staging lock(Folder all, Folder folder, String name, Changes changes) throws IOException {
        LockFiles.LockFile file;
        try {
            file = LockFiles.open(folder, LOCK, 0);
        } catch (NoSuchFileException e) {
            return null;
        }
        FileLock lock = null;
        try {
            lock = changes.tryLock(file.channel(), 0);
            if (lock != null && file.is(folder.find(LOCK))) {
                return new Staging(changes, all, folder, name, file, lock);
            }
            lock = null;
            return null;
        } finally {
            if (lock == null) {
                file.close();
            }
        }
    }

    /** The open folder. */
    Folder folder() {
        return folder;
    }

    /** A name in it that was not used yet. */
    String newName() {
        return "t" + names.incrementAndGet();
    }

    /** Whether it is still there. */
    boolean isThere() throws IOException {
        return lockFile.is(folder.find(LOCK));
    }

    /** Removes what a put that failed left; a failure is left to the sweep. */
    void discard(String temporary) {
        try {
            changes.unlink(folder, temporary);
        } catch (NoSuchFileException e) {
            // It was moved into place.
        } catch (IOException e) {
            LOG.debug("left {} in {} to the sweep", temporary, folder.path(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try (all;
                folder;
                lockFile;
                lock) {
            remove(all, name, folder, changes);
        } catch (IOException e) {
            LOG.debug("left {} to the sweep", folder.path(), e);
        }
    }

    /** Removes the staging folders of processes that were killed. */
    static void sweep(Path root, Changes changes) throws IOException {
        try (Folder top = Folder.openRoot(root);
                Folder ours = top == null ? null : top.open(KeyNames.OURS);
                Folder all = ours == null ? null : ours.open(ALL)) {
            if (all == null) {
                return;
            }
            for (String name : names(all)) {
                try {
                    sweep(all, name, changes);
                } catch (IOException e) {
                    LOG.debug("can't sweep {} in {}", name, all.path(), e);
                }
            }
        }
    }

    private static void sweep(Folder all, String name, Changes changes) throws IOException {
        try (Folder folder = all.open(name)) {
            if (folder == null) {
                return;
            }
            Entry entry = folder.find(LOCK);
            if (entry == null) {
                Entry itself = all.find(name);
                if (itself != null
                        && itself.modified().toInstant().isBefore(Instant.now().minus(IN_THE_MAKING))) {
                    remove(all, name, folder, changes);
                }
                return;
            }
            // A second descriptor of a lock file of this very process would drop its lock when it is closed.
            if (LockFiles.isOpen(folder, entry)) {
                return;
            }
            try (FileChannel channel = folder.lockFile(LOCK);
                    FileLock lock = changes.tryLock(channel, 0)) {
                if (lock != null) {
                    remove(all, name, folder, changes);
                    LOG.debug("swept {}", folder.path());
                }
            } catch (OverlappingFileLockException e) {
                LOG.debug("{} is held by another class loader of this process", folder.path());
            }
        }
    }

    private static void remove(Folder all, String name, Folder folder, Changes changes) throws IOException {
        for (String child : names(folder)) {
            Entry entry = child.equals(LOCK) ? null : folder.find(child);
            if (entry != null && entry.isFolder()) {
                changes.removeFolder(folder, child);
            } else if (entry != null) {
                changes.unlink(folder, child);
            }
        }
        if (folder.find(LOCK) != null) {
            changes.unlink(folder, LOCK);
        }
        changes.removeFolder(all, name);
    }

    private static List<String> names(Folder folder) throws IOException {
        List<String> all = new ArrayList<>();
        try (Folder.Names names = folder.names()) {
            for (String name = names.next(); name != null; name = names.next()) {
                all.add(name);
            }
        }
        return all;
    }
}
