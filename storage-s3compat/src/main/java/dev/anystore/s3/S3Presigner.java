package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.Presigner;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * Signs requests for somebody else to send. A link lives as long as asked, at most seven days, and never longer than the
 * credentials that signed it.
 */
final class S3Presigner implements Presigner {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html, and the same at every vendor
    private static final Duration LONGEST = Duration.ofDays(7);

    private final S3Client client;
    private final ObjectHeaders headers;

    S3Presigner(S3Client client, ObjectHeaders headers) {
        this.client = client;
        this.headers = headers;
    }

    @Override
    public Signed presign(Presign request, Call call) {
        Credentials credentials = client.credentials(call);
        if (credentials == null) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("without credentials nothing can be signed")
                    .build();
        }
        client.checkKey(request.key());
        Instant now = client.now().truncatedTo(ChronoUnit.SECONDS);
        long seconds = seconds(request.atMost(), now, credentials);
        S3Request signed =
                S3Request.object(request.method(), request.key()).queryIfPresent("versionId", request.version());
        PartOf part = request.part();
        switch (request.method()) {
            case "PUT" -> {
                if (part == null) {
                    headers.write(request.attributes(), signed);
                    S3Backend.condition(request.condition(), signed);
                } else {
                    signed.query("partNumber", Integer.toString(part.number())).query("uploadId", part.uploadId());
                }
            }
            case "GET" -> override(request.attributes(), signed);
            case "DELETE" -> {}
            default ->
                throw StorageException.builder(Kind.INVALID_ARGUMENT)
                        .message("links are for GET, PUT and DELETE, not " + S3Text.shown(request.method(), 20))
                        .build();
        }
        if (client.config().objects().requesterPays()) {
            // Whoever has the link pays nothing: who signed it does.
            signed.query("x-amz-request-payer", "requester");
        }
        Map<String, String> toSend = new TreeMap<>();
        for (int i = 0; i < signed.headers().size(); i++) {
            toSend.put(signed.headers().name(i), signed.headers().value(i));
        }
        Place place = client.place();
        signed.header("host", place.origin().hostHeader());
        String path = place.path(request.key());
        String query = client.signer()
                .presign(
                        request.method(),
                        path,
                        signed.query(),
                        signed.headers(),
                        credentials,
                        place.region(),
                        now,
                        seconds);
        // Put together as text: the constructors of URI would encode what is encoded.
        URI uri = URI.create(place.origin() + path + '?' + query);
        return new Signed(uri, toSend, now.plusSeconds(seconds));
    }

    private static long seconds(Duration atMost, Instant now, Credentials credentials) {
        Duration life = atMost.compareTo(LONGEST) < 0 ? atMost : LONGEST;
        Instant end = credentials.expiresAt();
        if (end != null && now.plus(life).isAfter(end)) {
            life = Duration.between(now, end);
        }
        if (life.toSeconds() < 1) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a link lives for at least a second; " + life + " is left")
                    .build();
        }
        return life.toSeconds();
    }

    /** What the answer shall say instead of what is stored. */
    private static void override(Attributes attributes, S3Request request) {
        request.queryIfPresent("response-content-type", attributes.contentType())
                .queryIfPresent("response-content-encoding", attributes.contentEncoding())
                .queryIfPresent("response-content-disposition", attributes.contentDisposition())
                .queryIfPresent("response-cache-control", attributes.cacheControl());
    }
}
