package dev.anystore.s3;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.CompositeChecksum;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.http.HttpResponse;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Uploads in parts. */
final class S3Multipart implements Multipart {
    private static final String PAGE = "1000";

    private final S3Client client;
    private final Profile profile;
    private final Checksums checksums;
    private final ObjectHeaders headers;
    private final S3Bodies bodies;

    S3Multipart(S3Client client, ObjectHeaders headers, S3Bodies bodies) {
        this.client = client;
        this.profile = client.config().profile();
        this.checksums = client.config().checksums();
        this.headers = headers;
        this.bodies = bodies;
    }

    @Override
    public String begin(Begin request, Call call) {
        S3Request post = S3Request.object("POST", request.key()).query("uploads", "");
        headers.write(request.attributes(), post);
        if (checksums.isCrc32c() && (!request.copied() || profile.digestsCopiedParts())) {
            post.header("x-amz-checksum-algorithm", "CRC32C");
            if (checksums == Checksums.CRC32C) {
                post.header("x-amz-checksum-type", "FULL_OBJECT");
            }
        }
        return client.read(post, call, "InitiateMultipartUploadResult", (xml, answer) -> id(xml));
    }

    private static String id(XmlReader xml) throws IOException {
        String id = null;
        while (xml.nextChild()) {
            if (xml.name().equals("UploadId")) {
                id = xml.text();
            } else {
                xml.skip();
            }
        }
        if (id == null || id.isEmpty()) {
            throw new XmlReader.MalformedXml("the upload has no id");
        }
        return id;
    }

    @Override
    public Part putPart(Upload upload, int number, Payload payload, Call call) {
        S3Request put = part(upload, number);
        headers.defaults().onAccess(put);
        S3Bodies.Sent sent = bodies.attach(payload, put);
        HttpResponse answer = client.sendForHead(put, call);
        String tag = S3Text.unquoted(answer.header("etag"));
        if (tag.isEmpty()) {
            throw StorageException.builder(Kind.PROTOCOL)
                    .message("the service gave the part no entity tag")
                    .retryable(true)
                    .build();
        }
        boolean confirmed = sent.isConfirmed(answer.header(Checksums.CRC32C_HEADER));
        return new Part(number, sent.length(), tag, confirmed ? sent.checksum() : null);
    }

    private static S3Request part(Upload upload, int number) {
        return S3Request.object("PUT", upload.key())
                .query("partNumber", Integer.toString(number))
                .query("uploadId", upload.uploadId());
    }

    @Override
    public Part copyPart(Upload upload, int number, Source source, Call call) {
        return headers.defaults().reading(objects -> copyPart(upload, number, source, objects, call));
    }

    private Part copyPart(Upload upload, int number, Source source, ObjectDefaults ofSource, Call call) {
        if (source.range().isLast() || source.range().length() < 0) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a part is copied from an offset and a length")
                    .build();
        }
        if (source.ifRevision() != null && !profile.partCopySourceConditions()) {
            S3Copy.checkSource(client, source.key(), source.version(), source.ifRevision(), ofSource, call);
        }
        S3Request put = part(upload, number)
                .header("x-amz-copy-source", S3Copy.source(client, source.key(), source.version()))
                .header("x-amz-copy-source-range", source.range().toHeader())
                .slow();
        headers.defaults().onAccess(put);
        ofSource.onSource(put);
        if (source.ifRevision() != null && profile.partCopySourceConditions()) {
            put.header("x-amz-copy-source-if-match", S3Text.quoted(source.ifRevision()));
        }
        // S3Proxy answers with the root of the other kind of copy.
        return client.read(put, call, Set.of("CopyPartResult", "CopyObjectResult"), (xml, answer) -> {
            String tag = "";
            Checksum checksum = null;
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "ETag" -> tag = S3Text.unquoted(xml.text().trim());
                    case "ChecksumCRC32C" -> checksum = Checksums.parse(Algorithm.CRC32C, xml.text());
                    default -> xml.skip();
                }
            }
            if (tag.isEmpty()) {
                throw new XmlReader.MalformedXml("the copied part has no entity tag");
            }
            return new Part(number, source.range().length(), tag, checksum);
        });
    }

    @Override
    public ObjectInfo complete(Complete request, Call call) {
        byte[] document = document(request.parts());
        S3Request post = S3Request.object("POST", request.upload().key())
                .query("uploadId", request.upload().uploadId())
                .document(document)
                .slow();
        // The service decrypts the parts' digests with it: needed where the upload has any.
        headers.defaults().onAccess(post);
        S3Backend.condition(request.condition(), post);
        Checksum whole = wholeChecksum(request);
        if (whole != null) {
            post.header(Checksums.CRC32C_HEADER, Checksums.base64(whole)).header("x-amz-checksum-type", "FULL_OBJECT");
        }
        Completed completed = client.read(post, call, "CompleteMultipartUploadResult", (xml, answer) -> {
            Completed done = completed(xml, answer, request, whole);
            String version = done.info().versionId().orElse(null);
            client.checkEncrypted(answer, done.info().key(), version, done.tag(), call);
            return done;
        });
        return completed.tag().isEmpty() ? lookedAt(completed.info(), call) : completed.info();
    }

    /** What a completion tells. */
    private record Completed(ObjectInfo info, String tag) {}

    /** Ceph 16 completes without a word on the entity tag, so that it must be asked for. */
    private ObjectInfo lookedAt(ObjectInfo completed, Call call) {
        S3Request head = S3Request.object("HEAD", completed.key());
        headers.defaults().onAccess(head);
        HttpResponse answer = client.sendForHead(head, call);
        String tag = S3Text.unquoted(answer.header("etag"));
        if (tag.isEmpty() || !Long.toString(completed.size()).equals(answer.header("content-length"))) {
            throw StorageException.builder(Kind.PROTOCOL)
                    .message("the completed object has no entity tag or another size")
                    .retryable(true)
                    .build();
        }
        return completed.toBuilder().revision(tag).eTag(tag).build();
    }

    /** The digest of the object that the service can compare, or null. */
    private @Nullable Checksum wholeChecksum(Complete request) {
        Checksum checksum = request.checksum();
        boolean comparable = checksums == Checksums.CRC32C
                && checksum != null
                && checksum.algorithm() == Algorithm.CRC32C
                && request.parts().stream().allMatch(S3Multipart::hasCrc32c);
        return comparable ? checksum : null;
    }

    private static boolean hasCrc32c(Part part) {
        return part.checksum() != null && part.checksum().algorithm() == Algorithm.CRC32C;
    }

    private byte[] document(List<Part> parts) {
        XmlWriter xml = new XmlWriter("CompleteMultipartUpload");
        for (Part part : parts) {
            xml.open("Part")
                    .element("PartNumber", Integer.toString(part.number()))
                    .element("ETag", S3Text.quoted(part.tag()));
            Checksum checksum = part.checksum();
            if (checksums.isCrc32c() && checksum != null && hasCrc32c(part)) {
                xml.element("ChecksumCRC32C", Checksums.base64(checksum));
            }
            xml.close("Part");
        }
        return xml.bytes("CompleteMultipartUpload");
    }

    private Completed completed(XmlReader xml, Answer answer, Complete request, @Nullable Checksum whole)
            throws IOException {
        String tag = null;
        String echo = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "ETag" -> tag = S3Text.unquoted(xml.text().trim());
                case "ChecksumCRC32C" -> echo = xml.text();
                default -> xml.skip();
            }
        }
        if (tag == null) {
            throw new XmlReader.MalformedXml("the completed object has no entity tag");
        }
        ObjectInfo.Builder info =
                headers.written(request.upload().key(), request.size(), request.attributes(), tag, answer);
        CompositeChecksum composite = Checksums.composite(Algorithm.CRC32C, echo);
        boolean confirmed = composite != null
                ? isConfirmed(request.parts(), composite)
                : whole != null && new S3Bodies.Sent(request.size(), whole).isConfirmed(echo);
        // Only what the service has confirmed: the engine takes what is said here for the service's own word.
        if (confirmed && request.checksum() != null) {
            info.addChecksum(request.checksum());
        }
        boolean partsWereChecked = request.parts().stream().allMatch(part -> part.checksum() != null);
        info.verification(
                confirmed ? Verification.WHOLE : partsWereChecked ? Verification.PARTS : Verification.UNVERIFIED);
        return new Completed(info.build(), tag);
    }

    /** Whether the service's digest of the parts' digests is that of ours; false if ours are not all known. */
    private static boolean isConfirmed(List<Part> parts, CompositeChecksum composite) {
        if (composite.parts() != parts.size() || !parts.stream().allMatch(S3Multipart::hasCrc32c)) {
            return false;
        }
        CRC32C crc = new CRC32C();
        for (Part part : parts) {
            crc.update(Objects.requireNonNull(part.checksum()).bytes());
        }
        Checksum ours = Checksum.crc32c(crc.getValue());
        if (!ours.equals(composite.digest())) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("the service has CRC32C " + composite.digest().hex() + " of the parts' digests, ours is "
                            + ours.hex())
                    .mayHaveHappened(true)
                    .build();
        }
        return true;
    }

    @Override
    public void abort(Upload upload, Call call) {
        try {
            client.sendForHead(S3Request.object("DELETE", upload.key()).query("uploadId", upload.uploadId()), call);
        } catch (StorageException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public PartPage parts(Upload upload, int afterNumber, Call call) {
        S3Request get = S3Request.object("GET", upload.key())
                .query("uploadId", upload.uploadId())
                .query("max-parts", PAGE);
        headers.defaults().onAccess(get);
        if (afterNumber > 0) {
            get.query("part-number-marker", Integer.toString(afterNumber));
        }
        return client.read(get, call, "ListPartsResult", (xml, answer) -> {
            List<Part> parts = new ArrayList<>();
            boolean more = false;
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "Part" -> {
                        Part part = listedPart(xml);
                        // Some services begin again at the first part, whatever was asked.
                        if (part.number() > afterNumber) {
                            parts.add(part);
                        }
                    }
                    case "IsTruncated" -> more = xml.flag();
                    default -> xml.skip();
                }
            }
            if (more && parts.isEmpty()) {
                throw new XmlReader.MalformedXml("the list of parts does not advance");
            }
            return new PartPage(List.copyOf(parts), more);
        });
    }

    private static Part listedPart(XmlReader xml) throws IOException {
        long number = 0;
        long size = -1;
        String tag = "";
        Checksum checksum = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "PartNumber" -> number = xml.number();
                case "Size" -> size = xml.number();
                case "ETag" -> tag = S3Text.unquoted(xml.text().trim());
                case "ChecksumCRC32C" -> checksum = Checksums.parse(Algorithm.CRC32C, xml.text());
                default -> xml.skip();
            }
        }
        if (number < 1 || number > 100_000 || size < 0 || tag.isEmpty()) {
            throw new XmlReader.MalformedXml("a part of the list has no number, size or entity tag");
        }
        return new Part((int) number, size, tag, checksum);
    }

    /** By key, so where a service lists uploads of one whole key only, {@link Profile#uploadsByPrefix()} is false. */
    @Override
    public UploadPage uploads(String prefix, @Nullable String pageToken, Call call) {
        S3Request get = S3Request.bucket("GET")
                .query("uploads", "")
                .query("max-uploads", PAGE)
                .query("prefix", prefix);
        if (profile.saysEncodingOfUploads()) {
            get.query("encoding-type", "url");
        }
        if (pageToken != null) {
            int split = pageToken.indexOf('\n');
            get.query("key-marker", pageToken.substring(split + 1))
                    .query("upload-id-marker", pageToken.substring(0, Math.max(0, split)));
        }
        return client.read(get, call, "ListMultipartUploadsResult", (xml, answer) -> uploads(xml, pageToken));
    }

    private static UploadPage uploads(XmlReader xml, @Nullable String pageToken) throws IOException {
        record Raw(String key, String id, Instant begun) {}
        List<Raw> raw = new ArrayList<>();
        boolean truncated = false;
        boolean encoded = false;
        String nextKey = "";
        String nextId = "";
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Upload" -> {
                    String key = "";
                    String id = "";
                    Instant begun = Instant.EPOCH;
                    while (xml.nextChild()) {
                        switch (xml.name()) {
                            case "Key" -> key = xml.text();
                            case "UploadId" -> id = xml.text();
                            case "Initiated" -> begun = xml.time();
                            default -> xml.skip();
                        }
                    }
                    raw.add(new Raw(key, id, begun));
                }
                case "IsTruncated" -> truncated = xml.flag();
                case "EncodingType" -> encoded = xml.text().equalsIgnoreCase("url");
                case "NextKeyMarker" -> nextKey = xml.text();
                case "NextUploadIdMarker" -> nextId = xml.text();
                default -> xml.skip();
            }
        }
        List<Begun> uploads = new ArrayList<>(raw.size());
        for (Raw one : raw) {
            uploads.add(new Begun(new Upload(S3Listing.decoded(one.key, encoded), one.id), one.begun));
        }
        String token = null;
        if (truncated) {
            // The last entry is where the next page begins. An id has no line feed, a key may have one: so the id is
            // first.
            Upload last =
                    uploads.isEmpty() ? null : uploads.get(uploads.size() - 1).upload();
            token = last == null
                    ? nextId + '\n' + S3Listing.decoded(nextKey, encoded)
                    : last.uploadId() + '\n' + last.key();
            if (token.equals("\n") || token.equals(pageToken)) {
                throw new XmlReader.MalformedXml("the list of uploads does not advance");
            }
        }
        return new UploadPage(List.copyOf(uploads), token);
    }
}
