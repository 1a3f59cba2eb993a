package dev.anystore.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Printed by JMH beside each score, both for a second of time: gigabytes of 10⁹ bytes, and seconds of CPU. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Rates {
    /** GB moved. */
    public double gigabytes;

    /** CPU seconds of this process without those of the server's threads. */
    public double clientCpuSeconds;

    private long cpuBefore;

    /** Begins to count the CPU. */
    @Setup(Level.Iteration)
    public void begin(LoopbackState state) {
        cpuBefore = clientNanos(state);
    }

    /** Ends it. */
    @TearDown(Level.Iteration)
    public void end(LoopbackState state) {
        clientCpuSeconds = (clientNanos(state) - cpuBefore) / 1e9;
    }

    private static long clientNanos(LoopbackState state) {
        return ProcessCpu.nanos() - state.server().counts().cpuNanos();
    }

    void moved(long bytes) {
        gigabytes += bytes / 1e9;
    }
}
