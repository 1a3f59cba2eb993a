package dev.anystore.spi;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is stored beside the bytes of an object.
 *
 * @param contentType the media type; null sends none
 * @param contentEncoding the content encoding; null sends none
 * @param contentDisposition the content disposition; null sends none
 * @param cacheControl the cache control; null sends none
 * @param storageClass the service's name of a storage class; null is its default
 * @param metadata names (a-z, 0-9, - and _) and values, sorted; the library's own names among them
 */
public record Attributes(
        @Nullable String contentType,
        @Nullable String contentEncoding,
        @Nullable String contentDisposition,
        @Nullable String cacheControl,
        @Nullable String storageClass,
        Map<String, String> metadata) {
    /** Nothing beside the bytes. */
    public static final Attributes NONE = new Attributes(null, null, null, null, null, Map.of());

    /** Sorts and copies the metadata. */
    public Attributes {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /** The same with these metadata instead. */
    public Attributes withMetadata(Map<String, String> value) {
        return new Attributes(contentType, contentEncoding, contentDisposition, cacheControl, storageClass, value);
    }
}
