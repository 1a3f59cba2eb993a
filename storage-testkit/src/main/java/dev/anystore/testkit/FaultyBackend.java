package dev.anystore.testkit;

import dev.anystore.Capabilities;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.Tags;
import dev.anystore.spi.Versions;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A backend in front of another that counts calls and fails those that the test chooses: before the effect, after it (the
 * answer is lost), or in the middle of a body. What no fault was planned for passes unchanged. Thread-safe.
 *
 * <pre>{@code
 * FaultyBackend faulty = new FaultyBackend(MemoryStore.builder().backend());
 * faulty.next(Verb.PUT, Fault.LOSE_ANSWER);
 * try (ObjectStore store = ObjectStore.of(faulty, StoreOptions.DEFAULT)) {
 *   store.put("k", Body.of(bytes), PutOptions.DEFAULT.ifAbsent());   // still succeeds
 * }
 * assertThat(faulty.calls(Verb.PUT)).isEqualTo(2);
 * }</pre>
 */
public final class FaultyBackend implements PoweredBackend {
    /** What can be counted and made to fail. Calls of one power that nobody tells apart share a name. */
    public enum Verb {
        /** {@link StorageBackend#put}. */
        PUT,
        /** {@link StorageBackend#get}, of a body. */
        GET,
        /** {@link StorageBackend#get}, head only. */
        HEAD,
        /** {@link StorageBackend#list}. */
        LIST,
        /** {@link StorageBackend#delete}. */
        DELETE,
        /** {@link Multipart#begin}. */
        BEGIN,
        /** {@link Multipart#putPart}. */
        PUT_PART,
        /** {@link Multipart#copyPart}. */
        COPY_PART,
        /** {@link Multipart#complete}. */
        COMPLETE,
        /** {@link Multipart#abort}. */
        ABORT,
        /** {@link Multipart#parts}. */
        PARTS,
        /** {@link Multipart#uploads}. */
        UPLOADS,
        /** {@link ServerCopy#copy}. */
        COPY,
        /** {@link Presigner#presign}. */
        PRESIGN,
        /** {@link Versions}. */
        VERSIONS,
        /** {@link Tags}. */
        TAGS,
        /** {@link BucketAdmin}. */
        BUCKET
    }

    private final StorageBackend inner;
    private final FaultPlan plan = new FaultPlan();
    private final AtomicInteger openBodies = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();

    /** In front of this backend, which is closed with it. */
    public FaultyBackend(StorageBackend inner) {
        this.inner = Objects.requireNonNull(inner);
    }

    /** The next call that nothing else is planned for meets this fault; several are met one after the other. */
    public FaultyBackend next(Verb verb, Fault fault) {
        plan.next(verb, fault);
        return this;
    }

    /** The call with this number meets this fault; the first of all has number 1. */
    public FaultyBackend nth(Verb verb, int number, Fault fault) {
        plan.nth(verb, number, fault);
        return this;
    }

    /** Every call that nothing else is planned for meets this fault, until {@link #recover()}. */
    public FaultyBackend always(Verb verb, Fault fault) {
        plan.always(verb, fault);
        return this;
    }

    /** Forgets all faults, not the counts. */
    public void recover() {
        plan.clear();
    }

    /** How many calls there were, those included that failed here. */
    public int calls(Verb verb) {
        return plan.calls(verb);
    }

    /** How many bodies were handed out and are not closed. */
    public int openBodies() {
        return openBodies.get();
    }

    /** How often {@link #close()} was called. */
    public int closes() {
        return closes.get();
    }

    @Override
    public Capabilities capabilities() {
        return inner.capabilities();
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        Fault fault = plan.enter(Verb.PUT, call);
        PutRequest sent = new PutRequest(
                request.key(),
                FlippedPayload.unless(fault, request.payload()),
                request.attributes(),
                request.condition());
        ObjectInfo answer = inner.put(sent, call);
        FaultPlan.leave(fault);
        return answer;
    }

    @Override
    public GetResponse get(GetRequest request, Call call) {
        Fault fault = plan.enter(request.headOnly() ? Verb.HEAD : Verb.GET, call);
        GetResponse answer = inner.get(request, call);
        if (fault instanceof Fault.LoseAnswer) {
            answer.close();
            FaultPlan.leave(fault);
        }
        if (answer.notModified() || request.headOnly()) {
            return answer;
        }
        openBodies.incrementAndGet();
        FaultyBody body = new FaultyBody(answer.body(), fault, openBodies::decrementAndGet);
        return GetResponse.of(answer.info(), answer.offset(), answer.length(), body)
                .withBodyChecksum(answer.bodyChecksum());
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        return plan.run(Verb.LIST, call, () -> inner.list(request, call));
    }

    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        return plan.run(Verb.DELETE, call, () -> inner.delete(request, call));
    }

    @Override
    public <T> @Nullable T extension(Class<T> power) {
        T found = inner instanceof PoweredBackend powered ? powered.extension(power) : null;
        if (found == null) {
            return null;
        }
        Object faulty = found;
        if (power == Multipart.class) {
            faulty = new FaultyMultipart((Multipart) found, plan);
        } else if (power == ServerCopy.class) {
            ServerCopy copies = (ServerCopy) found;
            faulty = (ServerCopy) (request, call) -> plan.run(Verb.COPY, call, () -> copies.copy(request, call));
        } else if (power == Presigner.class) {
            Presigner signer = (Presigner) found;
            faulty = (Presigner) (request, call) -> plan.run(Verb.PRESIGN, call, () -> signer.presign(request, call));
        } else if (power == Versions.class) {
            Versions versions = (Versions) found;
            faulty = (Versions) (prefix, pageSize, token, call) ->
                    plan.run(Verb.VERSIONS, call, () -> versions.list(prefix, pageSize, token, call));
        } else if (power == Tags.class) {
            faulty = new FaultyTags((Tags) found, plan);
        } else if (power == BucketAdmin.class) {
            faulty = new FaultyBucket((BucketAdmin) found, plan);
        }
        return power.cast(faulty);
    }

    @Override
    public void close() {
        closes.incrementAndGet();
        inner.close();
    }
}
