package dev.anystore.benchmarks;

import dev.anystore.benchmarks.Contender.Client;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One file up and one object down through the public interface, in parts over plain http, against a server in the same
 * process that drops and makes bytes. How much of what the machine can do is left behind all that the library adds:
 * requests, signatures, the digest of every byte, the check of the whole?
 *
 * <p>A perfect answer is the figure of {@link CeilingBenchmark#rawUpload} and of {@link CeilingBenchmark#rawDownload}, or of
 * the disk if that is slower.
 * Read {@code gigabytes} (GB/s) beside {@code clientCpuSeconds} (cores in use): the server shares the processor, so on few
 * cores a client that needs less of it is the faster one too.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 7, time = 2)
public class TransferBenchmark {
    private @Nullable Client client;

    /** Opens the store, and shows once that the bytes really arrive before it measures how fast. */
    @Setup(Level.Trial)
    public void open(LoopbackState state) throws Exception {
        Client opened = new AnystoreContender().open(state.job());
        client = opened;
        Proof.of(opened, state.server(), state.job());
    }

    /** Closes the store. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        client().close();
    }

    private Client client() {
        return Objects.requireNonNull(client, "not open");
    }

    /** A file to an object. */
    @Benchmark
    public void upload(LoopbackState state, Rates rates) throws Exception {
        long before = state.server().counts().received();
        client().upload();
        Proof.same("uploaded", state.bytes(), state.server().counts().received() - before);
        rates.moved(state.bytes());
    }

    /** An object to a file. */
    @Benchmark
    public void download(LoopbackState state, Rates rates) throws Exception {
        client().download();
        rates.moved(state.bytes());
    }
}
