package dev.anystore.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.HttpMethod;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.SignUrlOption;
import com.google.cloud.storage.StorageOptions;
import dev.anystore.Body;
import dev.anystore.Link;
import dev.anystore.LinkOptions;
import dev.anystore.ObjectStore;
import dev.anystore.testkit.gcs.GcsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links, whose signatures the server checks, and which are held against those that Google's client makes. */
class PresignTest {
    private GcsServer server;
    private Path credentials;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = GcsServer.start();
        server.createBucket("tests");
        credentials = server.writeCredentials(folder.resolve("account.json"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static int status(URI link) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) link.toURL().openConnection();
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private static Map<String, String> query(URI link) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : link.getRawQuery().split("&", -1)) {
            query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return query;
    }

    @Test
    void googlesClientSignsTheSame() throws Exception {
        ServiceAccountCredentials account;
        try (InputStream in = Files.newInputStream(credentials)) {
            account = ServiceAccountCredentials.fromStream(in);
        }
        Storage google = StorageOptions.http()
                .setProjectId("example")
                .setCredentials(account)
                .setHost(server.endpoint().toString())
                .build()
                .getService();
        try (ObjectStore store = TestStores.open(server, "credentials", credentials.toString())) {
            for (String key : List.of("k", "a folder/ü + 100 %", "a//b", "~.-_")) {
                store.put(key, Body.of("bytes".getBytes(StandardCharsets.UTF_8)));
                // Both sign within one second, but for once in a while.
                boolean same = false;
                for (int i = 0; i < 20 && !same; i++) {
                    URI ours = store.presignGet(key, Duration.ofMinutes(5), LinkOptions.DEFAULT)
                            .uri();
                    URI theirs = google.signUrl(
                                    BlobInfo.newBuilder("tests", key).build(),
                                    5,
                                    TimeUnit.MINUTES,
                                    SignUrlOption.httpMethod(HttpMethod.GET),
                                    SignUrlOption.withV4Signature(),
                                    SignUrlOption.withPathStyle(),
                                    SignUrlOption.withHostName(server.endpoint().toString()))
                            .toURI();
                    same = query(ours).equals(query(theirs));
                    assertThat(status(ours)).as(key).isEqualTo(200);
                    assertThat(status(theirs)).as(key).isEqualTo(200);
                }
                assertThat(same).as(key).isTrue();
            }
        }
        google.close();
    }

    @Test
    void anAccountWithoutAKeyHasItsLinksSignedByTheService() throws Exception {
        String json = "{\"type\": \"impersonated_service_account\", \"service_account_impersonation_url\": \""
                + server.endpoint()
                + "/v1/projects/-/serviceAccounts/tester@example.iam.gserviceaccount.com:generateAccessToken\","
                + " \"source_credentials\": " + Files.readString(credentials) + "}";
        Path file = Files.writeString(folder.resolve("acting.json"), json);
        try (ObjectStore store = TestStores.open(server, "credentials", file.toString())) {
            store.put("k", Body.of(new byte[3]));
            Link link = store.presignGet("k", Duration.ofDays(6), LinkOptions.DEFAULT);
            assertThat(Duration.between(Instant.now(), link.expiresAt().orElseThrow()))
                    .isLessThanOrEqualTo(Duration.ofHours(12));
            assertThat(status(link.uri())).isEqualTo(200);
        }
    }
}
