package dev.anystore;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How a tree is moved. Immutable; {@link #DEFAULT} moves everything. */
public final class TreeOptions {
    /** Everything. */
    public static final TreeOptions DEFAULT = new TreeOptions(path -> true, PutOptions.DEFAULT, null, null);

    private final Predicate<String> filter;
    private final PutOptions put;
    private final @Nullable TreeListener listener;
    private final @Nullable ProgressListener progress;

    /** Is told of each file when it is done, on several threads. What it throws is logged and ignored. */
    @FunctionalInterface
    public interface TreeListener {
        /** A file or object is there. */
        void moved(Moved moved);

        /**
         * A file or object failed; the others go on. The exception at the end names it too.
         *
         * @param path below the folder, or behind the prefix
         */
        default void failed(String path, StorageException failure) {}

        /**
         * Something that is no file of its own was left out: a link, a device.
         *
         * @param path below the folder
         */
        default void skipped(String path) {}
    }

    /** One file or object of a tree that has been moved. */
    public static final class Moved {
        private final String path;
        private final ObjectInfo info;
        private final Progress progress;
        private final Duration took;

        Moved(String path, ObjectInfo info, Progress progress, Duration took) {
            this.path = path;
            this.info = info;
            this.progress = progress;
            this.took = took;
        }

        /** The path below the folder, or what the key has behind the prefix. */
        public String path() {
            return path;
        }

        /** The object: what was stored, or what was read. */
        public ObjectInfo info() {
            return info;
        }

        /** How its transfer ended: parts, requests that were made again. */
        public Progress progress() {
            return progress;
        }

        /** How long it took. */
        public Duration took() {
            return took;
        }
    }

    private TreeOptions(
            Predicate<String> filter,
            PutOptions put,
            @Nullable TreeListener listener,
            @Nullable ProgressListener progress) {
        this.filter = filter;
        this.put = put;
        this.listener = listener;
        this.progress = progress;
    }

    /** The same with only those paths (below the folder, or behind the prefix, with {@code /}) that the filter takes. */
    public TreeOptions withFilter(Predicate<String> value) {
        return new TreeOptions(value, put, listener, progress);
    }

    /** The same with these options for each upload; their own progress listener is not told. */
    public TreeOptions withPutOptions(PutOptions value) {
        return new TreeOptions(filter, value, listener, progress);
    }

    /** The same with a listener, called on several threads; null has none. */
    public TreeOptions withListener(@Nullable TreeListener value) {
        return new TreeOptions(filter, put, value, progress);
    }

    /**
     * The same with a listener for the tree as a whole: bytes of all files together, files done as its parts, and totals of
     * -1 until the last file is known. Null has none.
     */
    public TreeOptions withProgress(@Nullable ProgressListener value) {
        return new TreeOptions(filter, put, listener, value);
    }

    Predicate<String> filter() {
        return filter;
    }

    PutOptions putOptions() {
        return put;
    }

    @Nullable
    TreeListener listener() {
        return listener;
    }

    @Nullable
    ProgressListener progress() {
        return progress;
    }
}
