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

    /** How many random keys are tried; each takes about eight requests. */
    default int randomKeys() {
        return 40;
    }

    /** What a stranger who fetches a link trusts; null is what the JVM trusts. */
    default @Nullable SSLContext tls() {
        return null;
    }

    /** Removes what the stores left behind, and stops what was started for them. */
    @Override
    default void close() throws IOException {}
}
