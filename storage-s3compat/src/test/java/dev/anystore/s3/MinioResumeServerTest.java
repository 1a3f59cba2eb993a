package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.ObjectNotFound;
import dev.anystore.ObjectStore;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same on MinIO, which is as fast as the machine: the uploads are slowed down on their own side. */
class MinioResumeServerTest {
    private static final int KILLS = 20;

    @Test
    void aKilledUploadGoesOnAndNeitherOrphansNorWrongBytesAreLeft(@TempDir Path folder) throws Exception {
        TestServer server = TestServer.named("ANYSTORE_TEST_MINIO_URL", "minio");
        String bucket = TestServer.newBucketName();
        KilledUploads killed = new KilledUploads(server.settings(bucket), folder, 40, 300);
        try (ObjectStore store = KilledUploads.open(server.settings(bucket), folder)) {
            BucketAdmin admin = store.unwrap(BucketAdmin.class).orElseThrow();
            admin.create(Call.unbounded());
            killed.run(KILLS, 2, key -> {
                try {
                    byte[] bytes = store.getBytes(key);
                    store.delete(key);
                    return bytes;
                } catch (ObjectNotFound e) {
                    return null;
                }
            });
            System.out.printf(
                    "%d of %d kills inside the upload, %d parts not sent again%n",
                    killed.inside(), KILLS, killed.resumedParts());
            assertThat(killed.inside()).isPositive();
            for (int kill = 0; kill < KILLS; kill++) {
                // MinIO lists the uploads of one whole key only.
                assertThat(store.uploads().list("killed/" + kill)).isEmpty();
            }
            admin.delete(Call.unbounded());
        }
    }
}
