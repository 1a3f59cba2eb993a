package dev.anystore;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every service's listing says of an object; the rest needs {@link ObjectStore#head(String)}. Immutable. */
public final class ListEntry {
    private final String key;
    private final long size;
    private final Instant lastModified;
    private final String revision;
    private final @Nullable String storageClass;

    private ListEntry(String key, long size, Instant lastModified, String revision, @Nullable String storageClass) {
        this.key = Objects.requireNonNull(key);
        this.size = size;
        this.lastModified = Objects.requireNonNull(lastModified);
        this.revision = Objects.requireNonNull(revision);
        this.storageClass = storageClass;
    }

    /** An entry; provider authors use it. */
    public static ListEntry of(
            String key, long size, Instant lastModified, String revision, @Nullable String storageClass) {
        return new ListEntry(key, size, lastModified, revision, storageClass);
    }

    /** The key. */
    public String key() {
        return key;
    }

    /** The size in bytes. */
    public long size() {
        return size;
    }

    /** When the object was written. */
    public Instant lastModified() {
        return lastModified;
    }

    /** The same as {@link ObjectInfo#revision()} of this object. */
    public String revision() {
        return revision;
    }

    /** The storage class, if the listing names one. */
    public Optional<String> storageClass() {
        return Optional.ofNullable(storageClass);
    }

    /** The same entry under another key, for views. */
    ListEntry withKey(String value) {
        return new ListEntry(value, size, lastModified, revision, storageClass);
    }

    @Override
    public String toString() {
        return "ListEntry[" + key + ", " + size + " bytes]";
    }
}
