package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2GetDownloadAuthorizationRequest;
import dev.anystore.Capability;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.Presigner;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Links for reading, by a download authorisation; one request each, for which the application key needs {@code shareFiles}. The
 * service gives authorisations for prefixes: whoever has a link to {@code a} can read {@code ab} too, if there is such a
 * file. There are none for writing, for deleting or for a version.
 */
final class B2Links implements Presigner {
    /** https://www.backblaze.com/apidocs/b2-get-download-authorization: from one second to one week. */
    private static final Duration LONGEST = Duration.ofDays(7);

    private final B2Client client;

    B2Links(B2Client client) {
        this.client = client;
    }

    @Override
    public Signed presign(Presign request, Call call) {
        if (!request.method().equals("GET") || request.part() != null) {
            throw unsupported(
                    request.method().equals("DELETE") ? Capability.PRESIGN_DELETE : Capability.PRESIGN_PUT,
                    "B2 has links for reading only");
        }
        if (request.version() != null) {
            throw unsupported(Capability.PRESIGN_GET, "B2 has no links to versions");
        }
        FileInfos.checkKey(request.key());
        client.authorizations().checkName(request.key(), call);
        Duration life = request.atMost().compareTo(LONGEST) < 0 ? request.atMost() : LONGEST;
        int seconds = (int) life.toSeconds();
        if (seconds < 1) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a link lives for at least a second")
                    .build();
        }
        Attributes overrides = request.attributes();
        String bucket = client.authorizations().bucketId(call);
        B2GetDownloadAuthorizationRequest.Builder authorization =
                B2GetDownloadAuthorizationRequest.builder(bucket, request.key(), seconds);
        Map<String, String> query = new LinkedHashMap<>();
        override(query, "b2ContentType", overrides.contentType(), authorization::setB2ContentType);
        override(query, "b2ContentEncoding", overrides.contentEncoding(), authorization::setB2ContentEncoding);
        override(query, "b2ContentDisposition", overrides.contentDisposition(), authorization::setB2ContentDisposition);
        override(query, "b2CacheControl", overrides.cacheControl(), authorization::setB2CacheControl);
        Instant now = Instant.now();
        return client.ask(call, (api, account) -> {
            query.put(
                    "Authorization",
                    api.getDownloadAuthorization(account, authorization.build()).getAuthorizationToken());
            B2Address base =
                    B2Address.of(account.getDownloadUrl(), client.config().allowHttp());
            B2Address file = base.below(Downloads.path(client.config().bucket(), request.key()), null);
            StringJoiner text = new StringJoiner("&");
            query.forEach((name, value) -> text.add(name + '=' + Percent.encode(value)));
            return new Signed(URI.create(file + "?" + text), Map.of(), now.plusSeconds(seconds));
        });
    }

    private static void override(
            Map<String, String> query, String name, @Nullable String value, Consumer<String> also) {
        if (value != null) {
            query.put(name, value);
            also.accept(value);
        }
    }

    private static StorageException unsupported(Capability capability, String message) {
        return StorageException.builder(Kind.UNSUPPORTED)
                .capability(capability)
                .message(message)
                .build();
    }
}
