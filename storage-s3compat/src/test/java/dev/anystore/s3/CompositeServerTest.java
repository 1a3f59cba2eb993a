package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StoreOptions;
import dev.anystore.Verification;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MinIO keeps the digest of the parts' digests where none of the whole is asked for, as R2 always does. */
class CompositeServerTest {
    @Test
    void whatTheServiceDigestsByPartsIsComparedInPartsWhenItIsRead(@TempDir Path folder) throws Exception {
        byte[] bytes = new byte[(11 << 20) + 7];
        new Random(11).nextBytes(bytes);
        Path source = Files.write(folder.resolve("source"), bytes);
        TestServer server = TestServer.named("ANYSTORE_TEST_MINIO_URL", "minio");
        Map<String, String> settings = server.settings(TestServer.newBucketName());
        settings.put("checksum", "crc32c-parts");
        StorageConfig.Builder config = StorageConfig.builder("s3");
        settings.forEach(config::set);
        try (ObjectStore store = config.build().open(StoreOptions.DEFAULT.withPartBytes(5L << 20))) {
            BucketAdmin admin = store.unwrap(BucketAdmin.class).orElseThrow();
            admin.create(Call.unbounded());
            assertThat(store.upload(source, "large").verification()).isEqualTo(Verification.WHOLE);

            ObjectInfo info = store.head("large");
            assertThat(info.checksums()).isEmpty();
            assertThat(info.compositeChecksum().orElseThrow().parts()).isEqualTo(3);

            Path target = folder.resolve("target");
            assertThat(store.download("large", target, GetOptions.DEFAULT.withRequireVerified(true))
                            .verification())
                    .isEqualTo(Verification.WHOLE);
            assertThat(target).hasBinaryContent(bytes);
            try (ObjectReader reader = store.get("large")) {
                assertThat(reader.readAllBytes()).isEqualTo(bytes);
                assertThat(reader.verification()).isEqualTo(Verification.WHOLE);
            }
            store.delete("large");
            admin.delete(Call.unbounded());
        }
    }
}
