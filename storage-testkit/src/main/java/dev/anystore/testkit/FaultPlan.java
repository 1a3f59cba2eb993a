package dev.anystore.testkit;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which call meets which fault, and how many calls there were. Thread-safe. */
final class FaultPlan {
    /** A gate that a test forgot must not hang it for ever. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<FaultyBackend.Verb, Deque<Fault>> next = new EnumMap<>(FaultyBackend.Verb.class);
    private final Map<FaultyBackend.Verb, Map<Integer, Fault>> numbered = new EnumMap<>(FaultyBackend.Verb.class);
    private final Map<FaultyBackend.Verb, Fault> always = new EnumMap<>(FaultyBackend.Verb.class);
    private final Map<FaultyBackend.Verb, Integer> calls = new EnumMap<>(FaultyBackend.Verb.class);

    void next(FaultyBackend.Verb verb, Fault fault) {
        change(() -> next.computeIfAbsent(verb, first -> new ArrayDeque<>()).add(fault));
    }

    void nth(FaultyBackend.Verb verb, int number, Fault fault) {
        change(() -> numbered.computeIfAbsent(verb, first -> new HashMap<>()).put(number, fault));
    }

    void always(FaultyBackend.Verb verb, Fault fault) {
        change(() -> always.put(verb, fault));
    }

    void clear() {
        change(() -> {
            next.clear();
            numbered.clear();
            always.clear();
        });
    }

    int calls(FaultyBackend.Verb verb) {
        lock.lock();
        try {
            return calls.getOrDefault(verb, 0);
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Counts the call and takes the fault that it meets; waits and fails here if it says so. */
    @Nullable
    Fault enter(FaultyBackend.Verb verb, Call call) {
        Fault fault = take(verb);
        if (fault instanceof Fault.Fail fail) {
            // Thrown anew, so that each call has a stack of its own and the engine may add to it.
            throw fail.exception().toBuilder().build();
        }
        if (fault instanceof Fault.Delay delay) {
            pause(new CountDownLatch(1), delay.time().toNanos(), call);
        }
        if (fault instanceof Fault.Hold hold) {
            pause(hold.gate(), Long.MAX_VALUE, call);
        }
        return fault;
    }

    private @Nullable Fault take(FaultyBackend.Verb verb) {
        lock.lock();
        try {
            int number = calls.merge(verb, 1, Integer::sum);
            Fault mine = numbered.getOrDefault(verb, Map.of()).get(number);
            Deque<Fault> queue = next.get(verb);
            if (mine == null && queue != null) {
                mine = queue.poll();
            }
            return mine == null ? always.get(verb) : mine;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the gate opens, the time is over, or the call ends, which throws. */
    private static void pause(CountDownLatch gate, long nanos, Call call) {
        Thread waiting = Thread.currentThread();
        long end = System.nanoTime() + Math.min(nanos, LONGEST_PAUSE.toNanos());
        Call.Registration registration = call.onCancel(() -> LockSupport.unpark(waiting));
        try {
            while (gate.getCount() > 0
                    && !call.cancelled()
                    && !Thread.currentThread().isInterrupted()) {
                long left = Math.min(end - System.nanoTime(), call.remainingNanos());
                if (left <= 0) {
                    break;
                }
                // A gate tells nobody that it opens, so it is looked at a hundred times a second.
                LockSupport.parkNanos(gate, Math.min(left, TimeUnit.MILLISECONDS.toNanos(10)));
            }
        } finally {
            registration.close();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw StorageException.builder(Kind.CANCELLED)
                    .message("interrupted")
                    .build();
        }
        call.check();
    }

    /** One call with everything that can happen to calls without a body. */
    <T> T run(FaultyBackend.Verb verb, Call call, Supplier<T> effect) {
        Fault fault = enter(verb, call);
        T answer = effect.get();
        if (fault instanceof Fault.HoldAnswer hold) {
            pause(hold.gate(), Long.MAX_VALUE, call);
        }
        leave(fault);
        return answer;
    }

    static void leave(@Nullable Fault fault) {
        if (fault instanceof Fault.LoseAnswer) {
            throw StorageException.builder(Kind.UNAVAILABLE)
                    .message("the connection was cut before the answer came, by a fault of the test")
                    .build();
        }
    }
}
