package dev.anystore.gcs;

import dev.anystore.spi.Call;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What Cloud Storage knows of an object that other services do not. Asked for by {@code store.unwrap(GcsObjects.class)}; a view
 * with a prefix has none.
 */
public interface GcsObjects {
    /**
     * Looks at an object. One request.
     *
     * @throws dev.anystore.ObjectNotFound if it is not there
     */
    Details details(String key, Call call);

    /**
     * Sets the time that lifecycle rules on custom times go by. It may be moved forward, never back. One request; the bytes and
     * their generation stay, the metageneration grows.
     *
     * @param ifMetageneration as {@link #details} told it: what somebody else has changed since is not changed again
     * @throws dev.anystore.PreconditionFailed if the object's metadata, or the object, changed since
     */
    Details setCustomTime(String key, Instant customTime, long ifMetageneration, Call call);

    /**
     * An object.
     *
     * @param key of it
     * @param generation that every write of bytes makes anew: the revision
     * @param metageneration that every change of metadata counts on, from 1
     * @param customTime for lifecycle rules, or null
     * @param componentCount of how many pieces it was composed; 0 if it was not
     * @param kmsKeyName the version of the key that it is encrypted with, or null
     */
    record Details(
            String key,
            String generation,
            long metageneration,
            @Nullable Instant customTime,
            long componentCount,
            @Nullable String kmsKeyName) {}
}
