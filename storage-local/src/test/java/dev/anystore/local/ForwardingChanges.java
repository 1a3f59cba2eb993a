package dev.anystore.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** Changes as another one makes them; a test overrides the one that it is about. */
class ForwardingChanges implements Changes {
    private final Changes inner;

    ForwardingChanges(Changes inner) {
        this.inner = inner;
    }

    @Override
    public FileChannel create(Folder folder, String name) throws IOException {
        return inner.create(folder, name);
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes) throws IOException {
        inner.write(file, bytes);
    }

    @Override
    public boolean setAttribute(Folder folder, String name, ByteBuffer value) throws IOException {
        return inner.setAttribute(folder, name, value);
    }

    @Override
    public void setModified(Folder folder, String name, FileTime time) throws IOException {
        inner.setModified(folder, name, time);
    }

    @Override
    public void force(FileChannel file) throws IOException {
        inner.force(file);
    }

    @Override
    public void force(FileChannel file, FileChannel other) throws IOException {
        inner.force(file, other);
    }

    @Override
    public void rename(Folder from, String name, Folder to, String newName) throws IOException {
        inner.rename(from, name, to, newName);
    }

    @Override
    public void unlink(Folder folder, String name) throws IOException {
        inner.unlink(folder, name);
    }

    @Override
    public void makeFolder(Folder folder, String name) throws IOException {
        inner.makeFolder(folder, name);
    }

    @Override
    public void removeFolder(Folder folder, String name) throws IOException {
        inner.removeFolder(folder, name);
    }

    @Override
    public void forceFolder(Folder folder) throws IOException {
        inner.forceFolder(folder);
    }

    @Override
    public @Nullable FileLock tryLock(FileChannel file, long position) throws IOException {
        return inner.tryLock(file, position);
    }
}
