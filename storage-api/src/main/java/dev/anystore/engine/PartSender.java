package dev.anystore.engine;

import dev.anystore.Capability;
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
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One multipart upload: begun or gone on with, fed part by part, completed, or aborted until the service says that it is gone. */
final class PartSender {
    /**
     * So long after a cancel the answer to the beginning of an upload is waited for: whoever does not know its id can't
     * abort it. Half of what a cancel may take.
     */
    private static final Duration BEGIN_GRACE = Duration.ofSeconds(1);

    private final Engine engine;
    private final Scope scope;
    private final Multipart power;
    private final Upload.Order order;
    private final Attributes attributes;
    private final Multipart.Upload upload;
    private final @Nullable UploadJournal journal;
    private final PartTasks tasks;
    private final SortedMap<Integer, Sent> sent = new ConcurrentSkipListMap<>();
    private final Map<Integer, PartSending> underWay = new ConcurrentHashMap<>();
    private final Stragglers stragglers = new Stragglers(System::nanoTime);
    private boolean completing;

    /** A part that the service has, and its digest if we know it. */
    record Sent(Part part, long bytes, @Nullable Checksum crc32c) {}

    PartSender(
            Engine engine,
            Scope scope,
            Multipart power,
            Upload.Order order,
            Attributes attributes,
            Multipart.Upload upload,
            @Nullable UploadJournal journal) {
        this.engine = engine;
        this.scope = scope;
        this.power = power;
        this.order = order;
        this.attributes = attributes;
        this.upload = upload;
        this.journal = journal;
        this.tasks = new PartTasks(engine.workers(), scope, engine.settings().connections());
        if (engine.capabilities().has(Capability.TWIN_PARTS)) {
            tasks.whileWaiting(this::helpSlowParts);
        }
    }

    /**
     * Begins an upload.
     *
     * @param token that is among the attributes
     * @param copied whether its parts will be copied by the service
     */
    static PartSender begin(
            Engine engine,
            Scope scope,
            Multipart power,
            Upload.Order order,
            Attributes attributes,
            String token,
            long partBytes,
            boolean copied,
            @Nullable UploadJournal journal) {
        Multipart.Begin request = new Multipart.Begin(order.key(), attributes, order.condition(), partBytes, copied);
        AtomicInteger lost = new AtomicInteger();
        String uploadId;
        try (Scope patient = scope.patient(BEGIN_GRACE)) {
            uploadId = engine.call(patient, order.verb(), order.key(), call -> {
                try {
                    return power.begin(request, call);
                } catch (StorageException e) {
                    lost.addAndGet(e.mayHaveHappened() ? 1 : 0);
                    throw e;
                }
            });
        } catch (StorageException e) {
            boolean none =
                    lost.get() == 0 || new UnseenUploads(engine, power).drop(order.key(), token, null, lost.get(), e);
            if (journal != null && none) {
                journal.remove();
            }
            throw e;
        }
        if (lost.get() > 0) {
            new UnseenUploads(engine, power).drop(order.key(), token, uploadId, lost.get(), null);
        }
        Multipart.Upload upload = new Multipart.Upload(order.key(), uploadId);
        PartSender sender = new PartSender(engine, scope, power, order, attributes, upload, journal);
        if (journal != null) {
            try {
                journal.begun(uploadId);
            } catch (StorageException e) {
                // Nobody would know of this upload after a crash: rather none at all.
                throw sender.failed(e);
            }
        }
        return sender;
    }

    /** Goes on with parts that the service has from an earlier run. */
    void resume(Map<Integer, Sent> parts) {
        sent.putAll(parts);
        parts.values().forEach(each -> order.meter().resumed(each.bytes()));
    }

    /** Whether the service has this part already. */
    boolean has(int number) {
        return sent.containsKey(number);
    }

    /**
     * Sends a part on a worker, as soon as there is one.
     *
     * @param payload makes the bytes for one sender
     * @param free runs when no payload is needed any more, whatever happened
     */
    void put(int number, Supplier<Payload> payload, Runnable free) {
        PartSending part = new PartSending(number, payload, free);
        stragglers.planned();
        boolean submitted = false;
        try {
            tasks.submit(() -> {
                underWay.put(number, part);
                try {
                    send(part);
                } finally {
                    underWay.remove(number, part);
                }
            });
            submitted = true;
        } finally {
            if (!submitted) {
                free.run();
            }
        }
    }

    /** Has the service copy a part, as soon as there is a worker for it. */
    void copy(int number, Multipart.Source source) {
        tasks.submit(() -> {
            Part part = engine.call(
                    scope,
                    order.verb() + " part " + number,
                    order.key(),
                    call -> power.copyPart(upload, number, source, call));
            Checksum checksum = part.checksum();
            boolean crc32c = checksum != null && checksum.algorithm() == Algorithm.CRC32C;
            sent.put(number, new Sent(part, source.range().length(), crc32c ? checksum : null));
            order.meter().partDone(source.range().length());
        });
    }

    /** For a thread that waits: sends a part that no worker has taken. */
    void help() {
        tasks.runNext();
    }

    private void helpSlowParts() {
        for (int number : stragglers.take()) {
            PartSending part = underWay.get(number);
            if (part != null && part.mayHaveAnother()) {
                tasks.submitBeside(() -> send(part));
            }
        }
    }

    private void send(PartSending part) {
        try (Scope sender = scope.child()) {
            if (part.enter(sender)) {
                send(part, part.payload(), sender);
            }
        } catch (StorageException e) {
            StorageException failure = part.fail(e);
            if (failure != null) {
                throw failure;
            }
        } finally {
            part.leave();
        }
    }

    private void send(PartSending part, Payload payload, Scope sender) {
        int number = part.number();
        Meter meter = order.meter();
        CallPipeline.Operation operation = CallPipeline.Operation.of(order.verb() + " part " + number, order.key());
        Part answer = engine.pipeline().run(sender, operation, meter, call -> {
            stragglers.began(number, payload.length());
            boolean done = false;
            try {
                Part put = power.putPart(upload, number, payload, call);
                Digests.requireSame(payload, put.checksum());
                meter.moved(payload.length() - call.sentBytes());
                done = true;
                return put;
            } finally {
                if (!done) {
                    stragglers.failed(number);
                }
            }
        });
        if (!part.win(sender)) {
            meter.moved(-payload.length());
            return;
        }
        stragglers.done(number);
        Checksum crc32c = payload.knownChecksum(Algorithm.CRC32C);
        sent.put(number, new Sent(answer, payload.length(), crc32c));
        if (journal != null) {
            journal.sent(answer, payload.length(), crc32c);
        }
        meter.partDone(0);
    }

    /** Whether publishing was asked for. */
    boolean isCompleting() {
        return completing;
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

    private long size() {
        return sent.values().stream().mapToLong(Sent::bytes).sum();
    }

    /** Publishes the parts; a lost answer is resolved by reading back the token. */
    ObjectInfo complete(String token) {
        join();
        if (stragglers.any()) {
            takeListedTags();
        }
        List<Part> parts = sent.values().stream().map(Sent::part).toList();
        Checksum whole = wholeChecksum();
        Multipart.Complete request =
                new Multipart.Complete(upload, attributes, parts, size(), order.condition(), whole);
        completing = true;
        ObjectInfo info;
        try {
            info = engine.call(scope, order.verb(), order.key(), call -> power.complete(request, call));
        } catch (StorageException e) {
            info = new Outcome(engine, order.verb(), order.key(), token).resolve(e);
        }
        return verified(info, size());
    }

    /**
     * Of a part that was sent twice the service keeps what arrived last. Both have the same bytes; where a key encrypts them
     * their tags differ all the same, and the last one counts.
     */
    private void takeListedTags() {
        for (Part listed : listed(engine, scope, power, order.verb(), upload)) {
            sent.computeIfPresent(
                    listed.number(),
                    (number, ours) -> listed.bytes() != ours.bytes()
                                    || listed.tag().equals(ours.part().tag())
                            ? ours
                            : new Sent(
                                    new Part(
                                            number,
                                            ours.bytes(),
                                            listed.tag(),
                                            ours.part().checksum()),
                                    ours.bytes(),
                                    ours.crc32c()));
        }
    }

    /** All parts that the service lists. */
    static List<Part> listed(Engine engine, Scope scope, Multipart power, String verb, Multipart.Upload upload) {
        List<Part> all = new ArrayList<>();
        int after = 0;
        for (boolean more = true; more; ) {
            int from = after;
            Multipart.PartPage page = engine.call(scope, verb, upload.key(), call -> power.parts(upload, from, call));
            all.addAll(page.parts());
            after = page.parts().isEmpty()
                    ? from
                    : page.parts().get(page.parts().size() - 1).number();
            if (page.more() && after <= from) {
                throw StorageException.builder(Kind.PROTOCOL)
                        .message("the service's list of parts does not advance")
                        .build();
            }
            more = page.more();
        }
        return all;
    }

    /** The service's own digest of the whole must be ours; without one, each part's check is what we have. */
    ObjectInfo verified(ObjectInfo published, long size) {
        ObjectInfo info = published.toBuilder().size(size).build();
        // Of an upload that an earlier run has published not every part need be known.
        Checksum whole = size == size() ? wholeChecksum() : null;
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
        boolean each =
                size == size() && sent.values().stream().allMatch(s -> s.part().checksum() != null);
        if (info.verification() == Verification.UNVERIFIED && each) {
            return info.toBuilder().verification(Verification.PARTS).build();
        }
        return info;
    }

    /** Ends the upload; what failed first, on whichever thread, is what the caller learns. */
    RuntimeException failed(Throwable seen) {
        Throwable first = tasks.firstFailure(seen);
        tasks.stop(first);
        if (first instanceof StorageException e && journal != null && Resuming.mayGoOn(e, scope)) {
            return Resuming.saying(e, sent.size() + " parts");
        }
        abort(first);
        if (first instanceof Error error) {
            throw error;
        }
        return first instanceof RuntimeException exception ? exception : new IllegalStateException(first);
    }

    /** Drops the upload and its parts. What can't be dropped is left to a sweep, and said beside the failure. */
    private void abort(Throwable why) {
        if (completing && why instanceof StorageException e && e.kind() == Kind.OUTCOME_UNKNOWN) {
            // The object may be there; aborting could not undo it, and the parts may be its bytes.
            why.addSuppressed(UploadAbort.leftOver(
                    engine, order.key(), "if the object is not there, its parts are still stored", null));
            return;
        }
        StorageException left = new UploadAbort(engine, power).drop(upload);
        if (left != null) {
            why.addSuppressed(left);
        } else if (journal != null) {
            journal.remove();
        }
    }
}
