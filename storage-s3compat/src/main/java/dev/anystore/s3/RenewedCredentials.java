package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a source gave and asks it again before that ends. One thread asks; while the old ones are good the others go on
 * with them, and else they wait for it and share what it got, its failure too: a hundred requests make one question.
 */
final class RenewedCredentials implements CredentialsSource {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.s3");

    /** From so long before their end on, one request renews them while the others go on. AWS's SDKs have the same time. */
    static final Duration EARLY = Duration.ofMinutes(5);
    /** From so long before their end on, nobody signs with them before it was tried to renew them. */
    static final Duration LATE = Duration.ofMinutes(1);
    /** A source that gives the same again, or fails while the old ones are still good, is left in peace for so long. */
    static final Duration PAUSE = Duration.ofSeconds(30);

    private static final long LOOK_AROUND_MILLIS = 100;

    private final Source source;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Credentials current;
    private volatile Instant notBefore = Instant.MIN;
    /** Counts failures, so that who waited for one does not cause the next. */
    private final AtomicLong failures = new AtomicLong();

    private @Nullable StorageException lastFailure;

    /** Asks, once, whoever hands credentials out. */
    @FunctionalInterface
    interface Source {
        /**
         * New credentials.
         *
         * @throws StorageException if there are none, or they could not be fetched
         */
        Credentials fetch(Call call);
    }

    RenewedCredentials(Source source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public Credentials get(Call call) {
        Credentials known = current;
        if (known == null || ends(known, Duration.ZERO)) {
            return fetched(known, call);
        }
        if (!ends(known, EARLY) || clock.instant().isBefore(notBefore)) {
            return known;
        }
        return ends(known, LATE) ? late(known, call) : early(known, call);
    }

    /** Whether they end within this time. */
    private boolean ends(Credentials credentials, Duration within) {
        Instant end = credentials.expiresAt();
        return end != null && !clock.instant().plus(within).isBefore(end);
    }

    private Credentials early(Credentials known, Call call) {
        if (!lock.tryLock()) {
            return known;
        }
        try {
            return sameReference(known) ? fetchOrKeep(known, call) : Objects.requireNonNull(current);
        } finally {
            lock.unlock();
        }
    }

    private Credentials late(Credentials known, Call call) {
        lock(call);
        try {
            boolean triedMeanwhile = clock.instant().isBefore(notBefore);
            return sameReference(known) && !triedMeanwhile ? fetchOrKeep(known, call) : Objects.requireNonNull(current);
        } finally {
            lock.unlock();
        }
    }

    /** The old ones are still good: a failure is not the caller's. */
    private Credentials fetchOrKeep(Credentials known, Call call) {
        try {
            return fetch(call);
        } catch (StorageException e) {
            call.check();
            LOG.debug("credentials were not renewed: {}", e.getMessage());
            return known;
        } finally {
            notBefore = clock.instant().plus(PAUSE);
        }
    }

    private Credentials fetched(@Nullable Credentials known, Call call) {
        long before = failures.get();
        lock(call);
        try {
            Credentials now = current;
            if (now != null && !sameReference(known)) {
                return now;
            }
            if (failures.get() != before && lastFailure != null) {
                throw lastFailure.toBuilder().cause(lastFailure).build();
            }
            return fetch(call);
        } finally {
            lock.unlock();
        }
    }

    private Credentials fetch(Call call) {
        try {
            Credentials fresh = source.fetch(call);
            if (ends(fresh, Duration.ZERO)) {
                throw StorageException.builder(Kind.UNAUTHENTICATED)
                        .message("the credentials that were found ended at " + fresh.expiresAt())
                        .fix("renew them, or set this machine's clock")
                        .build();
            }
            current = fresh;
            lastFailure = null;
            return fresh;
        } catch (StorageException e) {
            if (e.kind() != Kind.CANCELLED && e.kind() != Kind.TIMEOUT) {
                // The waiting ones have deadlines of their own, and nobody cancelled them.
                lastFailure = e;
                failures.incrementAndGet();
            }
            throw e;
        }
    }

    @Override
    public boolean renew(Credentials refused, Call call) {
        lock(call);
        try {
            if (sameReference(refused)) {
                fetch(call);
            }
            return current != null && !refused.equals(current);
        } finally {
            lock.unlock();
        }
    }

    /** Equal ones that were fetched anew are others: they were just given out. */
    @SuppressWarnings("ReferenceEquality")
    private boolean sameReference(@Nullable Credentials known) {
        return current == known;
    }

    /** Waits, but no longer than the call may take. */
    private void lock(Call call) {
        try {
            while (!lock.tryLock(call.remainingMillis(LOOK_AROUND_MILLIS), TimeUnit.MILLISECONDS)) {
                call.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.builder(Kind.CANCELLED)
                    .message("interrupted while waiting for credentials")
                    .cause(e)
                    .build();
        }
    }
}
