package dev.anystore.gcs;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.Presigner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Signs requests for somebody else to send: by the key of the account, or by the service that signs for accounts without one.
 *
 * @see <a href="https://cloud.google.com/storage/docs/authentication/signatures">V4 signatures</a>
 */
final class GcsPresigner implements Presigner {
    private static final Duration LONGEST = Duration.ofDays(7);

    // https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob: the key behind
    // it
    // is changed, and is sure to be known for twelve hours only
    private static final Duration LONGEST_REMOTE = Duration.ofHours(12);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final HexFormat HEX = HexFormat.of();

    private final GcsClient client;
    private final ObjectHeaders headers;

    GcsPresigner(GcsClient client, ObjectHeaders headers) {
        this.client = client;
        this.headers = headers;
    }

    @Override
    public Signed presign(Presign request, Call call) {
        GcsClient.checkKey(request.key());
        TokenSource.Signer signer = client.tokens().signer(call);
        if (signer == null) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("these credentials can't sign: they are no service account's")
                    .fix("set " + GcsSettings.CREDENTIALS.howToSet()
                            + " to a service account's file, or to one that impersonates one")
                    .build();
        }
        GcsRequest signed = GcsRequest.xmlObject(request.method(), client.bucket(), request.key());
        Map<String, String> query = new TreeMap<>();
        if (request.version() != null) {
            query.put("generation", request.version());
        }
        PartOf part = request.part();
        switch (request.method()) {
            case "PUT" -> {
                if (part == null) {
                    headers.writeForOthers(request.attributes(), signed);
                    String ownClass = request.attributes().storageClass();
                    signed.headerIfPresent(
                            "x-goog-storage-class",
                            ownClass != null ? ownClass : headers.defaults().storageClass());
                    signed.headerIfPresent(
                            "x-goog-encryption-kms-key-name", headers.defaults().kmsKey());
                    Conditions.onXml(request.condition(), signed);
                } else {
                    query.put("partNumber", Integer.toString(part.number()));
                    query.put("uploadId", part.uploadId());
                }
            }
            case "GET" -> override(request.attributes(), query);
            case "DELETE" -> {}
            default ->
                throw StorageException.builder(Kind.INVALID_ARGUMENT)
                        .message("links are for GET, PUT and DELETE, not " + GcsText.shown(request.method(), 20))
                        .build();
        }
        if (headers.defaults().userProject() != null) {
            // Whoever has the link pays nothing: who signed it does.
            query.put("userProject", headers.defaults().userProject());
        }
        return sign(request, signed, query, signer, call);
    }

    private Signed sign(
            Presign request, GcsRequest signed, Map<String, String> query, TokenSource.Signer signer, Call call) {
        Instant now = client.now().truncatedTo(ChronoUnit.SECONDS);
        long seconds = seconds(request.atMost(), signer);
        Map<String, String> toSend = new TreeMap<>();
        List<String> fields = signed.headers();
        for (int i = 0; i < fields.size(); i += 2) {
            toSend.put(fields.get(i), fields.get(i + 1));
        }
        Map<String, String> all = new TreeMap<>(toSend);
        all.put("host", client.origin().hostHeader());
        String time = TIME.format(now);
        String scope = time.substring(0, 8) + "/auto/storage/goog4_request";
        query.put("X-Goog-Algorithm", "GOOG4-RSA-SHA256");
        query.put("X-Goog-Credential", signer.account() + '/' + scope);
        query.put("X-Goog-Date", time);
        query.put("X-Goog-Expires", Long.toString(seconds));
        query.put("X-Goog-SignedHeaders", String.join(";", all.keySet()));
        StringBuilder queryText = new StringBuilder();
        query.forEach((name, value) -> {
            queryText.append(queryText.length() == 0 ? "" : "&");
            PercentEncoding.appendQuery(queryText, name);
            queryText.append('=');
            PercentEncoding.appendQuery(queryText, value);
        });
        StringBuilder canonical = new StringBuilder(request.method())
                .append('\n')
                .append(signed.path())
                .append('\n')
                .append(queryText)
                .append('\n');
        all.forEach((name, value) ->
                canonical.append(name).append(':').append(value.trim()).append('\n'));
        canonical.append('\n').append(String.join(";", all.keySet())).append("\nUNSIGNED-PAYLOAD");
        String toSign = "GOOG4-RSA-SHA256\n" + time + '\n' + scope + '\n' + HEX.formatHex(sha256(canonical.toString()));
        byte[] signature = signer.sign(toSign.getBytes(StandardCharsets.UTF_8), call);
        // Put together as text: the constructors of URI would encode what is encoded.
        URI uri = URI.create(
                client.origin() + signed.path() + '?' + queryText + "&X-Goog-Signature=" + HEX.formatHex(signature));
        return new Signed(uri, toSend, now.plusSeconds(seconds));
    }

    private static long seconds(Duration atMost, TokenSource.Signer signer) {
        Duration longest = signer.remote() ? LONGEST_REMOTE : LONGEST;
        Duration life = atMost.compareTo(longest) < 0 ? atMost : longest;
        if (life.toSeconds() < 1) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a link lives for at least a second; " + life + " is left")
                    .build();
        }
        return life.toSeconds();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** What the answer shall say instead of what is stored: the service lets a link change these two. */
    private static void override(Attributes attributes, Map<String, String> query) {
        if (attributes.contentEncoding() != null || attributes.cacheControl() != null) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("a link of this service changes the type and the disposition of the answer, nothing else")
                    .build();
        }
        if (attributes.contentType() != null) {
            query.put("response-content-type", attributes.contentType());
        }
        if (attributes.contentDisposition() != null) {
            query.put("response-content-disposition", attributes.contentDisposition());
        }
    }
}
