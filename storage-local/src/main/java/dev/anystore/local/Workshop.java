package dev.anystore.local;

import dev.anystore.spi.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a store needs to write: the root with our folder in it, a staging folder, the locks of keys, and the format.
 * Made by the first write, because opening a store makes nothing.
 */
final class Workshop implements AutoCloseable {
    private static final String FORMAT = "format";

    private final Path root;
    private final Changes changes;
    private final Folder ours;
    private final @Nullable Object oursKey;
    private final Staging staging;
    private final KeyLocks locks;
    private final RootFormat format;

    private Workshop(
            Path root,
            Changes changes,
            Folder ours,
            @Nullable Object oursKey,
            Staging staging,
            KeyLocks locks,
            RootFormat format) {
        this.root = root;
        this.changes = changes;
        this.ours = ours;
        this.oursKey = oursKey;
        this.staging = staging;
        this.locks = locks;
        this.format = format;
    }

    static Workshop open(Path root, Changes changes, SecureRandom random, Call call) throws IOException {
        makeRoot(root, changes);
        Folder ours = null;
        Staging staging = null;
        KeyLocks locks = null;
        boolean done = false;
        try (Folder top = Folder.openRoot(root)) {
            if (top == null) {
                throw LocalErrors.notAFolder(root, new IOException("a link that leads nowhere"));
            }
            ours = ensure(top, KeyNames.OURS, changes);
            Folder all = ensure(ours, Staging.ALL, changes);
            staging = Staging.open(all, changes, random);
            locks = KeyLocks.open(ours, changes);
            RootFormat format = ensureFormat(top, ours, staging, locks, changes, call);
            Entry entry = top.find(KeyNames.OURS);
            Workshop workshop =
                    new Workshop(root, changes, ours, entry == null ? null : entry.key(), staging, locks, format);
            done = true;
            return workshop;
        } finally {
            if (!done) {
                closeAll(locks, staging, ours);
            }
        }
    }

    private static void makeRoot(Path root, Changes changes) throws IOException {
        try (Folder there = Folder.openRoot(root)) {
            if (there != null) {
                return;
            }
        }
        Path parent = root.getParent();
        Path name = root.getFileName();
        if (parent == null || name == null) {
            throw new IOException(root + " is not there");
        }
        makeRoot(parent, changes);
        try (Folder folder = Folder.openRoot(parent)) {
            if (folder != null) {
                changes.makeFolder(folder, name.toString());
                changes.forceFolder(folder);
            }
        } catch (FileAlreadyExistsException e) {
            // Somebody else made it in this moment; if it is no folder, opening it says so.
        }
    }

    private static Folder ensure(Folder parent, String name, Changes changes) throws IOException {
        Folder there = parent.open(name);
        if (there != null) {
            return there;
        }
        if (parent.find(name) == null) {
            try {
                changes.makeFolder(parent, name);
                changes.forceFolder(parent);
            } catch (FileAlreadyExistsException e) {
                // Somebody else made it in this moment.
            }
        }
        Folder made = parent.open(name);
        if (made == null) {
            throw LocalErrors.inTheWay(parent.path().resolve(name), "a folder");
        }
        return made;
    }

    private static RootFormat ensureFormat(
            Folder top, Folder ours, Staging staging, KeyLocks locks, Changes changes, Call call) throws IOException {
        RootFormat known = readFormat(top, ours);
        if (known != null) {
            return known;
        }
        return locks.holdingFormat(call, () -> {
            RootFormat decided = readFormat(top, ours);
            if (decided == null) {
                decided = probe(top, staging, changes);
                String name = staging.newName();
                try (FileChannel file = changes.create(staging.folder(), name)) {
                    changes.write(file, ByteBuffer.wrap(decided.line().getBytes(StandardCharsets.US_ASCII)));
                    changes.force(file);
                }
                changes.rename(staging.folder(), name, ours, FORMAT);
                changes.forceFolder(ours);
            }
            return decided;
        });
    }

    /** What the file system and this Java can tell apart. */
    private static RootFormat probe(Folder top, Staging staging, Changes changes) throws IOException {
        boolean ascii = !spellsUnicode(top.path());
        if (!ascii) {
            String name = "\u00e9";
            changes.create(staging.folder(), name).close();
            // The same letter as e with an accent behind it, and as a capital.
            ascii = staging.folder().find("e\u0301") != null || staging.folder().find("\u00c9") != null;
            changes.unlink(staging.folder(), name);
        }
        return new RootFormat(ascii, ignoresCase(top));
    }

    private static boolean ignoresCase(Folder top) throws IOException {
        Entry entry = top.find(KeyNames.OURS);
        Entry capital = top.find(".ANYSTORE");
        return entry != null && capital != null && Objects.equals(entry.key(), capital.key());
    }

    /** Whether this Java can open every name of Unicode; under a locale such as POSIX it can't. */
    private static boolean spellsUnicode(Path root) {
        try {
            String text = "\u00e9\u4e2d\ud834\udd1e";
            return root.getFileSystem().getPath(text).toString().equals(text);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * The format of a root, or null if nothing was ever put there.
     *
     * @throws dev.anystore.InvalidConfiguration if this Java, or this file system, can't hold it
     */
    static @Nullable RootFormat readFormat(Folder top, @Nullable Folder ours) throws IOException {
        byte[] line = ours == null ? null : Notes.readSmall(ours, FORMAT, RootFormat.MAX_BYTES);
        if (ours == null || line == null) {
            return null;
        }
        RootFormat format = RootFormat.parse(
                new String(line, StandardCharsets.UTF_8),
                ours.path().resolve(FORMAT).toString());
        if (!format.ascii() && !spellsUnicode(top.path())) {
            throw RootFormat.refused(
                    "the file names of " + top.path() + " are UTF-8, which this Java can't spell under its locale",
                    "start it under a UTF-8 locale such as LC_ALL=C.UTF-8");
        }
        if (!format.fold() && ignoresCase(top)) {
            throw RootFormat.refused(
                    top.path() + " was written where a and A are two names, and is now where they are one",
                    "bring it here with anystore cp -r, not by copying its files");
        }
        return format;
    }

    /** How names are read in a root that has no format yet: everything there was put there by hand. */
    static RootFormat assumeFormat(Folder top) throws IOException {
        boolean fold = false;
        try (Folder.Names names = top.names()) {
            for (String name = names.next(); name != null; name = names.next()) {
                String other = name.equals(name.toLowerCase(java.util.Locale.ROOT))
                        ? name.toUpperCase(java.util.Locale.ROOT)
                        : name.toLowerCase(java.util.Locale.ROOT);
                if (!other.equals(name)) {
                    Entry entry = top.find(name);
                    Entry twin = top.find(other);
                    fold = entry != null && twin != null && Objects.equals(entry.key(), twin.key());
                    break;
                }
            }
        }
        return new RootFormat(fold || !spellsUnicode(top.path()), fold);
    }

    Folder ours() {
        return ours;
    }

    Staging staging() {
        return staging;
    }

    KeyLocks locks() {
        return locks;
    }

    RootFormat format() {
        return format;
    }

    /** The folder of sidecars of this name, made if it is absent. */
    Folder sidecars(String name) throws IOException {
        try (Folder meta = ensure(ours, Notes.META, changes)) {
            return ensure(meta, name, changes);
        }
    }

    /** Whether all of it is still where others find it: a user may have removed the root, or made it anew. */
    boolean isThere() throws IOException {
        try {
            Object key = Files.readAttributes(root.resolve(KeyNames.OURS), BasicFileAttributes.class)
                    .fileKey();
            return Objects.equals(key, oursKey) && locks.holdFor(ours) && staging.isThere();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        closeAll(locks, staging, ours);
    }

    private static void closeAll(@Nullable KeyLocks locks, @Nullable Staging staging, @Nullable Folder ours)
            throws IOException {
        try (ours;
                locks;
                staging) {
            // Closed in the opposite order.
        }
    }
}
