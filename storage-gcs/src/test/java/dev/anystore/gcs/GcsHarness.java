package dev.anystore.gcs;

import dev.anystore.DeleteOptions;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StoreOptions;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.Versions;
import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageHarness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Buckets on a test server, each used by one sentence of the contract and removed at the end. */
final class GcsHarness implements StorageHarness {
    private static final AtomicLong NUMBER = new AtomicLong();

    private final Map<String, String> settings;
    private final List<Deviation> deviations;
    private final AutoCloseable behind;
    private final Predicate<String> randomKey;
    private final List<String> buckets = new ArrayList<>();

    GcsHarness(Map<String, String> settings, AutoCloseable behind) {
        this(settings, List.of(), key -> true, behind);
    }

    GcsHarness(
            Map<String, String> settings,
            List<Deviation> deviations,
            Predicate<String> randomKey,
            AutoCloseable behind) {
        this.settings = settings;
        this.deviations = deviations;
        this.randomKey = randomKey;
        this.behind = behind;
    }

    static String newBucketName() {
        return "anystore-" + Long.toString(System.nanoTime(), 36) + "-" + NUMBER.incrementAndGet();
    }

    private ObjectStore store(String bucket, StoreOptions options) {
        StorageConfig.Builder builder = StorageConfig.builder("gcs").set("bucket", bucket);
        settings.forEach(builder::set);
        return builder.build().open(options);
    }

    private static BucketAdmin admin(ObjectStore store) {
        return store.unwrap(BucketAdmin.class).orElseThrow();
    }

    @Override
    public ObjectStore open(StoreOptions options) {
        removeBuckets(2); // all but those of a sentence that has two stores: a server in memory would keep them
        String bucket = newBucketName();
        ObjectStore store = store(bucket, options);
        admin(store).create(Call.unbounded());
        buckets.add(bucket);
        return store;
    }

    @Override
    public List<Deviation> deviations() {
        return deviations;
    }

    @Override
    public boolean triesRandomKey(String key) {
        return randomKey.test(key);
    }

    @Override
    public void close() throws IOException {
        removeBuckets(0);
        try {
            behind.close();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void removeBuckets(int but) {
        List<String> old = buckets.subList(0, Math.max(0, buckets.size() - but));
        for (String bucket : old) {
            try (ObjectStore store = store(bucket, StoreOptions.DEFAULT)) {
                empty(store);
                admin(store).delete(Call.unbounded());
            } catch (StorageException e) {
                // A server that can't delete what it took keeps it until it ends.
                System.out.println("bucket " + bucket + " stays: " + e.getMessage());
            }
        }
        old.clear();
    }

    private static void empty(ObjectStore store) {
        Versions versions = store.unwrap(Versions.class).orElseThrow();
        String token = null;
        do {
            Versions.Page page = versions.list("", 1000, token, Call.unbounded());
            for (Versions.Version version : page.versions()) {
                store.delete(version.key(), DeleteOptions.DEFAULT.withVersion(version.versionId()));
            }
            token = page.nextPageToken();
        } while (token != null);
    }
}
