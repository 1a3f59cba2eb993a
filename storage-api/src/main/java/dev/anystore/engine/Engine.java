package dev.anystore.engine;

import dev.anystore.Capabilities;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.StorageBackend;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the transfers of one store share: the provider, the way to it, workers, buffers, and what is under way. */
public final class Engine implements AutoCloseable {
    /** How long closing waits for transfers that it stopped. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final StorageBackend backend;
    private final Capabilities capabilities;
    private final EngineSettings settings;
    private final CallPipeline pipeline;
    private final Workers workers;
    private final BufferBudget buffers;
    private final Chunks chunks;
    private final @Nullable JournalFolder journals;
    private final Scopes scopes = new Scopes();
    private final Leaks leaks = new Leaks();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** An engine over this provider, which it closes. */
    public Engine(StorageBackend backend, EngineSettings settings) {
        this.backend = backend;
        this.capabilities = backend.capabilities();
        this.settings = settings;
        // Jitter needs no secrecy, and each thread its own generator.
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        this.pipeline = new CallPipeline(settings.provider(), settings.attempts(), settings.storeConnections(), random);
        this.workers = new Workers(settings.provider(), settings.storeConnections(), settings.executor());
        this.buffers = new BufferBudget(settings.bufferBytes(), settings.operationTimeout());
        this.chunks = new Chunks(settings.storeConnections());
        JournalPlace place = settings.journal();
        this.journals = place == null ? null : new JournalFolder(place.folder());
    }

    /** The provider. */
    public StorageBackend backend() {
        return backend;
    }

    /** What the provider can do. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** How the engine works. */
    public EngineSettings settings() {
        return settings;
    }

    CallPipeline pipeline() {
        return pipeline;
    }

    Workers workers() {
        return workers;
    }

    BufferBudget buffers() {
        return buffers;
    }

    Chunks chunks() {
        return chunks;
    }

    /** The folder of journals, or null where none are kept. */
    @Nullable
    JournalFolder journals() {
        return journals;
    }

    Leaks leaks() {
        return leaks;
    }

    /**
     * Has something reported and ended if it is dropped without being closed.
     *
     * @param end what is closed in its stead; must not lead back to it
     * @return to be run when it was closed
     */
    public Runnable watch(Object owner, String what, AutoCloseable end) {
        return leaks.watch(owner, what, end)::closed;
    }

    /** The provider's answer to a request for bytes; one that does not keep the request's conditions is refused. */
    GetResponse get(GetRequest request, Call call) {
        GetResponse answer = backend.get(request, call);
        StorageException refusal = null;
        if (answer.notModified()) {
            if (request.unlessRevision() == null) {
                refusal = StorageException.builder(Kind.PROTOCOL)
                        .message("the service says that nothing changed, which was not asked")
                        .build();
            }
        } else if (request.ifRevision() != null
                && !answer.info().revision().isEmpty()
                && !answer.info().revision().equals(request.ifRevision())) {
            // A service that ignores the condition must not mix two versions.
            refusal = StorageException.builder(Kind.PRECONDITION_FAILED)
                    .message("the object has another revision")
                    .build();
        }
        if (refusal != null) {
            answer.close();
            throw refusal;
        }
        return answer;
    }

    /** A power of the provider, or null. */
    public <T> @Nullable T power(Class<T> type) {
        return backend instanceof PoweredBackend powered ? powered.extension(type) : null;
    }

    @Nullable
    Multipart multipart() {
        return power(Multipart.class);
    }

    /** A new operation without a time limit, to be closed when it ends. */
    public Scope openTransfer() {
        return scopes.openUnlimited();
    }

    /** A new operation that lasts as long as its caller reads. */
    Scope openReading() {
        return scopes.openReading();
    }

    /** A small operation: one request and its retries, within the operation timeout. */
    public <T> T call(String verb, String key, Function<Call, T> request) {
        try (Scope scope = openOperation(verb, key)) {
            return pipeline.run(scope, CallPipeline.Operation.of(verb, key), request::apply);
        }
    }

    /**
     * A small request within a larger operation: it stops with it, and has the operation timeout for itself, as the larger one
     * may last as long as bytes flow.
     */
    public <T> T call(Scope within, String verb, String key, Function<Call, T> request) {
        try (Scope scope = within.child(settings.operationTimeout())) {
            return pipeline.run(scope, CallPipeline.Operation.of(verb, key), request::apply);
        }
    }

    private Scope openOperation(String verb, String key) {
        try {
            return scopes.open(settings.operationTimeout());
        } catch (StorageException e) {
            throw named(e, verb, key);
        }
    }

    /** A few requests after an operation was stopped, to clean up; a closed store does not stop them. */
    Scope openCleanUp(Duration limit) {
        return new Scope(null, System.nanoTime() + limit.toNanos());
    }

    /** The same failure with what is known here. */
    public StorageException named(StorageException e, String verb, @Nullable String key) {
        StorageException.Builder builder = e.toBuilder();
        if (builder.operation() == null) {
            builder.operation(verb);
        }
        if (builder.key() == null) {
            builder.key(key);
        }
        if (builder.provider() == null) {
            builder.provider(settings.provider());
        }
        StorageException named = builder.build();
        named.setStackTrace(e.getStackTrace());
        for (Throwable suppressed : e.getSuppressed()) {
            named.addSuppressed(suppressed);
        }
        return named;
    }

    /** Throws if the store is closed. */
    public void checkOpen() {
        if (scopes.isClosed()) {
            throw StorageException.builder(Kind.CLOSED)
                    .message("the store is closed")
                    .provider(settings.provider())
                    .fix("open another one from its configuration")
                    .build();
        }
    }

    /** Stops what is under way, waits a moment for it, frees everything. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        scopes.close(CLOSE_PATIENCE);
        workers.close();
        backend.close();
        chunks.clear();
        leaks.report();
    }
}
