package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a server whose certificate does not fit. */
class S3TlsServerTest {
    private TestServer server;

    @BeforeEach
    void find() {
        server = TestServer.named("ANYSTORE_TEST_MINIO_TLS_URL", "minio", "ANYSTORE_TEST_MINIO_CA");
    }

    private static StorageException failure(Map<String, String> settings) {
        try (PoweredBackend store = TestServer.open(settings)) {
            return failure(store);
        }
    }

    private static StorageException failure(PoweredBackend store) {
        StorageException e =
                catchThrowableOfType(StorageException.class, () -> store.get(GetRequest.head("k"), Call.unbounded()));
        assertThat(e).isNotNull();
        assertThat(e.mayHaveHappened()).isFalse();
        return e;
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsNamedWithItsFix() {
        Map<String, String> settings = new LinkedHashMap<>(server.settings("bkt"));
        settings.remove("ca-bundle");
        StorageException e = failure(settings);
        assertThat(e.kind()).isEqualTo(Kind.PROTOCOL);
        assertThat(e.retryable()).isFalse();
        assertThat(e.getMessage()).contains("not trusted", "STORAGE_CA_BUNDLE");
    }

    @Test
    void aCertificateOfAnotherHostIsNamedWithItsFix() {
        S3Config config = new S3Config(
                Vendor.S3,
                "bkt",
                URI.create("https://other.example:" + server.endpoint().getPort()),
                true,
                "us-east-1",
                Profile.MINIO_SERVER,
                Checksums.CRC32C,
                true,
                new Credentials(TestServer.ID, Secret.of(TestServer.SECRET), null, null),
                false,
                null,
                ObjectDefaults.NONE);
        TransportOptions options = TransportOptions.DEFAULT
                .withResolver(host -> List.of(InetAddress.getLoopbackAddress()))
                .withCaBundle(Path.of(Objects.requireNonNull(server.caBundle())));
        try (S3Backend store =
                new S3Backend(config, new HttpTransport(options), call -> config.credentials(), Clock.systemUTC())) {
            StorageException e = failure(store);
            assertThat(e.kind()).isEqualTo(Kind.PROTOCOL);
            assertThat(e.retryable()).isFalse();
            assertThat(e.getMessage()).contains("another host", "AWS_ENDPOINT_URL_S3");
        }
    }

    @Test
    void aBundleThatIsNoneIsASettingThatIsWrong(@TempDir Path folder) throws Exception {
        Map<String, String> settings = new LinkedHashMap<>(server.settings("bkt"));
        settings.put(
                "ca-bundle",
                Files.writeString(folder.resolve("ca.pem"), "no certificate").toString());
        StorageException e = failure(settings);
        assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(e.getMessage()).contains("STORAGE_CA_BUNDLE");
    }
}
