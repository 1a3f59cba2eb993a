package dev.anystore.engine;

import dev.anystore.ByteRange;
import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One body, read by the caller. A connection that breaks is replaced at the exact byte, pinned to the same revision; the
 * digest of a whole object is compared before its last bytes are handed out. Used by one thread at a time; closing is
 * safe from any.
 */
public final class BodyReader implements AutoCloseable {
    /** A connection that brought so much was good: its break is not counted with those before it. */
    private static final long FAR = 1L << 20;

    private final Engine engine;
    private final Scope scope;
    private final String verb;
    private final GetRequest request;
    private final boolean requireVerified;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Leaks.@Nullable Watch watch;

    private final AtomicReference<@Nullable GetResponse> response = new AtomicReference<>();
    private final AtomicReference<@Nullable Call> call = new AtomicReference<>();
    private @Nullable ObjectInfo info;
    private long offset;
    private long length;
    private long position;
    private int breaks;
    private long lastBreak;
    private Meter meter = new Meter(null);
    private @Nullable StorageException damage;
    private @Nullable KnownDigest expected;
    private @Nullable Digests digest;
    private Verification verification = Verification.UNVERIFIED;

    private BodyReader(Engine engine, Scope scope, String verb, GetRequest request, boolean requireVerified) {
        this.engine = engine;
        this.scope = scope;
        this.verb = verb;
        this.request = request;
        this.requireVerified = requireVerified;
    }

    /**
     * Opens a body.
     *
     * @return null if the object still has the revision that the caller knows
     */
    public static @Nullable BodyReader open(Engine engine, String verb, GetRequest request, boolean requireVerified) {
        return open(engine, engine.openReading(), verb, request, requireVerified);
    }

    /** Opens a body that is a part of this operation and stops with it. */
    public static @Nullable BodyReader within(
            Engine engine, Scope operation, String verb, GetRequest request, boolean requireVerified) {
        return open(engine, operation.child(), verb, request, requireVerified);
    }

    private static @Nullable BodyReader open(
            Engine engine, Scope scope, String verb, GetRequest request, boolean requireVerified) {
        BodyReader reader = new BodyReader(engine, scope, verb, request, requireVerified);
        boolean opened = false;
        try {
            GetResponse first = reader.fetch(request);
            String known = request.unlessRevision();
            // Some services do not look at the condition, and send what the caller has.
            if (first.notModified()
                    || (known != null && known.equals(first.info().revision()))) {
                first.close();
                return null;
            }
            reader.begin(first);
            opened = true;
            return reader;
        } catch (StorageException e) {
            throw engine.named(e, verb, request.key());
        } finally {
            if (!opened) {
                reader.close();
            }
        }
    }

    /** Has the reader reported if this object is dropped before it was closed. */
    public void watch(Object owner) {
        watch = engine.leaks().watch(owner, verb + " of " + engine.settings().provider() + ":" + request.key(), this);
    }

    private GetResponse fetch(GetRequest what) {
        return engine.pipeline().run(scope, CallPipeline.Operation.held(verb, request.key()), attempt -> {
            GetResponse answer = engine.get(what, attempt);
            call.set(attempt);
            return answer;
        });
    }

    private void begin(GetResponse first) {
        response.set(first);
        ObjectInfo known = first.info();
        info = known;
        offset = first.offset();
        length = first.length();
        ByteRange range = request.range();
        if (range == null ? offset != 0 || length != known.size() : !covers(range, known.size())) {
            throw protocol("the service answered bytes " + offset + " to " + (offset + length - 1) + " of "
                    + known.size() + (range == null ? "" : " to a request for " + range));
        }
        boolean whole = length == known.size();
        expected = whole ? KnownDigest.of(known) : KnownDigest.of(first.bodyChecksum());
        digest = expected == null ? null : expected.begin();
        if (digest == null && requireVerified) {
            throw unverifiable();
        }
        if (length == 0) {
            finish();
        }
    }

    private boolean covers(ByteRange range, long size) {
        return offset == range.offsetIn(size) && length == range.lengthIn(size);
    }

    private StorageException unverifiable() {
        return StorageException.builder(Kind.INTEGRITY)
                .operation(verb)
                .key(request.key())
                .message("no digest is known that could confirm these bytes")
                .fix("read the whole object, or do without requireVerified")
                .build();
    }

    private static StorageException protocol(String message) {
        return StorageException.builder(Kind.PROTOCOL).message(message).build();
    }

    /** What is known of the object. */
    public ObjectInfo info() {
        if (info == null) {
            throw new IllegalStateException("not open");
        }
        return info;
    }

    /** The first byte of the body within the object. */
    public long offset() {
        return offset;
    }

    /** The length of the body. */
    public long length() {
        return length;
    }

    /** Bytes handed out so far. */
    public long position() {
        return position;
    }

    /** Which check was made; the final answer comes with the last byte. */
    public Verification verification() {
        return verification;
    }

    /** Has this meter told what is read. */
    public void measure(Meter value) {
        meter = value;
        meter.plan(length, 1);
        if (position == length) {
            meter.finish(length);
        }
    }

    /** Reads some bytes; -1 at the end. */
    public int read(byte[] b, int off, int len) {
        if (closed.get()) {
            throw engine.named(closedException(), verb, request.key());
        }
        if (damage != null) {
            // Bytes that were found to be wrong have no end that could be taken for a good one.
            throw damage.toBuilder().build();
        }
        if (len == 0) {
            return 0;
        }
        if (position == length) {
            return -1;
        }
        int n = readSome(b, off, (int) Math.min(len, length - position));
        position += n;
        if (digest != null) {
            digest.update(b, off, n);
        }
        if (position == length) {
            finish();
        } else {
            meter.moved(n);
        }
        if (closed.get()) {
            dropResponse(); // Closed by another thread just when a broken connection had been replaced.
        }
        return n;
    }

    private static StorageException closedException() {
        return StorageException.builder(Kind.CLOSED)
                .message("the reader is closed")
                .build();
    }

    private int readSome(byte[] b, int off, int len) {
        while (true) {
            GetResponse current = response.get();
            if (current == null) {
                current = resumed();
            }
            try {
                scope.check();
                int n = current.body().read(b, off, len);
                if (n <= 0) {
                    throw StorageException.builder(Kind.UNAVAILABLE)
                            .message("the body ended " + (length - position) + " bytes early")
                            .build();
                }
                return n;
            } catch (IOException e) {
                broken(Failures.ofBody(e));
            } catch (StorageException e) {
                broken(e);
            }
        }
    }

    /** A broken connection is dropped, and after a pause the next one may be opened; or this throws. */
    private void broken(StorageException e) {
        dropResponse();
        breaks = position - lastBreak >= FAR ? 1 : breaks + 1;
        lastBreak = position;
        StorageException failure = engine.named(scope.reasonOf(e), verb, request.key());
        boolean again;
        try {
            again = engine.pipeline().pause(scope, failure, breaks);
        } catch (StorageException stopped) {
            throw Failures.with(engine.named(stopped, verb, request.key()), failure);
        }
        if (!again) {
            throw failure;
        }
    }

    /** Another connection. Its request is tried as often as any other: what it throws is final. */
    private GetResponse resumed() {
        try {
            return resume();
        } catch (StorageException e) {
            dropResponse();
            throw engine.named(e, verb, request.key());
        }
    }

    private GetResponse resume() {
        ObjectInfo known = info();
        String pin = known.revision().isEmpty() ? request.ifRevision() : known.revision();
        GetRequest rest = GetRequest.range(request.key(), ByteRange.of(offset + position, length - position))
                .withVersion(request.version())
                .withIfRevision(pin);
        GetResponse next;
        try {
            next = fetch(rest);
        } catch (StorageException e) {
            if (isChange(e)) {
                throw changed(e);
            }
            throw e;
        }
        response.set(next);
        if (!next.info().revision().equals(known.revision())) {
            throw changed(null);
        }
        if (next.offset() != offset + position || next.length() != length - position) {
            throw protocol("the service ignores ranges, so a broken transfer can't go on");
        }
        return next;
    }

    /** Whether a pinned request failed because the object is not the same any more. */
    static boolean isChange(StorageException e) {
        return e.kind() == Kind.PRECONDITION_FAILED
                || e.kind() == Kind.NOT_FOUND
                || e.kind() == Kind.RANGE_NOT_SATISFIABLE;
    }

    static StorageException changed(@Nullable StorageException cause) {
        return StorageException.builder(Kind.OBJECT_CHANGED)
                .message("the object was replaced or deleted while it was read")
                .cause(cause)
                .fix("read it again")
                .build();
    }

    /** The last byte is there: compare before it is handed out. */
    private void finish() {
        dropResponse();
        KnownDigest wanted = expected;
        if (digest != null && wanted != null) {
            Checksum actual = digest.result();
            if (!actual.equals(wanted.value())) {
                damage = engine.named(mismatch(wanted, actual), verb, request.key());
                throw damage;
            }
            verification = length == info().size() ? Verification.WHOLE : Verification.PARTS;
        }
        meter.finish(length);
    }

    static StorageException mismatch(KnownDigest expected, Checksum actual) {
        boolean ofParts = expected.partBytes() > 0;
        return StorageException.builder(Kind.INTEGRITY)
                .message("the bytes have " + actual.algorithm() + " " + actual.hex() + ", recorded is "
                        + expected.value().hex() + (ofParts ? ", of parts of " + expected.partBytes() + " bytes" : ""))
                .fix("read it again; if that fails too, the stored object is damaged"
                        + (ofParts ? ", or another program has copied it in other parts" : ""))
                .build();
    }

    private void dropResponse() {
        GetResponse current = response.getAndSet(null);
        if (current != null) {
            current.close();
        }
        Call ended = call.getAndSet(null);
        if (ended != null) {
            scope.end(ended);
        }
    }

    /** Ends the transfer; what was not read is not fetched. A thread that is reading is freed. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Leaks.Watch watching = watch;
        if (watching != null) {
            watching.closed();
        }
        if (position < length) {
            scope.stop(closedException());
        }
        dropResponse();
        scope.close();
    }

    /** The rest as a stream, for whoever needs one. */
    public InputStream asStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                try {
                    return BodyReader.this.read(b, off, len);
                } catch (StorageException e) {
                    throw new dev.anystore.StorageIOException(e);
                }
            }

            @Override
            public void close() {
                BodyReader.this.close();
            }
        };
    }
}
