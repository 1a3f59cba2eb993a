package dev.anystore;

import dev.anystore.engine.BodyReader;
import dev.anystore.engine.Engine;
import dev.anystore.engine.Meter;
import dev.anystore.engine.Outcome;
import dev.anystore.engine.Reserved;
import dev.anystore.engine.Scope;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.WriteCondition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Copies one object: by the service, or through this machine. */
final class Copies {
    private final ObjectStore store;
    private final Engine engine;
    private final Scope scope;

    Copies(ObjectStore store, Engine engine, Scope scope) {
        this.store = store;
        this.engine = engine;
        this.scope = scope;
    }

    /** Within one store; both keys are whole. */
    ObjectInfo within(String verb, String from, String to, CopyOptions options, Meter meter) {
        boolean service = engine.capabilities().has(Capability.SERVER_COPY);
        requireCondition(service, verb, to, options.condition());
        ServerCopy power = service ? engine.power(ServerCopy.class) : null;
        ObjectInfo source = engine.call(verb, from, call -> engine.backend()
                .get(GetRequest.head(from), call)
                .info());
        checkRevision(verb, from, source, options.sourceRevision());
        if (power == null || source.size() > engine.capabilities().limits().singleCopyBytes()) {
            requireCondition(false, verb, to, options.condition());
            return through(verb, engine, from, source, to, options, meter);
        }
        Attributes replacing = replacement(options, source, true);
        ServerCopy.Copy request = new ServerCopy.Copy(
                from, null, source.revision().isEmpty() ? null : source.revision(), to, replacing, options.condition());
        ObjectInfo copied;
        try {
            copied = engine.call(verb, to, call -> power.copy(request, call));
        } catch (PreconditionFailed e) {
            // An earlier attempt may have made the copy that the condition now finds. A copy carries no mark of who
            // made
            // it, so a conflict with ourselves and one with another copier look the same.
            throw e.mayHaveHappened() ? Outcome.unknown(engine, verb, to, e, "the target is there now") : e;
        }
        meter.finish(source.size());
        return store.relative(verified(verb, to, source, copied, options));
    }

    /** From another store, through this machine; the target's key is whole. */
    ObjectInfo between(ObjectStore from, String key, String to, CopyOptions options, Meter meter) {
        requireCondition(false, "copy", to, options.condition());
        String full = from.checked("copy", key);
        ObjectInfo source = from.engine().call("copy", full, call -> from.engine()
                .backend()
                .get(GetRequest.head(full), call)
                .info());
        checkRevision("copy", full, source, options.sourceRevision());
        return through("copy", from.engine(), full, source, to, options, meter);
    }

    private ObjectInfo through(
            String verb, Engine from, String fromKey, ObjectInfo source, String to, CopyOptions options, Meter meter) {
        GetRequest pinned =
                GetRequest.whole(fromKey).withIfRevision(source.revision().isEmpty() ? null : source.revision());
        Attributes attributes = Objects.requireNonNull(replacement(options, source, false));
        PutOptions put = PutOptions.of(attributes, options.condition());
        try (BodyReader reader = BodyReader.open(from, verb, pinned, options.requireVerified())) {
            BodyReader body = Objects.requireNonNull(reader);
            return store.put(scope, verb, to, Body.stream(body.asStream(), body.length()), put, meter);
        }
    }

    /** What the target gets beside its bytes; null leaves it to the service. */
    private static @Nullable Attributes replacement(CopyOptions options, ObjectInfo source, boolean byService) {
        if (options.replacing().isEmpty()) {
            if (byService) {
                return null;
            }
            // A storage class is a word of one service; another one need not know it.
            Attributes a = ObjectStore.attributesOf(source);
            return new Attributes(
                    a.contentType(), a.contentEncoding(), a.contentDisposition(), a.cacheControl(), null, a.metadata());
        }
        Attributes attributes = options.replacing().get().attributes();
        String digest = source.metadata().get(Reserved.CRC32C);
        if (!byService || digest == null) {
            return attributes;
        }
        // The bytes stay the same, so what was recorded of them stays true.
        java.util.Map<String, String> metadata = new java.util.TreeMap<>(attributes.metadata());
        metadata.put(Reserved.CRC32C, digest);
        return attributes.withMetadata(metadata);
    }

    private void checkRevision(String verb, String key, ObjectInfo source, @Nullable String revision) {
        if (revision != null && !revision.equals(source.revision())) {
            throw store.failure(StorageException.Kind.PRECONDITION_FAILED, verb, key)
                    .message("the source has another revision")
                    .build();
        }
    }

    /** What goes through this machine is a put, whatever the service's own copy can do. */
    private void requireCondition(boolean service, String verb, String to, WriteCondition condition) {
        if (condition instanceof WriteCondition.IfAbsent) {
            store.require(service ? Capability.COPY_IF_ABSENT : Capability.PUT_IF_ABSENT, verb, to);
        } else if (condition instanceof WriteCondition.IfRevision) {
            store.require(service ? Capability.COPY_IF_REVISION : Capability.PUT_IF_REVISION, verb, to);
        }
    }

    /** Compares what both sides say of the bytes: size always, a digest where both have one. */
    private ObjectInfo verified(String verb, String to, ObjectInfo source, ObjectInfo copied, CopyOptions options) {
        ObjectInfo before = Reserved.reveal(source);
        // Not what our own metadata say: they were copied with the bytes and would agree with any.
        ObjectInfo after = copied;
        if (after.size() != before.size()) {
            throw store.failure(StorageException.Kind.INTEGRITY, verb, to)
                    .message("the copy has " + after.size() + " bytes, the source " + before.size())
                    .build();
        }
        for (Checksum checksum : before.checksums()) {
            Checksum other = after.checksum(checksum.algorithm()).orElse(null);
            if (other != null && !other.equals(checksum)) {
                throw store.failure(StorageException.Kind.INTEGRITY, verb, to)
                        .message("the copy has " + other.algorithm() + " " + other.hex() + ", the source "
                                + checksum.hex())
                        .build();
            }
            if (other != null) {
                return copied.toBuilder().verification(Verification.WHOLE).build();
            }
        }
        if (options.requireVerified() && copied.verification() != Verification.WHOLE) {
            throw store.failure(StorageException.Kind.INTEGRITY, verb, to)
                    .message("no digest is known on both sides that could confirm the copy")
                    .fix("do without requireVerified")
                    .build();
        }
        return copied;
    }
}
