package dev.anystore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a store knows of one object. Immutable. After a write it describes what was written; {@link #lastModified()} is
 * then the service's answer where it gives one, else this machine's time.
 */
public final class ObjectInfo {
    private final Builder values;

    private ObjectInfo(Builder values) {
        this.values = values;
    }

    /** Begins the description of an object; provider authors use it. */
    public static Builder builder(String key, long size) {
        return new Builder(key, size);
    }

    /** A builder with everything that this one says. */
    public Builder toBuilder() {
        return values.copy();
    }

    /** The key. */
    public String key() {
        return values.key;
    }

    /** The size in bytes. */
    public long size() {
        return values.size;
    }

    /** When the object was written, as the service says. */
    public Instant lastModified() {
        return values.lastModified;
    }

    /**
     * What identifies these bytes with this metadata: opaque printable ASCII without quotes, at most 512 characters, for
     * {@link PutOptions#ifRevision(String)} and {@link GetOptions#ifRevision(String)}.
     */
    public String revision() {
        return values.revision;
    }

    /** The service's id of this version, only on stores that keep versions. */
    public Optional<String> versionId() {
        return Optional.ofNullable(values.versionId);
    }

    /** The service's entity tag without quotes; opaque, not an MD5. */
    public Optional<String> eTag() {
        return Optional.ofNullable(values.eTag);
    }

    /** The storage class, if the service names one. */
    public Optional<String> storageClass() {
        return Optional.ofNullable(values.storageClass);
    }

    /** The media type, if one was stored. */
    public Optional<String> contentType() {
        return Optional.ofNullable(values.contentType);
    }

    /** The content encoding, if one was stored. The library never decodes it. */
    public Optional<String> contentEncoding() {
        return Optional.ofNullable(values.contentEncoding);
    }

    /** The content disposition, if one was stored. */
    public Optional<String> contentDisposition() {
        return Optional.ofNullable(values.contentDisposition);
    }

    /** The cache control, if one was stored. */
    public Optional<String> cacheControl() {
        return Optional.ofNullable(values.cacheControl);
    }

    /** The caller's metadata, names in lower case, sorted. The library's own names are not in it. */
    public Map<String, String> metadata() {
        return values.metadata;
    }

    /** Digests of the whole object that the service or the writer recorded. */
    public List<Checksum> checksums() {
        return values.checksums;
    }

    /** The digest of this algorithm, if it is among {@link #checksums()}. */
    public Optional<Checksum> checksum(Checksum.Algorithm algorithm) {
        return values.checksums.stream().filter(c -> c.algorithm() == algorithm).findFirst();
    }

    /** The digest of the parts' digests, if the service keeps that instead of one of the whole object. */
    public Optional<CompositeChecksum> compositeChecksum() {
        return Optional.ofNullable(values.compositeChecksum);
    }

    /** Which check the operation that returned this made of the bytes that it moved. */
    public Verification verification() {
        return values.verification;
    }

    @Override
    public String toString() {
        return "ObjectInfo[" + key() + ", " + size() + " bytes, " + lastModified() + ", revision " + revision() + ", "
                + verification() + "]";
    }

    /** Collects what is known; every method returns this builder. */
    public static final class Builder {
        private String key;
        private long size;
        private Instant lastModified = Instant.EPOCH;
        private String revision = "";
        private @Nullable String versionId;
        private @Nullable String eTag;
        private @Nullable String storageClass;
        private @Nullable String contentType;
        private @Nullable String contentEncoding;
        private @Nullable String contentDisposition;
        private @Nullable String cacheControl;
        private Map<String, String> metadata = Map.of();
        private List<Checksum> checksums = List.of();
        private @Nullable CompositeChecksum compositeChecksum;
        private Verification verification = Verification.UNVERIFIED;

        private Builder(String key, long size) {
            this.key = Objects.requireNonNull(key);
            this.size = size;
        }

        private Builder copy() {
            Builder copy = new Builder(key, size);
            copy.lastModified = lastModified;
            copy.revision = revision;
            copy.versionId = versionId;
            copy.eTag = eTag;
            copy.storageClass = storageClass;
            copy.contentType = contentType;
            copy.contentEncoding = contentEncoding;
            copy.contentDisposition = contentDisposition;
            copy.cacheControl = cacheControl;
            copy.metadata = metadata;
            copy.checksums = checksums;
            copy.compositeChecksum = compositeChecksum;
            copy.verification = verification;
            return copy;
        }

        /** See {@link ObjectInfo#key()}. */
        public Builder key(String value) {
            key = Objects.requireNonNull(value);
            return this;
        }

        /** See {@link ObjectInfo#size()}. */
        public Builder size(long value) {
            size = value;
            return this;
        }

        /** See {@link ObjectInfo#lastModified()}. */
        public Builder lastModified(Instant value) {
            lastModified = Objects.requireNonNull(value);
            return this;
        }

        /** See {@link ObjectInfo#revision()}. */
        public Builder revision(String value) {
            revision = Objects.requireNonNull(value);
            return this;
        }

        /** See {@link ObjectInfo#versionId()}. */
        public Builder versionId(@Nullable String value) {
            versionId = value;
            return this;
        }

        /** See {@link ObjectInfo#eTag()}. */
        public Builder eTag(@Nullable String value) {
            eTag = value;
            return this;
        }

        /** See {@link ObjectInfo#storageClass()}. */
        public Builder storageClass(@Nullable String value) {
            storageClass = value;
            return this;
        }

        /** See {@link ObjectInfo#contentType()}. */
        public Builder contentType(@Nullable String value) {
            contentType = value;
            return this;
        }

        /** See {@link ObjectInfo#contentEncoding()}. */
        public Builder contentEncoding(@Nullable String value) {
            contentEncoding = value;
            return this;
        }

        /** See {@link ObjectInfo#contentDisposition()}. */
        public Builder contentDisposition(@Nullable String value) {
            contentDisposition = value;
            return this;
        }

        /** See {@link ObjectInfo#cacheControl()}. */
        public Builder cacheControl(@Nullable String value) {
            cacheControl = value;
            return this;
        }

        /** See {@link ObjectInfo#metadata()}; a provider gives all names, the library's own too. */
        public Builder metadata(Map<String, String> value) {
            metadata = Collections.unmodifiableMap(new TreeMap<>(value));
            return this;
        }

        /** See {@link ObjectInfo#checksums()}. */
        public Builder checksums(List<Checksum> value) {
            checksums = List.copyOf(value);
            return this;
        }

        /** Adds a digest, unless one of its algorithm is there. */
        public Builder addChecksum(Checksum value) {
            if (checksums.stream().noneMatch(c -> c.algorithm() == value.algorithm())) {
                List<Checksum> more = new ArrayList<>(checksums);
                more.add(value);
                checksums = List.copyOf(more);
            }
            return this;
        }

        /** See {@link ObjectInfo#compositeChecksum()}. */
        public Builder compositeChecksum(@Nullable CompositeChecksum value) {
            compositeChecksum = value;
            return this;
        }

        /** See {@link ObjectInfo#verification()}. */
        public Builder verification(Verification value) {
            verification = Objects.requireNonNull(value);
            return this;
        }

        /** The description. */
        public ObjectInfo build() {
            return new ObjectInfo(copy());
        }
    }
}
