package dev.anystore.memory;

import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.Keys;
import dev.anystore.Limits;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.WriteCondition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the verbs and the powers of one open store share: the space, what the store declares, and the refusals that follow
 * from it. A store that was opened without a capability refuses its use here, as a service would.
 */
final class Service {
    private final MemorySpace space;
    private final Capabilities capabilities;
    private volatile boolean closed;

    Service(MemorySpace space, Capabilities capabilities) {
        this.space = space;
        this.capabilities = capabilities;
    }

    MemorySpace space() {
        return space;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    Limits limits() {
        return capabilities.limits();
    }

    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    /** Begins a call on a key. */
    void enter(String key, Call call) {
        enter(call);
        Keys.check(key);
        if (Keys.utf8Length(key) > limits().keyBytes()) {
            throw StorageException.builder(Kind.INVALID_KEY)
                    .key(key)
                    .message("the key has " + Keys.utf8Length(key) + " bytes of UTF-8; this store takes "
                            + limits().keyBytes())
                    .build();
        }
    }

    /** Begins a call. */
    void enter(Call call) {
        if (closed) {
            throw StorageException.builder(Kind.CLOSED)
                    .message("the store is closed")
                    .build();
        }
        call.check();
    }

    void require(Capability capability) {
        if (!capabilities.has(capability)) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .capability(capability)
                    .message("this store was opened without " + capability)
                    .build();
        }
    }

    void require(WriteCondition condition, Capability ifAbsent, Capability ifRevision) {
        if (condition instanceof WriteCondition.IfAbsent) {
            require(ifAbsent);
        }
        if (condition instanceof WriteCondition.IfRevision) {
            require(ifRevision);
        }
    }

    void requireVersions(@Nullable String version) {
        if (version != null) {
            require(Capability.VERSIONS);
        }
    }

    void check(Attributes attributes) {
        long bytes = 0;
        for (Map.Entry<String, String> entry : attributes.metadata().entrySet()) {
            bytes += Keys.utf8(entry.getKey()).length + Keys.utf8(entry.getValue()).length;
        }
        atMost("bytes of metadata", bytes, limits().metadataBytes());
    }

    static void atMost(String what, long value, long limit) {
        if (value > limit) {
            throw invalid(value + " " + what + " are more than the " + limit + " that this store takes");
        }
    }

    static StorageException invalid(String message) {
        return StorageException.builder(Kind.INVALID_ARGUMENT).message(message).build();
    }
}
