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
        if (replacing != null
                && !condition.equals(WriteCondition.ALWAYS)
                && !replacing.condition().equals(WriteCondition.ALWAYS)
                && !condition.equals(replacing.condition())) {
            throw new IllegalArgumentException(
                    "the copy and what it stores beside the bytes have different conditions");
        }
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

    /**
     * The same with what these options store beside the bytes instead of what the source has; null keeps the source's. Their
     * condition is one on the target, their checksum one of the bytes that are copied, their part size one of the copy, and
     * their listener is told if these options have none.
     *
     * @throws IllegalArgumentException if both have a condition, and not the same
     */
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
        return replacing != null && condition.equals(WriteCondition.ALWAYS) ? replacing.condition() : condition;
    }

    /** The digest that the bytes must have, or null. */
    @Nullable
    Checksum expected() {
        return replacing == null ? null : replacing.checksum().orElse(null);
    }

    /** The part size that was asked for, or 0. */
    long partBytes() {
        return replacing == null ? 0 : replacing.partBytes().orElse(0);
    }

    boolean requireVerified() {
        return requireVerified;
    }

    @Nullable
    ProgressListener progress() {
        return progress == null && replacing != null ? replacing.progress() : progress;
    }
}
