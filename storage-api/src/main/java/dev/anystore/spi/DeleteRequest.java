package dev.anystore.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes some objects; one that is not there counts as deleted.
 *
 * @param targets at least one, at most the store's batch
 */
public record DeleteRequest(List<Target> targets) {
    /** Copies the list. */
    public DeleteRequest {
        targets = List.copyOf(targets);
    }

    /** One object. */
    public static DeleteRequest of(String key) {
        return new DeleteRequest(List.of(new Target(key, null, null)));
    }

    /**
     * What to delete.
     *
     * @param key the key
     * @param version exactly this version, or null for the current object
     * @param ifRevision only if it has this revision, or null; given only to stores that declare {@code DELETE_IF_REVISION}
     */
    public record Target(
            String key, @Nullable String version, @Nullable String ifRevision) {}
}
