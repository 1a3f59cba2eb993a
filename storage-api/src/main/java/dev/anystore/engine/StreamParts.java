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
        long largest = Math.max(first, Math.min(limits.partMaxBytes(), Math.min(budget / 2, 1L << 30)));
        return new StreamParts(first, (int) largest, equal);
    }

    static long firstBytes(Limits limits, long asked, long budget) {
        long wanted = asked > 0 ? asked : limits.equalParts() ? FIRST_OF_EQUAL : FIRST;
        long within = Math.min(
                Math.min(limits.partMaxBytes(), limits.singlePutBytes()), Math.max(limits.partMinBytes(), wanted));
        // A small heap takes smaller parts, as long as they are legal.
        return asked > 0 ? within : Math.max(limits.partMinBytes(), Math.min(within, budget / 2));
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
