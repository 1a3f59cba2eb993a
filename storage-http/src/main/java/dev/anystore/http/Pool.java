package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one transport: as many permits as connections, handed on in the order of waiting, and per origin
 * the idle connections, the most recently used first.
 */
final class Pool {
    private final int max;
    private final long idleNanos;
    private final long lifeNanos;
    private final long staleCheckNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Origin, Deque<Connection>> idle = new HashMap<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private int idleCount;
    private int leased;
    private boolean closed;

    /** Every connection that is not closed yet, for the watchdog. */
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    private static final class Waiter {
        final Thread thread = Thread.currentThread();
        volatile boolean granted;
    }

    Pool(TransportOptions options) {
        this.max = options.maxConnections();
        this.idleNanos = options.idleTimeout().toNanos();
        this.lifeNanos = options.connectionLife().toNanos();
        this.staleCheckNanos = options.staleCheckAfter().toNanos();
    }

    /** Takes a permit, waiting for it if need be, and an idle connection that is fit for use; null means to open one. */
    @Nullable
    Connection lease(Exchange exchange) throws HttpException {
        Waiter waiter = null;
        lock.lock();
        try {
            if (closed) {
                throw exchange.failure(Kind.CLOSED, null);
            }
            if (leased < max && waiters.isEmpty()) {
                leased++;
            } else {
                waiter = new Waiter();
                waiters.add(waiter);
            }
        } finally {
            lock.unlock();
        }
        if (waiter != null) {
            awaitGrant(exchange, waiter);
        }
        exchange.permitTaken();
        Connection found;
        do {
            found = poll(exchange.request.origin);
        } while (found != null && !isFit(found, exchange.now()));
        return found;
    }

    private void awaitGrant(Exchange exchange, Waiter waiter) throws HttpException {
        boolean granted = false;
        try {
            // Without a deadline of its own a request may wait for ever, as its predecessors may take for ever.
            while (!exchange.await(() -> waiter.granted, Long.MAX_VALUE / 4)) {}
            granted = true;
        } finally {
            if (!granted) {
                boolean late;
                lock.lock();
                try {
                    late = !waiters.remove(waiter);
                } finally {
                    lock.unlock();
                }
                if (late) {
                    passOn(null);
                }
            }
        }
        lock.lock();
        try {
            if (closed) {
                passOn(null);
                throw exchange.failure(Kind.CLOSED, null);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The idle connection of this origin used last; if there is none and the limit is reached, the oldest of another is closed. */
    private @Nullable Connection poll(Origin origin) {
        Connection victim = null;
        lock.lock();
        try {
            Deque<Connection> own = idle.get(origin);
            if (own != null && !own.isEmpty()) {
                idleCount--;
                return own.removeLast();
            }
            if (idleCount + leased > max) {
                for (Deque<Connection> others : idle.values()) {
                    Connection oldest = others.peekFirst();
                    if (oldest != null && (victim == null || oldest.idleSince - victim.idleSince < 0)) {
                        victim = oldest;
                    }
                }
                if (victim != null) {
                    removeIdle(victim);
                }
            }
        } finally {
            lock.unlock();
        }
        if (victim != null) {
            forget(victim);
        }
        return null;
    }

    private boolean isFit(Connection connection, long now) {
        long idleFor = now - connection.idleSince;
        if (isExpired(connection, now)
                || connection.hasUnaskedBytes()
                || (idleFor >= staleCheckNanos && connection.isStale())) {
            forget(connection);
            return false;
        }
        return true;
    }

    private boolean isExpired(Connection connection, long now) {
        return now - connection.idleSince >= Math.min(idleNanos, connection.idleLimit)
                || now - connection.bornAt >= lifeNanos;
    }

    /** Counts a connection that is about to be opened, so that the watchdog and {@link #close} see it. */
    void register(Connection connection) {
        open.add(connection);
    }

    /** Closes a connection that nobody uses. */
    void forget(Connection connection) {
        open.remove(connection);
        connection.close();
    }

    /** Takes the exchange's permit back, and its connection if that may be used again. */
    void giveBack(Exchange exchange, @Nullable Connection reusable) {
        if (reusable != null) {
            long now = exchange.now();
            reusable.idleSince = now;
            reusable.shrink();
            if (now - reusable.bornAt >= lifeNanos || !reusable.isOpen()) {
                forget(reusable);
                reusable = null;
            }
        }
        Connection held = exchange.connection();
        if (held != null && held != reusable) {
            forget(held);
        }
        if (exchange.takePermit()) {
            passOn(reusable);
        } else if (reusable != null) {
            forget(reusable);
        }
    }

    /** The permit goes to the next in line; the connection waits for whoever of its origin comes first. */
    private void passOn(@Nullable Connection reusable) {
        Waiter next;
        lock.lock();
        try {
            if (reusable != null && !closed) {
                idle.computeIfAbsent(reusable.origin, any -> new ArrayDeque<>()).addLast(reusable);
                idleCount++;
                reusable = null;
            }
            next = waiters.poll();
            if (next == null) {
                leased--;
            } else {
                next.granted = true;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            LockSupport.unpark(next.thread);
        }
        if (reusable != null) {
            forget(reusable);
        }
    }

    /** Closes what has been idle for too long. */
    void evict(long now) {
        List<Connection> expired = new ArrayList<>();
        lock.lock();
        try {
            for (Iterator<Deque<Connection>> queues = idle.values().iterator(); queues.hasNext(); ) {
                Deque<Connection> queue = queues.next();
                for (Connection connection : queue) {
                    if (isExpired(connection, now)) {
                        expired.add(connection);
                    }
                }
                queue.removeAll(expired);
                if (queue.isEmpty()) {
                    queues.remove();
                }
            }
            idleCount -= expired.size();
        } finally {
            lock.unlock();
        }
        expired.forEach(this::forget);
    }

    private void removeIdle(Connection connection) {
        Deque<Connection> queue = idle.get(connection.origin);
        if (queue != null && queue.remove(connection)) {
            idleCount--;
        }
    }

    Collection<Connection> open() {
        return open;
    }

    int openCount() {
        int count = 0;
        for (Connection connection : open) {
            count += connection.channel.isOpen() ? 1 : 0; // a killed one stays until its exchange ends
        }
        return count;
    }

    int idleCount() {
        lock.lock();
        try {
            return idleCount;
        } finally {
            lock.unlock();
        }
    }

    /** Ends everything: busy exchanges fail with {@link Kind#CLOSED}, waiters too. */
    void close() {
        List<Connection> unused = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            idle.values().forEach(unused::addAll);
            idle.clear();
            idleCount = 0;
            for (Waiter waiter : waiters) {
                waiter.granted = true;
                leased++;
                LockSupport.unpark(waiter.thread);
            }
            waiters.clear();
        } finally {
            lock.unlock();
        }
        unused.forEach(this::forget);
        for (Connection connection : open) {
            Exchange holder = connection.holder();
            if (holder != null) {
                holder.abort(Kind.CLOSED);
            }
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
