package dev.anystore.cli;

import dev.anystore.PutOptions;
import dev.anystore.StoreOptions;
import dev.anystore.spi.SettingValues;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How objects are written, the same for every verb that writes. */
final class CopySettings {
    @Option(names = "--if-absent", description = "Only if there is no object with this key yet.")
    boolean ifAbsent;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "The media type to store with it.")
    @Nullable
    String contentType;

    @Option(names = "--cache-control", paramLabel = "TEXT", description = "The cache control to store with it.")
    @Nullable
    String cacheControl;

    @Option(
            names = "--metadata",
            paramLabel = "NAME=VALUE",
            description = "Metadata to store with it; may be given again.")
    Map<String, String> metadata = new TreeMap<>();

    @Option(names = "--part-size", paramLabel = "SIZE", description = "Of the parts of a large object, such as 16MiB.")
    @Nullable
    String partSize;

    @Option(names = "--connections", paramLabel = "N", description = "At most so many at once for one object.")
    @Nullable
    Integer connections;

    boolean describes() {
        return contentType != null || cacheControl != null || !metadata.isEmpty();
    }

    PutOptions put() {
        try {
            PutOptions options = PutOptions.DEFAULT
                    .withContentType(contentType)
                    .withCacheControl(cacheControl)
                    .withMetadata(metadata);
            return ifAbsent ? options.ifAbsent() : options;
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), null);
        }
    }

    StoreOptions store() {
        try {
            return StoreOptions.DEFAULT
                    .withPartBytes(partSize == null ? null : SettingValues.bytes(partSize))
                    .withConnectionsPerTransfer(connections);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage((partSize != null ? "--part-size " : "--connections: ") + e.getMessage(), null);
        }
    }
}
