package dev.anystore;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One page of a listing. Immutable. */
public final class ListPage {
    private final List<ListEntry> objects;
    private final List<String> prefixes;
    private final @Nullable String nextPageToken;

    private ListPage(List<ListEntry> objects, List<String> prefixes, @Nullable String nextPageToken) {
        this.objects = List.copyOf(objects);
        this.prefixes = List.copyOf(prefixes);
        this.nextPageToken = nextPageToken;
    }

    /** A page; provider authors use it. */
    public static ListPage of(List<ListEntry> objects, List<String> prefixes, @Nullable String nextPageToken) {
        return new ListPage(objects, prefixes, nextPageToken);
    }

    /** The objects, in {@link Keys#UTF8_ORDER}. */
    public List<ListEntry> objects() {
        return objects;
    }

    /** What was folded at the delimiter, each ending in it, in {@link Keys#UTF8_ORDER}; empty without a delimiter. */
    public List<String> prefixes() {
        return prefixes;
    }

    /** The token of the next page; empty on the last one. A page may be empty and still not be the last. */
    public Optional<String> nextPageToken() {
        return Optional.ofNullable(nextPageToken);
    }

    @Override
    public String toString() {
        return "ListPage[" + objects.size() + " objects, " + prefixes.size() + " prefixes"
                + (nextPageToken == null ? "" : ", more") + "]";
    }
}
