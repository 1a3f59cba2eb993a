package dev.anystore.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is held open. Every name is looked up in it and no link is followed, so that whoever swaps a folder for
 * a link leads nobody out of the root. Where the system has no {@link SecureDirectoryStream} (Windows), a name is
 * looked up by its whole path after a check, and a swap between check and use is not noticed.
 *
 * <p>Thread-safe. Closing it fails what is under way.
 */
@SuppressWarnings("StreamResourceLeak") // A folder, and its names, own the stream that they are made of, and close it.
final class Folder implements AutoCloseable {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> CREATE = Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> LOCK =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);

    private final Path path;
    private final @Nullable SecureDirectoryStream<Path> secure;

    private Folder(Path path, @Nullable SecureDirectoryStream<Path> secure) {
        this.path = path;
        this.secure = secure;
    }

    /** Opens the root, through links: it is the user's own choice. Null if nothing is there. */
    static @Nullable Folder openRoot(Path root) throws IOException {
        try {
            return of(root, Files.newDirectoryStream(root));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static Folder of(Path path, DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new Folder(path, secure);
        }
        stream.close();
        return new Folder(path, null);
    }

    /** Where it was when it was opened. */
    Path path() {
        return path;
    }

    /** Whether names are looked up in the open folder itself. */
    boolean confined() {
        return secure != null;
    }

    /** What has this name, or null. */
    @Nullable
    Entry find(String name) throws IOException {
        Path relative = relative(name);
        if (relative == null) {
            return null;
        }
        try {
            return Entry.of(
                    name,
                    secure != null
                            ? view(secure, relative).readAttributes()
                            : Files.readAttributes(
                                    path.resolve(relative), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Opens a folder in this one; null if the name is absent, or no folder. */
    @Nullable
    Folder open(String name) throws IOException {
        Entry entry = find(name);
        return entry == null || !entry.isFolder() ? null : open(entry);
    }

    /** Opens a folder that was found in this one; null if it is gone. */
    @Nullable
    Folder open(Entry entry) throws IOException {
        String name = entry.name();
        Path relative = Path.of(name);
        try {
            return secure != null
                    ? of(path.resolve(relative), secure.newDirectoryStream(relative, LinkOption.NOFOLLOW_LINKS))
                    : new Folder(path.resolve(relative), null);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return null;
        } catch (FileSystemException e) {
            Entry now = find(name);
            if (now == null || !now.isFolder()) {
                return null;
            }
            throw e;
        }
    }

    /** The names in it, in no order, without those that Java can't open again. To be closed. */
    Names names() throws IOException {
        return new Names(secure != null ? secure.newDirectoryStream(Path.of(".")) : Files.newDirectoryStream(path));
    }

    /** Whether a name is there spelt exactly so, on file systems that find it under other spellings too. */
    boolean spells(String name) throws IOException {
        try (Names names = names()) {
            for (String found = names.next(); found != null; found = names.next()) {
                if (found.equals(name)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Opens a regular file to read. The caller has seen that it is one: opening a pipe would wait for its writer. */
    FileChannel read(String name) throws IOException {
        return channel(name, READ);
    }

    /** Creates a file to write, and to read back. */
    FileChannel create(String name) throws IOException {
        return channel(name, CREATE);
    }

    /** Opens a file for locking, and creates it if it is absent. */
    FileChannel lockFile(String name) throws IOException {
        Entry entry = find(name);
        if (entry != null && !entry.isFile()) {
            throw new FileSystemException(path.resolve(name).toString(), null, "is not a regular file");
        }
        return channel(name, LOCK);
    }

    private FileChannel channel(String name, Set<OpenOption> options) throws IOException {
        if (secure != null) {
            return (FileChannel) secure.newByteChannel(Path.of(name), options);
        }
        return FileChannel.open(path.resolve(name), options);
    }

    /** Moves a file or an empty folder to another folder of the same file system, over what has the name there. */
    void rename(String name, Folder to, String newName) throws IOException {
        if (secure != null && to.secure != null) {
            secure.move(Path.of(name), to.secure, Path.of(newName));
        } else {
            Files.move(
                    path.resolve(name),
                    to.path.resolve(newName),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes a file or a link. */
    void unlink(String name) throws IOException {
        if (secure != null) {
            secure.deleteFile(Path.of(name));
        } else {
            Files.delete(path.resolve(name));
        }
    }

    /** Removes an empty folder. */
    void removeFolder(String name) throws IOException {
        if (secure != null) {
            secure.deleteDirectory(Path.of(name));
        } else {
            Files.delete(path.resolve(name));
        }
    }

    /** Makes a folder, by its path: no system call of Java makes one in an open folder. */
    void makeFolder(String name) throws IOException {
        Files.createDirectory(path.resolve(name));
    }

    void setModified(String name, FileTime time) throws IOException {
        BasicFileAttributeView view = secure != null
                ? view(secure, Path.of(name))
                : Files.getFileAttributeView(
                        path.resolve(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        view.setTimes(time, null, null);
    }

    /** Waits until the names in the folder are on the disk. Systems that can't (Windows) keep them by their journal. */
    void force() throws IOException {
        if (secure != null) {
            try (FileChannel channel = channel(".", READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (secure != null) {
            secure.close();
        }
    }

    private static BasicFileAttributeView view(SecureDirectoryStream<Path> secure, Path relative) {
        return secure.getFileAttributeView(relative, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private @Nullable Path relative(String name) {
        try {
            return path.getFileSystem().getPath(name);
        } catch (InvalidPathException e) {
            // No file has a name that the file system, or this Java under its locale, can't spell.
            return null;
        }
    }

    /** The names of a folder, one after the other. */
    static final class Names implements AutoCloseable {
        private final DirectoryStream<Path> stream;
        private final java.util.Iterator<Path> entries;

        private Names(DirectoryStream<Path> stream) {
            this.stream = stream;
            this.entries = stream.iterator();
        }

        /** The next name, or null after the last. */
        @Nullable
        String next() throws IOException {
            try {
                while (entries.hasNext()) {
                    Path name = entries.next().getFileName();
                    if (name != null && spellable(name)) {
                        return name.toString();
                    }
                }
                return null;
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }

        /** Bytes that are no text of this locale turn into replacement characters, and the way back fails. */
        private static boolean spellable(Path name) {
            String text = name.toString();
            if (text.indexOf('\ufffd') < 0) {
                return true;
            }
            try {
                return name.getFileSystem().getPath(text).equals(name);
            } catch (InvalidPathException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
