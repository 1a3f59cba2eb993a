package dev.anystore;

import dev.anystore.spi.Attributes;
import dev.anystore.spi.WriteCondition;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How an object is written. Immutable; {@link #DEFAULT} overwrites and stores nothing beside the bytes. */
public final class PutOptions {
    /** Overwrites, stores nothing beside the bytes. */
    public static final PutOptions DEFAULT =
            new PutOptions(Attributes.NONE, WriteCondition.ALWAYS, null, false, 0, null);

    private final Attributes attributes;
    private final WriteCondition condition;
    private final @Nullable Checksum checksum;
    private final boolean recordChecksum;
    private final long partBytes;
    private final @Nullable ProgressListener progress;

    private PutOptions(
            Attributes attributes,
            WriteCondition condition,
            @Nullable Checksum checksum,
            boolean recordChecksum,
            long partBytes,
            @Nullable ProgressListener progress) {
        this.attributes = attributes;
        this.condition = condition;
        this.checksum = checksum;
        this.recordChecksum = recordChecksum;
        this.partBytes = partBytes;
        this.progress = progress;
    }

    /** The same with a media type; null stores none. */
    public PutOptions withContentType(@Nullable String value) {
        Attributes a = attributes;
        return with(new Attributes(
                MetadataRules.headerValue("contentType", value),
                a.contentEncoding(),
                a.contentDisposition(),
                a.cacheControl(),
                a.storageClass(),
                a.metadata()));
    }

    /** The same with a content encoding, which is stored and never applied; null stores none. */
    public PutOptions withContentEncoding(@Nullable String value) {
        Attributes a = attributes;
        return with(new Attributes(
                a.contentType(),
                MetadataRules.headerValue("contentEncoding", value),
                a.contentDisposition(),
                a.cacheControl(),
                a.storageClass(),
                a.metadata()));
    }

    /** The same with a content disposition; null stores none. */
    public PutOptions withContentDisposition(@Nullable String value) {
        Attributes a = attributes;
        return with(new Attributes(
                a.contentType(),
                a.contentEncoding(),
                MetadataRules.headerValue("contentDisposition", value),
                a.cacheControl(),
                a.storageClass(),
                a.metadata()));
    }

    /** The same with a cache control; null stores none. */
    public PutOptions withCacheControl(@Nullable String value) {
        Attributes a = attributes;
        return with(new Attributes(
                a.contentType(),
                a.contentEncoding(),
                a.contentDisposition(),
                MetadataRules.headerValue("cacheControl", value),
                a.storageClass(),
                a.metadata()));
    }

    /** The same with the service's name of a storage class; null is the service's default. */
    public PutOptions withStorageClass(@Nullable String value) {
        Attributes a = attributes;
        return with(new Attributes(
                a.contentType(),
                a.contentEncoding(),
                a.contentDisposition(),
                a.cacheControl(),
                MetadataRules.headerValue("storageClass", value),
                a.metadata()));
    }

    /**
     * The same with these metadata instead. Names have a-z, 0-9, {@code -} and {@code _}; behind nginx a name with
     * {@code _} is lost by the proxy. Values are any text without control characters.
     *
     * @throws IllegalArgumentException if a name or a value does not fit, or is one of the library's own names
     */
    public PutOptions withMetadata(Map<String, String> values) {
        return with(attributes.withMetadata(MetadataRules.check(values)));
    }

    /** The same with a digest that the bytes must have; another one is {@link IntegrityFailure}, and nothing is written. */
    public PutOptions withChecksum(@Nullable Checksum expected) {
        return new PutOptions(attributes, condition, expected, recordChecksum, partBytes, progress);
    }

    /**
     * The same, and of a file or of bytes that go up in parts the CRC32C is computed before they are sent and stored beside
     * them, so that every download can be compared with it. For services that keep no digest of what came in parts; see
     * docs/verification.md. A file is read once more for it, at the speed of the disk; a stream has none.
     */
    public PutOptions withRecordedChecksum(boolean value) {
        return new PutOptions(attributes, condition, checksum, value, partBytes, progress);
    }

    /** The same with this part size, within the limits of the store; 0 lets the plan choose. */
    public PutOptions withPartBytes(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("partBytes is " + value);
        }
        return new PutOptions(attributes, condition, checksum, recordChecksum, value, progress);
    }

    /** The same with a listener; null has none. */
    public PutOptions withProgress(@Nullable ProgressListener value) {
        return new PutOptions(attributes, condition, checksum, recordChecksum, partBytes, value);
    }

    /** The same, only if no object has the key; else {@link PreconditionFailed}. */
    public PutOptions ifAbsent() {
        return new PutOptions(attributes, WriteCondition.IF_ABSENT, checksum, recordChecksum, partBytes, progress);
    }

    /** The same, only if the object has this revision; else {@link PreconditionFailed}. Null takes the condition away. */
    public PutOptions ifRevision(@Nullable String revision) {
        WriteCondition value = revision == null ? WriteCondition.ALWAYS : new WriteCondition.IfRevision(revision);
        return new PutOptions(attributes, value, checksum, recordChecksum, partBytes, progress);
    }

    private PutOptions with(Attributes value) {
        return new PutOptions(value, condition, checksum, recordChecksum, partBytes, progress);
    }

    static PutOptions of(Attributes attributes, WriteCondition condition) {
        return new PutOptions(attributes, condition, null, false, 0, null);
    }

    /** The media type. */
    public Optional<String> contentType() {
        return Optional.ofNullable(attributes.contentType());
    }

    /** The metadata. */
    public Map<String, String> metadata() {
        return attributes.metadata();
    }

    /** The digest that the bytes must have. */
    public Optional<Checksum> checksum() {
        return Optional.ofNullable(checksum);
    }

    /** Whether the CRC32C of what goes up in parts is computed before and stored beside it. */
    public boolean recordsChecksum() {
        return recordChecksum;
    }

    /** The part size, if one was set. */
    public OptionalLong partBytes() {
        return partBytes == 0 ? OptionalLong.empty() : OptionalLong.of(partBytes);
    }

    Attributes attributes() {
        return attributes;
    }

    WriteCondition condition() {
        return condition;
    }

    @Nullable
    ProgressListener progress() {
        return progress;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PutOptions that
                && attributes.equals(that.attributes)
                && condition.equals(that.condition)
                && Objects.equals(checksum, that.checksum)
                && recordChecksum == that.recordChecksum
                && partBytes == that.partBytes
                && progress == that.progress;
    }

    @Override
    public int hashCode() {
        return Objects.hash(attributes, condition, checksum, partBytes);
    }

    @Override
    public String toString() {
        return "PutOptions[" + attributes + ", " + condition + "]";
    }
}
