package dev.anystore.testkit;

import dev.anystore.ObjectStore;
import dev.anystore.StoreOptions;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How {@link StorageContract} reaches the stores of a provider: all that its author implements. One harness serves one test
 * class; the contract closes it at the end.
 */
public interface StorageHarness extends AutoCloseable {
    /**
     * Opens a store that holds nothing and that nobody else uses: a bucket or a folder of its own. A view of another store is
     * not enough, because closing it closes nothing. Called once for each sentence; the contract closes the store, the harness
     * removes the bucket when it is closed itself.
     */
    ObjectStore open(StoreOptions options);

    /** What the server behind the provider does otherwise. */
    default List<Deviation> deviations() {
        return List.of();
    }

    /**
     * Why uploads come back on this server that were aborted: null, as on every service, if they do not. Some servers make an
     * upload anew when a part of it arrives that was on its way during the abort. Where a reason is given, an upload that is
     * left at the end of a sentence is a fault only if it is there after one more abort.
     */
    default @Nullable String revivesUploads() {
        return null;
    }

    /** How many random keys are tried; each takes about eight requests. */
    default int randomKeys() {
        return 40;
    }

    /**
     * Whether a random key is worth trying. A server that loses keys of a kind says so in a {@link Deviation} of {@code
     * anOddKeyIsKeptOrRefused}, and keeps keys of that kind out of the random ones here.
     */
    default boolean triesRandomKey(String key) {
        return true;
    }

    /** What a stranger who fetches a link trusts; null is what the JVM trusts. */
    default @Nullable SSLContext tls() {
        return null;
    }

    /** Removes what the stores left behind, and stops what was started for them. */
    @Override
    default void close() throws IOException {}
}
