package dev.anystore;

import dev.anystore.engine.Circles;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a listing, in {@link Keys#UTF8_ORDER}. Pages are fetched as they are needed, one in memory; each
 * iteration lists anew. There is nothing to close. Iterating throws {@link StorageException}.
 */
public final class Listing implements Iterable<ListEntry> {
    private final Function<@Nullable String, ListPage> pages;

    Listing(Function<@Nullable String, ListPage> pages) {
        this.pages = pages;
    }

    @Override
    public Iterator<ListEntry> iterator() {
        return new Pages(pages);
    }

    /** The same as a sequential stream. */
    public Stream<ListEntry> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    private static final class Pages implements Iterator<ListEntry> {
        private final Function<@Nullable String, ListPage> pages;
        private List<ListEntry> page = List.of();
        private int next;
        private @Nullable String token;
        private final Circles circles = new Circles("list");
        private boolean last;

        private Pages(Function<@Nullable String, ListPage> pages) {
            this.pages = pages;
        }

        @Override
        public boolean hasNext() {
            while (next == page.size() && !last) {
                ListPage fetched = pages.apply(token);
                page = fetched.objects();
                next = 0;
                token = circles.next(fetched.nextPageToken().orElse(null));
                last = token == null;
            }
            return next < page.size();
        }

        @Override
        public ListEntry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.get(next++);
        }
    }
}
