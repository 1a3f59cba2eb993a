package dev.anystore.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
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
