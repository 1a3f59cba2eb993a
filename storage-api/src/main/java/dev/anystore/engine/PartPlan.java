package dev.anystore.engine;

import dev.anystore.Limits;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;

/**
 * How an object of known size is cut: equal parts, the last one smaller or equal.
 *
 * @param size of the object in bytes
 * @param partBytes of every part but the last
 * @param count of parts; 0 for an empty object
 */
public record PartPlan(long size, long partBytes, int count) {
    /** The largest object that goes in one put although parts are possible. */
    public static final long SINGLE_PUT_BYTES = 16L << 20;

    private static final long MIB = 1L << 20;
    /** Below 8 MiB a request's own cost shows; more parts at once serve better than larger ones. */
    private static final long SMALLEST = 8 * MIB;
    /** Every service that limits the count takes at least so many parts. */
    private static final int MOST_PARTS = 10_000;

    /**
     * Cuts an object for these limits.
     *
     * @param size in bytes, at least 1
     * @param limits of the store
     * @param asked part size, or 0: max(8 MiB, size / min(the store's parts, 10,000)), rounded up to 1 MiB
     * @throws StorageException of kind {@code INVALID_ARGUMENT} if the object or the part size asked for can't be legal
     */
    public static PartPlan of(long size, Limits limits, long asked) {
        if (size > largest(limits)) {
            throw refused("the object has " + size + " bytes; the store takes at most " + largest(limits), null);
        }
        int most = Math.min(limits.partCount(), asked > 0 ? limits.partCount() : MOST_PARTS);
        long partBytes = asked > 0 ? roundUp(asked, limits.partAlignment()) : chosen(size, limits, most);
        if ((partBytes < limits.partMinBytes() && size > partBytes) || partBytes > limits.partMaxBytes()) {
            throw refused(
                    "parts of " + partBytes + " bytes are outside " + limits.partMinBytes() + " to "
                            + limits.partMaxBytes(),
                    "set STORAGE_PART_BYTES within these limits, or leave it out");
        }
        long count = ceilDiv(size, partBytes);
        if (count > limits.partCount()) {
            throw refused(
                    count + " parts of " + partBytes + " bytes are too many; the store takes at most "
                            + limits.partCount(),
                    "set STORAGE_PART_BYTES to at least " + roundUp(ceilDiv(size, limits.partCount()), MIB)
                            + ", or leave it out");
        }
        return new PartPlan(size, partBytes, (int) count);
    }

    /** The largest object that parts can make: what the store says, or what its parts add up to. */
    public static long largest(Limits limits) {
        boolean unbounded = limits.partMaxBytes() > Long.MAX_VALUE / limits.partCount();
        return Math.min(limits.objectBytes(), unbounded ? Long.MAX_VALUE : limits.partMaxBytes() * limits.partCount());
    }

    /** The size that the plan chooses: as many parts as are useful, never more than may be, within what a part may be. */
    private static long chosen(long size, Limits limits, int most) {
        long wanted = Math.max(SMALLEST, ceilDiv(size, most));
        long within = Math.max(limits.partMinBytes(), Math.min(limits.partMaxBytes(), wanted));
        long rounded = roundUp(within, Math.max(MIB, limits.partAlignment()));
        // A store with odd limits: better unrounded than illegal.
        if (rounded > limits.partMaxBytes()) {
            rounded = limits.partMaxBytes() - limits.partMaxBytes() % limits.partAlignment();
        }
        return Math.max(1, rounded);
    }

    /** Where a part begins; numbers begin at 1. */
    public long offset(int number) {
        return (number - 1) * partBytes;
    }

    /** The size of a part. */
    public long bytes(int number) {
        return number == count ? size - offset(number) : partBytes;
    }

    private static long ceilDiv(long a, long b) {
        return a / b + (a % b == 0 ? 0 : 1);
    }

    private static long roundUp(long value, long multiple) {
        long rest = value % multiple;
        return rest == 0 || value > Long.MAX_VALUE - multiple ? value : value + multiple - rest;
    }

    private static StorageException refused(String message, @org.jspecify.annotations.Nullable String fix) {
        return StorageException.builder(Kind.INVALID_ARGUMENT)
                .message(message)
                .fix(fix)
                .build();
    }
}
