package dev.anystore;

import dev.anystore.spi.WriteCondition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an object is copied. Immutable; {@link #DEFAULT} overwrites the target and keeps what is stored beside the bytes. */
public final class CopyOptions {
    /** Overwrites the target, keeps what is stored beside the bytes. */
    public static final CopyOptions DEFAULT = new CopyOptions(null, WriteCondition.ALWAYS, null, false, null);

    private final @Nullable String fromRevision;
    private final WriteCondition condition;
    private final @Nullable PutOptions replacing;
    private final boolean requireVerified;
    private final @Nullable ProgressListener progress;

    private CopyOptions(
            @Nullable String fromRevision,
            WriteCondition condition,
            @Nullable PutOptions replacing,
            boolean requireVerified,
            @Nullable ProgressListener progress) {
        this.fromRevision = fromRevision;
        this.condition = condition;
        this.replacing = replacing;
        this.requireVerified = requireVerified;
        this.progress = progress;
    }

    /** What writes under the condition of these options, and keeps what the source has beside the bytes. */
    static CopyOptions of(PutOptions options) {
        return new CopyOptions(null, options.condition(), null, false, null);
    }

    /** The same, only of this revision of the source, else {@link PreconditionFailed}; null is any. */
    public CopyOptions fromRevision(@Nullable String value) {
        return new CopyOptions(value, condition, replacing, requireVerified, progress);
    }

    /** The same, only if no object has the target's key. */
    public CopyOptions ifAbsent() {
        return new CopyOptions(fromRevision, WriteCondition.IF_ABSENT, replacing, requireVerified, progress);
    }

    /** The same, only if the target has this revision; null takes the condition away. */
    public CopyOptions ifRevision(@Nullable String value) {
        WriteCondition with = value == null ? WriteCondition.ALWAYS : new WriteCondition.IfRevision(value);
        return new CopyOptions(fromRevision, with, replacing, requireVerified, progress);
    }

    /** The same with what these options store beside the bytes instead of what the source has; null keeps the source's. */
    public CopyOptions replacing(@Nullable PutOptions value) {
        return new CopyOptions(fromRevision, condition, value, requireVerified, progress);
    }

    /** The same with a check demanded: a copy that no digest can confirm is {@link IntegrityFailure}. */
    public CopyOptions withRequireVerified(boolean value) {
        return new CopyOptions(fromRevision, condition, replacing, value, progress);
    }

    /** The same with a listener; null has none. */
    public CopyOptions withProgress(@Nullable ProgressListener value) {
        return new CopyOptions(fromRevision, condition, replacing, requireVerified, value);
    }

    /** What {@link #replacing(PutOptions)} set. */
    public Optional<PutOptions> replacing() {
        return Optional.ofNullable(replacing);
    }

    @Nullable
    String sourceRevision() {
        return fromRevision;
    }

    WriteCondition condition() {
        return condition;
    }

    boolean requireVerified() {
        return requireVerified;
    }

    @Nullable
    ProgressListener progress() {
        return progress;
    }
}
