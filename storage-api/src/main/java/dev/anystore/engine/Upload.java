package dev.anystore.engine;

import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes one object from memory, a file or a stream: in one request, or in parts where that is better. Whatever fails,
 * nothing is published, and an upload that was begun is aborted.
 */
public final class Upload {
    private final Engine engine;
    private final Scope scope;
    private final Order order;
    private final Limits limits;
    private final @Nullable Multipart multipart;
    private final String token;
    /** The metadata of an upload in parts that names the CRC32C of the whole; empty where it is not known in time. */
    private Map<String, String> recorded = Map.of();

    /**
     * What the caller wants.
     *
     * @param verb for messages
     * @param key of the object
     * @param attributes beside the bytes
     * @param condition when to write
     * @param expected digest of all bytes, or null
     * @param record whether the CRC32C of what goes in parts is stored beside it
     * @param partBytes asked for, or 0
     * @param meter of the transfer
     * @param resume the journal to go on with, or null for that of key and file
     */
    public record Order(
            String verb,
            String key,
            Attributes attributes,
            WriteCondition condition,
            @Nullable Checksum expected,
            boolean record,
            long partBytes,
            Meter meter,
            @Nullable String resume) {}

    /** An upload within this scope, which its owner closes. */
    public Upload(Engine engine, Scope scope, Order order) {
        this.engine = engine;
        this.scope = scope;
        this.order = order;
        this.limits = engine.capabilities().limits();
        this.multipart = engine.capabilities().has(Capability.MULTIPART) ? engine.multipart() : null;
        this.token = newToken();
        Checksum expected = order.expected();
        if (expected != null && Digests.begin(expected.algorithm()) == null) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("this library can't compute " + expected.algorithm() + ", which the options expect")
                    .fix("give a CRC32C, MD5, SHA-1 or SHA-256")
                    .build();
        }
    }

    /** 32 hex digits by which a write is recognised. */
    static String newToken() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
    }

    /** Writes bytes in memory. */
    public ObjectInfo buffer(ByteBuffer bytes) {
        long size = bytes.remaining();
        checkExpected(() -> Payloads.of(bytes));
        if (inOnePut(size)) {
            return single(Payloads.of(bytes));
        }
        record(Payloads.of(bytes));
        PartPlan plan = PartPlan.of(size, limits, partBytes());
        return inParts(plan.partBytes(), parts -> {
            order.meter().plan(size, plan.count());
            for (int number = 1; number <= plan.count(); number++) {
                ByteBuffer part = bytes.slice((int) plan.offset(number), (int) plan.bytes(number));
                parts.put(number, () -> Payloads.of(part), () -> {});
            }
        });
    }

    /** Writes a file, by regions that are never copied into buffers. */
    public ObjectInfo file(Path file) {
        FileState before = FileState.of(file);
        checkExpected(() -> Payloads.of(file, 0, before.size()));
        if (inOnePut(before.size())) {
            Payload payload = Payloads.of(file, 0, before.size());
            ObjectInfo info;
            try {
                info = single(payload);
            } catch (StorageException e) {
                throw before.changed() ? Failures.with(FileState.changedException(), e) : e;
            }
            if (before.changed()) {
                // One put publishes with its last byte, so this comes too late to prevent it and not to say it.
                throw FileState.changedTooLate();
            }
            return info;
        }
        record(Payloads.of(file, 0, before.size()));
        try (UploadJournal journal = UploadJournal.open(engine, scope, order, before)) {
            return fileInParts(before, journal);
        }
    }

    private ObjectInfo fileInParts(FileState before, @Nullable UploadJournal journal) {
        Multipart power = requireMultipart();
        UploadResume.Found found =
                journal == null ? null : new UploadResume(engine, scope, power, order, journal).find();
        if (journal == null || found == null) {
            PartPlan plan = PartPlan.of(before.size(), limits, partBytes());
            if (journal != null) {
                journal.begin(token, plan.partBytes());
            }
            PartSender parts = begin(power, plan.partBytes(), journal);
            return completed(parts, token, journal, sender -> feed(before, plan, sender));
        }
        // The parts that are there fix the size of the others, whatever would be chosen today.
        PartPlan plan = PartPlan.of(before.size(), limits, journal.partBytes());
        Attributes attributes = partAttributes(journal.token(), plan.partBytes());
        PartSender parts = new PartSender(engine, scope, power, order, attributes, found.upload(), journal);
        order.meter().plan(before.size(), plan.count());
        parts.resume(found.parts());
        ObjectInfo published = found.published();
        if (published != null) {
            journal.remove();
            return finished(parts, parts.verified(published, before.size()));
        }
        return completed(parts, journal.token(), journal, sender -> feed(before, plan, sender));
    }

    private void feed(FileState before, PartPlan plan, PartSender parts) {
        order.meter().plan(before.size(), plan.count());
        try {
            for (int number = 1; number <= plan.count(); number++) {
                long offset = plan.offset(number);
                long bytes = plan.bytes(number);
                if (!parts.has(number)) {
                    parts.put(number, () -> Payloads.of(before.file(), offset, bytes), () -> {});
                }
            }
            parts.join();
        } catch (StorageException e) {
            throw before.changed() ? Failures.with(FileState.changedException(), e) : e;
        }
        // The last look before anything is published: a file that changed in between is no whole.
        if (before.changed()) {
            throw FileState.changedException();
        }
    }

    /**
     * Writes a stream to its end.
     *
     * @param length that it must have, or {@link Payload#UNKNOWN}
     */
    public ObjectInfo stream(InputStream source, long length) {
        boolean onePut = multipart == null || !completeHonoursCondition();
        // What can't be sent in parts, and is too large to be kept for a second try, is sent as it comes.
        if (onePut
                && (engine.capabilities().has(Capability.STREAMING_PUT) || (length > mostKept() && inOnePut(length)))) {
            return single(expecting(source, length));
        }
        SourceStream stream = new SourceStream(source, length);
        long first = firstPartBytes(length);
        long size = length == Payload.UNKNOWN ? first : Math.min(first, Math.max(1, length));
        // Whatever happens below, no part is under way any more when it has happened.
        try (BufferBudget.Buffer head = engine.buffers().buffer(scope, size, () -> {})) {
            int got = fill(stream, head.bytes());
            if (got < size
                    || stream.count() == length
                    || (got <= limits.singlePutBytes() && endsHere(stream, length))) {
                ByteBuffer all = ByteBuffer.wrap(head.bytes(), 0, got);
                checkExpected(() -> Payloads.of(all));
                return single(Payloads.of(all));
            }
            if (multipart == null) {
                throw StorageException.builder(Kind.INVALID_ARGUMENT)
                        .message("the stream has more than the " + first + " bytes that one put takes here")
                        .fix("this store takes no parts; store smaller objects")
                        .build();
            }
            if (!completeHonoursCondition()) {
                // Parts would be published without the condition: what was asked for would be dropped in silence.
                throw StorageException.builder(Kind.UNSUPPORTED)
                        .message("the stream has more than the " + first
                                + " bytes that are kept for one put, and the condition is not honoured for parts")
                        .fix("tell the length of the stream, or write a file")
                        .build();
            }
            return streamInParts(stream, length, head);
        }
    }

    /** One part alone is no upload in parts: some services refuse it, and one put takes two requests less. */
    private static boolean endsHere(SourceStream stream, long length) {
        try {
            return length == Payload.UNKNOWN && stream.isAtEnd();
        } catch (IOException e) {
            throw Failures.ofSource(e);
        }
    }

    private ObjectInfo streamInParts(SourceStream stream, long length, BufferBudget.Buffer head) {
        Checksum wanted = order.expected();
        Digests expected = wanted == null ? null : Digests.begin(wanted.algorithm());
        int first = head.bytes().length;
        StreamParts sizes = StreamParts.of(limits, engine.buffers().total(), first, length);
        sizes.check(limits);
        return inParts(sizes.equal() ? first : 0, parts -> {
            order.meter().plan(length, length == Payload.UNKNOWN ? -1 : sizes.count(length));
            BufferBudget.Buffer buffer = head;
            int got = first;
            for (int number = 1; got > 0; number++) {
                if (number > limits.partCount()) {
                    buffer.close();
                    throw sizes.tooLong(limits);
                }
                if (expected != null) {
                    expected.update(buffer.bytes(), 0, got);
                }
                boolean last = got < buffer.bytes().length || stream.count() == length;
                ByteBuffer part = ByteBuffer.wrap(buffer.bytes(), 0, got);
                parts.put(number, () -> Payloads.of(part), buffer::close);
                if (last) {
                    break;
                }
                buffer = engine.buffers().buffer(scope, sizes.bytes(number + 1), parts::help);
                got = fillOrClose(stream, buffer);
            }
            if (expected != null) {
                compare(expected.result());
            }
        });
    }

    /** Fills a buffer; one that stays empty is given back. */
    private static int fillOrClose(SourceStream stream, BufferBudget.Buffer buffer) {
        int got = 0;
        try {
            got = fill(stream, buffer.bytes());
            return got;
        } finally {
            if (got == 0) {
                buffer.close();
            }
        }
    }

    private long firstPartBytes(long length) {
        if (multipart == null) {
            return Math.min(limits.singlePutBytes(), mostKept());
        }
        if (length == Payload.UNKNOWN && !completeHonoursCondition()) {
            return Math.min(limits.singlePutBytes(), Math.min(mostKept(), PartPlan.SINGLE_PUT_BYTES));
        }
        if (length != Payload.UNKNOWN) {
            return inOnePut(length)
                    ? length
                    : PartPlan.of(length, limits, partBytes()).partBytes();
        }
        return StreamParts.firstBytes(limits, partBytes(), engine.buffers().total());
    }

    /** The most bytes of one stream that may be in memory. */
    private long mostKept() {
        return Math.min(engine.buffers().total(), Integer.MAX_VALUE - 8);
    }

    private static int fill(SourceStream stream, byte[] bytes) {
        int got = 0;
        try {
            while (got < bytes.length) {
                int n = stream.read(bytes, got, bytes.length - got);
                if (n < 0) {
                    break;
                }
                got += n;
            }
        } catch (IOException e) {
            throw Failures.ofSource(e);
        }
        return got;
    }

    /** A stream that goes straight through, compared with the caller's digest while it goes. */
    private Payload expecting(InputStream source, long length) {
        Checksum expected = order.expected();
        if (length == 0) {
            // Nobody reads a stream that is known to be empty.
            checkExpected(() -> Payloads.of(ByteBuffer.allocate(0)));
        }
        return Payloads.once(expected == null ? source : new ExpectingStream(source, expected, length), length);
    }

    private long partBytes() {
        return order.partBytes() > 0 ? order.partBytes() : engine.settings().partBytes();
    }

    /** Whether an object of this size goes in one put: always where that is the only way, and where parts bring nothing. */
    private boolean inOnePut(long size) {
        if (multipart == null || !completeHonoursCondition()) {
            if (size > limits.singlePutBytes()) {
                throw StorageException.builder(multipart == null ? Kind.INVALID_ARGUMENT : Kind.UNSUPPORTED)
                        .message("one put takes at most " + limits.singlePutBytes() + " bytes here, the object has "
                                + size + (multipart == null ? "" : ", and the condition is not honoured for parts"))
                        .build();
            }
            return true;
        }
        long asked = partBytes();
        return size <= Math.min(limits.singlePutBytes(), asked > 0 ? asked : PartPlan.SINGLE_PUT_BYTES);
    }

    private boolean completeHonoursCondition() {
        WriteCondition condition = order.condition();
        if (condition instanceof WriteCondition.IfAbsent) {
            return engine.capabilities().has(Capability.COMPLETE_IF_ABSENT);
        }
        return !(condition instanceof WriteCondition.IfRevision)
                || engine.capabilities().has(Capability.COMPLETE_IF_REVISION);
    }

    private interface PayloadMaker {
        Payload make();
    }

    private void checkExpected(PayloadMaker maker) {
        Checksum expected = order.expected();
        if (expected != null) {
            try {
                compare(maker.make().checksum(expected.algorithm()));
            } catch (IOException e) {
                throw Failures.ofSource(e);
            }
        }
    }

    /** Has the digest of the whole stored with the parts, if that is wanted. */
    private void record(Payload payload) {
        if (order.record()) {
            try {
                recorded = Reserved.withCrc32c(Map.of(), payload.checksum(Algorithm.CRC32C), payload.length());
            } catch (IOException e) {
                throw Failures.ofSource(e);
            }
        }
    }

    private void compare(Checksum actual) {
        ExpectingStream.compare(order.expected(), actual);
    }

    /** One request. What is known of the payload's digest in time travels with it. */
    private ObjectInfo single(Payload payload) {
        Map<String, String> metadata = new TreeMap<>(order.attributes().metadata());
        metadata.put(Reserved.TOKEN, token);
        if (payload.repeatable() && !digestedByStore(payload)) {
            try {
                metadata = Reserved.withCrc32c(metadata, payload.checksum(Algorithm.CRC32C), payload.length());
            } catch (IOException e) {
                throw Failures.ofSource(e);
            }
        }
        PutRequest request =
                new PutRequest(order.key(), payload, order.attributes().withMetadata(metadata), order.condition());
        order.meter().plan(payload.length(), 1);
        CallPipeline.Operation operation = payload.repeatable()
                ? CallPipeline.Operation.of(order.verb(), order.key())
                : CallPipeline.Operation.once(order.verb(), order.key());
        ObjectInfo info;
        try {
            info = engine.pipeline().run(scope, operation, order.meter(), call -> engine.backend()
                    .put(request, call));
        } catch (StorageException e) {
            info = new Outcome(engine, order.verb(), order.key(), token).resolve(e);
        }
        info.checksums().forEach(stored -> Digests.requireSame(payload, stored));
        order.meter().finish(info.size());
        return described(info, payload.knownChecksum(Algorithm.CRC32C));
    }

    /** Whether the store digests the bytes as it takes them, so that reading the file for it beforehand is in vain. */
    private boolean digestedByStore(Payload payload) {
        return payload.file() != null && engine.capabilities().has(Capability.STREAMING_PUT);
    }

    private interface PartFeed {
        void feed(PartSender parts);
    }

    private ObjectInfo inParts(long equalPartBytes, PartFeed feed) {
        return completed(begin(requireMultipart(), equalPartBytes, null), token, null, feed);
    }

    private Multipart requireMultipart() {
        Multipart power = multipart;
        if (power == null) {
            throw new IllegalStateException("no parts here");
        }
        return power;
    }

    private PartSender begin(Multipart power, long equalPartBytes, @Nullable UploadJournal journal) {
        Attributes attributes = partAttributes(token, equalPartBytes);
        return PartSender.begin(engine, scope, power, order, attributes, token, equalPartBytes, false, journal);
    }

    private Attributes partAttributes(String with, long equalPartBytes) {
        Map<String, String> metadata = new TreeMap<>(order.attributes().metadata());
        metadata.put(Reserved.TOKEN, with);
        metadata.putAll(recorded);
        if (equalPartBytes > 0) {
            metadata.put(Reserved.PART, Long.toString(equalPartBytes));
        }
        return order.attributes().withMetadata(metadata);
    }

    private ObjectInfo completed(PartSender parts, String with, @Nullable UploadJournal journal, PartFeed feed) {
        ObjectInfo info;
        try {
            feed.feed(parts);
            info = parts.complete(with);
        } catch (RuntimeException | Error e) {
            throw parts.failed(e);
        }
        if (journal != null) {
            journal.remove();
        }
        return finished(parts, info);
    }

    private ObjectInfo finished(PartSender parts, ObjectInfo info) {
        order.meter().finish(info.size());
        return described(info, parts.wholeChecksum());
    }

    /** What was stored, as far as the service's answer did not say it itself. */
    private ObjectInfo described(ObjectInfo info, @Nullable Checksum crc32c) {
        Attributes a = order.attributes();
        ObjectInfo.Builder builder = info.toBuilder()
                .contentType(
                        a.contentType() != null
                                ? a.contentType()
                                : info.contentType().orElse(null))
                .contentEncoding(a.contentEncoding())
                .contentDisposition(a.contentDisposition())
                .cacheControl(a.cacheControl())
                .metadata(a.metadata());
        if (crc32c != null) {
            builder.addChecksum(crc32c);
        }
        if (info.storageClass().isEmpty() && a.storageClass() != null) {
            builder.storageClass(a.storageClass());
        }
        return builder.build();
    }
}
