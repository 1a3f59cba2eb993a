package dev.anystore.engine;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How the engine works for one store.
 *
 * @param provider the id for messages and thread names
 * @param partBytes of every part, or 0 where the plan chooses
 * @param connections of one transfer
 * @param storeConnections of the store, and its workers
 * @param bufferBytes for the part buffers of streams
 * @param attempts of one request
 * @param operationTimeout of one operation with all its attempts; transfers have none
 * @param executor the caller's, instead of workers of our own; or null
 * @param journal where transfers note how far they are, or null
 */
public record EngineSettings(
        String provider,
        long partBytes,
        int connections,
        int storeConnections,
        long bufferBytes,
        int attempts,
        Duration operationTimeout,
        @Nullable Executor executor,
        @Nullable JournalPlace journal) {
    /** What a store has where nothing is set. */
    public static EngineSettings defaults(String provider) {
        long buffers = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);
        return new EngineSettings(provider, 0, 8, 32, buffers, 5, Duration.ofMinutes(15), null, null);
    }

    /** Checks the ranges. */
    public EngineSettings {
        if (connections < 1 || storeConnections < 1 || attempts < 1 || bufferBytes < 1 || partBytes < 0) {
            throw new IllegalArgumentException("connections %d, store connections %d, attempts %d, buffers %d, parts %d"
                    .formatted(connections, storeConnections, attempts, bufferBytes, partBytes));
        }
    }
}
