package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.Body;
import dev.anystore.ByteRange;
import dev.anystore.CopyOptions;
import dev.anystore.GetOptions;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encryption on a server that really encrypts, by all verbs. */
class EncryptionServerTest {
    private static final String KEY = key("a key that opens nothing at all.");
    private static final String NEXT_KEY = key("the one after it, just the same.");

    private static String key(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(bytes).hasSize(32);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static TestServer plain() {
        return TestServer.named("ANYSTORE_TEST_MINIO_URL", "minio");
    }

    private static TestServer tls() {
        return TestServer.named("ANYSTORE_TEST_MINIO_TLS_URL", "minio", "ANYSTORE_TEST_MINIO_CA");
    }

    private static ObjectStore open(TestServer server, String bucket, String... more) {
        StorageConfig.Builder builder = StorageConfig.builder("s3");
        server.settings(bucket).forEach(builder::set);
        for (int i = 0; i < more.length; i += 2) {
            builder.set(more[i], more[i + 1]);
        }
        return builder.build().open();
    }

    private static BucketAdmin admin(ObjectStore store) {
        return store.unwrap(BucketAdmin.class).orElseThrow();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Small and in parts, whole and in ranges, uploaded, downloaded and copied. */
    private static void allVerbs(ObjectStore store, Path folder) throws Exception {
        byte[] small = random(1000);
        byte[] large = random((20 << 20) + 17);
        store.put("small", Body.of(small));
        assertThat(store.getBytes("small", GetOptions.DEFAULT)).isEqualTo(small);
        Path file = Files.write(folder.resolve("large"), large);
        store.upload(file, "large");
        assertThat(store.head("large").size()).isEqualTo(large.length);
        store.download("large", folder.resolve("copy"));
        assertThat(Files.mismatch(file, folder.resolve("copy"))).isEqualTo(-1);
        assertThat(store.getBytes("large", GetOptions.DEFAULT.withRange(ByteRange.of(10_000_000, 100))))
                .isEqualTo(Arrays.copyOfRange(large, 10_000_000, 10_000_100));
        store.copy("small", "copied", CopyOptions.DEFAULT);
        assertThat(store.getBytes("copied", GetOptions.DEFAULT)).isEqualTo(small);
        store.copy(
                "small", "replaced", CopyOptions.DEFAULT.replacing(PutOptions.DEFAULT.withContentType("text/plain")));
        assertThat(store.head("replaced").contentType()).contains("text/plain");
        assertThat(store.getBytes("replaced", GetOptions.DEFAULT)).isEqualTo(small);
    }

    private static void clear(ObjectStore store) {
        store.deleteAll(store.list("", dev.anystore.ListOptions.DEFAULT).stream()
                .map(dev.anystore.ListEntry::key)
                .toList());
        admin(store).delete(Call.unbounded());
    }

    @Test
    void theServicesOwnKeysAndThoseOfItsKeyManagementEncrypt(@TempDir Path folder) throws Exception {
        TestServer server = plain();
        for (String[] settings : List.of(new String[] {"encryption", "AES256"}, new String[] {
            "encryption", "aws:kms", "encryption-key-id", "anystore-test", "encryption-context", "team=blue"
        })) {
            String bucket = TestServer.newBucketName();
            try (ObjectStore store = open(server, bucket, settings)) {
                admin(store).create(Call.unbounded());
                allVerbs(store, folder);
                clear(store);
            }
        }
    }

    @Test
    void aKeyThatTheServiceDoesNotKnowIsRefused() {
        String bucket = TestServer.newBucketName();
        try (ObjectStore store = open(plain(), bucket, "encryption", "aws:kms", "encryption-key-id", "no-such-key")) {
            admin(store).create(Call.unbounded());
            StorageException e =
                    catchThrowableOfType(StorageException.class, () -> store.put("k", Body.of(new byte[10])));
            assertThat(e.retryable()).isFalse();
            assertThat(store.exists("k")).isFalse();
            admin(store).delete(Call.unbounded());
        }
    }

    @Test
    void onlyWhoHasTheKeyReadsWhatItEncrypted(@TempDir Path folder) throws Exception {
        TestServer server = tls();
        String bucket = TestServer.newBucketName();
        try (ObjectStore store = open(server, bucket, "encryption-customer-key", KEY);
                ObjectStore stranger = open(server, bucket);
                ObjectStore other = open(server, bucket, "encryption-customer-key", NEXT_KEY)) {
            admin(store).create(Call.unbounded());
            allVerbs(store, folder);
            for (ObjectStore without : List.of(stranger, other)) {
                for (String key : List.of("small", "large", "copied")) {
                    StorageException e = catchThrowableOfType(
                            StorageException.class, () -> without.getBytes(key, GetOptions.DEFAULT));
                    assertThat(e).as(key).isNotNull();
                    assertThat(e.getMessage()).doesNotContain(KEY, NEXT_KEY);
                }
            }
            clear(store);
        }
    }

    @Test
    void aCopyChangesTheKey(@TempDir Path folder) throws Exception {
        TestServer server = tls();
        String bucket = TestServer.newBucketName();
        try (ObjectStore before = open(server, bucket, "encryption-customer-key", KEY);
                ObjectStore change =
                        open(server, bucket, "encryption-customer-key", NEXT_KEY, "encryption-previous-key", KEY);
                ObjectStore after = open(server, bucket, "encryption-customer-key", NEXT_KEY)) {
            admin(before).create(Call.unbounded());
            byte[] bytes = random(5000);
            before.put("old", Body.of(bytes));
            assertThat(change.getBytes("old", GetOptions.DEFAULT)).isEqualTo(bytes);
            change.copy("old", "new", CopyOptions.DEFAULT);
            assertThat(after.getBytes("new", GetOptions.DEFAULT)).isEqualTo(bytes);
            assertThat(catchThrowableOfType(StorageException.class, () -> before.getBytes("new", GetOptions.DEFAULT)))
                    .isNotNull();
            clear(before);
        }
    }
}
