package dev.anystore.b2;

import dev.anystore.DeleteOptions;
import dev.anystore.ObjectStore;
import dev.anystore.StorageException;
import dev.anystore.StoreOptions;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.Versions;
import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageHarness;
import java.util.ArrayList;
import java.util.List;

/** Buckets on a test server, each used by one sentence of the contract and removed at the end. */
final class B2Harness implements StorageHarness {
    private final TestAccount account;
    private final List<Deviation> deviations;
    private final Runnable after;
    private final List<String> buckets = new ArrayList<>();

    /**
     * A harness.
     *
     * @param after what ends the server, if it was started for this
     */
    B2Harness(TestAccount account, List<Deviation> deviations, Runnable after) {
        this.account = account;
        this.deviations = deviations;
        this.after = after;
    }

    /** What the service itself does otherwise, whoever plays it. */
    static List<Deviation> ofTheService() {
        return List.of(new Deviation(
                "aNameOfMetadataComesBackAsItWent[" + "n".repeat(60) + "]",
                "B2 takes names of at most 50 characters, and 60 are refused before they are sent"));
    }

    @Override
    public ObjectStore open(StoreOptions options) {
        String bucket = account.newBucket();
        buckets.add(bucket);
        return account.open(bucket, options);
    }

    @Override
    public List<Deviation> deviations() {
        return deviations;
    }

    @Override
    public void close() {
        try {
            for (String bucket : buckets) {
                remove(bucket);
            }
        } finally {
            after.run();
        }
    }

    private void remove(String bucket) {
        try (ObjectStore store = account.open(bucket, StoreOptions.DEFAULT)) {
            Versions versions = store.unwrap(Versions.class).orElseThrow();
            String token = null;
            do {
                Versions.Page page = versions.list("", 1000, token, Call.unbounded());
                for (Versions.Version version : page.versions()) {
                    store.delete(version.key(), DeleteOptions.DEFAULT.withVersion(version.versionId()));
                }
                token = page.nextPageToken();
            } while (token != null);
            store.unwrap(BucketAdmin.class).orElseThrow().delete(Call.unbounded());
        } catch (StorageException e) {
            System.out.println("bucket " + bucket + " stays: " + e.getMessage());
        }
    }
}
