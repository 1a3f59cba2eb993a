package dev.anystore.local;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a folder says of one name in it. Two equal entries are the same file, unchanged.
 *
 * @param name as it is on the disk
 * @param kind what it is
 * @param size in bytes
 * @param modified when its bytes changed
 * @param key what identifies the file on this machine, or null where the system has nothing like it
 */
record Entry(
        String name,
        Kind kind,
        long size,
        FileTime modified,
        @Nullable Object key) {
    enum Kind {
        FILE,
        FOLDER,
        /** A link, a device, a pipe, a socket: never followed, opened, listed or replaced. */
        OTHER
    }

    static Entry of(String name, BasicFileAttributes attributes) {
        Kind kind = attributes.isRegularFile() ? Kind.FILE : attributes.isDirectory() ? Kind.FOLDER : Kind.OTHER;
        return new Entry(name, kind, attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    long modifiedNanos() {
        return modified.to(TimeUnit.NANOSECONDS);
    }

    /** The revision of a file of which we know nothing else. */
    String plainRevision() {
        return size + "-" + modifiedNanos();
    }
}
