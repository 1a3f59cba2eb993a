package dev.anystore.engine;

import dev.anystore.Limits;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Payload;

/**
 * The sizes of a stream's parts. Where its end is unknown they double every 1,000 parts up to half of the buffers, so that
 * ten thousand parts reach far; where the service wants equal parts, the first size fixes the largest object.
 *
 * @param first size in bytes
 * @param largest size in bytes
 * @param equal whether all parts have the first size
 */
record StreamParts(int first, int largest, boolean equal) {
    private static final int DOUBLE_EVERY = 1000;
    private static final long FIRST = 8L << 20;
    private static final long FIRST_OF_EQUAL = 16L << 20;

    static StreamParts of(Limits limits, long budget, int first, long length) {
        boolean equal = limits.equalParts() || length != Payload.UNKNOWN;
        long largest = Math.min(limits.partMaxBytes(), Math.min(budget / 2, 1L << 30));
        largest -= largest % limits.partAlignment();
        return new StreamParts(first, (int) Math.max(first, largest), equal);
    }

    /** Refuses a size that was asked for and that no part may have, as for a file. */
    void check(Limits limits) {
        if (first < limits.partMinBytes() || first > limits.partMaxBytes()) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("parts of " + first + " bytes are outside " + limits.partMinBytes() + " to "
                            + limits.partMaxBytes())
                    .fix("set STORAGE_PART_BYTES within these limits, or leave it out")
                    .build();
        }
    }

    static long firstBytes(Limits limits, long asked, long budget) {
        if (asked > 0) {
            return Math.min(limits.singlePutBytes(), aligned(asked, limits));
        }
        long wanted = limits.equalParts() ? FIRST_OF_EQUAL : FIRST;
        long within = Math.min(
                Math.min(limits.partMaxBytes(), limits.singlePutBytes()), Math.max(limits.partMinBytes(), wanted));
        // A small heap takes smaller parts, as long as they are legal.
        long fitting = Math.min(within, budget / 2);
        return aligned(Math.max(limits.partMinBytes(), fitting - fitting % limits.partAlignment()), limits);
    }

    private static long aligned(long bytes, Limits limits) {
        long rest = bytes % limits.partAlignment();
        return rest == 0 || bytes > Long.MAX_VALUE - limits.partAlignment()
                ? bytes
                : bytes + limits.partAlignment() - rest;
    }

    int bytes(int number) {
        if (equal) {
            return first;
        }
        int doublings = Math.min(30, (number - 1) / DOUBLE_EVERY);
        return (int) Math.min(largest, (long) first << doublings);
    }

    int count(long length) {
        return (int) ((length + first - 1) / first);
    }

    StorageException tooLong(Limits limits) {
        return StorageException.builder(Kind.INVALID_ARGUMENT)
                .message("the stream is longer than " + limits.partCount() + " parts, the first of " + first + " bytes")
                .fix("raise STORAGE_PART_BYTES, or tell the length of the stream")
                .build();
    }
}
