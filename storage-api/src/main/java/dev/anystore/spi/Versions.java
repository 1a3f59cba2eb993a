package dev.anystore.spi;

import dev.anystore.ObjectInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The power to list older versions. Reading and deleting one goes through get and delete with its version. */
public interface Versions {
    /** One page of versions of keys with this prefix: by key, the newest first. */
    Page list(String prefix, int pageSize, @Nullable String pageToken, Call call);

    /**
     * A version.
     *
     * @param key its key
     * @param versionId its id
     * @param size in bytes; 0 of a delete marker
     * @param lastModified when it was written
     * @param revision as in {@link ObjectInfo#revision()}; empty of a delete marker
     * @param current whether a plain get reads it
     * @param deleteMarker whether it only hides what is older
     */
    record Version(
            String key,
            String versionId,
            long size,
            Instant lastModified,
            String revision,
            boolean current,
            boolean deleteMarker) {}

    /**
     * Some versions.
     *
     * @param versions in order
     * @param nextPageToken of the next page, or null
     */
    record Page(List<Version> versions, @Nullable String nextPageToken) {}
}
