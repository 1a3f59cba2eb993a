package dev.anystore.s3;

import dev.anystore.spi.Call;
import org.jspecify.annotations.Nullable;

/** Where credentials come from. Thread-safe. */
interface CredentialsSource {
    /**
     * Credentials that are good for now.
     *
     * @return null where requests go unsigned
     * @throws dev.anystore.StorageException of kind {@code UNAUTHENTICATED} if there are none, with the reason
     */
    @Nullable
    Credentials get(Call call);
}
