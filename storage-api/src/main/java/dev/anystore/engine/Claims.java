package dev.anystore.engine;

import dev.anystore.ObjectInfo;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who fetches which part of a download. One stream runs from the front; the others begin behind the share that it will
 * probably manage, and when they have reached the end they take from the end of that share, towards it. Thread-safe.
 */
final class Claims {
    private final @Nullable ObjectInfo info;
    private final PartPlan plan;
    private final int[] crcs;
    /** What an earlier run has fetched; nobody takes it. */
    private final BitSet had = new BitSet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Integer> givenBack = new ArrayDeque<>();
    /** Next part of the front stream; the parts below are taken. */
    private int front;
    /** The front share ends here; the parts from here to {@code behind} are taken by ranges. */
    private int share;
    /** Next part of the ranges; the parts from here to the end are free. */
    private int behind;

    Claims(long size, long partBytes, int streams) {
        this(null, size, partBytes, streams);
    }

    Claims(ObjectInfo info, long partBytes, int streams) {
        this(info, info.size(), partBytes, streams);
    }

    private Claims(@Nullable ObjectInfo info, long size, long partBytes, int streams) {
        this.info = info;
        long parts = size == 0 ? 0 : (size - 1) / partBytes + 1;
        // No object of today has 2^31 parts of a sensible size; a hostile size must still not overflow.
        long bytes = parts <= 1_000_000 ? partBytes : size / 1_000_000 + 1;
        int count = size == 0 ? 0 : (int) ((size - 1) / bytes + 1);
        this.plan = new PartPlan(size, Math.min(bytes, Math.max(1, size)), count);
        this.crcs = new int[count];
        this.share = (count + streams - 1) / streams;
        this.behind = share;
    }

    /** What is to be fetched where an earlier run has fetched some; all of it by ranges. */
    static Claims resumed(ObjectInfo info, long partBytes) {
        Claims claims = new Claims(info, info.size(), partBytes, 1);
        claims.share = 0;
        claims.behind = 0;
        return claims;
    }

    /** An earlier run has fetched this part; before anybody takes one. */
    void had(int part, int crc32c) {
        had.set(part);
        crcs[part] = crc32c;
    }

    ObjectInfo info() {
        if (info == null) {
            throw new IllegalStateException("made without");
        }
        return info;
    }

    int count() {
        return plan.count();
    }

    long offset(int part) {
        return plan.offset(part + 1);
    }

    long bytes(int part) {
        return plan.bytes(part + 1);
    }

    /** The next part of the front stream, or -1 if somebody has it. */
    int front() {
        lock.lock();
        try {
            return front < share ? front++ : -1;
        } finally {
            lock.unlock();
        }
    }

    /** The next part of the ranges, or -1 if all are taken. */
    int next() {
        lock.lock();
        try {
            if (!givenBack.isEmpty()) {
                return givenBack.pop();
            }
            behind = had.nextClearBit(behind);
            if (behind < plan.count()) {
                return behind++;
            }
            return front < share ? --share : -1;
        } finally {
            lock.unlock();
        }
    }

    /** A part that was taken and not fetched. */
    void giveBack(int part) {
        lock.lock();
        try {
            givenBack.push(part);
        } finally {
            lock.unlock();
        }
    }

    /** A part is in the file. */
    void done(int part, int crc32c) {
        crcs[part] = crc32c;
    }

    /** The CRC32C of all parts. */
    int crc32c() {
        int whole = 0;
        for (int part = 0; part < crcs.length; part++) {
            whole = Crc32cs.join(whole, crcs[part], bytes(part));
        }
        return whole;
    }
}
