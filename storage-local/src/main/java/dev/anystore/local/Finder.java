package dev.anystore.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the file of a key, under each name that it may have. */
final class Finder {
    /** Twin folders at every level would double the ways at each; no root that we write has more than a few. */
    private static final int MAX_FOLDERS = 4096;

    private final Path root;
    private final KeyNames names;

    Finder(Path root, KeyNames names) {
        this.root = root;
        this.names = names;
    }

    KeyNames names() {
        return names;
    }

    /** The file of a key, or null. */
    @Nullable
    Found find(String key) throws IOException {
        List<String> segments = KeyNames.segments(key);
        int last = segments.size() - 1;
        List<Folder> folders = folders(segments.subList(0, last));
        Found found = null;
        try {
            for (Folder folder : folders) {
                Entry entry = file(folder, segments.get(last), last == 0);
                if (entry != null) {
                    found = new Found(folder, entry);
                    break;
                }
            }
        } finally {
            for (Folder folder : folders) {
                if (found == null || found.folder() != folder) {
                    folder.close();
                }
            }
        }
        return found;
    }

    /** The file of a segment in an open folder, or null. */
    @Nullable
    Entry file(Folder folder, String segment, boolean top) throws IOException {
        for (String name : names.candidates(segment, top)) {
            Entry entry = folder.find(name);
            if (entry != null && entry.isFile() && isSpelt(folder, name, segment, top)) {
                return entry;
            }
        }
        return null;
    }

    /** The folders of a segment in an open folder: none, one, or twins. */
    List<Entry> folders(Folder folder, String segment, boolean top) throws IOException {
        List<Entry> found = new ArrayList<>(1);
        for (String name : names.candidates(segment, top)) {
            Entry entry = folder.find(name);
            if (entry != null && entry.isFolder() && isSpelt(folder, name, segment, top)) {
                found.add(entry);
            }
        }
        return found;
    }

    /** A name that stands for itself must be there as it is spelt: the file system may take others for the same. */
    private boolean isSpelt(Folder folder, String name, String segment, boolean top) throws IOException {
        boolean anySpelling = names.format().fold() || names.format().ascii();
        return !anySpelling || names.names(name, segment, top) || folder.spells(name);
    }

    /**
     * All folders that hold keys below these segments, open: usually one; none if there is no such folder, or no root.
     * The caller closes them.
     */
    List<Folder> folders(List<String> segments) throws IOException {
        Folder top = Folder.openRoot(root);
        if (top == null) {
            return List.of();
        }
        List<Folder> level = new ArrayList<>(List.of(top));
        List<Folder> next = new ArrayList<>(1);
        boolean done = false;
        int opened = 0;
        try {
            for (int i = 0; i < segments.size() && !level.isEmpty(); i++) {
                for (Folder folder : level) {
                    for (Entry entry : folders(folder, segments.get(i), i == 0)) {
                        Folder child = folder.open(entry);
                        if (child != null) {
                            next.add(child);
                        }
                        if (++opened > MAX_FOLDERS) {
                            throw new IOException("more than " + MAX_FOLDERS + " twin folders below " + root);
                        }
                    }
                }
                close(level);
                level = next;
                next = new ArrayList<>(1);
            }
            done = true;
            return level;
        } finally {
            if (!done) {
                close(level);
                close(next);
            }
        }
    }

    static void close(List<Folder> folders) throws IOException {
        for (Folder folder : folders) {
            folder.close();
        }
    }
}
