package dev.anystore.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The changes as the operating system makes them. */
final class DiskChanges implements Changes {
    private final boolean durable;
    private final boolean attributes;

    /**
     * Changes of a disk.
     *
     * @param durable whether to wait for it; without, a success survives the process and not a loss of power
     */
    DiskChanges(boolean durable) {
        this(durable, true);
    }

    /** The same; without attributes everything that is known of an object goes to a sidecar. */
    DiskChanges(boolean durable, boolean attributes) {
        this.durable = durable;
        this.attributes = attributes;
    }

    @Override
    public FileChannel create(Folder folder, String name) throws IOException {
        return folder.create(name);
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public boolean setAttribute(Folder folder, String name, ByteBuffer value) throws IOException {
        UserDefinedFileAttributeView view = attributes
                ? Files.getFileAttributeView(
                        folder.path().resolve(name), UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                : null;
        if (view == null) {
            return false;
        }
        try {
            view.write(ObjectNote.ATTRIBUTE, value);
            return true;
        } catch (java.nio.file.FileSystemException | UnsupportedOperationException e) {
            // What stands in the way (no attributes here, no room for this one) has many names in many languages. A
            // disk that is full or broken says so again when the sidecar is written.
            return false;
        }
    }

    @Override
    public void setModified(Folder folder, String name, FileTime time) throws IOException {
        folder.setModified(name, time);
    }

    @Override
    public void force(FileChannel file) throws IOException {
        if (durable) {
            file.force(true);
        }
    }

    /** Both at the same time: the file system writes its journal once or hardly more, where one after the other is twice. */
    @Override
    public void force(FileChannel file, FileChannel other) throws IOException {
        if (!durable) {
            return;
        }
        FutureTask<Void> forcing = new FutureTask<>(() -> {
            other.force(true);
            return null;
        });
        Thread thread = new Thread(forcing, "anystore-local-force");
        thread.setDaemon(true);
        thread.start();
        try {
            file.force(true);
        } finally {
            await(forcing);
        }
    }

    /** Waits although the thread may be interrupted: nobody closes a file beneath somebody who forces it. */
    private static void await(FutureTask<Void> forcing) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    forcing.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void rename(Folder from, String name, Folder to, String newName) throws IOException {
        from.rename(name, to, newName);
    }

    @Override
    public void unlink(Folder folder, String name) throws IOException {
        folder.unlink(name);
    }

    @Override
    public void makeFolder(Folder folder, String name) throws IOException {
        folder.makeFolder(name);
    }

    @Override
    public void removeFolder(Folder folder, String name) throws IOException {
        folder.removeFolder(name);
    }

    @Override
    public void forceFolder(Folder folder) throws IOException {
        if (durable) {
            folder.force();
        }
    }

    @Override
    public @Nullable FileLock tryLock(FileChannel file, long position) throws IOException {
        return file.tryLock(position, 1, false);
    }
}
