package dev.anystore.cli;

import dev.anystore.Progress;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a folder holds while it is being uploaded, so that the time left can be told: the upload itself knows its
 * total only when it has come to the last file. Costs a walk through the folder, and is left out where nobody watches.
 */
final class Survey implements AutoCloseable {
    /** Knows nothing. */
    static final Survey NONE = new Survey(null);

    private record Total(long bytes, int files) {}

    private final @Nullable Thread thread;
    private volatile @Nullable Total total;
    private volatile boolean ended;

    private Survey(@Nullable Path folder) {
        thread = folder == null ? null : new Thread(() -> count(folder), "anystore-survey");
    }

    static Survey of(Path folder, boolean wanted) {
        if (!wanted) {
            return NONE;
        }
        Survey survey = new Survey(folder);
        if (survey.thread != null) {
            survey.thread.setDaemon(true);
            survey.thread.start();
        }
        return survey;
    }

    private void count(Path folder) {
        long[] sum = new long[2];
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        sum[0] += attributes.size();
                        sum[1]++;
                    }
                    return ended ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // The upload meets the same, and tells.
            return;
        }
        if (!ended) {
            total = new Total(sum[0], (int) Math.min(Integer.MAX_VALUE, sum[1]));
        }
    }

    /** The progress with the totals, once they are known. */
    Progress completed(Progress progress) {
        Total known = total;
        if (known == null || progress.totalBytes() >= 0) {
            return progress;
        }
        // The folder may have grown since.
        return new Progress(
                progress.bytes(),
                Math.max(known.bytes(), progress.bytes()),
                progress.parts(),
                Math.max(known.files(), progress.parts()),
                progress.retries());
    }

    @Override
    public void close() {
        ended = true;
    }
}
