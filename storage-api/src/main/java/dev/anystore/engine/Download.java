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
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object into a file. The first request asks for all and is read from the front on the caller's thread; its
 * answer pins the revision and gives size and digest, so an object that fits takes one request. The rest of a large one
 * is fetched by ranges at the same time, and the first stops where the others have begun. The target appears whole,
 * verified and durable, or stays as it was.
 */
public final class Download {
    /** Smaller pieces cost more requests than their parallelism brings. */
    private static final long PART_BYTES = 8L << 20;

    private static final String RESTARTED = "the range took far longer than others, and is asked for anew";

    private final Engine engine;
    private final Scope scope;
    private final String verb;
    private final GetRequest request;
    private final boolean requireVerified;
    private final Meter meter;

    /** A download within this scope, which its owner closes. The request is for a whole object. */
    public Download(Engine engine, Scope scope, String verb, GetRequest request, boolean requireVerified, Meter meter) {
        this.engine = engine;
        this.scope = scope;
        this.verb = verb;
        this.request = request;
        this.requireVerified = requireVerified;
        this.meter = meter;
    }

    /** Does it. */
    public ObjectInfo to(Path target) {
        DownloadFile.check(target);
        try (DownloadJournal left = DownloadJournal.left(engine, scope, request, target)) {
            ObjectInfo resumed = left == null ? null : goOn(left, target);
            if (resumed != null) {
                return resumed;
            }
        }
        try (DownloadFile file = DownloadFile.beside(target, engine.chunks());
                Noting noting = new Noting(target, file)) {
            return publish(file, target, noting, () -> fill(file, noting));
        }
    }

    private interface Fetch {
        ObjectInfo run();
    }

    private ObjectInfo publish(DownloadFile file, Path target, Noting noting, Fetch fetch) {
        try {
            ObjectInfo info = fetch.run();
            file.publish(target);
            noting.done();
            meter.finish(info.size());
            return info;
        } catch (StorageException e) {
            throw noting.failed(e);
        }
    }

    /** What is noted for a later run: from the moment at which it is known that there is something to note. */
    private final class Noting implements AutoCloseable {
        private final Path target;
        private final DownloadFile file;
        private @Nullable DownloadJournal journal;
        private final AtomicInteger fetched = new AtomicInteger();

        private Noting(Path target, DownloadFile file) {
            this.target = target;
            this.file = file;
        }

        /** A download of several parts can be gone on with, if its object has a revision to be known by. */
        void begin(Claims claims) {
            ObjectInfo info = claims.info();
            if (claims.count() > 1 && !info.revision().isEmpty()) {
                DownloadJournal opened = DownloadJournal.open(engine, scope, request, target);
                journal = opened;
                if (opened != null) {
                    opened.begin(info, claims.bytes(0), file.name());
                }
            }
        }

        void fetched(Claims claims, int part, int crc32c) {
            claims.done(part, crc32c);
            fetched.incrementAndGet();
            DownloadJournal opened = journal;
            if (opened != null) {
                opened.fetched(claims.offset(part), claims.bytes(part), crc32c);
            }
        }

        /** What was fetched is of no use for a later run: this one goes on in another way. */
        void forget() {
            DownloadJournal opened = journal;
            if (opened != null) {
                opened.remove();
                journal = null;
            }
        }

        void done() {
            forget();
        }

        StorageException failed(StorageException why) {
            DownloadJournal opened = journal;
            if (opened == null) {
                return why;
            }
            if (fetched.get() > 0 && Resuming.mayGoOn(why, scope)) {
                file.keep();
                return Resuming.saying(why, fetched.get() + " parts");
            }
            forget();
            return why;
        }

        @Override
        public void close() {
            DownloadJournal opened = journal;
            if (opened != null) {
                opened.close();
            }
        }
    }

    /** What an earlier run has begun; null if that is of no use, and then nothing of it is left. */
    private @Nullable ObjectInfo goOn(DownloadJournal left, Path target) {
        String name = left.temporary();
        DownloadFile there = name == null ? null : DownloadFile.left(target, name, engine.chunks());
        if (there == null) {
            left.remove();
            return null;
        }
        try (DownloadFile file = there) {
            ObjectInfo info = head(left, file);
            if (!left.matches(info)) {
                left.remove();
                return null;
            }
            Noting noting = new Noting(target, file);
            noting.journal = left;
            left.resume();
            return publish(file, target, noting, () -> fillRest(left, info, file, noting));
        }
    }

    private ObjectInfo head(DownloadJournal left, DownloadFile file) {
        try {
            return engine.call(scope, verb, request.key(), call -> engine.get(
                            GetRequest.head(request.key())
                                    .withVersion(request.version())
                                    .withIfRevision(request.ifRevision()),
                            call)
                    .info());
        } catch (StorageException e) {
            if (Resuming.mayGoOn(e, scope)) {
                file.keep();
            } else {
                left.remove();
            }
            throw e;
        }
    }

    private ObjectInfo fillRest(DownloadJournal left, ObjectInfo info, DownloadFile file, Noting noting) {
        Claims claims = Claims.resumed(info, left.partBytes());
        meter.plan(info.size(), claims.count());
        Map<Long, DownloadJournal.Range> ranges = left.ranges();
        for (int part = 0; part < claims.count(); part++) {
            scope.check();
            DownloadJournal.Range range = ranges.get(claims.offset(part));
            // What the journal says is believed only of bytes that are there.
            if (range != null
                    && range.bytes() == claims.bytes(part)
                    && file.has(claims.offset(part), range.bytes(), range.crc32c())) {
                claims.had(part, range.crc32c());
                noting.fetched.incrementAndGet();
                meter.resumed(range.bytes());
            }
        }
        try {
            readParts(null, claims, file, noting);
        } catch (RangesIgnored e) {
            noting.forget();
            claims = readInOneStream(file);
        } catch (StorageException e) {
            throw engine.named(scope.reasonOf(e), verb, request.key());
        }
        return verified(claims.info(), claims, file);
    }

    private ObjectInfo fill(DownloadFile file, Noting noting) {
        CallPipeline.Operation held = CallPipeline.Operation.held(verb, request.key());
        Claims claims;
        // Opening is one request, tried as often as any other; what comes after has its own attempts.
        try (Front front = engine.pipeline().run(scope, held, call -> Front.open(engine, scope, request, call))) {
            claims = new Claims(front.info(), partBytes(), engine.settings().connections());
            meter.plan(front.info().size(), claims.count());
            noting.begin(claims);
            readParts(front, claims, file, noting);
        } catch (RangesIgnored e) {
            // Once more, in one stream: what a server can't do in ranges it can do in one.
            noting.forget();
            claims = readInOneStream(file);
        } catch (StorageException e) {
            throw engine.named(scope.reasonOf(e), verb, request.key());
        }
        return verified(claims.info(), claims, file);
    }

    private long partBytes() {
        long asked = engine.settings().partBytes();
        return asked > 0 ? asked : PART_BYTES;
    }

    /** All parts: the front stream on this thread, ranges on the workers. */
    private void readParts(@Nullable Front front, Claims claims, DownloadFile file, Noting noting) {
        // Stopping the parts must not stop the download: it may go on in one stream.
        Scope parts = scope.child();
        PartTasks tasks =
                new PartTasks(engine.workers(), parts, engine.settings().connections());
        Ranges ranges = new Ranges(parts, claims, file, noting);
        tasks.whileWaiting(ranges::restartSlowOnes);
        try {
            int helpers = Math.min(engine.settings().connections() - 1, claims.count() - 1);
            for (int i = 0; i < helpers; i++) {
                tasks.submit(() -> ranges.readFrom(claims.next()));
            }
            if (front != null) {
                front.readInto(file, claims, meter, tasks, noting);
                front.close();
            }
            // The front met the others, or broke: what is left has its connection now, and this thread watches.
            int next = claims.next();
            if (next >= 0) {
                tasks.submit(() -> ranges.readFrom(next));
            }
            tasks.join();
        } catch (RuntimeException | Error e) {
            tasks.stop(e);
            // What stopped this thread may only follow from what failed on another.
            tasks.rethrow();
            throw e;
        }
    }

    /** The parts of a download that are fetched as ranges. */
    private final class Ranges {
        private final Scope parts;
        private final Claims claims;
        private final DownloadFile file;
        private final Noting noting;
        private final Stragglers stragglers = new Stragglers(System::nanoTime);
        private final Map<Integer, Scope> underWay = new ConcurrentHashMap<>();

        private Ranges(Scope parts, Claims claims, DownloadFile file, Noting noting) {
            this.parts = parts;
            this.claims = claims;
            this.file = file;
            this.noting = noting;
        }

        /** This part, and then others as long as there are any; -1 is none. */
        private void readFrom(int first) {
            for (int part = first; part >= 0; part = claims.next()) {
                stragglers.planned();
                read(part);
            }
        }

        /**
         * A range that takes far longer than the others is asked for anew, once. Not a second time beside the first, as
         * uploads do: whoever loses could still write into the file.
         */
        private void restartSlowOnes() {
            for (int number : stragglers.take()) {
                Scope slow = underWay.get(number);
                if (slow != null) {
                    slow.stop(Failures.cancelled(RESTARTED));
                }
            }
        }

        private void read(int part) {
            int crc;
            try {
                crc = attempt(part);
            } catch (StorageException e) {
                if (e.kind() != Kind.CANCELLED || !RESTARTED.equals(e.reason())) {
                    throw e;
                }
                meter.retried();
                crc = attempt(part);
            }
            noting.fetched(claims, part, crc);
            meter.partDone(0);
        }

        private int attempt(int part) {
            String revision = claims.info().revision();
            String pin = revision.isEmpty() ? request.ifRevision() : revision;
            GetRequest range = GetRequest.range(request.key(), ByteRange.of(claims.offset(part), claims.bytes(part)))
                    .withVersion(request.version())
                    .withIfRevision(pin);
            int number = part + 1;
            CallPipeline.Operation operation = CallPipeline.Operation.of(verb + " part " + number, request.key());
            try (Scope scope = parts.child()) {
                underWay.put(number, scope);
                return engine.pipeline().run(scope, operation, meter, call -> {
                    stragglers.began(number, claims.bytes(part));
                    boolean done = false;
                    try {
                        int crc = read(range, part, call);
                        done = true;
                        return crc;
                    } finally {
                        if (done) {
                            stragglers.done(number);
                        } else {
                            stragglers.failed(number);
                        }
                    }
                });
            } finally {
                underWay.remove(number);
            }
        }

        private int read(GetRequest range, int part, Call call) {
            try (GetResponse answer = pinned(range, claims.info(), call)) {
                if (answer.offset() != claims.offset(part) || answer.length() != claims.bytes(part)) {
                    throw new RangesIgnored();
                }
                return file.write(answer.body(), claims.offset(part), claims.bytes(part), call, call::sent);
            }
        }
    }

    private GetResponse pinned(GetRequest range, ObjectInfo info, Call call) {
        GetResponse answer;
        try {
            answer = engine.get(range, call);
        } catch (StorageException e) {
            if (BodyReader.isChange(e)) {
                throw BodyReader.changed(e);
            }
            throw e;
        }
        if (!answer.info().revision().equals(info.revision()) || answer.info().size() != info.size()) {
            answer.close();
            throw BodyReader.changed(null);
        }
        return answer;
    }

    private Claims readInOneStream(DownloadFile file) {
        CallPipeline.Operation operation = CallPipeline.Operation.of(verb, request.key());
        return engine.pipeline().run(scope, operation, meter, call -> {
            try (Front front = Front.open(engine, scope, request, call)) {
                Claims claims = new Claims(front.info(), Long.MAX_VALUE, 1);
                front.readAll(file, claims);
                return claims;
            }
        });
    }

    private ObjectInfo verified(ObjectInfo info, Claims claims, DownloadFile file) {
        KnownDigest expected = KnownDigest.of(info);
        Checksum actual = Checksum.crc32c(claims.crc32c());
        ObjectInfo.Builder builder = info.toBuilder();
        if (expected == null) {
            if (requireVerified) {
                throw engine.named(
                        StorageException.builder(Kind.INTEGRITY)
                                .message("no digest is known that could confirm these bytes")
                                .fix("do without requireVerified")
                                .build(),
                        verb,
                        request.key());
            }
            return builder.addChecksum(actual)
                    .verification(Verification.UNVERIFIED)
                    .build();
        }
        // Only a CRC32C can be joined from parts; any other digest takes one more pass over the file.
        Checksum made = expected.isJoined() ? actual : file.digest(expected.begin(), info.size());
        if (!made.equals(expected.value())) {
            throw engine.named(BodyReader.mismatch(expected, made), verb, request.key());
        }
        return builder.addChecksum(actual).verification(Verification.WHOLE).build();
    }

    /** A server that answers something else than the range that it was asked for. */
    static final class RangesIgnored extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RangesIgnored() {
            super("the server ignores ranges", null, false, false);
        }
    }

    /** The body of the first answer. */
    private static final class Front implements AutoCloseable {
        private final GetResponse response;
        private final Scope scope;
        private final Call call;

        private Front(GetResponse response, Scope scope, Call call) {
            this.response = response;
            this.scope = scope;
            this.call = call;
        }

        static Front open(Engine engine, Scope scope, GetRequest request, Call call) {
            GetResponse response = engine.get(request, call);
            if (response.offset() != 0 || response.length() != response.info().size()) {
                response.close();
                throw StorageException.builder(Kind.PROTOCOL)
                        .message("the service answered a range where the whole object was asked for")
                        .build();
            }
            return new Front(response, scope, call);
        }

        ObjectInfo info() {
            return response.info();
        }

        /** Reads part after part until it meets one that somebody else has; a break gives its part back. */
        void readInto(DownloadFile file, Claims claims, Meter meter, PartTasks others, Noting noting) {
            for (int part = claims.front(); part >= 0; part = claims.front()) {
                others.rethrow(); // What failed for one has failed for all; the rest would be fetched for nothing.
                long[] counted = new long[1];
                try {
                    int crc = file.write(response.body(), claims.offset(part), claims.bytes(part), call, n -> {
                        counted[0] += n;
                        meter.moved(n);
                    });
                    noting.fetched(claims, part, crc);
                    meter.partDone(0);
                } catch (StorageException e) {
                    meter.moved(-counted[0]);
                    claims.giveBack(part);
                    if (!e.retryable()) {
                        throw e;
                    }
                    meter.retried();
                    return;
                }
            }
        }

        /** Reads everything, or throws. */
        void readAll(DownloadFile file, Claims claims) {
            if (claims.front() == 0) {
                claims.done(0, file.write(response.body(), 0, claims.bytes(0), call, call::sent));
            }
        }

        @Override
        public void close() {
            response.close();
            scope.end(call);
        }
    }
}
