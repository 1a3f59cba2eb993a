package dev.anystore.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.storage.common.StorageSharedKeyCredential;
import java.net.URI;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Our signatures, held against those of Azure's own library. */
class SharedKeySignerTest {
    private static final byte[] KEY = Base64.getDecoder().decode(TestServer.KEY);
    private final SharedKeySigner signer = new SharedKeySigner("example", KEY);
    private final StorageSharedKeyCredential oracle = new StorageSharedKeyCredential("example", TestServer.KEY);

    private String theirs(String method, String path, Fields query, Fields headers, long length) throws Exception {
        HttpHeaders all = new HttpHeaders();
        for (int i = 0; i < headers.size(); i++) {
            all.set(HttpHeaderName.fromString(headers.name(i)), headers.value(i));
        }
        // Azure's own pipeline always sets it; without it the library would sign the word null.
        all.set(HttpHeaderName.CONTENT_LENGTH, Long.toString(Math.max(0, length)));
        StringBuilder url = new StringBuilder("https://example.blob.core.windows.net").append(path);
        for (int i = 0; i < query.size(); i++) {
            url.append(i == 0 ? '?' : '&').append(query.name(i)).append('=');
            PercentEncoding.appendQuery(url, query.value(i));
        }
        return oracle.generateAuthorizationHeader(URI.create(url.toString()).toURL(), method, all, false);
    }

    @Test
    void requestsAreSignedAsAzuresOwnLibrarySignsThem() throws Exception {
        Random random = new Random(7);
        String[] names = {
            "x-ms-blob-type", "x-ms-version", "x-ms-meta-a", "x-ms-meta-a_b", "x-ms-meta-a1", "x-ms-meta-ab",
                    "content-type",
            "content-md5", "if-match", "if-none-match", "range", "x-ms-copy-source", "x-ms-blob-content-type",
                    "x-ms-source-if-match"
        };
        String[] parameters = {"comp", "restype", "blockid", "prefix", "marker", "timeout"};
        for (int i = 0; i < 300; i++) {
            Fields headers = new Fields().set("x-ms-date", "Sat, 21 Nov 2026 12:00:00 GMT");
            Fields query = new Fields();
            for (String name : names) {
                if (random.nextInt(3) == 0) {
                    headers.set(name, "value " + random.nextInt(1000) + "=");
                }
            }
            for (String name : parameters) {
                if (random.nextInt(3) == 0) {
                    query.set(name, "a b/\u00e9+=" + random.nextInt(1000));
                }
            }
            String method = random.nextBoolean() ? "PUT" : "GET";
            long length = random.nextInt(3) - 1L;
            String path = "/container/" + PercentEncoding.query("caf\u00e9 " + i);
            assertThat(signer.authorization(method, path, query, headers, length))
                    .as(signer.text(method, path, query, headers, length))
                    .isEqualTo(theirs(method, path, query, headers, length));
        }
    }

    @Test
    void anUnderscoreComesBeforeDigitsAndHyphensDoNotCount() {
        assertThat(SharedKeySigner.compare("x-ms-meta-a_b", "x-ms-meta-a1")).isNegative();
        assertThat(SharedKeySigner.compare("x-ms-meta-a", "x-ms-meta-a_b")).isNegative();
        assertThat(SharedKeySigner.compare("x-ms-blob-type", "x-ms-blobs")).isPositive();
        assertThat(SharedKeySigner.compare("x-ms-a", "x-ms-a")).isZero();
    }

    @Test
    void noTextHasTheKey() {
        assertThat(signer.toString()).isEqualTo("SharedKeySigner[example]");
    }
}
