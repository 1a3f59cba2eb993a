package dev.anystore.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One request of somebody who has a link and nothing else, on a connection that is gone afterwards. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record LinkFetch(int status, byte[] bytes) {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(30).toMillis();

    static LinkFetch of(
            StorageHarness harness, URI uri, String method, Map<String, String> headers, byte @Nullable [] body)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        SSLContext tls = harness.tls();
        if (connection instanceof HttpsURLConnection secure && tls != null) {
            secure.setSSLSocketFactory(tls.getSocketFactory());
        }
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod(method);
        headers.forEach((name, value) -> {
            // The client sets it from the URL, and lets nobody else.
            if (!name.toLowerCase(Locale.ROOT).equals("host")) {
                connection.setRequestProperty(name, value);
            }
        });
        connection.setRequestProperty("Connection", "close");
        try {
            if (body != null) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(body.length);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            int status = connection.getResponseCode();
            try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new LinkFetch(status, in == null ? new byte[0] : in.readAllBytes());
            }
        } finally {
            connection.disconnect();
        }
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
