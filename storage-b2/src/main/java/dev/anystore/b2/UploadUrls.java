package dev.anystore.b2;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Upload URLs that wait for the next upload. One is used by one upload at a time: whoever takes it has it alone, and gives it
 * back only if nothing went wrong with it. The last one given back is the first taken, since its connection is warm.
 */
final class UploadUrls {
    /** The service lets them live for 24 hours: https://www.backblaze.com/apidocs/b2-get-upload-url */
    private static final long LIFE_NANOS = TimeUnit.HOURS.toNanos(23);

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Url> idle = new ArrayDeque<>();

    /**
     * A URL.
     *
     * @param address where to send
     * @param token that goes with it, and with nothing else
     * @param since when it came
     */
    record Url(B2Address address, String token, long since) {
        /** Hides the token. */
        @Override
        public String toString() {
            return "Url[" + address.origin() + "]";
        }
    }

    /** Keeps at most so many. */
    UploadUrls(int most) {
        this.most = most;
    }

    /** One that nobody uses, or null. */
    @Nullable
    Url take() {
        lock.lock();
        try {
            while (true) {
                Url url = idle.pollFirst();
                if (url == null || System.nanoTime() - url.since() < LIFE_NANOS) {
                    return url;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** It may be used again. */
    void giveBack(Url url) {
        lock.lock();
        try {
            idle.addFirst(url);
            if (idle.size() > most) {
                idle.removeLast();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that wait are probably over too. */
    void clear() {
        lock.lock();
        try {
            idle.clear();
        } finally {
            lock.unlock();
        }
    }
}
