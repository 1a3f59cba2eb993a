package dev.anystore.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.util.VersionInfo;

/**
 * What one would write by hand on the best general HTTP client: Signature Version 4 with the signing key kept for its day,
 * unsigned payloads, CRC32C both ways, StAX for listings.
 */
public final class Apache5Small implements SmallContender {
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final String CRC = "x-amz-checksum-crc32c";

    @Override
    public String name() {
        return "httpclient5";
    }

    @Override
    public String description() {
        VersionInfo version = VersionInfo.loadVersionInfo(
                "org.apache.hc.client5", CloseableHttpClient.class.getClassLoader());
        return "Apache HttpClient " + (version == null ? "5" : version.getRelease())
                + " with signing of its own, CRC32C both ways";
    }

    @Override
    public Client open(URI endpoint, int connections) {
        CloseableHttpClient http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .useSystemProperties()
                        .setMaxConnPerRoute(connections)
                        .setMaxConnTotal(connections)
                        .build())
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .disableRedirectHandling()
                .build();
        return new SigningClient(http, HttpHost.create(endpoint));
    }

    /** The key of one day. */
    private record DayKey(String day, SecretKeySpec key) {}

    private static final class SigningClient implements Client {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

        private final CloseableHttpClient http;
        private final HttpHost host;
        private final XMLInputFactory xml = XMLInputFactory.newFactory();
        private volatile DayKey dayKey = new DayKey("", new SecretKeySpec(new byte[1], "HmacSHA256"));

        SigningClient(CloseableHttpClient http, HttpHost host) {
            this.http = http;
            this.host = host;
            xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        }

        @Override
        public void put(String key, byte[] bytes) throws Exception {
            send("PUT", key, "", Map.of(CRC, crc32c(bytes)), bytes, response -> {
                EntityUtils.consume(response.getEntity());
                return expect(200, response.getCode());
            });
        }

        @Override
        public byte[] get(String key) throws Exception {
            return send("GET", key, "", Map.of("x-amz-checksum-mode", "ENABLED"), null, response -> {
                expect(200, response.getCode());
                byte[] bytes = EntityUtils.toByteArray(response.getEntity());
                if (!crc32c(bytes).equals(response.getFirstHeader(CRC).getValue())) {
                    throw new IOException("wrong bytes");
                }
                return bytes;
            });
        }

        @Override
        public long head(String key) throws Exception {
            return send("HEAD", key, "", Map.of(), null, response -> {
                expect(200, response.getCode());
                return Long.parseLong(response.getFirstHeader("Content-Length").getValue());
            });
        }

        @Override
        public void delete(String key) throws Exception {
            send("DELETE", key, "", Map.of(), null, response -> expect(204, response.getCode()));
        }

        @Override
        public int page() throws Exception {
            String query = "encoding-type=url&list-type=2&max-keys=" + SmallVerb.KEYS;
            return send("GET", "", query, Map.of(), null, response -> {
                expect(200, response.getCode());
                HttpEntity entity = response.getEntity();
                try (InputStream document = entity.getContent()) {
                    return entries(document).size();
                }
            });
        }

        /** Everything that an entry says. */
        private record Entry(String key, long size, String tag, Instant modified) {}

        private List<Entry> entries(InputStream document) throws IOException {
            try {
                XMLStreamReader reader = xml.createXMLStreamReader(document);
                List<Entry> entries = new ArrayList<>();
                Map<String, String> fields = new TreeMap<>();
                while (reader.hasNext()) {
                    int event = reader.next();
                    if (event == XMLStreamConstants.START_ELEMENT) {
                        switch (reader.getLocalName()) {
                            case "Contents" -> fields.clear();
                            case "Key", "Size", "ETag", "LastModified" -> fields.put(
                                    reader.getLocalName(), reader.getElementText());
                            default -> {}
                        }
                    } else if (event == XMLStreamConstants.END_ELEMENT
                            && reader.getLocalName().equals("Contents")) {
                        entries.add(new Entry(
                                java.net.URLDecoder.decode(fields.getOrDefault("Key", ""), StandardCharsets.UTF_8),
                                Long.parseLong(fields.getOrDefault("Size", "")),
                                fields.getOrDefault("ETag", ""),
                                Instant.parse(fields.getOrDefault("LastModified", ""))));
                    }
                }
                return entries;
            } catch (XMLStreamException e) {
                throw new IOException(e);
            }
        }

        private static int expect(int expected, int status) throws IOException {
            if (status != expected) {
                throw new IOException("status " + status);
            }
            return status;
        }

        private static String crc32c(byte[] bytes) {
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            return Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(4)
                            .putInt((int) crc.getValue())
                            .array());
        }

        private <T> T send(
                String method,
                String key,
                String query,
                Map<String, String> fields,
                byte @org.jspecify.annotations.Nullable [] body,
                HttpClientResponseHandler<T> handler)
                throws IOException, GeneralSecurityException {
            String path = "/" + LoopbackS3.BUCKET + "/" + key;
            TreeMap<String, String> signed = new TreeMap<>(fields);
            String time = TIME.format(Instant.now());
            signed.put("host", host.toHostString());
            signed.put("x-amz-content-sha256", UNSIGNED);
            signed.put("x-amz-date", time);
            ClassicRequestBuilder request = ClassicRequestBuilder.create(method)
                    .setHttpHost(host)
                    .setPath(path + (query.isEmpty() ? "" : "?" + query));
            signed.forEach((name, value) -> {
                if (!name.equals("host")) {
                    request.setHeader(name, value);
                }
            });
            request.setHeader("Authorization", authorization(method, path, query, signed, time));
            if (body != null) {
                request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
            }
            ClassicHttpRequest built = request.build();
            return http.execute(host, built, handler);
        }

        private String authorization(
                String method, String path, String query, TreeMap<String, String> signed, String time)
                throws GeneralSecurityException {
            StringBuilder canonical = new StringBuilder(512)
                    .append(method)
                    .append('\n')
                    .append(path)
                    .append('\n')
                    .append(query)
                    .append('\n');
            signed.forEach((name, value) ->
                    canonical.append(name).append(':').append(value).append('\n'));
            String names = String.join(";", signed.keySet());
            canonical.append('\n').append(names).append('\n').append(UNSIGNED);
            String day = time.substring(0, 8);
            String scope = day + "/" + Job.REGION + "/s3/aws4_request";
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
            String text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                    + HexFormat.of().formatHex(digest);
            return "AWS4-HMAC-SHA256 Credential=" + Job.ACCESS_KEY + "/" + scope + ", SignedHeaders=" + names
                    + ", Signature=" + HexFormat.of().formatHex(hmac(key(day), text));
        }

        private SecretKeySpec key(String day) throws GeneralSecurityException {
            DayKey known = dayKey;
            if (known.day().equals(day)) {
                return known.key();
            }
            byte[] bytes = ("AWS4" + Job.SECRET_KEY).getBytes(StandardCharsets.UTF_8);
            for (String step : List.of(day, Job.REGION, "s3", "aws4_request")) {
                bytes = hmac(new SecretKeySpec(bytes, "HmacSHA256"), step);
            }
            SecretKeySpec key = new SecretKeySpec(bytes, "HmacSHA256");
            dayKey = new DayKey(day, key);
            return key;
        }

        private static byte[] hmac(SecretKeySpec key, String text) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            http.close();
        }
    }
}
