package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request under way: what may end it, what it holds, how fast its bytes move. Its own thread moves it forward, any
 * thread may {@link #abort} it, and the watchdog measures it.
 */
final class Exchange {
    final HttpRequest request;
    private final Pool pool;
    private final LongSupplier nanoTime;
    private final long answerNanos;
    private final long stallNanos;
    private final long floorBytes; // what has to move in one window
    private final boolean hasDeadline;
    private final long deadlineAt;

    private final AtomicReference<@Nullable Kind> aborted = new AtomicReference<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Connection connection;
    private volatile @Nullable Thread parked;

    // The limit of the present phase, and what passing it means. Written in this order: kind off, time, kind.
    private volatile long phaseDueAt;
    private volatile @Nullable Kind phaseKind;

    // Time spent in reads and writes of the connection, and the bytes they moved; since = 0 means outside.
    private volatile long ioSince;
    private volatile long ioNanos;
    private volatile long moved;
    // The watchdog's own.
    private long windowIoNanos;
    private long windowMoved;
    private boolean cutOff;

    volatile boolean sending;

    private final AtomicBoolean permit = new AtomicBoolean();

    // Its own thread's.
    boolean lastWriteBegun;
    boolean answerSeen;
    boolean bytesOutstanding; // of a body: only then does the floor hold
    boolean sourceTouched;
    boolean resent;
    private boolean earlierMayHaveBeenProcessed;

    Exchange(HttpRequest request, TransportOptions options, Pool pool) {
        this.request = request;
        this.pool = pool;
        this.nanoTime = options.nanoTime();
        this.answerNanos = (request.answerTimeout == null ? options.answerTimeout() : request.answerTimeout).toNanos();
        long window = options.stallWindow().toNanos();
        if (request.quietBody) {
            window = Math.max(window, answerNanos);
        }
        this.stallNanos = window;
        this.floorBytes = Math.max(1, (long) (options.stallFloorBytesPerSecond() * (window / 1e9)));
        this.hasDeadline = request.timeout != null;
        this.deadlineAt = request.timeout == null ? 0 : now() + request.timeout.toNanos();
    }

    long answerNanos() {
        return answerNanos;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    // ---- ending

    /** Ends this exchange from any thread: its own sees {@code kind} at its next step, and is freed if it is blocked. */
    void abort(Kind kind) {
        if (!aborted.compareAndSet(null, kind)) {
            return;
        }
        Connection held = connection;
        if (held != null) {
            held.killIfHeldBy(this);
        }
        Thread waiting = parked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    boolean isAborted() {
        return aborted.get() != null;
    }

    void throwIfAborted() throws HttpException {
        Kind kind = aborted.get();
        if (kind != null) {
            throw failure(kind, null);
        }
    }

    /**
     * Gives back what this exchange holds, once. The connection serves others only if it is {@code reusable} and nobody
     * aborted in the meantime.
     */
    void end(boolean reusable) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        Cancellation cancellation = request.cancellation;
        if (cancellation != null) {
            cancellation.detach(this);
        }
        phaseKind = null;
        Connection held = connection;
        boolean intact = held != null && held.detach(this);
        pool.giveBack(this, reusable && intact ? held : null);
    }

    void permitTaken() {
        permit.set(true);
    }

    /** Whether there was a permit to give back; there is none after that. */
    boolean takePermit() {
        return permit.compareAndSet(true, false);
    }

    boolean isEnded() {
        return ended.get();
    }

    // ---- connection

    /** From here on, an abort ends this connection. */
    void attach(Connection fresh) throws HttpException {
        fresh.hold(this);
        connection = fresh;
        if (isAborted()) {
            fresh.killIfHeldBy(this);
            throwIfAborted();
        }
    }

    /** Closes the connection and keeps the permit, for another try. */
    void dropConnection() {
        Connection held = connection;
        connection = null;
        if (held != null) {
            held.detach(this);
            pool.forget(held);
        }
        phaseKind = null;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    /** Whether a request that failed so on a reused connection is sent once more on a fresh one. */
    boolean mayResend(HttpException e) {
        return (e.kind() == Kind.SEND || e.kind() == Kind.NO_ANSWER)
                && !answerSeen
                && request.resend
                && (request.body.replayable() || !sourceTouched);
    }

    void prepareResend() {
        earlierMayHaveBeenProcessed |= lastWriteBegun;
        resent = true;
        lastWriteBegun = false;
        bytesOutstanding = false;
    }

    // ---- time

    void phase(Kind kind, long nanos) {
        phaseKind = null;
        phaseDueAt = now() + nanos;
        phaseKind = kind;
    }

    void phaseOver() {
        phaseKind = null;
    }

    void enterIo() {
        if (bytesOutstanding) {
            ioSince = now() | 1; // never 0; a nanosecond does not matter
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer; the watchdog only reads
    void leaveIo(long bytes) {
        if (bytesOutstanding) {
            ioNanos += now() - ioSince;
            ioSince = 0;
            if (bytes > 0) {
                moved += bytes;
            }
        }
    }

    /** What the watchdog asks, again and again. */
    void check(long now) {
        if (hasDeadline && now - deadlineAt >= 0) {
            abort(Kind.DEADLINE);
            return;
        }
        Kind kind = phaseKind;
        if (kind != null && now - phaseDueAt >= 0 && kind == phaseKind) {
            abort(kind);
            return;
        }
        long io = ioNanos; // before ioSince, so that an interval is never counted twice
        long since = ioSince;
        long bytes = moved;
        if (since != 0) {
            io += now - since;
        }
        if (bytes - windowMoved >= floorBytes) {
            windowMoved = bytes;
            windowIoNanos = io;
        } else if (since != 0 && io - windowIoNanos >= stallNanos) {
            Connection held = connection;
            if (sending && !cutOff && held != null && held.cutOffIfAnswered(this)) {
                cutOff = true; // its writer comes back now, and reads why the server stopped reading
                windowIoNanos = io;
            } else {
                abort(Kind.STALL);
            }
        }
    }

    /** Waits until {@code done}, the exchange's end, or {@code nanos} from now: true if done. */
    boolean await(BooleanSupplier done, long nanos) throws HttpException {
        long dueAt = now() + nanos;
        parked = Thread.currentThread();
        try {
            while (!done.getAsBoolean()) {
                long now = now();
                check(now);
                throwIfAborted();
                throwIfInterrupted();
                long left = hasDeadline ? Math.min(dueAt - now, deadlineAt - now) : dueAt - now;
                if (dueAt - now <= 0) {
                    return false;
                }
                // A turned clock wakes nobody: look again now and then.
                LockSupport.parkNanos(this, Math.min(left, 1_000_000_000L));
            }
            return true;
        } finally {
            parked = null;
        }
    }

    void throwIfInterrupted() throws HttpException {
        if (Thread.currentThread().isInterrupted()) {
            throw failure(Kind.INTERRUPTED, null);
        }
    }

    // ---- failures

    /** The exception for what just went wrong: an abort or an interrupt explains any other failure. */
    HttpException failure(Kind kind, @Nullable IOException cause) {
        return failure(kind, null, cause);
    }

    HttpException failure(Kind kind, @Nullable String detail, @Nullable IOException cause) {
        Kind abort = aborted.get();
        Kind told = abort != null ? abort : kind;
        if (abort == null && kind != Kind.SOURCE && Thread.currentThread().isInterrupted()) {
            told = Kind.INTERRUPTED;
        }
        String text = abort == null && told == kind && detail != null ? detail : Failures.sentence(told);
        return new HttpException(told, text + " (" + request.origin.authority() + ')', mayHaveBeenProcessed(), cause);
    }

    HttpException sourceFailure(String detail, @Nullable Throwable cause) {
        if (isAborted()) {
            return failure(Kind.SOURCE, null);
        }
        return new BodySourceException(detail, mayHaveBeenProcessed(), cause);
    }

    boolean mayHaveBeenProcessed() {
        return lastWriteBegun || earlierMayHaveBeenProcessed;
    }
}
