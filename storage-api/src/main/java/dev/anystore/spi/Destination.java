package dev.anystore.spi;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a configuration leads, derived from its settings without I/O.
 *
 * @param bucket the bucket, the container, or the name of the folder
 * @param endpoint where requests go, or null if only the vendor's library knows
 * @param region the region, or null
 * @param publicBase the base of public URLs, or null
 */
public record Destination(
        String bucket,
        @Nullable URI endpoint,
        @Nullable String region,
        @Nullable URI publicBase) {}
