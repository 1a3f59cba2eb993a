package dev.anystore.benchmarks;

import dev.anystore.benchmarks.RawSockets.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
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
 * What this machine can do at best, with the same file, the same server and the same number of connections: the figures
 * above which no transfer can be. A transfer that seems faster was measured wrongly, and is not printed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class CeilingBenchmark {
    private static final int BLOCK = 1 << 20;

    private final ByteBuffer copy = ByteBuffer.allocateDirect(BLOCK);
    private long offset;
    private @Nullable RawClient toNowhere;
    private @Nullable RawClient toFile;

    /** Opens the connections. */
    @Setup(Level.Trial)
    public void open(LoopbackState state) throws Exception {
        toNowhere = new RawSockets(false).open(state.job());
        RawClient opened = new RawSockets(true).open(state.job());
        toFile = opened;
        Proof.of(opened, state.server(), state.job());
    }

    /** Closes them. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        toNowhere().close();
        toFile().close();
    }

    private RawClient toNowhere() {
        return Objects.requireNonNull(toNowhere, "not open");
    }

    private RawClient toFile() {
        return Objects.requireNonNull(toFile, "not open");
    }

    /** The file by {@code sendfile} to the sink, with nothing around it. */
    @Benchmark
    public void rawUpload(LoopbackState state, Rates rates) throws Exception {
        toFile().upload();
        rates.moved(state.bytes());
    }

    /** The object from the source, dropped as it comes. */
    @Benchmark
    public void rawDownload(LoopbackState state, Rates rates) throws Exception {
        toNowhere().download();
        rates.moved(state.bytes());
    }

    /** The object from the source into a file, forced to the disk: no ceiling, but what a plain way of doing it reaches. */
    @Benchmark
    public void rawDownloadToFile(LoopbackState state, Rates rates) throws Exception {
        toFile().download();
        rates.moved(state.bytes());
    }

    /** A file of the object's size written from memory by as many threads, and forced to the disk. */
    @Benchmark
    public void diskWrite(LoopbackState state, Rates rates) throws Exception {
        toFile().writeTarget(state.content());
        rates.moved(state.bytes());
    }

    /** Memory copied by one thread, from 64 MiB that no cache holds to 1 MiB. */
    @Benchmark
    public byte memoryCopy(LoopbackState state, Rates rates) {
        copy.clear().put(next(state));
        rates.moved(copy.position());
        return copy.get(0);
    }

    /** CRC32C by one thread, of 64 MiB that no cache holds. */
    @Benchmark
    public long crc32c(LoopbackState state, Rates rates) {
        CRC32C crc = new CRC32C();
        ByteBuffer block = next(state);
        rates.moved(block.remaining());
        crc.update(block);
        return crc.getValue();
    }

    private ByteBuffer next(LoopbackState state) {
        ByteBuffer block = state.content().piece(offset, BLOCK);
        offset += block.remaining();
        return block;
    }
}
