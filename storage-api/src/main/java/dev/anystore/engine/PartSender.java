package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Multipart.Part;
import dev.anystore.spi.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One multipart upload: begun, fed part by part, completed, or aborted until the service says that it is gone. */
final class PartSender {
    private static final Duration ABORT_LIMIT = Duration.ofSeconds(30);
    private static final int ABORTS = 5;
    private static final String LEFT = "the unfinished upload could not be dropped, its parts are still stored";
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.engine");

    private final Engine engine;
    private final Scope scope;
    private final Multipart power;
    private final Upload.Order order;
    private final Attributes attributes;
    private final Multipart.Upload upload;
    private final PartTasks tasks;
    private final SortedMap<Integer, Sent> sent = new ConcurrentSkipListMap<>();
    private boolean completing;

    /** A part that the service has, and its digest if we know it. */
    private record Sent(Part part, long bytes, @Nullable Checksum crc32c) {}

    private PartSender(
            Engine engine,
            Scope scope,
            Multipart power,
            Upload.Order order,
            Attributes attributes,
            Multipart.Upload upload) {
        this.engine = engine;
        this.scope = scope;
        this.power = power;
        this.order = order;
        this.attributes = attributes;
        this.upload = upload;
        this.tasks = new PartTasks(engine.workers(), scope, engine.settings().connections());
    }

    static PartSender begin(
            Engine engine, Scope scope, Multipart power, Upload.Order order, Attributes attributes, long partBytes) {
        Multipart.Begin request = new Multipart.Begin(order.key(), attributes, order.condition(), partBytes);
        AtomicInteger lost = new AtomicInteger();
        String uploadId;
        try {
            uploadId = engine.pipeline().run(scope, CallPipeline.Operation.of(order.verb(), order.key()), call -> {
                try {
                    return power.begin(request, call);
                } catch (StorageException e) {
                    lost.addAndGet(e.mayHaveHappened() ? 1 : 0);
                    throw e;
                }
            });
        } catch (StorageException e) {
            if (lost.get() > 0) {
                e.addSuppressed(leftOver(
                        engine, order.key(), "the service may have begun an upload without telling its id", null));
            }
            throw e;
        }
        if (lost.get() > 0) {
            // Uploads of one key can't be told apart from outside, so what was begun unseen can't be dropped here: the
            // next one in the list may be somebody else's.
            LOG.warn(
                    "upload {}:{}: an answer was lost, and up to {} empty unfinished uploads of this key may stay until a"
                            + " sweep of unfinished uploads",
                    engine.settings().provider(),
                    order.key(),
                    lost);
        }
        Multipart.Upload upload = new Multipart.Upload(order.key(), uploadId);
        return new PartSender(engine, scope, power, order, attributes, upload);
    }

    /**
     * Sends a part on a worker, as soon as there is one.
     *
     * @param free runs when the payload is no longer needed, whatever happened
     */
    void put(int number, Payload payload, Runnable free) {
        boolean submitted = false;
        try {
            tasks.submit(() -> {
                try {
                    send(number, payload);
                } finally {
                    free.run();
                }
            });
            submitted = true;
        } finally {
            if (!submitted) {
                free.run();
            }
        }
    }

    /** For a thread that waits: sends a part that no worker has taken. */
    void help() {
        tasks.runNext();
    }

    private void send(int number, Payload payload) {
        Meter meter = order.meter();
        Part part = engine.pipeline()
                .run(scope, CallPipeline.Operation.of(order.verb() + " part " + number, order.key()), meter, call -> {
                    Part answer = power.putPart(upload, number, payload, call);
                    Digests.requireSame(payload, answer.checksum());
                    meter.partDone(payload.length() - call.sentBytes());
                    return answer;
                });
        sent.put(number, new Sent(part, payload.length(), payload.knownChecksum(Algorithm.CRC32C)));
    }

    /** Waits until all parts given so far are there. */
    void join() {
        tasks.join();
    }

    /** The CRC32C of all parts, if that of each is known. */
    @Nullable
    Checksum wholeChecksum() {
        int whole = 0;
        for (Sent each : sent.values()) {
            if (each.crc32c() == null) {
                return null;
            }
            whole = Crc32cs.join(whole, (int) Long.parseLong(each.crc32c().hex(), 16), each.bytes());
        }
        return sent.isEmpty() ? null : Checksum.crc32c(whole);
    }

    /** Publishes the parts; a lost answer is resolved by reading back the token. */
    ObjectInfo complete(String token) {
        join();
        List<Part> parts = new ArrayList<>();
        long size = 0;
        for (Sent each : sent.values()) {
            parts.add(each.part());
            size += each.bytes();
        }
        Checksum whole = wholeChecksum();
        Multipart.Complete request = new Multipart.Complete(upload, attributes, parts, size, order.condition(), whole);
        completing = true;
        ObjectInfo info;
        try {
            info = engine.pipeline()
                    .run(
                            scope,
                            CallPipeline.Operation.of(order.verb(), order.key()),
                            call -> power.complete(request, call));
        } catch (StorageException e) {
            info = new Outcome(engine, order.verb(), order.key(), token).resolve(e);
        }
        return verified(info.toBuilder().size(size).build(), whole);
    }

    /** The service's own digest of the whole must be ours; without one, each part's check is what we have. */
    private ObjectInfo verified(ObjectInfo info, @Nullable Checksum whole) {
        Checksum stored = info.checksum(Algorithm.CRC32C).orElse(null);
        if (whole != null && stored != null) {
            if (!whole.equals(stored)) {
                throw StorageException.builder(Kind.INTEGRITY)
                        .message("the service has CRC32C " + stored.hex() + " of the whole object, ours is "
                                + whole.hex())
                        .build();
            }
            return info.toBuilder().verification(Verification.WHOLE).build();
        }
        boolean each = sent.values().stream().allMatch(s -> s.part().checksum() != null);
        if (info.verification() == Verification.UNVERIFIED && each) {
            return info.toBuilder().verification(Verification.PARTS).build();
        }
        return info;
    }

    /** Ends the upload; what failed first, on whichever thread, is what the caller learns. */
    RuntimeException failed(Throwable seen) {
        Throwable first = tasks.firstFailure(seen);
        abort(first);
        if (first instanceof Error error) {
            throw error;
        }
        return first instanceof RuntimeException exception ? exception : new IllegalStateException(first);
    }

    /**
     * Drops the upload and its parts, again until the service's list says that it is gone: a part that was still under way
     * may arrive after the first abort. What can't be dropped is left to a sweep, and said beside the failure.
     */
    private void abort(Throwable why) {
        tasks.stop(why);
        if (completing && why instanceof StorageException e && e.kind() == Kind.OUTCOME_UNKNOWN) {
            // The object may be there; aborting could not undo it, and the parts may be its bytes.
            why.addSuppressed(
                    leftOver(engine, order.key(), "if the object is not there, its parts are still stored", null));
            return;
        }
        boolean interrupted = Thread.interrupted(); // The clean-up needs its I/O; the flag is set again below.
        try (Scope cleanUp = engine.openCleanUp(ABORT_LIMIT)) {
            CallPipeline.Operation operation = CallPipeline.Operation.of("abort", order.key());
            for (int i = 0; i < ABORTS; i++) {
                engine.pipeline().run(cleanUp, operation, call -> {
                    power.abort(upload, call);
                    return true;
                });
                if (isGone(cleanUp)) {
                    return;
                }
                cleanUp.sleep(Duration.ofMillis(100L << i).toNanos());
            }
            why.addSuppressed(leftOver(engine, order.key(), LEFT, null));
        } catch (RuntimeException e) {
            why.addSuppressed(leftOver(engine, order.key(), LEFT, e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isGone(Scope cleanUp) {
        try {
            return engine.pipeline()
                    .run(cleanUp, CallPipeline.Operation.of("abort", order.key()), call -> power.parts(upload, 0, call)
                            .parts()
                            .isEmpty());
        } catch (StorageException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return true;
            }
            if (e.kind() == Kind.ACCESS_DENIED) {
                return true; // A key that may not list can't be asked; the abort itself was answered with success.
            }
            throw e;
        }
    }

    private static StorageException leftOver(Engine engine, String key, String what, @Nullable Throwable cause) {
        return StorageException.builder(Kind.INCOMPLETE)
                .operation("abort")
                .key(key)
                .provider(engine.settings().provider())
                .message(what)
                .cause(cause)
                .fix("sweep unfinished uploads later")
                .build();
    }
}
