package dev.anystore.local;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds where an object is or will be, and makes the folders on the way. */
final class Placer {
    /** Folders come and go beneath a writer when others empty them; each turn finds them anew. */
    private static final int TURNS = 1000;

    /** A failure that is none of those races is one after this many turns. */
    private static final int TURNS_OF_OTHERS = 20;

    private final Path root;
    private final Changes changes;
    private final Staging staging;
    private final Finder finder;

    Placer(Path root, Changes changes, Staging staging, Finder finder) {
        this.root = root;
        this.changes = changes;
        this.staging = staging;
        this.finder = finder;
    }

    /** A folder, open, and a name in it; with what has the name now. */
    record Place(Folder folder, String name, @Nullable Entry existing) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            folder.close();
        }
    }

    /** The folder of a key is not there yet. */
    static final class NoFolder extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Where the object of a key is, or will be.
     *
     * @throws NoFolder if its folder must be made first
     */
    Place find(String key) throws IOException {
        List<String> segments = KeyNames.segments(key);
        int last = segments.size() - 1;
        String segment = segments.get(last);
        List<Folder> folders = finder.folders(segments.subList(0, last));
        Folder kept = null;
        try {
            for (Folder folder : folders) {
                Entry entry = finder.file(folder, segment, last == 0);
                if (entry != null) {
                    kept = folder;
                    return new Place(folder, entry.name(), entry);
                }
            }
            if (folders.isEmpty()) {
                throw new NoFolder();
            }
            String name = freeName(folders.get(0), segment, last == 0, Entry.Kind.FOLDER);
            kept = folders.get(0);
            return new Place(kept, name, null);
        } finally {
            for (Folder folder : folders) {
                if (folder != kept) {
                    folder.close();
                }
            }
        }
    }

    /** Makes the folders on the way to a key, as far as they are not there. */
    void makeFolders(String key) throws IOException {
        List<String> segments = KeyNames.segments(key);
        Folder folder = Folder.openRoot(root);
        if (folder == null) {
            throw new NoSuchFileException(root.toString());
        }
        for (int i = 0; i < segments.size() - 1; i++) {
            try (Folder parent = folder) {
                folder = child(parent, segments.get(i), i == 0);
            }
        }
        folder.close();
    }

    private Folder child(Folder parent, String segment, boolean top) throws IOException {
        for (Entry entry : finder.folders(parent, segment, top)) {
            Folder child = parent.open(entry);
            if (child != null) {
                return child;
            }
        }
        String name = freeName(parent, segment, top, Entry.Kind.FILE);
        String temporary = staging.newName();
        // Made in staging and moved: Java makes folders by path only, and a path may be led astray.
        changes.makeFolder(staging.folder(), temporary);
        boolean moved = false;
        try {
            changes.rename(staging.folder(), temporary, parent, name);
            moved = true;
        } finally {
            if (!moved) {
                changes.removeFolder(staging.folder(), temporary);
            }
        }
        forceFolder(changes, parent);
        Folder child = parent.open(name);
        if (child == null) {
            throw new NoSuchFileException(parent.path().resolve(name).toString());
        }
        return child;
    }

    /** The name that a new file or folder gets: the canonical one, or the twin's if something of the other kind has it. */
    private String freeName(Folder folder, String segment, boolean top, Entry.Kind other) throws IOException {
        String canonical = finder.names().encode(segment, top);
        Entry entry = folder.find(canonical);
        if (entry == null) {
            return canonical;
        }
        if (entry.kind() != other) {
            return usable(folder, entry);
        }
        String twin = canonical + KeyNames.TWIN;
        Entry second = folder.find(twin);
        return second == null ? twin : usable(folder, second);
    }

    /** What came into being since the caller looked is found in the next turn; a link or a device never goes away. */
    private static String usable(Folder folder, Entry entry) {
        if (entry.kind() == Entry.Kind.OTHER) {
            throw LocalErrors.inTheWay(
                    folder.path().resolve(entry.name()), "a regular file or folder (links are never followed)");
        }
        return entry.name();
    }

    /** Something that others may spoil by making and removing folders and files at the same time. */
    interface Turn<T> {
        T take() throws IOException;
    }

    /** Takes turns until none is spoilt. */
    static <T> T inTurns(Guard guard, Turn<T> turn) throws IOException {
        for (int n = 1; ; n++) {
            guard.check();
            try {
                return turn.take();
            } catch (AccessDeniedException e) {
                throw e;
            } catch (NoSuchFileException | FileAlreadyExistsException | Notes.Changed e) {
                if (n >= TURNS) {
                    throw e;
                }
            } catch (FileSystemException e) {
                if (n >= TURNS_OF_OTHERS) {
                    throw e;
                }
            }
        }
    }

    /** Forces a folder to the disk although the thread may be interrupted: what happened can't be undone any more. */
    static void forceFolder(Changes changes, Folder folder) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    changes.forceFolder(folder);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
