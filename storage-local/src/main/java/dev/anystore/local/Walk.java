package dev.anystore.local;

import dev.anystore.Keys;
import dev.anystore.ListEntry;
import dev.anystore.spi.ListRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The way of one page through the tree, in the order of keys. A folder's names sort as the keys below them do if a slash
 * stands behind each folder: {@code a}, {@code a-b}, {@code a/…}, {@code a0}.
 */
final class Walk implements AutoCloseable {
    /** A damaged folder of a hashed name may hold objects without keys; after so many it counts as one of them. */
    private static final int KEY_TRIES = 64;

    private final ListRequest request;
    private final Finder finder;
    private final Notes notes;
    private final Guard guard;
    private final String after;
    private final Deque<Frame> stack = new ArrayDeque<>();
    private @Nullable String skip;
    private String last = "";
    private boolean lastWasFolded;
    private @Nullable String openPrefix;
    private List<Folder> open = List.of();

    /** A frame whose position moves. */
    private static final class Frame {
        final Snapshot snapshot;
        int next;

        Frame(Snapshot snapshot, int next) {
            this.snapshot = snapshot;
            this.next = next;
        }

        boolean isDone() {
            return next == snapshot.size();
        }

        String key() {
            return snapshot.prefix() + snapshot.name(next);
        }
    }

    /**
     * Something to list: an object, or a folded prefix.
     *
     * @param key the key or the prefix
     * @param object null of a prefix
     */
    record Item(String key, @Nullable ListEntry object) {}

    Walk(ListRequest request, Finder finder, Notes notes, Guard guard, String after, @Nullable String skip) {
        this.request = request;
        this.finder = finder;
        this.notes = notes;
        this.guard = guard;
        this.after = after;
        this.skip = skip;
    }

    /** Goes on where a cursor stands, or to the first key behind {@code after}. */
    void begin(Cursors.@Nullable Cursor cursor) throws IOException {
        if (cursor == null) {
            push(request.prefix().substring(0, request.prefix().lastIndexOf('/') + 1));
            return;
        }
        for (Cursors.Frame frame : cursor.frames()) {
            stack.addLast(new Frame(frame.snapshot(), frame.next()));
        }
    }

    /** The last item's key or prefix. */
    String last() {
        return last;
    }

    /** Whether the last item was a prefix. */
    boolean lastWasFolded() {
        return lastWasFolded;
    }

    /** What is left to do, or null if nothing is. */
    Cursors.@Nullable Cursor rest() {
        while (!stack.isEmpty() && isDone(stack.getLast())) {
            stack.removeLast();
        }
        if (stack.isEmpty()) {
            return null;
        }
        List<Cursors.Frame> frames = new ArrayList<>(stack.size());
        stack.forEach(frame -> frames.add(new Cursors.Frame(frame.snapshot, frame.next)));
        return new Cursors.Cursor(request.prefix(), request.delimiter(), frames);
    }

    private boolean isDone(Frame frame) {
        while (!frame.isDone() && isSkipped(frame.key())) {
            frame.next++;
        }
        return frame.isDone();
    }

    /** The next item, or null at the end. */
    @Nullable
    Item next() throws IOException {
        while (!stack.isEmpty()) {
            guard.check();
            Frame frame = stack.getLast();
            if (frame.isDone()) {
                stack.removeLast();
                continue;
            }
            String key = frame.key();
            String name = frame.snapshot.name(frame.next++);
            if (isSkipped(key)) {
                continue;
            }
            Item item = name.endsWith("/") ? folder(key) : object(frame.snapshot.prefix(), name);
            if (item != null) {
                last = item.key();
                lastWasFolded = item.object() == null;
                skip = lastWasFolded ? item.key() : null;
                return item;
            }
        }
        return null;
    }

    private boolean isSkipped(String key) {
        return skip != null && key.startsWith(skip);
    }

    /** Folds a whole folder if its name tells the fold, else goes into it. */
    private @Nullable Item folder(String key) throws IOException {
        String folded = fold(key);
        if (folded != null && !after.startsWith(key)) {
            return hasObject(key) ? new Item(folded, null) : null;
        }
        push(key);
        return null;
    }

    private @Nullable Item object(String prefix, String name) throws IOException {
        String key = prefix + name;
        String folded = fold(key);
        boolean top = prefix.isEmpty();
        for (Folder folder : folders(prefix)) {
            for (int turn = 0; turn < 100; turn++) {
                Entry entry = finder.file(folder, name, top);
                if (entry == null) {
                    break;
                }
                if (folded != null) {
                    return new Item(folded, null);
                }
                try {
                    String revision = ObjectNote.revision(entry, notes.read(folder, entry, key));
                    return new Item(
                            key,
                            ListEntry.of(key, entry.size(), entry.modified().toInstant(), revision, null));
                } catch (Notes.Changed e) {
                    // Replaced in this moment: look again.
                }
            }
        }
        return null;
    }

    /** What a key is folded to, or null. */
    private @Nullable String fold(String key) {
        String delimiter = request.delimiter();
        if (delimiter == null || delimiter.isEmpty() || !key.startsWith(request.prefix())) {
            return null;
        }
        int at = key.indexOf(delimiter, request.prefix().length());
        return at < 0 ? null : key.substring(0, at + delimiter.length());
    }

    /** The open folders of a prefix: those of the last one asked for stay open. */
    private List<Folder> folders(String prefix) throws IOException {
        if (!prefix.equals(openPrefix)) {
            close();
            open = finder.folders(segmentsOf(prefix));
            openPrefix = prefix;
        }
        return open;
    }

    private static List<String> segmentsOf(String prefix) {
        List<String> segments = KeyNames.segments(prefix);
        return segments.subList(0, segments.size() - 1);
    }

    private void push(String prefix) throws IOException {
        Snapshot snapshot = scan(prefix);
        stack.addLast(new Frame(snapshot, snapshot.firstAfter(after)));
    }

    /** The names below a prefix that the listing may need. */
    private Snapshot scan(String prefix) throws IOException {
        String wanted = request.prefix().startsWith(prefix) ? request.prefix().substring(prefix.length()) : "";
        int room = Keys.MAX_BYTES - Keys.utf8Length(prefix);
        List<String> names = new ArrayList<>();
        for (Folder folder : folders(prefix)) {
            each(folder, prefix, (name, entry) -> {
                boolean isKey = Keys.utf8Length(name) <= room && !(prefix.isEmpty() && name.isEmpty());
                if (isKey && name.startsWith(wanted)) {
                    names.add(name);
                }
                return true;
            });
        }
        return new Snapshot(prefix, names.toArray(new String[0]));
    }

    private interface Visitor {
        /** Whether to go on. */
        boolean visit(String name, Entry entry) throws IOException;
    }

    /** Visits the objects of a folder by their segments, and the folders with a slash behind. */
    private void each(Folder folder, String prefix, Visitor visitor) throws IOException {
        boolean top = prefix.isEmpty();
        try (Folder.Names all = folder.names()) {
            for (String name = all.next(); name != null; name = all.next()) {
                guard.check();
                if (top && name.equalsIgnoreCase(KeyNames.OURS)) {
                    continue;
                }
                Entry entry = folder.find(name);
                if (entry == null || entry.kind() == Entry.Kind.OTHER) {
                    continue;
                }
                String segment = segment(folder, entry, top, prefix);
                if (isText(segment) && !visitor.visit(entry.isFolder() ? segment + "/" : segment, entry)) {
                    return;
                }
            }
        }
    }

    private static boolean isText(String segment) {
        try {
            return Keys.utf8Length(segment) >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String segment(Folder folder, Entry entry, boolean top, String prefix) throws IOException {
        String name = entry.name();
        String stem = name.endsWith(KeyNames.TWIN) ? name.substring(0, name.length() - KeyNames.TWIN.length()) : name;
        if (!KeyNames.isHashed(stem)) {
            return finder.names().decode(name, top);
        }
        String noted = notes.longSegment(stem);
        if (noted != null && finder.names().names(name, noted, top)) {
            return noted;
        }
        int depth = KeyNames.segments(prefix).size() - 1;
        String key = entry.isFile() ? keyBeside(folder, entry) : keyBelow(folder, entry);
        List<String> segments = key == null ? List.of() : KeyNames.segments(key);
        boolean known = segments.size() > depth && finder.names().names(name, segments.get(depth), top);
        return known ? segments.get(depth) : name;
    }

    private @Nullable String keyBeside(Folder folder, Entry entry) throws IOException {
        for (int turn = 0; turn < 100; turn++) {
            try {
                ObjectNote note = notes.read(folder, entry, null);
                return note == null ? null : note.key();
            } catch (Notes.Changed e) {
                Entry now = folder.find(entry.name());
                if (now == null || !now.isFile()) {
                    return null;
                }
                entry = now;
            }
        }
        return null;
    }

    /** The key of some object below a folder. */
    private @Nullable String keyBelow(Folder folder, Entry entry) throws IOException {
        int tries = 0;
        Deque<List<String>> ways = new ArrayDeque<>(List.of(List.of(entry.name())));
        while (!ways.isEmpty()) {
            List<String> way = ways.removeLast();
            try (Folder end = descend(folder, way);
                    Folder.Names names = end == null ? null : end.names()) {
                if (end == null || names == null) {
                    continue;
                }
                for (String name = names.next(); name != null; name = names.next()) {
                    guard.check();
                    Entry child = end.find(name);
                    if (child != null && child.isFile()) {
                        String key = keyBeside(end, child);
                        if (key != null || ++tries >= KEY_TRIES) {
                            return key;
                        }
                    } else if (child != null && child.isFolder() && way.size() < Keys.MAX_BYTES) {
                        List<String> longer = new ArrayList<>(way);
                        longer.add(name);
                        ways.addLast(longer);
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable Folder descend(Folder from, List<String> way) throws IOException {
        Folder folder = from.open(way.get(0));
        for (String name : way.subList(1, way.size())) {
            if (folder == null) {
                return null;
            }
            try (Folder above = folder) {
                folder = above.open(name);
            }
        }
        return folder;
    }

    /** Whether some object is below a folder; folders that were emptied by hand are none. */
    private boolean hasObject(String key) throws IOException {
        Deque<String> prefixes = new ArrayDeque<>(List.of(key));
        while (!prefixes.isEmpty()) {
            String prefix = prefixes.removeLast();
            int room = Keys.MAX_BYTES - Keys.utf8Length(prefix);
            boolean[] found = {false};
            TreeSet<String> below = new TreeSet<>();
            List<Folder> folders = finder.folders(segmentsOf(prefix));
            try {
                for (Folder folder : folders) {
                    each(folder, prefix, (name, entry) -> {
                        boolean fits = Keys.utf8Length(name) <= room;
                        found[0] |= fits && entry.isFile();
                        if (fits && entry.isFolder()) {
                            below.add(prefix + name);
                        }
                        return !found[0];
                    });
                    if (found[0]) {
                        return true;
                    }
                }
            } finally {
                Finder.close(folders);
            }
            prefixes.addAll(below);
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        List<Folder> old = open;
        open = List.of();
        openPrefix = null;
        Finder.close(old);
    }
}
