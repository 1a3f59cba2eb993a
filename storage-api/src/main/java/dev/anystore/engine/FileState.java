package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether a file is still the same.
 *
 * @param file the file
 * @param size in bytes
 * @param modified as exactly as the file system says
 * @param fileKey the inode, or null where there is none
 */
record FileState(
        Path file, long size, FileTime modified, @Nullable Object fileKey) {
    private static final Pattern INODE = Pattern.compile("\\bino=([0-9]+)");

    static FileState of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw StorageException.builder(Kind.LOCAL_IO)
                        .message("the source " + file + " is "
                                + (attributes.isDirectory() ? "a folder" : "no regular file"))
                        .fix(attributes.isDirectory() ? "upload its files, with uploadAll or cp -r" : null)
                        .build();
            }
            return new FileState(file, attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            throw StorageException.builder(Kind.LOCAL_IO)
                    .message("the source file " + file + " does not exist")
                    .cause(e)
                    .build();
        } catch (IOException e) {
            throw Failures.ofFile("the source file " + file + " can't be read", e);
        }
    }

    /** Nanoseconds since 1970, as far as the file system says. */
    long modifiedNanos() {
        return modified.to(TimeUnit.NANOSECONDS);
    }

    /** What stays the same when the file is renamed, and not when another one takes its place; empty where there is none. */
    String inode() {
        // The device's number beside it may be another one after the next start of the machine.
        Matcher inode = INODE.matcher(String.valueOf(fileKey));
        return inode.find() ? inode.group(1) : fileKey == null ? "" : fileKey.toString();
    }

    boolean changed() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.size() != size
                    || !now.lastModifiedTime().equals(modified)
                    || !Objects.equals(now.fileKey(), fileKey);
        } catch (IOException e) {
            return true;
        }
    }

    static StorageException changedException() {
        return StorageException.builder(Kind.SOURCE_CHANGED)
                .message("the source file changed while it was read; nothing was published")
                .fix("upload a file that nobody writes to")
                .build();
    }

    /** For a put that was one request: its object is there. */
    static StorageException changedTooLate() {
        return StorageException.builder(Kind.SOURCE_CHANGED)
                .message(
                        "the source file changed while it was read; the object was written and may be of neither state")
                .fix("upload it again when nobody writes to it")
                .build();
    }
}
