package dev.anystore.testkit.gcs;

import dev.anystore.Keys;
import dev.anystore.testkit.gcs.GcsAnswer.Refusal;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The XML API: objects by their path, and uploads in parts. */
final class XmlApi {
    private static final int MIN_PART = 5 << 20;
    private static final Pattern PART =
            Pattern.compile("<Part>\\s*(?:<PartNumber>(\\d+)</PartNumber>|<ETag>([^<]*)</ETag>|\\s)*</Part>");

    private final GcsSpace space;

    XmlApi(GcsSpace space) {
        this.space = space;
    }

    GcsAnswer answer(GcsRequest request) {
        int slash = request.rawPath().indexOf('/', 1);
        String bucket = GcsRequest.decodedPath(
                slash < 0 ? request.rawPath().substring(1) : request.rawPath().substring(1, slash));
        String key = slash < 0 ? "" : GcsRequest.decodedPath(request.rawPath().substring(slash + 1));
        Map<String, String> query = request.query();
        GcsBucket found = space.bucket(bucket);
        if (found.requesterPays()
                && request.header("x-goog-user-project") == null
                && !query.containsKey("userProject")) {
            throw new Refusal(
                    400,
                    "required",
                    "UserProjectMissing",
                    "Bucket is a requester pays bucket but no user project provided.");
        }
        if (key.isEmpty()) {
            if (request.method().equals("GET") && query.containsKey("uploads")) {
                return uploads(found, query);
            }
            throw new Refusal(405, "methodNotAllowed", "MethodNotAllowed", "not of this server's XML API");
        }
        String uploadId = query.get("uploadId");
        return switch (request.method()) {
            case "GET", "HEAD" -> uploadId == null ? get(found, key, request) : parts(found, key, uploadId, query);
            case "PUT" -> uploadId == null ? put(found, key, request) : putPart(found, key, uploadId, request);
            case "POST" -> uploadId != null ? complete(found, key, uploadId, request) : begin(found, key, request);
            case "DELETE" -> uploadId == null ? delete(found, key, request) : abort(found, key, uploadId);
            default -> throw new Refusal(405, "methodNotAllowed", "MethodNotAllowed", "no such method");
        };
    }

    /** The conditions of headers, as the JSON API names them. */
    private static Map<String, String> conditions(GcsRequest request) {
        Map<String, String> conditions = new HashMap<>();
        String generation = request.header("x-goog-if-generation-match");
        String metageneration = request.header("x-goog-if-metageneration-match");
        if (generation != null) {
            conditions.put("ifGenerationMatch", generation);
        }
        if (metageneration != null) {
            conditions.put("ifMetagenerationMatch", metageneration);
        }
        return conditions;
    }

    private GcsAnswer get(GcsBucket bucket, String key, GcsRequest request) {
        GcsObject object = space.object(bucket, key, request.query("generation"));
        GcsSpace.check(conditions(request), object, true);
        GcsSpace.checkKey(object, GcsSpace.customerKey(request, "x-goog-encryption-"));
        String unless = request.header("if-none-match");
        if (unless != null && unless.contains(object.etag())) {
            return GcsAnswer.empty(304);
        }
        GcsAnswer answer = Media.of(object, request);
        String type = request.query("response-content-type");
        String disposition = request.query("response-content-disposition");
        if (type != null) {
            answer.with("content-type", type);
        }
        if (disposition != null) {
            answer.with("content-disposition", disposition);
        }
        return answer;
    }

    private static GcsObject draft(String key, GcsRequest request) {
        GcsObject draft = new GcsObject(key);
        header(request, "content-type", draft, "contentType");
        header(request, "content-encoding", draft, "contentEncoding");
        header(request, "content-disposition", draft, "contentDisposition");
        header(request, "content-language", draft, "contentLanguage");
        header(request, "cache-control", draft, "cacheControl");
        header(request, "x-goog-storage-class", draft, "storageClass");
        header(request, "x-goog-custom-time", draft, "customTime");
        request.headers().forEach((name, value) -> {
            if (name.startsWith("x-goog-meta-")) {
                draft.metadata.put(
                        name.substring(12),
                        new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            }
        });
        draft.kmsKey = request.header("x-goog-encryption-kms-key-name");
        draft.customerKey = GcsSpace.customerKey(request, "x-goog-encryption-");
        return draft;
    }

    private static void header(GcsRequest request, String header, GcsObject draft, String text) {
        String value = request.header(header);
        if (value != null) {
            draft.texts.put(text, value);
        }
    }

    private static GcsAnswer written(GcsObject object, GcsAnswer answer) {
        return answer.with("x-goog-generation", Long.toString(object.generation))
                .with("x-goog-metageneration", Long.toString(object.metageneration))
                .with("x-goog-hash", Media.hash(object))
                .with("x-goog-stored-content-length", Long.toString(object.bytes.length))
                .with("etag", '"' + object.etag() + '"');
    }

    private GcsAnswer put(GcsBucket bucket, String key, GcsRequest request) {
        Media.checkDeclared(request, request.body());
        GcsObject draft = draft(key, request);
        draft.bytes = request.body();
        return written(space.publish(bucket.name, draft, conditions(request)), GcsAnswer.empty(200));
    }

    private GcsAnswer delete(GcsBucket bucket, String key, GcsRequest request) {
        GcsObject object = space.object(bucket, key, request.query("generation"));
        GcsSpace.check(conditions(request), object, false);
        if (request.query("generation") == null) {
            bucket.hide(key, space.now());
        } else {
            bucket.remove(object);
        }
        return GcsAnswer.empty(204);
    }

    private GcsAnswer begin(GcsBucket bucket, String key, GcsRequest request) {
        if (!request.query().containsKey("uploads")) {
            throw GcsSpace.invalid("neither an upload nor its end");
        }
        String id = space.newId();
        bucket.uploads.put(id, new GcsBucket.Upload(draft(key, request), space.now()));
        return GcsAnswer.xml(
                200,
                "<InitiateMultipartUploadResult><Bucket>" + bucket.name + "</Bucket><Key>" + GcsAnswer.escaped(key)
                        + "</Key><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
    }

    private static GcsBucket.Upload upload(GcsBucket bucket, String key, String id) {
        GcsBucket.Upload upload = bucket.uploads.get(id);
        if (upload == null || !upload.draft.name.equals(key)) {
            throw new Refusal(404, "notFound", "NoSuchUpload", "The requested upload was not found.");
        }
        return upload;
    }

    private GcsAnswer putPart(GcsBucket bucket, String key, String id, GcsRequest request) {
        GcsBucket.Upload upload = upload(bucket, key, id);
        String numberText = request.query("partNumber");
        long number = numberText == null ? 0 : GcsSpace.number(numberText);
        if (number < 1 || number > 10_000) {
            throw GcsSpace.invalid("a part number from 1 to 10000 is needed");
        }
        GcsObject draft = upload.draft;
        String given = GcsSpace.customerKey(request, "x-goog-encryption-");
        if (draft.customerKey == null ? given != null : !draft.customerKey.equals(given)) {
            throw GcsSpace.invalid("the upload began with another key");
        }
        Media.checkDeclared(request, request.body());
        String tag = HexFormat.of().formatHex(GcsObject.digest("MD5", request.body()));
        upload.parts.put((int) number, new GcsBucket.Part(request.body(), tag));
        return GcsAnswer.empty(200)
                .with("etag", '"' + tag + '"')
                .with(
                        "x-goog-hash",
                        "crc32c=" + GcsObject.crc32c(request.body()) + ",md5=" + GcsObject.md5(request.body()));
    }

    private GcsAnswer complete(GcsBucket bucket, String key, String id, GcsRequest request) {
        GcsBucket.Upload upload = upload(bucket, key, id);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher matcher = PART.matcher(request.text().replace("&quot;", "\"").replace("&#34;", "\""));
        int last = 0;
        GcsBucket.Part before = null;
        while (matcher.find()) {
            int number = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
            GcsBucket.Part part = upload.parts.get(number);
            String tag = matcher.group(2) == null ? "" : matcher.group(2).replace("\"", "");
            if (number <= last) {
                throw new Refusal(400, "invalid", "InvalidPartOrder", "The parts are not in ascending order.");
            }
            if (part == null || !part.tag().equals(tag)) {
                throw new Refusal(400, "invalid", "InvalidPart", "One of the parts could not be found.");
            }
            if (before != null && before.bytes().length < MIN_PART) {
                throw new Refusal(400, "invalid", "EntityTooSmall", "A part but the last is smaller than 5 MiB.");
            }
            bytes.writeBytes(part.bytes());
            last = number;
            before = part;
        }
        if (last == 0) {
            throw new Refusal(400, "invalid", "MalformedXML", "No part is named.");
        }
        GcsObject draft = upload.draft.copyOfAttributes(key);
        draft.kmsKey = upload.draft.kmsKey;
        draft.customerKey = upload.draft.customerKey;
        draft.bytes = bytes.toByteArray();
        draft.hasMd5 = false;
        draft.components = 0;
        GcsObject object = space.publish(bucket.name, draft, conditions(request));
        bucket.uploads.remove(id);
        return written(
                object,
                GcsAnswer.xml(
                        200,
                        "<CompleteMultipartUploadResult><Bucket>" + bucket.name + "</Bucket><Key>"
                                + GcsAnswer.escaped(key) + "</Key><ETag>\"" + object.etag()
                                + "\"</ETag></CompleteMultipartUploadResult>"));
    }

    private static GcsAnswer abort(GcsBucket bucket, String key, String id) {
        upload(bucket, key, id);
        bucket.uploads.remove(id);
        return GcsAnswer.empty(204);
    }

    private static GcsAnswer parts(GcsBucket bucket, String key, String id, Map<String, String> query) {
        GcsBucket.Upload upload = upload(bucket, key, id);
        int after = (int) GcsSpace.number(query.getOrDefault("part-number-marker", "0"));
        long most = Math.min(1000, GcsSpace.number(query.getOrDefault("max-parts", "1000")));
        StringBuilder xml = new StringBuilder("<ListPartsResult>");
        int count = 0;
        boolean more = false;
        for (Entry<Integer, GcsBucket.Part> part :
                upload.parts.tailMap(after, false).entrySet()) {
            if (count == most) {
                more = true;
                break;
            }
            xml.append("<Part><PartNumber>")
                    .append(part.getKey())
                    .append("</PartNumber><ETag>\"")
                    .append(part.getValue().tag())
                    .append("\"</ETag><Size>")
                    .append(part.getValue().bytes().length)
                    .append("</Size></Part>");
            count++;
        }
        return GcsAnswer.xml(
                200,
                xml.append("<IsTruncated>" + more + "</IsTruncated></ListPartsResult>")
                        .toString());
    }

    private static GcsAnswer uploads(GcsBucket bucket, Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        boolean encodes = "url".equals(query.get("encoding-type"));
        @Nullable String keyMarker = query.get("key-marker");
        String idMarker = query.getOrDefault("upload-id-marker", "");
        long most = Math.min(1000, GcsSpace.number(query.getOrDefault("max-uploads", "1000")));
        Map<String, Map<String, GcsBucket.Upload>> byKey = new TreeMap<>(Keys.UTF8_ORDER);
        bucket.uploads.forEach((id, upload) -> {
            if (upload.draft.name.startsWith(prefix)) {
                byKey.computeIfAbsent(upload.draft.name, name -> new LinkedHashMap<>())
                        .put(id, upload);
            }
        });
        StringBuilder xml = new StringBuilder("<ListMultipartUploadsResult>");
        int count = 0;
        boolean more = false;
        for (Entry<String, Map<String, GcsBucket.Upload>> entry : byKey.entrySet()) {
            int order = keyMarker == null ? 1 : Keys.UTF8_ORDER.compare(entry.getKey(), keyMarker);
            for (Entry<String, GcsBucket.Upload> upload : entry.getValue().entrySet()) {
                if (order < 0 || (order == 0 && upload.getKey().compareTo(idMarker) <= 0)) {
                    continue;
                }
                if (count == most) {
                    more = true;
                    break;
                }
                String key = encodes
                        ? URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8)
                        : GcsAnswer.escaped(entry.getKey());
                xml.append("<Upload><Key>")
                        .append(key)
                        .append("</Key><UploadId>")
                        .append(upload.getKey())
                        .append("</UploadId><Initiated>")
                        .append(upload.getValue().begun)
                        .append("</Initiated></Upload>");
                count++;
            }
        }
        return GcsAnswer.xml(
                200,
                xml.append(encodes ? "<EncodingType>url</EncodingType>" : "")
                        .append("<IsTruncated>" + more + "</IsTruncated></ListMultipartUploadsResult>")
                        .toString());
    }
}
