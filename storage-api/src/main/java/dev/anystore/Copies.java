package dev.anystore;

import dev.anystore.engine.BodyReader;
import dev.anystore.engine.Engine;
import dev.anystore.engine.Meter;
import dev.anystore.engine.Outcome;
import dev.anystore.engine.PartCopy;
import dev.anystore.engine.Reserved;
import dev.anystore.engine.Scope;
import dev.anystore.engine.Upload;
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
        ObjectInfo source = head(engine, verb, from);
        checkRevision(verb, from, source, options.sourceRevision());
        if (power == null || !confirmed(verb, to, source, options.expected())) {
            requireCondition(false, verb, to, options.condition());
            return through(verb, engine, from, source, to, options, meter);
        }
        if (source.size() > engine.capabilities().limits().singleCopyBytes()) {
            return inParts(verb, from, source, to, options, meter);
        }
        Attributes replacing = replacement(options, source, true);
        ServerCopy.Copy request = new ServerCopy.Copy(
                from, null, source.revision().isEmpty() ? null : source.revision(), to, replacing, options.condition());
        ObjectInfo copied;
        try {
            copied = engine.call(scope, verb, to, call -> power.copy(request, call));
        } catch (PreconditionFailed e) {
            // An earlier attempt may have made the copy that the condition now finds. A copy carries no mark of its
            // maker, so a conflict with ourselves and one with another copier look the same.
            throw e.mayHaveHappened() ? Outcome.unknown(engine, verb, to, e, "the target is there now") : e;
        }
        meter.finish(source.size());
        return store.relative(verified(verb, to, source, copied, options));
    }

    /** From another store, through this machine; the target's key is whole. */
    ObjectInfo between(ObjectStore from, String key, String to, CopyOptions options, Meter meter) {
        requireCondition(false, "copy", to, options.condition());
        String full = from.checked("copy", key);
        ObjectInfo source = head(from.engine(), "copy", full);
        checkRevision("copy", full, source, options.sourceRevision());
        return through("copy", from.engine(), full, source, to, options, meter);
    }

    private ObjectInfo head(Engine of, String verb, String key) {
        return of.call(scope, verb, key, call -> of.backend()
                .get(GetRequest.head(key), call)
                .info());
    }

    /**
     * Whether what the service says of the source is what the caller expects of its bytes; false if it says nothing, so that
     * the bytes must be looked at.
     */
    private boolean confirmed(String verb, String to, ObjectInfo source, @Nullable Checksum expected) {
        if (expected == null) {
            return true;
        }
        Checksum known = Reserved.reveal(source).checksum(expected.algorithm()).orElse(null);
        if (known != null && !known.equals(expected)) {
            throw store.failure(StorageException.Kind.INTEGRITY, verb, to)
                    .message("the source has " + known.algorithm() + " " + known.hex() + ", expected was "
                            + expected.hex())
                    .fix("nothing was written; look at what the source is")
                    .build();
        }
        return known != null;
    }

    /** By the service where it can copy parts, else through this machine. */
    private ObjectInfo inParts(
            String verb, String from, ObjectInfo source, String to, CopyOptions options, Meter meter) {
        boolean parts = engine.capabilities().has(Capability.MULTIPART)
                && source.size() <= engine.capabilities().limits().objectBytes();
        if (!parts) {
            requireCondition(false, verb, to, options.condition());
            return through(verb, engine, from, source, to, options, meter);
        }
        if (options.condition() instanceof WriteCondition.IfAbsent) {
            store.require(Capability.COMPLETE_IF_ABSENT, verb, to);
        } else if (options.condition() instanceof WriteCondition.IfRevision) {
            store.require(Capability.COMPLETE_IF_REVISION, verb, to);
        }
        Attributes attributes = withDigest(Objects.requireNonNull(replacement(options, source, false)), source);
        Upload.Order order = new Upload.Order(
                verb, to, attributes, options.condition(), null, false, options.partBytes(), meter, null);
        ObjectInfo copied = new PartCopy(engine, scope, order).copy(from, source, options.requireVerified());
        ObjectInfo whole = copied.toBuilder()
                .contentType(attributes.contentType())
                .contentEncoding(attributes.contentEncoding())
                .contentDisposition(attributes.contentDisposition())
                .cacheControl(attributes.cacheControl())
                .metadata(attributes.metadata())
                .build();
        return store.relative(whole);
    }

    private ObjectInfo through(
            String verb, Engine from, String fromKey, ObjectInfo source, String to, CopyOptions options, Meter meter) {
        GetRequest pinned =
                GetRequest.whole(fromKey).withIfRevision(source.revision().isEmpty() ? null : source.revision());
        Attributes attributes = Objects.requireNonNull(replacement(options, source, false));
        PutOptions put = PutOptions.of(attributes, options.condition())
                .withChecksum(options.expected())
                .withPartBytes(options.partBytes());
        // Within the scope: who waits for the source must be freed when the copy is stopped.
        try (BodyReader reader = BodyReader.within(from, scope, verb, pinned, options.requireVerified())) {
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
        return byService ? withDigest(attributes, source) : attributes;
    }

    /** The bytes stay the same, so what was recorded of them stays true. */
    private static Attributes withDigest(Attributes attributes, ObjectInfo source) {
        String digest = source.metadata().get(Reserved.CRC32C);
        if (digest == null) {
            return attributes;
        }
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
