package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Notices a service whose pages go round in circles, in the memory of one token: each is compared with one that was seen
 * before, which is renewed after 1, 2, 4, 8, … pages (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980).
 */
public final class Circles {
    private final String verb;
    private @Nullable String seen;
    private long pages;
    private long renewAt = 1;

    /** For the pages of this verb. */
    public Circles(String verb) {
        this.verb = verb;
    }

    /**
     * The token of the next page, as it is.
     *
     * @throws StorageException of kind {@code PROTOCOL} if it leads back
     */
    public @Nullable String next(@Nullable String token) {
        if (token == null) {
            return null;
        }
        if (token.equals(seen)) {
            throw StorageException.builder(Kind.PROTOCOL)
                    .operation(verb)
                    .message("the service goes round in circles: a page leads back to one that was seen")
                    .build();
        }
        if (++pages == renewAt) {
            seen = token;
            renewAt *= 2;
        }
        return token;
    }
}
