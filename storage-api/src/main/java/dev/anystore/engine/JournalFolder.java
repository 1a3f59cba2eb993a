package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the journals, which processes share. A journal is opened and removed under the lock of the folder, so that
 * nobody holds a file that has no name any more; while it is open its own lock tells other processes that its transfer runs.
 */
final class JournalFolder {
    private static final String SUFFIX = ".journal";
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}\\.journal");

    /** More than 100,000 parts take; whatever is larger is no journal. */
    private static final long LARGEST = 64L << 20;

    /** Behind any line: where locks are mandatory, others must still be able to read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /**
     * The journals that this process has open. POSIX gives record locks to the process, and closing any descriptor of a file
     * drops all of them: so no journal is opened twice, by whichever store of this process. That is why this is the one thing
     * here that is static.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private static final ReentrantLock GUARD = new ReentrantLock();

    private final Path folder;
    private final Journal.Disk disk;

    JournalFolder(Path folder) {
        this(folder, Journal.Disk.REAL);
    }

    JournalFolder(Path folder, Journal.Disk disk) {
        this.folder = folder.toAbsolutePath();
        this.disk = disk;
    }

    /** The file of a journal. */
    Path file(String name) {
        return folder.resolve(name + SUFFIX);
    }

    /** Whether there is a journal of this name. */
    boolean has(String name) {
        return Files.exists(file(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** The names of all journals. */
    List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> NAME.matcher(name).matches())
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Opens a journal, a new one where there is none.
     *
     * @param what the transfer, for messages
     * @throws StorageException of kind {@code CONFLICT} if its transfer is running, here or in another process
     */
    Journal open(String name, String what) {
        // An interrupt would close the channels that are locked here; whoever was interrupted learns it at the next
        // step.
        boolean interrupted = Thread.interrupted();
        GUARD.lock();
        try {
            create();
            return opened(name, what);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            GUARD.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Journal opened(String name, String what) throws IOException {
        Path path = folder.toRealPath().resolve(name + SUFFIX);
        if (HELD.contains(path)) {
            throw Journal.running(what, Long.toString(ProcessHandle.current().pid()));
        }
        Journal journal = underLock(() -> openedUnderLock(path, name, what));
        HELD.add(path);
        return journal;
    }

    private Journal openedUnderLock(Path path, String name, String what) throws IOException {
        createFile(path);
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        boolean done = false;
        try {
            FileLock lock = file.getChannel().tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw Journal.running(what, pidIn(file));
            }
            Journal journal = new Journal(this, name, path, file, disk, read(file));
            done = true;
            return journal;
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    private static List<JournalLine> read(RandomAccessFile file) throws IOException {
        if (file.length() > LARGEST) {
            return List.of();
        }
        byte[] bytes = new byte[(int) file.length()];
        file.seek(0);
        file.readFully(bytes);
        JournalLine.Read read = JournalLine.read(bytes);
        // What comes next must follow a whole line.
        file.setLength(read.bytes());
        file.seek(read.bytes());
        return read.lines();
    }

    private static String pidIn(RandomAccessFile file) throws IOException {
        byte[] bytes = new byte[(int) Math.min(LARGEST, file.length())];
        file.readFully(bytes);
        String pid = "unknown";
        for (JournalLine line : JournalLine.read(bytes).lines()) {
            pid = line.name().equals("pid") ? line.value() : pid;
        }
        return pid;
    }

    private void create() throws IOException {
        Files.createDirectories(folder, mode("rwx------"));
        if (isPosix()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
                    || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
                throw StorageException.builder(Kind.LOCAL_IO)
                        .message("others may write in the folder of journals " + folder)
                        .fix("chmod 700 it, or name another one in STORAGE_JOURNAL_DIR")
                        .build();
            }
        }
    }

    private void createFile(Path path) throws IOException {
        try {
            Files.createFile(path, mode("rw-------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(path + " is no regular file", e);
            }
        }
    }

    private boolean isPosix() {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private FileAttribute<?>[] mode(String mode) {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    /** No journal is opened or removed by another process meanwhile. */
    private <T> T underLock(Step<T> step) throws IOException {
        Path path = folder.resolve("lock");
        createFile(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.lock();
            return step.run();
        }
    }

    /** A new file is there after a crash only if its folder knows it. */
    void force() throws IOException {
        if (isPosix()) {
            boolean interrupted = Thread.interrupted();
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Closes a journal and drops its lock. */
    void end(Path path, RandomAccessFile file, boolean remove) throws IOException {
        boolean interrupted = Thread.interrupted();
        GUARD.lock();
        try {
            if (remove && Files.exists(path)) {
                // Closed first, as Windows removes no open file; the folder's lock keeps others away in between.
                underLock(() -> {
                    file.close();
                    return Files.deleteIfExists(path);
                });
            }
        } finally {
            HELD.remove(path);
            GUARD.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            file.close();
        }
    }

    private StorageException failure(IOException e) {
        return Failures.ofFile("the folder of journals " + folder + " can't be used", e);
    }

    /** The name of the journal of a transfer. */
    static String name(String... what) {
        Digests digest = java.util.Objects.requireNonNull(Digests.begin(dev.anystore.Checksum.Algorithm.SHA256));
        byte[] bytes = String.join("\0", what).getBytes(StandardCharsets.UTF_8);
        digest.update(bytes, 0, bytes.length);
        return digest.result().hex().substring(0, 32);
    }

    /** Whether text names a journal, so that it can't lead elsewhere. */
    static boolean isName(@Nullable String text) {
        return text != null && NAME.matcher(text + SUFFIX).matches();
    }
}
