package dev.anystore.spi;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The power to name an object by a URI that needs no signature, such as a {@code file:} URI. */
public interface Linker {
    /** The URI of a key, whether or not an object is there; null if there is none. No request to a service. */
    @Nullable
    URI link(String key);
}
