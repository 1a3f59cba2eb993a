package dev.anystore;

import dev.anystore.engine.Engine;
import dev.anystore.engine.Meter;
import dev.anystore.engine.Pipe;
import java.io.OutputStream;

/**
 * Writes an object bit by bit. {@link #stream()} may be closed freely by whatever wraps it; only {@link #commit()}
 * publishes; {@link #close()} without it aborts, and nothing of the object is seen. For one thread at a time.
 */
public final class ObjectWriter implements AutoCloseable {
    private final Pipe pipe;
    private final Transfer<ObjectInfo> transfer;

    private ObjectWriter(Pipe pipe, Transfer<ObjectInfo> transfer) {
        this.pipe = pipe;
        this.transfer = transfer;
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
        return new ObjectWriter(pipe, transfer);
    }

    /** Where the bytes go. A failure of the transfer is thrown from the next write. */
    public OutputStream stream() {
        return pipe.sink();
    }

    /**
     * Publishes what was written.
     *
     * @return what was stored
     */
    public ObjectInfo commit() {
        pipe.end();
        return transfer.join();
    }

    /** Aborts, unless it was committed. */
    @Override
    public void close() {
        pipe.abort();
        transfer.close();
    }
}
