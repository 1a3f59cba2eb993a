package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Turns what streams and files throw into {@link StorageException}s. */
public final class Failures {
    private Failures() {}

    /** What the caller's stream or function threw: a storage failure of another store is passed on as it is. */
    public static StorageException ofSource(IOException e) {
        if (e instanceof StorageIOException ours) {
            return ours.storageException();
        }
        return StorageException.builder(Kind.SOURCE_FAILED)
                .message("the caller's source failed: " + e)
                .cause(e)
                .build();
    }

    /** What reading a body threw. */
    public static StorageException ofBody(IOException e) {
        if (e instanceof StorageIOException ours) {
            return ours.storageException();
        }
        return StorageException.builder(Kind.UNAVAILABLE)
                .message("the body broke off: " + e)
                .cause(e)
                .build();
    }

    /** What a file on this machine threw. */
    public static StorageException ofFile(String what, IOException e) {
        if (e instanceof StorageIOException ours) {
            return ours.storageException();
        }
        if (e instanceof java.nio.channels.ClosedByInterruptException) {
            return cancelled(what + ": the thread was interrupted");
        }
        String reason = e instanceof java.nio.file.NoSuchFileException
                ? "no such file or folder"
                : e instanceof java.nio.file.AccessDeniedException
                        ? "no right to do so"
                        : String.valueOf(e.getMessage());
        boolean full = reason.contains("No space left") || reason.contains("Disk quota exceeded");
        return StorageException.builder(full ? Kind.QUOTA : Kind.LOCAL_IO)
                .message(what + ": " + reason)
                .cause(e)
                .fix(full ? "make room on the disk and try again" : null)
                .build();
    }

    /** The caller stopped waiting. */
    public static StorageException cancelled(String how) {
        return StorageException.builder(Kind.CANCELLED).message(how).build();
    }

    /** Keeps a second failure beside the first, unless it is the same. */
    public static <T extends Throwable> T with(T first, @Nullable Throwable second) {
        if (second != null && second != first) {
            first.addSuppressed(second);
        }
        return first;
    }
}
