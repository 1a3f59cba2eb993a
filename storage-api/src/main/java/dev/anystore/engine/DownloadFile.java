package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The temporary beside the target of a download: written by several threads, forced to the disk, renamed. It goes when it
 * is closed, unless it was published.
 */
final class DownloadFile implements AutoCloseable {
    private final Chunks chunks;
    private final Path folder;
    private final Path temporary;
    private boolean published;
    private boolean kept;

    private DownloadFile(Chunks chunks, Path folder, Path temporary) {
        this.chunks = chunks;
        this.folder = folder;
        this.temporary = temporary;
    }

    private static final Pattern NAME = Pattern.compile("\\.anystore-[0-9a-f]{16}\\.part");

    /** Whether this is the name of such a temporary, which leads nowhere else. */
    static boolean isTemporary(@Nullable String name) {
        return name != null && NAME.matcher(name).matches();
    }

    /** The temporary of this name that an earlier run has left, or null. */
    static @Nullable DownloadFile left(Path target, String name, Chunks chunks) {
        Path folder = target.toAbsolutePath().getParent();
        Path temporary = folder == null ? null : folder.resolve(name);
        return folder != null && temporary != null && Files.isRegularFile(temporary, LinkOption.NOFOLLOW_LINKS)
                ? new DownloadFile(chunks, folder, temporary)
                : null;
    }

    /** Its name in the folder of the target. */
    String name() {
        return String.valueOf(temporary.getFileName());
    }

    /** It stays for a later run when it is closed. */
    void keep() {
        kept = true;
    }

    /** Refuses what can't be a target; returns the folder that it is in. */
    static Path check(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw local("the target " + target + " is a folder", "name the file in it");
        }
        // A device or a pipe would be replaced by a file: /dev/null, for one, is no target.
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw local("the target " + target + " is no regular file", "name a file");
        }
        if (!Files.isDirectory(folder)) {
            throw local("the folder " + folder + " does not exist", "create it first");
        }
        return folder;
    }

    static DownloadFile beside(Path target, Chunks chunks) {
        Path folder = check(target);
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        Path temporary = folder.resolve(".anystore-" + random + ".part");
        try {
            if (isPosix(folder)) {
                Files.createFile(
                        temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(temporary);
            }
        } catch (IOException e) {
            throw Failures.ofFile("no file can be made in the target's folder " + folder, e);
        }
        return new DownloadFile(chunks, folder, temporary);
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static StorageException local(String message, String fix) {
        return StorageException.builder(Kind.LOCAL_IO).message(message).fix(fix).build();
    }

    /**
     * Writes exactly {@code length} bytes of a body at a position. Each call has its own channel, so that an interrupt
     * closes nothing for others.
     *
     * @param progress is told of each piece
     * @return their CRC32C
     */
    int write(InputStream body, long position, long length, Call call, LongConsumer progress) {
        // A body that is a channel fills memory that the disk takes without another copy.
        ReadableByteChannel channel = body instanceof ReadableByteChannel c ? c : null;
        ByteBuffer buffer = channel != null
                ? chunks.take()
                : ByteBuffer.allocate((int) Math.min(Chunks.BYTES, Math.max(1, length)));
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            return copy(body, channel, buffer, out, position, length, call, progress);
        } catch (IOException e) {
            throw Failures.ofFile("the temporary beside the target can't be written", e);
        } finally {
            if (channel != null) {
                chunks.give(buffer);
            }
        }
    }

    private static int copy(
            InputStream body,
            @Nullable ReadableByteChannel channel,
            ByteBuffer buffer,
            FileChannel out,
            long position,
            long length,
            Call call,
            LongConsumer progress)
            throws IOException {
        CRC32C crc = new CRC32C();
        long written = 0;
        while (written < length) {
            call.check();
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - written));
            int n = fetch(body, channel, buffer);
            if (n <= 0) {
                throw StorageException.builder(Kind.UNAVAILABLE)
                        .message("the body ended " + (length - written) + " bytes early")
                        .build();
            }
            buffer.flip();
            crc.update(buffer.duplicate());
            while (buffer.hasRemaining()) {
                written += out.write(buffer, position + written);
            }
            progress.accept(n);
        }
        return (int) crc.getValue();
    }

    private static int fetch(InputStream body, @Nullable ReadableByteChannel channel, ByteBuffer buffer)
            throws StorageIOException {
        try {
            if (channel != null) {
                return channel.read(buffer);
            }
            int n = body.read(buffer.array(), buffer.arrayOffset(), buffer.limit());
            buffer.position(Math.max(0, n));
            return n;
        } catch (IOException e) {
            throw e instanceof StorageIOException ours ? ours : new StorageIOException(Failures.ofBody(e));
        }
    }

    /** Whether the file has bytes of this CRC32C at this place. */
    boolean has(long position, long length, int crc32c) {
        try {
            return Files.size(temporary) >= position + length
                    && Payloads.of(temporary, position, length)
                            .checksum(Algorithm.CRC32C)
                            .equals(Checksum.crc32c(crc32c));
        } catch (IOException e) {
            return false;
        }
    }

    /** The digest of the file as it is. */
    Checksum digest(Digests digest, long size) {
        try {
            return Payloads.digest(Payloads.of(temporary, 0, size), digest);
        } catch (IOException e) {
            throw Failures.ofFile("the temporary beside the target can't be read", e);
        }
    }

    /** Forces the bytes to the disk, then takes the place of the target in one step. */
    void publish(Path target) {
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            if (isPosix(folder)) {
                Files.setPosixFilePermissions(temporary, permissions(target));
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            published = true;
            forceFolder();
        } catch (IOException e) {
            throw Failures.ofFile("the target " + target + " can't be written", e);
        }
    }

    /** Those of the target if there is one, else those that any new file has here. */
    private Set<PosixFilePermission> permissions(Path target) throws IOException {
        try {
            return Files.getPosixFilePermissions(target);
        } catch (NoSuchFileException e) {
            // The umask can't be asked, only seen.
            Path probe = temporary.resolveSibling(temporary.getFileName() + ".mode");
            try {
                Files.newByteChannel(probe, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
                        .close();
                return Files.getPosixFilePermissions(probe);
            } catch (FileAlreadyExistsException twice) {
                return PosixFilePermissions.fromString("rw-------");
            } finally {
                Files.deleteIfExists(probe);
            }
        }
    }

    /** The target is there by now: an interrupt comes too late to stop anything, and is kept for the caller. */
    private void forceFolder() throws IOException {
        if (!isPosix(folder)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        if (!published && !kept) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                org.slf4j.LoggerFactory.getLogger("dev.anystore.engine")
                        .warn("the temporary {} could not be removed", temporary, e);
            }
        }
    }
}
