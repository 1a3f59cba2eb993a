package dev.anystore;

import java.util.Objects;

/**
 * The sizes and counts that a store accepts. All sizes are bytes. A value that a service does not limit is
 * {@link Long#MAX_VALUE} or {@link Integer#MAX_VALUE}.
 */
public final class Limits {
    private final Builder values;

    private Limits(Builder values) {
        this.values = values;
    }

    /** Limits of a store without any: every size is unbounded, keys have 1,024 bytes, pages 1,000 entries. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        return values.copy();
    }

    /** The largest object. */
    public long objectBytes() {
        return values.objectBytes;
    }

    /** The largest object for which {@link PutOptions#ifAbsent()} is honoured; 0 where it never is. */
    public long ifAbsentBytes() {
        return values.ifAbsentBytes;
    }

    /** The largest object that one put request takes. */
    public long singlePutBytes() {
        return values.singlePutBytes;
    }

    /** The smallest part but the last. */
    public long partMinBytes() {
        return values.partMinBytes;
    }

    /** The largest part. */
    public long partMaxBytes() {
        return values.partMaxBytes;
    }

    /** The most parts of one upload. */
    public int partCount() {
        return values.partCount;
    }

    /** Whether all parts but the last must have one size. */
    public boolean equalParts() {
        return values.equalParts;
    }

    /** Every part but the last is a multiple of this. */
    public long partAlignment() {
        return values.partAlignment;
    }

    /** The most keys that one delete request takes. */
    public int deleteBatch() {
        return values.deleteBatch;
    }

    /** The most entries of one listing page. */
    public int listPage() {
        return values.listPage;
    }

    /** The entries of one listing page where nobody asks for a number: some services bill a large page like many small ones. */
    public int usualListPage() {
        return Math.min(values.usualListPage, values.listPage);
    }

    /** The largest object that one copy request takes; above it a copy goes by parts. */
    public long singleCopyBytes() {
        return values.singleCopyBytes;
    }

    /** The longest key in bytes of UTF-8. */
    public int keyBytes() {
        return values.keyBytes;
    }

    /** The most metadata, names and encoded values together. */
    public int metadataBytes() {
        return values.metadataBytes;
    }

    @Override
    public String toString() {
        return "Limits[objectBytes=%d, ifAbsentBytes=%d, singlePutBytes=%d, partBytes=%d..%d, partCount=%d, equalParts=%s, partAlignment=%d, deleteBatch=%d, listPage=%d, singleCopyBytes=%d, keyBytes=%d, metadataBytes=%d]"
                .formatted(
                        objectBytes(),
                        ifAbsentBytes(),
                        singlePutBytes(),
                        partMinBytes(),
                        partMaxBytes(),
                        partCount(),
                        equalParts(),
                        partAlignment(),
                        deleteBatch(),
                        listPage(),
                        singleCopyBytes(),
                        keyBytes(),
                        metadataBytes());
    }

    /** Collects limits; every method returns this builder. */
    public static final class Builder {
        private long objectBytes = Long.MAX_VALUE;
        private long ifAbsentBytes = Long.MAX_VALUE;
        private long singlePutBytes = Long.MAX_VALUE;
        private long partMinBytes = 1;
        private long partMaxBytes = Long.MAX_VALUE;
        private int partCount = Integer.MAX_VALUE;
        private boolean equalParts;
        private long partAlignment = 1;
        private int deleteBatch = 1000;
        private int listPage = 1000;
        private int usualListPage = Integer.MAX_VALUE;
        private long singleCopyBytes = Long.MAX_VALUE;
        private int keyBytes = Keys.MAX_BYTES;
        private int metadataBytes = Integer.MAX_VALUE;

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.objectBytes = objectBytes;
            copy.ifAbsentBytes = ifAbsentBytes;
            copy.singlePutBytes = singlePutBytes;
            copy.partMinBytes = partMinBytes;
            copy.partMaxBytes = partMaxBytes;
            copy.partCount = partCount;
            copy.equalParts = equalParts;
            copy.partAlignment = partAlignment;
            copy.deleteBatch = deleteBatch;
            copy.listPage = listPage;
            copy.usualListPage = usualListPage;
            copy.singleCopyBytes = singleCopyBytes;
            copy.keyBytes = keyBytes;
            copy.metadataBytes = metadataBytes;
            return copy;
        }

        /** See {@link Limits#objectBytes()}. */
        public Builder objectBytes(long value) {
            objectBytes = positive("objectBytes", value);
            return this;
        }

        /** See {@link Limits#ifAbsentBytes()}. */
        public Builder ifAbsentBytes(long value) {
            ifAbsentBytes = value;
            return this;
        }

        /** See {@link Limits#singlePutBytes()}. */
        public Builder singlePutBytes(long value) {
            singlePutBytes = positive("singlePutBytes", value);
            return this;
        }

        /** See {@link Limits#partMinBytes()} and {@link Limits#partMaxBytes()}. */
        public Builder partBytes(long min, long max) {
            if (min < 1 || max < min) {
                throw new IllegalArgumentException("part sizes from " + min + " to " + max);
            }
            partMinBytes = min;
            partMaxBytes = max;
            return this;
        }

        /** See {@link Limits#partCount()}. */
        public Builder partCount(int value) {
            partCount = (int) positive("partCount", value);
            return this;
        }

        /** See {@link Limits#equalParts()}. */
        public Builder equalParts(boolean value) {
            equalParts = value;
            return this;
        }

        /** See {@link Limits#partAlignment()}. */
        public Builder partAlignment(long value) {
            partAlignment = positive("partAlignment", value);
            return this;
        }

        /** See {@link Limits#deleteBatch()}. */
        public Builder deleteBatch(int value) {
            deleteBatch = (int) positive("deleteBatch", value);
            return this;
        }

        /** See {@link Limits#listPage()}. */
        public Builder listPage(int value) {
            listPage = (int) positive("listPage", value);
            return this;
        }

        /** See {@link Limits#usualListPage()}; that of {@link Limits#listPage()} if nothing is said. */
        public Builder usualListPage(int value) {
            usualListPage = (int) positive("usualListPage", value);
            return this;
        }

        /** See {@link Limits#singleCopyBytes()}. */
        public Builder singleCopyBytes(long value) {
            singleCopyBytes = positive("singleCopyBytes", value);
            return this;
        }

        /** See {@link Limits#keyBytes()}. */
        public Builder keyBytes(int value) {
            keyBytes = (int) positive("keyBytes", value);
            return this;
        }

        /** See {@link Limits#metadataBytes()}. */
        public Builder metadataBytes(int value) {
            metadataBytes = value;
            return this;
        }

        /** The limits collected so far. */
        public Limits build() {
            return new Limits(copy());
        }

        private static long positive(String name, long value) {
            Objects.requireNonNull(name);
            if (value < 1) {
                throw new IllegalArgumentException(name + " is " + value + ", and must be at least 1");
            }
            return value;
        }
    }
}
