package dev.anystore.azure;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.WriteCondition;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Links, as shared access signatures of one blob: by the account's key, or by one that the service lends to whoever is
 * signed in. A signature binds no headers; so a put that must not overwrite gets the right to create and no other, and one
 * that expects a revision is refused, as are links for single parts.
 */
final class AzurePresigner implements Presigner {
    private static final Duration LONGEST = Duration.ofDays(7);

    private final AzureClient client;
    private final @Nullable DelegationKeys lent;

    AzurePresigner(AzureClient client) {
        this.client = client;
        this.lent = client.access() instanceof Access.Directory ? new DelegationKeys(client) : null;
    }

    /** Whether there is something that signs. */
    boolean canSign() {
        return lent != null || client.signer() != null;
    }

    @Override
    public Signed presign(Presign request, Call call) {
        BlobNames.check(request.key());
        if (request.part() != null) {
            throw unsupported("a link can't be for one part alone: it could write the object too");
        }
        Instant now = client.now().truncatedTo(ChronoUnit.SECONDS);
        Duration life = request.atMost().compareTo(LONGEST) < 0 ? request.atMost() : LONGEST;
        if (life.toSeconds() < 1) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a link lives for at least a second; " + life + " is left")
                    .build();
        }
        Instant end = now.plusSeconds(life.toSeconds());
        DelegationKeys.Key key = lent == null ? null : lent.until(end, call);
        if (key != null && key.ends().isBefore(end)) {
            end = key.ends();
        }
        Map<String, String> toSend = new TreeMap<>();
        AzureRequest shape = AzureRequest.object(request.method(), request.key(), Right.READ);
        SasText sas = new SasText(client.config(), request.key(), request.version(), rights(request), end);
        switch (request.method()) {
            case "PUT" -> {
                shape.header("x-ms-blob-type", "BlockBlob");
                new BlobHeaders(client.config().accessTier()).write(request.attributes(), shape);
                AzureBackend.condition(request.condition(), shape);
            }
            case "GET" -> sas.overriding(overrides(request.attributes()));
            default -> {}
        }
        for (int i = 0; i < shape.headers().size(); i++) {
            toSend.put(shape.headers().name(i), shape.headers().value(i));
        }
        AzureVersions.name(request.version(), shape);
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < shape.query().size(); i++) {
            query.append(shape.query().name(i)).append('=');
            PercentEncoding.appendQuery(query, shape.query().value(i));
            query.append('&');
        }
        query.append(key == null ? sas.signed(signer()) : sas.signed(key));
        URI uri = URI.create(client.url(request.key()) + '?' + query);
        return new Signed(uri, toSend, end);
    }

    private SharedKeySigner signer() {
        SharedKeySigner signer = client.signer();
        if (signer == null) {
            throw unsupported("without a key nothing can be signed");
        }
        return signer;
    }

    private static String rights(Presign request) {
        return switch (request.method()) {
            case "GET" -> "r";
            case "DELETE" -> request.version() == null ? "d" : "x";
            case "PUT" -> {
                if (request.condition() instanceof WriteCondition.IfRevision) {
                    throw unsupported(
                            "a link of Azure's can't insist on a revision: who uses it may leave the condition out");
                }
                yield request.condition() instanceof WriteCondition.IfAbsent ? "c" : "cw";
            }
            default ->
                throw StorageException.builder(Kind.INVALID_ARGUMENT)
                        .message("links are for GET, PUT and DELETE, not " + AzureText.shown(request.method(), 20))
                        .build();
        };
    }

    private static StorageException unsupported(String message) {
        return StorageException.builder(Kind.UNSUPPORTED).message(message).build();
    }

    /** What the answer shall say instead of what is stored. */
    private static Map<String, String> overrides(Attributes attributes) {
        Map<String, String> overrides = new TreeMap<>();
        put("rsct", attributes.contentType(), overrides);
        put("rsce", attributes.contentEncoding(), overrides);
        put("rscd", attributes.contentDisposition(), overrides);
        put("rscc", attributes.cacheControl(), overrides);
        return overrides;
    }

    private static void put(String name, @Nullable String value, Map<String, String> into) {
        if (value != null) {
            into.put(name, value);
        }
    }

    /** The right to read one blob for as long as a copy may take, for the service itself. */
    static String forCopy(AzureClient client, SharedKeySigner signer, String key, @Nullable String version) {
        Instant end = client.now().truncatedTo(ChronoUnit.SECONDS).plus(1, ChronoUnit.HOURS);
        return new SasText(client.config(), key, version, "r", end).signed(signer);
    }
}
