package dev.anystore.s3;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.ServerCopy;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Copies within the bucket. Takes two requests: the source is looked at first, since the answer to a copy tells neither size
 * nor metadata, and then pinned.
 */
final class S3Copy implements ServerCopy {
    private final S3Client client;
    private final Profile profile;
    private final ObjectHeaders headers;

    S3Copy(S3Client client, ObjectHeaders headers) {
        this.client = client;
        this.profile = client.config().profile();
        this.headers = headers;
    }

    @Override
    public ObjectInfo copy(Copy request, Call call) {
        return headers.defaults().reading(objects -> copy(request, objects, call));
    }

    private ObjectInfo copy(Copy request, ObjectDefaults ofSource, Call call) {
        ObjectInfo source = head(request, ofSource, call);
        S3Request put = S3Request.object("PUT", request.to())
                .header("x-amz-copy-source", source(client, request.from(), request.fromVersion()))
                .slow();
        if (profile.copySourceConditions() && !source.revision().isEmpty()) {
            put.header("x-amz-copy-source-if-match", S3Text.quoted(source.revision()));
        }
        Attributes replacing = request.replacing();
        ofSource.onSource(put);
        if (replacing != null) {
            put.header("x-amz-metadata-directive", "REPLACE");
            headers.write(replacing, put);
        } else {
            headers.defaults().onCreate(put);
        }
        S3Backend.condition(request.condition(), put);
        Attributes attributes = replacing != null ? replacing : attributes(source);
        return client.read(put, call, "CopyObjectResult", (xml, answer) -> {
            ObjectInfo copied = copied(xml, answer, request, source, attributes);
            client.checkEncrypted(answer, request.to(), copied.versionId().orElse(null), copied.revision(), call);
            return copied;
        });
    }

    private ObjectInfo head(Copy request, ObjectDefaults ofSource, Call call) {
        S3Request head = S3Request.object("HEAD", request.from()).queryIfPresent("versionId", request.fromVersion());
        ofSource.onAccess(head);
        if (request.fromRevision() != null) {
            head.header("if-match", S3Text.quoted(request.fromRevision()));
        }
        if (profile.asksForChecksums()) {
            head.header("x-amz-checksum-mode", "ENABLED");
        }
        try (Answer answer = client.send(head, call)) {
            String length = answer.header("content-length");
            return headers.read(request.from(), length == null ? 0 : Long.parseLong(length), answer)
                    .build();
        } catch (NumberFormatException e) {
            throw client.errors().of(new XmlReader.MalformedXml("the length of the source is no number"), head);
        }
    }

    private static Attributes attributes(ObjectInfo source) {
        return new Attributes(
                source.contentType().orElse(null),
                source.contentEncoding().orElse(null),
                source.contentDisposition().orElse(null),
                source.cacheControl().orElse(null),
                source.storageClass().orElse(null),
                source.metadata());
    }

    private ObjectInfo copied(XmlReader xml, Answer answer, Copy request, ObjectInfo source, Attributes attributes)
            throws IOException {
        String tag = "";
        Instant modified = null;
        Checksum checksum = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "ETag" -> tag = S3Text.unquoted(xml.text().trim());
                case "LastModified" -> modified = xml.time();
                case "ChecksumCRC32C" -> checksum = Checksums.parse(Algorithm.CRC32C, xml.text());
                default -> xml.skip();
            }
        }
        if (tag.isEmpty()) {
            throw new XmlReader.MalformedXml("the copy has no entity tag");
        }
        ObjectInfo.Builder info = headers.written(request.to(), source.size(), attributes, tag, answer);
        if (modified != null) {
            info.lastModified(modified);
        }
        return checksum == null ? info.build() : info.addChecksum(checksum).build();
    }

    /** The value of {@code x-amz-copy-source}: the path of an object, encoded as in a request. */
    static String source(S3Client client, String key, @Nullable String version) {
        client.checkKey(key);
        StringBuilder source = new StringBuilder("/");
        PercentEncoding.appendPath(source, client.config().bucket());
        source.append('/');
        PercentEncoding.appendPath(source, key);
        if (version != null) {
            source.append("?versionId=");
            PercentEncoding.appendQuery(source, version);
        }
        return source.toString();
    }

    /** Compares the revision of a source where the service ignores the condition: close before the copy, not with it. */
    static void checkSource(
            S3Client client,
            String key,
            @Nullable String version,
            @Nullable String revision,
            ObjectDefaults ofSource,
            Call call) {
        S3Request head = S3Request.object("HEAD", key).queryIfPresent("versionId", version);
        ofSource.onAccess(head);
        String tag = S3Text.unquoted(client.sendForHead(head, call).header("etag"));
        if (revision != null && !revision.equals(tag)) {
            throw StorageException.builder(Kind.PRECONDITION_FAILED)
                    .message("the source of the copy has another revision by now")
                    .build();
        }
    }
}
