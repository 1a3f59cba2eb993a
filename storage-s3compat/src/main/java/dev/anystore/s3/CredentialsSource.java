package dev.anystore.s3;

import dev.anystore.spi.Call;
import org.jspecify.annotations.Nullable;

/** Where credentials come from. Thread-safe. */
@FunctionalInterface
interface CredentialsSource extends AutoCloseable {
    /**
     * Credentials that are good for now.
     *
     * @return null where requests go unsigned
     * @throws dev.anystore.StorageException of kind {@code UNAUTHENTICATED} if there are none, with the reason
     */
    @Nullable
    Credentials get(Call call);

    /**
     * Hears that the service called these expired.
     *
     * @return whether {@link #get} has others now; never so where the user set them
     */
    default boolean renew(Credentials refused, Call call) {
        return false;
    }

    /** Ends what it keeps open; what the user set needs nothing. */
    @Override
    default void close() {}
}
