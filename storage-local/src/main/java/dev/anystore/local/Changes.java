package dev.anystore.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Every change that this room makes to a disk, and nothing else changes one: a test that implements it sees, stops or
 * forgets each step. A name never leads through a link.
 */
interface Changes {
    /** Creates a file that must not be there, to write and to read back. */
    FileChannel create(Folder folder, String name) throws IOException;

    /** Appends all of these bytes. */
    void write(FileChannel file, ByteBuffer bytes) throws IOException;

    /**
     * Writes the extended attribute of a file.
     *
     * @return false if the file system takes no such attribute, or none of this size
     */
    boolean setAttribute(Folder folder, String name, ByteBuffer value) throws IOException;

    /** Sets the time of the last change of a file. */
    void setModified(Folder folder, String name, FileTime time) throws IOException;

    /**
     * Waits until the bytes and the attributes of a file are on the disk. The bytes of a large file may be forced by another
     * thread while they are written.
     */
    void force(FileChannel file) throws IOException;

    /** The same for two files at once. */
    void force(FileChannel file, FileChannel other) throws IOException;

    /** Moves a file or an empty folder in one step, over a file or an empty folder that has the name. */
    void rename(Folder from, String name, Folder to, String newName) throws IOException;

    /** Removes a file. */
    void unlink(Folder folder, String name) throws IOException;

    /** Makes a folder. */
    void makeFolder(Folder folder, String name) throws IOException;

    /** Removes a folder if it is empty. */
    void removeFolder(Folder folder, String name) throws IOException;

    /** Waits until the names in a folder are on the disk. */
    void forceFolder(Folder folder) throws IOException;

    /** Takes the lock of one byte of a file, or returns null at once if another process has it. */
    @Nullable
    FileLock tryLock(FileChannel file, long position) throws IOException;
}
