package dev.anystore;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one object is deleted. Immutable; {@link #DEFAULT} deletes the current object. */
public final class DeleteOptions {
    /** The current object, whatever it is. */
    public static final DeleteOptions DEFAULT = new DeleteOptions(null, null);

    private final @Nullable String version;
    private final @Nullable String ifRevision;

    private DeleteOptions(@Nullable String version, @Nullable String ifRevision) {
        this.version = version;
        this.ifRevision = ifRevision;
    }

    /** The same for exactly this version; null is the current object. Needs {@link Capability#VERSIONS}. */
    public DeleteOptions withVersion(@Nullable String value) {
        return new DeleteOptions(value, ifRevision);
    }

    /** The same only if it has this revision, else {@link PreconditionFailed}; null is any. Needs {@link Capability#DELETE_IF_REVISION}. */
    public DeleteOptions ifRevision(@Nullable String value) {
        return new DeleteOptions(version, value);
    }

    /** What {@link #withVersion} set. */
    public Optional<String> version() {
        return Optional.ofNullable(version);
    }

    /** What {@link #ifRevision} set. */
    public Optional<String> ifRevision() {
        return Optional.ofNullable(ifRevision);
    }
}
