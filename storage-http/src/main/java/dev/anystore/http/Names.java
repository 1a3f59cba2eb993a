package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up on threads of its own, because a lookup can neither be interrupted nor given a time: a deadline leaves
 * it behind.
 */
final class Names {
    private static final int THREADS = 4; // so many lookups may hang at once before others wait behind them

    private final Resolver resolver;
    private final long timeoutNanos;
    private final ThreadPoolExecutor threads;

    Names(TransportOptions options) {
        this.resolver = options.resolver();
        this.timeoutNanos = options.nameTimeout().toNanos();
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(10_000), task -> {
                    Thread thread = new Thread(task, "anystore-dns-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    private final class Lookup implements Runnable {
        private final String host;
        private final Thread asker = Thread.currentThread();
        private volatile boolean abandoned;
        private volatile boolean done;
        private @Nullable List<InetAddress> found; // these two are published by done
        private @Nullable IOException failed;

        Lookup(String host) {
            this.host = host;
        }

        @Override
        public void run() {
            if (abandoned) {
                return;
            }
            try {
                List<InetAddress> addresses = resolver.resolve(host);
                if (addresses.isEmpty()) {
                    failed = new UnknownHostException("no address");
                } else {
                    found = List.copyOf(addresses);
                }
            } catch (IOException e) {
                failed = e;
            } catch (RuntimeException e) {
                failed = new IOException("the resolver failed", e);
            }
            done = true;
            LockSupport.unpark(asker);
        }
    }

    /** The addresses of a name; one that is an address already is not looked up. */
    List<InetAddress> resolve(String host, Exchange exchange) throws HttpException {
        InetAddress literal = Exemption.literal(host);
        if (literal != null) {
            return List.of(literal);
        }
        Lookup lookup = new Lookup(host);
        try {
            threads.execute(lookup);
        } catch (RejectedExecutionException e) {
            throw exchange.failure(threads.isShutdown() ? Kind.CLOSED : Kind.NAME, new IOException(e));
        }
        try {
            if (!exchange.await(() -> lookup.done, timeoutNanos)) {
                throw exchange.failure(Kind.NAME, "the lookup of " + host + " took too long", null);
            }
        } finally {
            lookup.abandoned = true;
        }
        List<InetAddress> found = lookup.found;
        if (found == null) {
            throw exchange.failure(Kind.NAME, "the name " + host + " could not be resolved", lookup.failed);
        }
        return found;
    }

    /** Idle threads end; one that hangs in a lookup ends with it. */
    void close() {
        threads.shutdownNow();
    }
}
