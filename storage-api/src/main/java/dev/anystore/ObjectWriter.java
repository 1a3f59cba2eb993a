package dev.anystore;

import dev.anystore.engine.Engine;
import dev.anystore.engine.Meter;
import dev.anystore.engine.Pipe;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;

/**
 * Writes an object bit by bit. {@link #stream()} may be closed freely by whatever wraps it; only {@link #commit()}
 * publishes; {@link #close()} without it aborts, and nothing of the object is seen. One that is dropped without either is
 * reported in the log and aborted, at the latest when the store is closed. For one thread at a time.
 */
public final class ObjectWriter implements AutoCloseable {
    private final Pipe pipe;
    private final Transfer<ObjectInfo> transfer;
    private final Runnable ended;

    private ObjectWriter(Engine engine, String full, Pipe pipe, Transfer<ObjectInfo> transfer) {
        this.pipe = pipe;
        this.transfer = transfer;
        this.ended = engine.watch(this, "the writer of " + engine.settings().provider() + ":" + full, () -> {
            pipe.abort();
            transfer.close();
        });
    }

    static ObjectWriter open(ObjectStore store, Engine engine, String full, PutOptions options) {
        Pipe pipe = new Pipe();
        Meter meter = new Meter(options.progress());
        Transfer<ObjectInfo> transfer = Transfer.start(engine, meter, "write", full, scope -> {
            pipe.abortWith(scope);
            try {
                return store.put(scope, "write", full, Body.stream(pipe.source()), options, meter);
            } catch (StorageException e) {
                pipe.fail(e);
                throw e;
            } finally {
                pipe.readerGone();
            }
        });
        return new ObjectWriter(engine, full, pipe, transfer);
    }

    /** Where the bytes go. A failure of the transfer is thrown from the next write. */
    public OutputStream stream() {
        return new Sink(this);
    }

    /** Keeps the writer while somebody has its stream: who holds that has dropped nothing. */
    private static final class Sink extends OutputStream {
        private final ObjectWriter writer;
        private final OutputStream pipe;

        private Sink(ObjectWriter writer) {
            this.writer = writer;
            this.pipe = writer.pipe.sink();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            try {
                pipe.write(b, off, len);
            } finally {
                Reference.reachabilityFence(writer);
            }
        }
    }

    /**
     * Publishes what was written.
     *
     * @return what was stored
     */
    public ObjectInfo commit() {
        pipe.end();
        ObjectInfo stored = transfer.join();
        ended.run();
        return stored;
    }

    /** Aborts, unless it was committed. */
    @Override
    public void close() {
        pipe.abort();
        transfer.close();
        ended.run();
    }
}
