package dev.anystore.local;

import dev.anystore.Keys;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deletes the objects of one batch, then, once for each folder, removes what became empty and forces the rest. */
final class Deleter {
    private final Path root;
    private final Changes changes;
    private final Workshop workshop;
    private final Finder finder;
    private final Notes notes;
    private final Set<Path> touched = new LinkedHashSet<>();

    Deleter(Path root, Changes changes, Workshop workshop) {
        this.root = root;
        this.changes = changes;
        this.workshop = workshop;
        this.finder = new Finder(root, new KeyNames(workshop.format()));
        this.notes = new Notes(root);
    }

    /** Deletes every file that the key names, twins too: afterwards there is none. */
    void delete(DeleteRequest.Target target, Call call, Guard guard) throws IOException {
        String key = Keys.check(target.key());
        workshop.locks().holding(key, call, () -> {
            boolean any = false;
            while (deleteOne(target, key, !any)) {
                any = true;
                guard.check();
            }
            return any;
        });
    }

    /** Deletes the first file of a key; false if there is none. */
    private boolean deleteOne(DeleteRequest.Target target, String key, boolean first) throws IOException {
        try (Found found = finder.find(key)) {
            if (found == null) {
                return false;
            }
            if (first && target.ifRevision() != null) {
                String revision = ObjectNote.revision(found.entry(), notes.read(found.folder(), found.entry(), key));
                if (!revision.equals(target.ifRevision())) {
                    throw Publisher.refused("the object has revision " + revision + " by now");
                }
            }
            touched.add(root.relativize(found.folder().path()));
            changes.unlink(found.folder(), found.entry().name());
            if (notes.hasSidecar(key, found.entry())) {
                Placer.forceFolder(changes, found.folder());
                notes.removeSidecar(workshop.ours(), key, found.entry(), changes);
            }
            return true;
        } catch (NoSuchFileException e) {
            // Somebody removed it by hand in this moment.
            return true;
        }
    }

    /** Removes emptied folders, and waits until all is on the disk. */
    void finish() throws IOException {
        Set<Path> kept = new LinkedHashSet<>();
        for (Path folder : touched) {
            kept.add(prune(folder));
        }
        for (Path folder : kept) {
            try (Folder open = open(folder)) {
                if (open != null) {
                    Placer.forceFolder(changes, open);
                }
            }
        }
    }

    /** Removes a folder, and those above it, as far as they are empty; returns the first that is not. */
    private Path prune(Path folder) throws IOException {
        Path current = folder;
        while (!current.toString().isEmpty()) {
            Path above = current.getParent() == null ? root.getFileSystem().getPath("") : current.getParent();
            try (Folder parent = open(above)) {
                if (parent != null) {
                    try (Folder itself = parent.open(current.getFileName().toString())) {
                        if (itself != null && !isEmpty(itself)) {
                            return current;
                        }
                    }
                    changes.removeFolder(parent, current.getFileName().toString());
                }
            } catch (NoSuchFileException e) {
                // Another process removed it.
            } catch (FileSystemException e) {
                // Somebody put something into it in this moment, or it may not be removed: it stays.
                return current;
            }
            current = above;
        }
        return current;
    }

    private static boolean isEmpty(Folder folder) throws IOException {
        try (Folder.Names names = folder.names()) {
            return names.next() == null;
        }
    }

    /** Opens a folder below the root by its names on the disk; null if it is gone. */
    private @Nullable Folder open(Path relative) throws IOException {
        Folder folder = Folder.openRoot(root);
        if (relative.toString().isEmpty()) {
            return folder;
        }
        List<String> names = new ArrayList<>();
        relative.forEach(name -> names.add(name.toString()));
        for (String name : names) {
            if (folder == null) {
                return null;
            }
            Folder child = folder.open(name);
            folder.close();
            folder = child;
        }
        return folder;
    }
}
