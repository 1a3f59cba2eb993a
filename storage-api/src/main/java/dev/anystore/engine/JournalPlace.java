package dev.anystore.engine;

import java.nio.file.Path;

/**
 * Where a store keeps its journals, and what tells its transfers from those of other stores there.
 *
 * @param folder of the journals
 * @param provider its id
 * @param host of its endpoint, or empty
 * @param bucket its name, or empty
 */
public record JournalPlace(Path folder, String provider, String host, String bucket) {
    /** The name of the journal of one transfer of this store. */
    String name(String direction, String key, Path file) {
        return JournalFolder.name(direction, provider, host, bucket, key, absolute(file));
    }

    static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }
}
