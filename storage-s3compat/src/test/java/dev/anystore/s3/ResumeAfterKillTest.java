package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.ObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads whose process is killed, again and again, on a server that takes its time. */
class ResumeAfterKillTest {
    private static final long BYTES_PER_SECOND = 40L << 20;
    /** Five parts, two at once, at this rate, on a machine that is busy. */
    private static final int LONGEST_MILLIS = 500;

    @Test
    void aKilledUploadGoesOnAndNeitherOrphansNorWrongBytesAreLeft(@TempDir Path folder) throws Exception {
        // A few wherever tests run; `.ci/run` asks for 180 of them.
        int kills = Integer.getInteger("anystore.test.kills", 20);
        try (KeepingServer server = new KeepingServer(BYTES_PER_SECOND)) {
            TestServer settings = new TestServer(server.endpoint(), "minio", null);
            KilledUploads killed = new KilledUploads(settings.settings("example"), folder, 0, LONGEST_MILLIS);
            killed.run(kills, 3, server::take);
            System.out.printf(
                    "%d of %d kills inside the upload, %d parts not sent again%n",
                    killed.inside(), kills, killed.resumedParts());
            assertThat(killed.inside()).as("kills inside the upload").isGreaterThan(kills * 5 / 6);
            assertThat(killed.resumedParts()).isPositive();
            try (ObjectStore store = KilledUploads.open(settings.settings("example"), folder)) {
                assertThat(store.uploads().list(""))
                        .as("orphans after the sweep")
                        .isEmpty();
            }
        }
    }
}
