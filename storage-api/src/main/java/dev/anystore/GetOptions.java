package dev.anystore;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an object is read. Immutable; {@link #DEFAULT} reads the whole current object. */
public final class GetOptions {
    /** The whole current object. */
    public static final GetOptions DEFAULT = new GetOptions(null, null, null, false, null);

    private final @Nullable ByteRange range;
    private final @Nullable String version;
    private final @Nullable String ifRevision;
    private final boolean requireVerified;
    private final @Nullable ProgressListener progress;

    private GetOptions(
            @Nullable ByteRange range,
            @Nullable String version,
            @Nullable String ifRevision,
            boolean requireVerified,
            @Nullable ProgressListener progress) {
        this.range = range;
        this.version = version;
        this.ifRevision = ifRevision;
        this.requireVerified = requireVerified;
        this.progress = progress;
    }

    /** The same with a range; null is the whole object. */
    public GetOptions withRange(@Nullable ByteRange value) {
        return new GetOptions(value, version, ifRevision, requireVerified, progress);
    }

    /** The same of one version; null is the current one. Needs {@link Capability#VERSIONS}. */
    public GetOptions withVersion(@Nullable String value) {
        return new GetOptions(range, value, ifRevision, requireVerified, progress);
    }

    /** The same only of this revision, else {@link PreconditionFailed}; null is any. */
    public GetOptions ifRevision(@Nullable String value) {
        return new GetOptions(range, version, value, requireVerified, progress);
    }

    /** The same with a check demanded: bytes that no digest of the whole object can confirm are {@link IntegrityFailure}. */
    public GetOptions withRequireVerified(boolean value) {
        return new GetOptions(range, version, ifRevision, value, progress);
    }

    /** The same with a listener; null has none. */
    public GetOptions withProgress(@Nullable ProgressListener value) {
        return new GetOptions(range, version, ifRevision, requireVerified, value);
    }

    /** What {@link #withRange} set. */
    public Optional<ByteRange> range() {
        return Optional.ofNullable(range);
    }

    /** What {@link #withVersion} set. */
    public Optional<String> version() {
        return Optional.ofNullable(version);
    }

    /** What {@link #ifRevision} set. */
    public Optional<String> ifRevision() {
        return Optional.ofNullable(ifRevision);
    }

    /** What {@link #withRequireVerified} set. */
    public boolean requireVerified() {
        return requireVerified;
    }

    @Nullable
    ProgressListener progress() {
        return progress;
    }
}
