package dev.anystore.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes that end at their n-th call, in the middle of it where it has one: neither that nor any later one happens. A
 * loss of power is this, and then {@link #losePower}: names since the last force of their folder and bytes since the last
 * force of their file may be gone, each for itself.
 */
final class Crashing implements Changes {
    private final Changes disk;
    private final Path stash;
    private final int last;
    private int calls;
    private int stashed;
    private final List<Step> unforced = new ArrayList<>();
    private final IdentityHashMap<FileChannel, Data> data = new IdentityHashMap<>();

    /** A change of names that its folder has not been forced since. */
    private record Step(Object folder, Undo undo) {}

    private interface Undo {
        void run() throws IOException;
    }

    /** What is in a file, and what of it is surely on the disk. */
    private static final class Data {
        final FileChannel channel;
        final Object key;
        long forced;
        boolean loose;
        boolean attributeLoose;

        Data(FileChannel channel, Object key) {
            this.channel = channel;
            this.key = key;
        }
    }

    /**
     * Over changes of a disk.
     *
     * @param stash a folder of the same file system, for what may have to come back
     * @param last the number of the call that does not happen any more
     */
    Crashing(Changes disk, Path stash, int last) {
        this.disk = disk;
        this.stash = stash;
        this.last = last;
    }

    /** Whether it came that far. */
    boolean crashed() {
        return calls >= last;
    }

    private boolean isLast() throws IOException {
        calls++;
        if (calls > last) {
            throw new IOException("this process is dead");
        }
        return calls == last;
    }

    private void step() throws IOException {
        if (isLast()) {
            throw new IOException("this process dies now");
        }
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static Path in(Folder folder, String name) {
        return folder.path().resolve(name);
    }

    private void changed(Folder folder, Undo undo) throws IOException {
        unforced.add(new Step(key(folder.path()), undo));
    }

    /** Keeps a file under another name, so that it can come back. */
    private @Nullable Path keep(Path path) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        return Files.createLink(stash.resolve("kept" + ++stashed), path);
    }

    @Override
    public FileChannel create(Folder folder, String name) throws IOException {
        step();
        FileChannel file = disk.create(folder, name);
        Path path = in(folder, name);
        data.put(file, new Data(FileChannel.open(path, StandardOpenOption.WRITE), key(path)));
        changed(folder, () -> Files.deleteIfExists(path));
        return file;
    }

    private @Nullable Data find(Object key) {
        return data.values().stream()
                .filter(one -> one.key.equals(key))
                .findFirst()
                .orElse(null);
    }

    private Data of(FileChannel file) {
        return Objects.requireNonNull(data.get(file));
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes) throws IOException {
        of(file).loose = true;
        if (isLast()) {
            disk.write(file, bytes.slice(0, bytes.remaining() / 2));
            throw new IOException("this process dies now");
        }
        disk.write(file, bytes);
    }

    @Override
    public boolean setAttribute(Folder folder, String name, ByteBuffer value) throws IOException {
        step();
        boolean done = disk.setAttribute(folder, name, value);
        Data file = find(key(in(folder, name)));
        if (done && file != null) {
            file.attributeLoose = true;
        }
        return done;
    }

    @Override
    public void setModified(Folder folder, String name, FileTime time) throws IOException {
        step();
        disk.setModified(folder, name, time);
        Data file = find(key(in(folder, name)));
        if (file != null) {
            file.loose = true;
        }
    }

    @Override
    public void force(FileChannel file) throws IOException {
        step();
        disk.force(file);
        forced(file);
    }

    private void forced(FileChannel file) throws IOException {
        Data forced = of(file);
        forced.forced = file.size();
        forced.loose = false;
        forced.attributeLoose = false;
    }

    /** Half of it is that one of the two was forced. */
    @Override
    public void force(FileChannel file, FileChannel other) throws IOException {
        if (isLast()) {
            forced(calls % 2 == 0 ? file : other);
            throw new IOException("this process dies now");
        }
        disk.force(file, other);
        forced(file);
        forced(other);
    }

    @Override
    public void rename(Folder from, String name, Folder to, String newName) throws IOException {
        step();
        Path source = in(from, name);
        Path target = in(to, newName);
        Path replaced = keep(target);
        disk.rename(from, name, to, newName);
        changed(to, () -> {
            if (Files.exists(source.getParent())) {
                Files.move(target, source);
            } else {
                deleteTree(target);
            }
            if (replaced != null) {
                Files.move(replaced, target);
            }
        });
    }

    @Override
    public void unlink(Folder folder, String name) throws IOException {
        step();
        Path path = in(folder, name);
        Path kept = keep(path);
        disk.unlink(folder, name);
        changed(folder, () -> {
            if (kept != null && Files.exists(path.getParent())) {
                Files.move(kept, path);
            }
        });
    }

    @Override
    public void makeFolder(Folder folder, String name) throws IOException {
        step();
        disk.makeFolder(folder, name);
        changed(folder, () -> deleteTree(in(folder, name)));
    }

    @Override
    public void removeFolder(Folder folder, String name) throws IOException {
        step();
        disk.removeFolder(folder, name);
        changed(folder, () -> {
            if (Files.exists(folder.path())) {
                Files.createDirectory(in(folder, name));
            }
        });
    }

    @Override
    public void forceFolder(Folder folder) throws IOException {
        step();
        disk.forceFolder(folder);
        Object key = key(folder.path());
        unforced.removeIf(step -> step.folder().equals(key));
    }

    @Override
    public @Nullable FileLock tryLock(FileChannel file, long position) throws IOException {
        step();
        return disk.tryLock(file, position);
    }

    /**
     * Takes from the disk what need not be on it. Names go from the last on, as far as the dice say; bytes and attributes of
     * each file for itself.
     *
     * @param random the dice, or null for all that can go
     */
    void losePower(Path root, @Nullable Random random) throws IOException {
        int kept = random == null ? 0 : random.nextInt(unforced.size() + 1);
        for (int i = unforced.size() - 1; i >= kept; i--) {
            unforced.get(i).undo().run();
        }
        for (Data file : data.values()) {
            if (file.loose && (random == null || random.nextBoolean())) {
                file.channel.truncate(file.forced);
            }
            if (file.attributeLoose && (random == null || random.nextBoolean())) {
                forgetAttribute(root, file.key);
            }
        }
    }

    private static void forgetAttribute(Path root, Object key) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                UserDefinedFileAttributeView view =
                        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
                if (key(path).equals(key) && view.list().contains(ObjectNote.ATTRIBUTE)) {
                    view.delete(ObjectNote.ATTRIBUTE);
                }
            }
        }
    }

    /** Closes what it keeps open. */
    void close() {
        for (Data file : data.values()) {
            try {
                file.channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static void deleteTree(Path top) throws IOException {
        if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(top)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
