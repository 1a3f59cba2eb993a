package dev.anystore.azure;

import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpResponse;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.ServerCopy;
import org.jspecify.annotations.Nullable;

/**
 * Copies within the container, done when the service answers; its other copy goes on for as long as it likes, with a target
 * that is there and empty. Takes two requests: the source is looked at first, and then pinned.
 */
final class AzureCopy implements ServerCopy {
    /** https://learn.microsoft.com/rest/api/storageservices/copy-blob-from-url */
    static final long MAX_BYTES = 256L << 20;

    private final AzureClient client;
    private final BlobHeaders headers;

    AzureCopy(AzureClient client, BlobHeaders headers) {
        this.client = client;
        this.headers = headers;
    }

    @Override
    public ObjectInfo copy(Copy request, Call call) {
        AzureRequest head = AzureRequest.object("HEAD", request.from(), Right.READ);
        AzureVersions.name(request.fromVersion(), head);
        if (request.fromRevision() != null) {
            head.header("if-match", AzureText.quoted(request.fromRevision()));
        }
        HttpResponse found = client.sendForHead(head, call);
        long size = AzureBackend.number(found.header("content-length"));
        if (size < 0) {
            throw client.errors().of(new XmlReader.MalformedXml("the length of the source is no number"), head);
        }
        ObjectInfo source = BlobHeaders.read(request.from(), size, found).build();
        AzureRequest put = AzureRequest.object("PUT", request.to(), Right.WRITE).slow();
        source(client, request.from(), request.fromVersion(), put, call);
        if (!source.revision().isEmpty()) {
            put.header("x-ms-source-if-match", AzureText.quoted(source.revision()));
        }
        AzureBackend.condition(request.condition(), put);
        Attributes replacing = request.replacing();
        if (replacing == null) {
            // Properties and metadata come with the bytes.
            put.header("x-ms-requires-sync", "true");
            headers.tier(put);
        } else {
            // Only a put from a URL takes properties, and without them it would copy those of the source.
            put.header("x-ms-blob-type", "BlockBlob").header("x-ms-copy-source-blob-properties", "false");
            headers.write(replacing, put);
        }
        HttpResponse answer = client.sendForHead(put, call);
        String status = answer.header("x-ms-copy-status");
        if (status != null && !status.equals("success")) {
            throw StorageException.builder(Kind.UNAVAILABLE)
                    .message("the copy is " + AzureText.shown(status, 20) + ", not done")
                    .mayHaveHappened(true)
                    .build();
        }
        Attributes attributes = replacing != null ? replacing : attributes(source);
        return headers.written(request.to(), size, attributes, attributes.metadata(), answer)
                .build();
    }

    private static Attributes attributes(ObjectInfo source) {
        return new Attributes(
                source.contentType().orElse(null),
                source.contentEncoding().orElse(null),
                source.contentDisposition().orElse(null),
                source.cacheControl().orElse(null),
                null,
                source.metadata());
    }

    /** Names the source, with what lets the service read it: our own right to does not count. */
    static void source(AzureClient client, String key, @Nullable String version, AzureRequest put, Call call) {
        BlobNames.check(key);
        AzureRequest read = AzureRequest.object("GET", key, Right.READ);
        AzureVersions.name(version, read);
        StringBuilder url = new StringBuilder(client.url(key));
        String query = client.query(read, true);
        String separator = query == null ? "?" : "&";
        if (query != null) {
            url.append('?').append(query);
        }
        if (client.access() instanceof Access.Directory directory) {
            put.header(
                    "x-ms-copy-source-authorization",
                    "Bearer " + directory.tokens().token(call).reveal());
        } else if (client.signer() != null) {
            url.append(separator).append(AzurePresigner.forCopy(client, client.signer(), key, version));
        }
        put.header("x-ms-copy-source", url.toString());
    }
}
