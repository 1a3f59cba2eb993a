package dev.anystore.engine;

import dev.anystore.ByteRange;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.PreconditionFailed;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Multipart;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Copies an object that is too large for one request: the service copies ranges of it as the parts of a new one. */
public final class PartCopy {
    /** No byte passes this machine, so larger parts only save requests; smaller ones still go on at the same time. */
    private static final long PART_BYTES = 128L << 20;

    /** As many as any service takes. */
    private static final int MOST_PARTS = 10_000;

    private final Engine engine;
    private final Scope scope;
    private final Upload.Order order;
    private final Limits limits;

    /** A copy within this scope, which its owner closes; the order is that of the target. */
    public PartCopy(Engine engine, Scope scope, Upload.Order order) {
        this.engine = engine;
        this.scope = scope;
        this.order = order;
        this.limits = engine.capabilities().limits();
    }

    /**
     * Copies the revision of the source that is described.
     *
     * @param requireVerified whether a copy that no digest can confirm is refused, before it is published
     */
    public ObjectInfo copy(String from, ObjectInfo source, boolean requireVerified) {
        Multipart power = Objects.requireNonNull(engine.multipart(), "the caller has asked for MULTIPART");
        PartPlan plan = PartPlan.of(source.size(), limits, partBytes(source.size()));
        String token = Upload.newToken();
        Map<String, String> metadata = new TreeMap<>(order.attributes().metadata());
        metadata.put(Reserved.TOKEN, token);
        metadata.put(Reserved.PART, Long.toString(plan.partBytes()));
        Attributes attributes = order.attributes().withMetadata(metadata);
        order.meter().plan(source.size(), plan.count());
        PartSender parts =
                PartSender.begin(engine, scope, power, order, attributes, token, plan.partBytes(), true, null);
        try {
            String revision = source.revision().isEmpty() ? null : source.revision();
            for (int number = 1; number <= plan.count(); number++) {
                ByteRange range = ByteRange.of(plan.offset(number), plan.bytes(number));
                parts.copy(number, new Multipart.Source(from, null, revision, range));
            }
            parts.join();
            boolean confirmed = confirm(source, parts.wholeChecksum(), requireVerified);
            ObjectInfo info = parts.complete(token);
            order.meter().finish(info.size());
            return info.toBuilder()
                    .verification(confirmed ? Verification.WHOLE : Verification.UNVERIFIED)
                    .build();
        } catch (RuntimeException | Error e) {
            RuntimeException failure = parts.failed(e);
            throw failure instanceof PreconditionFailed && !parts.isCompleting()
                    ? Failures.with(BodyReader.changed((StorageException) failure), failure)
                    : failure;
        }
    }

    private long partBytes(long size) {
        long asked =
                order.partBytes() > 0 ? order.partBytes() : engine.settings().partBytes();
        long wanted = asked > 0 ? asked : PART_BYTES;
        long enough = (size - 1) / Math.min(limits.partCount(), MOST_PARTS) + 1;
        return Math.min(limits.partMaxBytes(), Math.max(limits.partMinBytes(), Math.max(wanted, enough)));
    }

    /** Compares what the service says of the copied parts with what is known of the source, before anything is published. */
    private boolean confirm(ObjectInfo source, @Nullable Checksum copied, boolean required) {
        Checksum recorded = Reserved.crc32c(source.metadata(), source.size());
        Checksum expected =
                recorded != null ? recorded : source.checksum(Algorithm.CRC32C).orElse(null);
        if (expected != null && copied != null && !expected.equals(copied)) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("the copied parts have CRC32C " + copied.hex() + ", the source " + expected.hex())
                    .build();
        }
        boolean confirmed = expected != null && copied != null;
        if (required && !confirmed) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("no digest is known on both sides that could confirm the copy; nothing was published")
                    .fix("do without requireVerified")
                    .build();
        }
        return confirmed;
    }
}
