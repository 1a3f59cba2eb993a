package dev.anystore.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends requests from another thread. One may be given to any number of requests, at once or one after the other: all
 * that are under way end with {@link HttpException.Kind#CANCELLED} within two seconds in whatever state they are,
 * and later ones do not begin. Only a thread that is inside the caller's own body stream comes back when that stream lets it.
 */
public final class Cancellation {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Exchange> underWay = new ArrayList<>(1);
    private volatile boolean cancelled;

    /** Ends what is under way. Does not block; the second call does nothing. */
    public void cancel() {
        List<Exchange> ended;
        lock.lock();
        try {
            cancelled = true;
            ended = List.copyOf(underWay);
            underWay.clear();
        } finally {
            lock.unlock();
        }
        for (Exchange exchange : ended) {
            exchange.abort(HttpException.Kind.CANCELLED);
        }
    }

    public boolean isCancelled() {
        return cancelled;
    }

    void attach(Exchange exchange) {
        lock.lock();
        try {
            if (!cancelled) {
                underWay.add(exchange);
                return;
            }
        } finally {
            lock.unlock();
        }
        exchange.abort(HttpException.Kind.CANCELLED);
    }

    void detach(Exchange exchange) {
        lock.lock();
        try {
            underWay.remove(exchange); // exchanges have no equals of their own
        } finally {
            lock.unlock();
        }
    }
}
