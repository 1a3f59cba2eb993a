package dev.anystore.local;

import dev.anystore.spi.ListRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a few listings under way have seen of the folders that they are in, so that each folder is read and sorted once
 * and not once a page. Losing one costs time and nothing else.
 */
final class Cursors {
    private static final int MOST = 4;
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final AtomicLong ids = new AtomicLong();

    /**
     * A folder, and where a listing is in it.
     *
     * @param snapshot of the folder
     * @param next the index of the next name
     */
    record Frame(Snapshot snapshot, int next) {}

    /**
     * The folders on the way to where a listing is, the outermost first.
     *
     * @param prefix of the listing
     * @param delimiter of it
     * @param frames the folders
     */
    record Cursor(String prefix, @Nullable String delimiter, List<Frame> frames) {}

    private record Kept(String id, Cursor cursor, long until) {}

    /** Keeps a cursor, and forgets the oldest beyond four. */
    String keep(Cursor cursor) {
        long now = System.nanoTime();
        String id = Long.toString(ids.incrementAndGet(), 36);
        lock.lock();
        try {
            dropOld(now);
            if (kept.size() == MOST) {
                kept.removeFirst();
            }
            kept.addLast(new Kept(id, cursor, now + LIFE_NANOS));
        } finally {
            lock.unlock();
        }
        return id;
    }

    /** The cursor of this id, if it is there and belongs to this listing; it is then no longer kept. */
    @Nullable
    Cursor take(String id, ListRequest request) {
        lock.lock();
        try {
            dropOld(System.nanoTime());
            for (Iterator<Kept> all = kept.iterator(); all.hasNext(); ) {
                Kept one = all.next();
                if (one.id().equals(id)
                        && one.cursor().prefix().equals(request.prefix())
                        && Objects.equals(one.cursor().delimiter(), request.delimiter())) {
                    all.remove();
                    return one.cursor();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all. */
    void clear() {
        lock.lock();
        try {
            kept.clear();
        } finally {
            lock.unlock();
        }
    }

    private void dropOld(long now) {
        kept.removeIf(one -> one.until() - now < 0);
    }
}
