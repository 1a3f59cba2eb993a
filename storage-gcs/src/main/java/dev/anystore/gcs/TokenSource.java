package dev.anystore.gcs;

import dev.anystore.spi.Call;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gives what authorizes requests. Thread-safe. */
interface TokenSource extends AutoCloseable {
    /** Gives nothing: for emulators, and for public buckets. */
    TokenSource NONE = new TokenSource() {
        @Override
        public @Nullable Token get(Call call) {
            return null;
        }

        @Override
        public boolean renew(Token refused, Call call) {
            return false;
        }

        @Override
        public @Nullable Signer signer(Call call) {
            return null;
        }

        @Override
        public @Nullable Object credentials(Call call) {
            return null;
        }

        @Override
        public void close() {}
    };

    /**
     * What a request carries.
     *
     * @param authorization the value of its header
     * @param quotaProject that the credentials name for accounting, or null
     * @param expiresAt when it ends, or null
     */
    record Token(
            String authorization,
            @Nullable String quotaProject,
            @Nullable Instant expiresAt) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** Signs links. */
    interface Signer {
        /** In whose name. */
        String account();

        /** Whether the key is the service's own, which it changes every few hours. */
        boolean remote();

        /** RSA with SHA-256 of these bytes. */
        byte[] sign(byte[] bytes, Call call);
    }

    /** A token that is good now, or null if requests go without one. May ask a token service. */
    @Nullable
    Token get(Call call);

    /** Gets another token than the one that was refused; false if there is none to get. */
    boolean renew(Token refused, Call call);

    /** Who signs links, or null if these credentials can't. */
    @Nullable
    Signer signer(Call call);

    /** Google's own object of the credentials, for its client; null if there are none. */
    @Nullable
    Object credentials(Call call);

    /** Frees what was made for it. */
    @Override
    void close();
}
