package dev.anystore.spi;

import org.jspecify.annotations.Nullable;

/** A backend with optional powers. */
public interface PoweredBackend extends StorageBackend {
    /**
     * The power, or null if the store does not have it. Powers are {@link Multipart}, {@link ServerCopy}, {@link
     * Presigner}, {@link Versions}, {@link Tags}, {@link BucketAdmin}, {@link Reachability}, and the class of the native client.
     */
    <T> @Nullable T extension(Class<T> power);
}
