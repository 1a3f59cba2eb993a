package dev.anystore.azure;

import dev.anystore.spi.Call;
import dev.anystore.spi.Secret;
import java.util.Base64;

/** What opens the account. Its text hides secrets. */
sealed interface Access {
    /**
     * The account's key, which may do everything, links included.
     *
     * @param key Base64
     */
    record SharedKey(String account, Secret key) implements Access {
        byte[] bytes() {
            return Base64.getDecoder().decode(key.reveal());
        }
    }

    /** A shared access signature, which may do what it says. */
    record Signature(Sas sas) implements Access {}

    /** Tokens of the account's directory. */
    record Directory(TokenSource tokens) implements Access {}

    /** Nothing: the container is public. */
    record None() implements Access {}

    /** Gives tokens, from a cache as long as they live. Thread-safe. */
    interface TokenSource extends AutoCloseable {
        /**
         * A token that lives for minutes at least.
         *
         * @throws dev.anystore.StorageException of kind {@code UNAUTHENTICATED} if there is none
         */
        Secret token(Call call);

        @Override
        default void close() {}
    }
}
