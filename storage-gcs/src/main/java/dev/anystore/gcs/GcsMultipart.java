package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.http.HttpHeaders;
import dev.anystore.http.HttpResponse;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Uploads in parts, by the XML API: parallel, with explicit numbers, listed by the service.
 *
 * @see <a href="https://cloud.google.com/storage/docs/multipart-uploads">XML multipart uploads</a>
 */
final class GcsMultipart implements Multipart {
    private static final String PAGE = "1000";

    private final GcsClient client;
    private final ObjectHeaders headers;

    GcsMultipart(GcsClient client, ObjectHeaders headers) {
        this.client = client;
        this.headers = headers;
    }

    private GcsRequest request(String method, Upload upload) {
        return GcsRequest.xmlObject(method, client.bucket(), upload.key());
    }

    @Override
    public String begin(Begin request, Call call) {
        GcsRequest post =
                GcsRequest.xmlObject("POST", client.bucket(), request.key()).query("uploads", "");
        headers.write(request.attributes(), post);
        return client.xml(post, call, "InitiateMultipartUploadResult", (xml, answer) -> {
            String id = xml.text("UploadId");
            if (id == null || id.isEmpty()) {
                throw new Json.Malformed("the upload has no id");
            }
            return id;
        });
    }

    @Override
    public Part putPart(Upload upload, int number, Payload payload, Call call) {
        GcsRequest put = request("PUT", upload)
                .query("partNumber", Integer.toString(number))
                .query("uploadId", upload.uploadId());
        headers.defaults().onAccess(put);
        Checksum crc = GcsBodies.crc32c(payload);
        if (crc != null) {
            put.header(Hashes.HEADER, Hashes.header(crc));
        }
        put.body(GcsBodies.of(payload), payload.repeatable());
        HttpResponse answer = client.sendForHead(put, call);
        String tag = GcsText.unquoted(answer.header("etag"));
        if (tag.isEmpty()) {
            throw StorageException.builder(Kind.PROTOCOL)
                    .message("the service gave the part no entity tag")
                    .retryable(true)
                    .build();
        }
        boolean confirmed = GcsBodies.isConfirmed(crc, Hashes.crc32c(answer.headers()));
        return new Part(number, payload.length(), tag, confirmed ? crc : null);
    }

    /** A rewrite copies objects of any size, so that the engine never asks for this. */
    @Override
    public Part copyPart(Upload upload, int number, Source source, Call call) {
        throw StorageException.builder(Kind.UNSUPPORTED)
                .message("the service copies whole objects, not parts of them")
                .build();
    }

    @Override
    public ObjectInfo complete(Complete request, Call call) {
        GcsRequest post = request("POST", request.upload())
                .query("uploadId", request.upload().uploadId())
                .document("application/xml", document(request.parts()))
                .slow();
        Conditions.onXml(request.condition(), post);
        HttpHeaders answer = client.xml(post, call, "CompleteMultipartUploadResult", (xml, done) -> done.response()
                .headers());
        ObjectInfo.Builder info =
                headers.written(request.upload().key(), request.size(), request.attributes(), answer, client.now());
        Checksum stored = Hashes.crc32c(answer);
        String generation = answer.first("x-goog-generation");
        if (!GcsText.isNumber(generation) || stored == null) {
            // Where the answer is silent, the object itself is asked.
            JsonNode json = lookedAt(request, generation, call);
            generation = String.valueOf(Json.text(json, "generation"));
            stored = Hashes.parse(Algorithm.CRC32C, Json.text(json, "crc32c"));
            info.revision(generation).versionId(generation);
        }
        Checksum sent = request.checksum();
        boolean confirmed = sent != null && sent.algorithm() == Algorithm.CRC32C && GcsBodies.isConfirmed(sent, stored);
        if (sent != null) {
            info.addChecksum(sent);
        } else if (stored != null) {
            info.addChecksum(stored);
        }
        boolean partsWereChecked = request.parts().stream().allMatch(part -> part.checksum() != null);
        return info.verification(
                        confirmed
                                ? Verification.WHOLE
                                : partsWereChecked ? Verification.PARTS : Verification.UNVERIFIED)
                .build();
    }

    private JsonNode lookedAt(Complete request, @Nullable String generation, Call call) {
        String key = request.upload().key();
        GcsRequest get = GcsRequest.jsonObject("GET", client.bucket(), key)
                .query("fields", "generation,crc32c,size")
                .queryIfPresent("generation", GcsText.isNumber(generation) ? generation : null);
        headers.defaults().onAccess(get);
        JsonNode json = client.json(get, call);
        if (Json.number(json, "size") != request.size() || !GcsText.isNumber(Json.text(json, "generation"))) {
            throw StorageException.builder(Kind.PROTOCOL)
                    .message("the completed object has no generation or another size")
                    .retryable(true)
                    .mayHaveHappened(true)
                    .build();
        }
        return json;
    }

    private static String document(List<Part> parts) {
        StringBuilder xml = new StringBuilder(64 + parts.size() * 100).append("<CompleteMultipartUpload>");
        for (Part part : parts) {
            xml.append("<Part><PartNumber>")
                    .append(part.number())
                    .append("</PartNumber><ETag>\"")
                    .append(XmlElement.escaped(part.tag()))
                    .append("\"</ETag></Part>");
        }
        return xml.append("</CompleteMultipartUpload>").toString();
    }

    @Override
    public void abort(Upload upload, Call call) {
        try {
            client.sendForHead(request("DELETE", upload).query("uploadId", upload.uploadId()), call);
        } catch (StorageException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public PartPage parts(Upload upload, int afterNumber, Call call) {
        GcsRequest get =
                request("GET", upload).query("uploadId", upload.uploadId()).query("max-parts", PAGE);
        if (afterNumber > 0) {
            get.query("part-number-marker", Integer.toString(afterNumber));
        }
        return client.xml(get, call, "ListPartsResult", (xml, answer) -> {
            List<Part> parts = new ArrayList<>();
            for (XmlElement one : xml.all("Part")) {
                long number = GcsText.number(one.text("PartNumber"));
                long size = GcsText.number(one.text("Size"));
                String tag = GcsText.unquoted(one.text("ETag"));
                if (number < 1 || number > 100_000 || size < 0 || tag.isEmpty()) {
                    throw new Json.Malformed("a part of the list has no number, size or entity tag");
                }
                if (number > afterNumber) {
                    parts.add(new Part((int) number, size, tag, null));
                }
            }
            boolean more = "true".equalsIgnoreCase(xml.text("IsTruncated"));
            if (more && parts.isEmpty()) {
                throw new Json.Malformed("the list of parts does not advance");
            }
            return new PartPage(List.copyOf(parts), more);
        });
    }

    @Override
    public UploadPage uploads(String prefix, @Nullable String pageToken, Call call) {
        GcsRequest get = GcsRequest.xmlBucket("GET", client.bucket())
                .query("uploads", "")
                .query("max-uploads", PAGE)
                .query("encoding-type", "url")
                .query("prefix", prefix);
        if (pageToken != null) {
            // An id has no line feed, a key may have one elsewhere: so the id is first.
            int split = pageToken.indexOf('\n');
            get.query("key-marker", pageToken.substring(split + 1))
                    .query("upload-id-marker", pageToken.substring(0, Math.max(0, split)));
        }
        return client.xml(get, call, "ListMultipartUploadsResult", (xml, answer) -> uploads(xml, pageToken));
    }

    private static UploadPage uploads(XmlElement xml, @Nullable String pageToken) throws IOException {
        boolean encoded = "url".equalsIgnoreCase(xml.text("EncodingType"));
        List<Begun> uploads = new ArrayList<>();
        for (XmlElement one : xml.all("Upload")) {
            String key = one.exact("Key");
            String id = one.text("UploadId");
            Instant begun = GcsText.time(one.text("Initiated"));
            if (key == null || id == null || id.isEmpty()) {
                throw new Json.Malformed("an upload of the list has no key or no id");
            }
            uploads.add(new Begun(new Upload(decoded(key, encoded), id), begun == null ? Instant.EPOCH : begun));
        }
        if (!"true".equalsIgnoreCase(xml.text("IsTruncated"))) {
            return new UploadPage(List.copyOf(uploads), null);
        }
        Upload last = uploads.isEmpty() ? null : uploads.get(uploads.size() - 1).upload();
        String token = last == null ? "" : last.uploadId() + '\n' + last.key();
        if (token.isEmpty() || token.equals(pageToken)) {
            throw new Json.Malformed("the list of uploads does not advance");
        }
        return new UploadPage(List.copyOf(uploads), token);
    }

    private static String decoded(String text, boolean encoded) throws IOException {
        try {
            return encoded ? PercentEncoding.decode(text) : text;
        } catch (CharacterCodingException e) {
            throw new Json.Malformed("a key of the list is not percent-encoded UTF-8");
        }
    }
}
