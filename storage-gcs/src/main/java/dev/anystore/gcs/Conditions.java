package dev.anystore.gcs;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.WriteCondition;
import org.jspecify.annotations.Nullable;

/**
 * Conditions as generations: absent is generation 0.
 *
 * @see <a href="https://cloud.google.com/storage/docs/request-preconditions">request preconditions</a>
 */
final class Conditions {
    private static final String HEADER = "x-goog-if-generation-match";

    private Conditions() {}

    /** The generation that the object must have, or null where any will do. */
    static @Nullable String generation(WriteCondition condition) {
        if (condition instanceof WriteCondition.IfAbsent) {
            return "0";
        }
        return condition instanceof WriteCondition.IfRevision revision ? revision(revision.revision()) : null;
    }

    /**
     * A revision that a condition may carry.
     *
     * @throws StorageException of kind {@code PRECONDITION_FAILED} for one that no object of this service has
     */
    static String revision(String revision) {
        if (!GcsText.isNumber(revision)) {
            throw failed("the revision is no generation, so that no object has it");
        }
        return revision;
    }

    static StorageException failed(String message) {
        return StorageException.builder(Kind.PRECONDITION_FAILED)
                .message(message)
                .build();
    }

    /** Adds the condition to a write of the XML API. */
    static void onXml(WriteCondition condition, GcsRequest request) {
        String generation = generation(condition);
        if (generation != null) {
            request.header(HEADER, generation).withCondition();
        }
    }

    /** Adds the condition to a write of the JSON API. */
    static void onJson(WriteCondition condition, GcsRequest request) {
        String generation = generation(condition);
        if (generation != null) {
            request.query("ifGenerationMatch", generation).withCondition();
        }
    }

    /** Adds the condition to a read of the XML API. */
    static void ofRead(String revision, GcsRequest request) {
        request.header(HEADER, revision(revision));
    }
}
