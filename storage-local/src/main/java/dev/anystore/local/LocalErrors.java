package dev.anystore.local;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one place where an exception of the operating system becomes ours. */
final class LocalErrors {
    /** Below this a write that failed for no known reason failed for want of room. */
    private static final long NO_ROOM_BYTES = 64 << 10;

    private LocalErrors() {}

    /**
     * Translates.
     *
     * @param root where it happened; its free space tells a full disk whose message is in another language
     */
    static StorageException of(IOException e, Path root) {
        if (e instanceof ClosedByInterruptException
                || e instanceof FileLockInterruptionException
                || e instanceof InterruptedIOException) {
            Thread.currentThread().interrupt();
            return interrupted(e);
        }
        if (e instanceof ClosedChannelException) {
            return closed(e);
        }
        String text = reason(e);
        String lower = text.toLowerCase(Locale.ROOT);
        if (e instanceof AccessDeniedException
                || lower.contains("permission denied")
                || lower.contains("not permitted")) {
            return failure(Kind.ACCESS_DENIED, "this process may not do that to " + place(e, root), e)
                    .fix("give its user the right to read and write there, or set LOCAL_STORAGE_PATH to another folder")
                    .build();
        }
        if (lower.contains("read-only file system")) {
            return failure(Kind.ACCESS_DENIED, "the file system of " + root + " is read-only", e)
                    .fix("mount it for writing, or set LOCAL_STORAGE_PATH to another folder")
                    .build();
        }
        if (lower.contains("no space left")
                || lower.contains("quota exceeded")
                || lower.contains("not enough space")
                || lower.contains("file too large")) {
            return full(text, root, e);
        }
        if (lower.contains("too many open files")) {
            return failure(Kind.LOCAL_IO, "too many files are open", e)
                    .fix("close readers that are done, or raise the limit (ulimit -n)")
                    .build();
        }
        if (lower.contains("name too long")) {
            return failure(Kind.INVALID_KEY, "the file system takes no name or path as long as this key needs", e)
                    .fix("use a shorter key, or a root with a shorter path")
                    .build();
        }
        if (lower.contains("no locks available") || lower.contains("function not implemented")) {
            return failure(Kind.LOCAL_IO, "the file system of " + root + " has no locks", e)
                    .fix("use a file system that has (on NFS: its lock service)")
                    .build();
        }
        if (isFull(root)) {
            return full(text, root, e);
        }
        return failure(Kind.LOCAL_IO, place(e, root) + ": " + text, e).build();
    }

    /** The root, or something on the way to it, is no folder. */
    static StorageException notAFolder(Path root, IOException cause) {
        String problem = root + " is not a folder";
        String fix = "set LOCAL_STORAGE_PATH to a folder, or move away what is there";
        return failure(Kind.CONFIGURATION, problem, cause)
                .problems(java.util.List.of(problem + "; " + fix))
                .fix(fix)
                .build();
    }

    /** Opening or making the root failed. */
    static StorageException ofRoot(IOException e, Path root) {
        for (Path part = root; part != null; part = part.getParent()) {
            if (Files.exists(part) && !Files.isDirectory(part)) {
                return notAFolder(part, e);
            }
        }
        return e instanceof NotDirectoryException ? notAFolder(root, e) : of(e, root);
    }

    static StorageException interrupted(Throwable cause) {
        return failure(Kind.CANCELLED, "the thread was interrupted", cause)
                .mayHaveHappened(false)
                .build();
    }

    static StorageException closed(@Nullable Throwable cause) {
        return failure(Kind.CLOSED, "the store is closed", cause).build();
    }

    /** Something of ours has a name under which we need something else. */
    static StorageException inTheWay(Path what, String isNot) {
        return StorageException.builder(Kind.LOCAL_IO)
                .message(what + " is not " + isNot)
                .fix("move it away")
                .build();
    }

    private static StorageException full(String text, Path root, IOException e) {
        return failure(Kind.QUOTA, "there is no room on the file system of " + root + " (" + text + ")", e)
                .fix("free some space there, or set LOCAL_STORAGE_PATH to another disk")
                .build();
    }

    private static boolean isFull(Path root) {
        try {
            return Files.getFileStore(root).getUsableSpace() < NO_ROOM_BYTES;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static StorageException.Builder failure(Kind kind, String message, @Nullable Throwable cause) {
        return StorageException.builder(kind).message(message).cause(cause);
    }

    /** The path that the exception names, or the root. */
    private static String place(IOException e, Path root) {
        return e instanceof FileSystemException named && named.getFile() != null ? named.getFile() : root.toString();
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it is not there any more";
        }
        String reason = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
