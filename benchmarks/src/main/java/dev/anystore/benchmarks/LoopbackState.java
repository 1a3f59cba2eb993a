package dev.anystore.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The server, and a file of the object's size. */
@State(Scope.Benchmark)
public class LoopbackState {
    /** The size of the object. */
    @Param("256")
    public int mebibytes;

    /** The size of a part and of a range. */
    @Param("8")
    public int partMebibytes;

    /** How many at once. */
    @Param("8")
    public int connections;

    private Path folder = Path.of(".");
    private Content content = Content.generated();
    private LoopbackS3 server = LoopbackS3.start(content);

    /** Writes the file. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        folder = Folders.inMemory();
        content.writeFile(job().source(), bytes());
        content.crc32c(bytes());
    }

    /** Removes the file. */
    @TearDown(Level.Trial)
    public void cleanUp() {
        server.close();
        Folders.delete(folder);
    }

    /** The size of the object in bytes. */
    long bytes() {
        return (long) mebibytes << 20;
    }

    Job job() {
        return new Job(
                server.endpoint(),
                folder.resolve("source"),
                folder.resolve("target"),
                bytes(),
                (long) partMebibytes << 20,
                connections);
    }

    LoopbackS3 server() {
        return server;
    }

    Content content() {
        return content;
    }
}
