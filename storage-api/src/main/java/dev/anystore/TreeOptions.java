package dev.anystore;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How a tree is moved. Immutable; {@link #DEFAULT} moves everything. */
public final class TreeOptions {
    /** Everything. */
    public static final TreeOptions DEFAULT = new TreeOptions(path -> true, PutOptions.DEFAULT, null);

    private final Predicate<String> filter;
    private final PutOptions put;
    private final @Nullable TreeListener listener;

    /** Is told of each file when it is done. What it throws is logged and ignored. */
    @FunctionalInterface
    public interface TreeListener {
        /** A file or object is there. */
        void moved(ObjectInfo info);
    }

    private TreeOptions(Predicate<String> filter, PutOptions put, @Nullable TreeListener listener) {
        this.filter = filter;
        this.put = put;
        this.listener = listener;
    }

    /** The same with only those paths (below the folder, or behind the prefix, with {@code /}) that the filter takes. */
    public TreeOptions withFilter(Predicate<String> value) {
        return new TreeOptions(value, put, listener);
    }

    /** The same with these options for each upload. */
    public TreeOptions withPutOptions(PutOptions value) {
        return new TreeOptions(filter, value, listener);
    }

    /** The same with a listener, called on several threads; null has none. */
    public TreeOptions withListener(@Nullable TreeListener value) {
        return new TreeOptions(filter, put, value);
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
}
