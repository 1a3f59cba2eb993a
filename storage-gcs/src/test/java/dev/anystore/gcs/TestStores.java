package dev.anystore.gcs;

import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StoreOptions;
import dev.anystore.testkit.gcs.GcsServer;
import java.util.HashMap;
import java.util.Map;

/** Stores on a server of the test's own. */
final class TestStores {
    private TestStores() {}

    /** A store with these settings beside the endpoint and a bucket {@code tests}, which is made; of names and values. */
    static ObjectStore open(GcsServer server, String... namesAndValues) {
        return open(server, Map.of(), namesAndValues);
    }

    /** The same with an environment for Google's chain. */
    static ObjectStore open(GcsServer server, Map<String, String> environment, String... namesAndValues) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bucket", "tests");
        settings.put("endpoint-url", server.endpoint().toString());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        settings.values().removeIf(String::isEmpty);
        StorageConfig.Builder builder = StorageConfig.builder("gcs").environment(environment);
        settings.forEach(builder::set);
        return builder.build().open(StoreOptions.DEFAULT);
    }
}
