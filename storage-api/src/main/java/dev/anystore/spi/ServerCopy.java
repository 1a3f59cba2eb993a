package dev.anystore.spi;

import dev.anystore.ObjectInfo;
import org.jspecify.annotations.Nullable;

/** The power to copy an object within the service, up to the store's single copy limit. */
public interface ServerCopy {
    /** Copies one object in one request. The source must have the given revision, else {@code PRECONDITION_FAILED}. */
    ObjectInfo copy(Copy request, Call call);

    /**
     * What to copy.
     *
     * @param from the key of the source
     * @param fromVersion its version, or null
     * @param fromRevision the revision that it must have, or null
     * @param to the key of the target
     * @param replacing the attributes of the target; null keeps those of the source
     * @param condition on the target
     */
    record Copy(
            String from,
            @Nullable String fromVersion,
            @Nullable String fromRevision,
            String to,
            @Nullable Attributes replacing,
            WriteCondition condition) {}
}
