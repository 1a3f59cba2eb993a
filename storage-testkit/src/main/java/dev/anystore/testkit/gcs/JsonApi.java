package dev.anystore.testkit.gcs;

import dev.anystore.Keys;
import dev.anystore.testkit.gcs.GcsAnswer.Refusal;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The JSON API: buckets and objects as resources, uploads, rewrites, compositions. */
final class JsonApi {
    private final GcsSpace space;
    private final GcsServer server;

    JsonApi(GcsSpace space, GcsServer server) {
        this.space = space;
        this.server = server;
    }

    /** The path is below {@code /storage/v1}, {@code /upload/storage/v1} or {@code /download/storage/v1}. */
    GcsAnswer answer(GcsRequest request) {
        List<String> path = request.segments();
        boolean upload = path.get(0).equals("upload");
        boolean download = path.get(0).equals("download");
        if (path.get(0).equals("resumable")) {
            path = path.subList(1, path.size());
            upload = true;
        }
        path = path.subList(upload || download ? 3 : 2, path.size());
        if (path.size() < 1 || !path.get(0).equals("b")) {
            throw new Refusal(404, "notFound", "NotFound", "Not Found");
        }
        if (path.size() == 1) {
            return request.method().equals("POST") ? createBucket(request) : listBuckets();
        }
        GcsBucket bucket = space.bucket(path.get(1));
        if (bucket.requesterPays()
                && request.header("x-goog-user-project") == null
                && request.query("userProject") == null) {
            throw new Refusal(
                    400,
                    "required",
                    "UserProjectMissing",
                    "Bucket is a requester pays bucket but no user project provided.");
        }
        if (path.size() == 2) {
            return bucket(bucket, request);
        }
        if (!path.get(2).equals("o")) {
            throw new Refusal(404, "notFound", "NotFound", "Not Found");
        }
        if (path.size() == 3) {
            return upload ? upload(bucket, request) : list(bucket, request.query());
        }
        return object(bucket, path.get(3), path.subList(4, path.size()), request);
    }

    private GcsAnswer createBucket(GcsRequest request) {
        if (request.query("project") == null) {
            throw new Refusal(400, "required", "MissingProject", "Required parameter: project");
        }
        Map<String, Object> settings = JsonText.read(request.text());
        String name = String.valueOf(settings.remove("name"));
        if (space.buckets.containsKey(name)) {
            throw new Refusal(
                    409,
                    "conflict",
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the bucket succeeded.");
        }
        GcsBucket bucket = new GcsBucket(name);
        bucket.settings.putAll(settings);
        space.buckets.put(name, bucket);
        return GcsAnswer.json(resource(bucket));
    }

    private GcsAnswer listBuckets() {
        return GcsAnswer.json(Map.of(
                "kind",
                "storage#buckets",
                "items",
                space.buckets.values().stream().map(JsonApi::resource).toList()));
    }

    private static Map<String, Object> resource(GcsBucket bucket) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "storage#bucket");
        json.put("id", bucket.name);
        json.put("name", bucket.name);
        json.put("location", "US");
        json.put("storageClass", "STANDARD");
        json.put("timeCreated", "2026-01-01T00:00:00.000Z");
        json.put("updated", "2026-01-01T00:00:00.000Z");
        json.put("metageneration", Long.toString(bucket.metageneration));
        json.putAll(bucket.settings);
        return json;
    }

    /** With the address of the bytes, which some clients follow. */
    private Map<String, Object> resource(GcsObject object, String bucket) {
        Map<String, Object> json = object.resource(bucket);
        String path = "/storage/v1/b/" + bucket + "/o/"
                + URLEncoder.encode(object.name, StandardCharsets.UTF_8).replace("+", "%20");
        json.put("selfLink", server.endpoint() + path);
        json.put(
                "mediaLink",
                server.endpoint() + "/download" + path + "?generation=" + object.generation + "&alt=media");
        return json;
    }

    private GcsAnswer bucket(GcsBucket bucket, GcsRequest request) {
        String method = Objects.requireNonNullElse(request.header("x-http-method-override"), request.method());
        switch (method) {
            case "GET" -> {
                return GcsAnswer.json(resource(bucket));
            }
            case "PATCH", "PUT" -> {
                JsonText.read(request.text()).forEach((name, value) -> {
                    if (value == null) {
                        bucket.settings.remove(name);
                    } else if (!name.equals("name")) {
                        bucket.settings.put(name, value);
                    }
                });
                bucket.metageneration++;
                return GcsAnswer.json(resource(bucket));
            }
            case "DELETE" -> {
                if (!bucket.objects.isEmpty()) {
                    throw new Refusal(
                            409, "conflict", "BucketNotEmpty", "The bucket you tried to delete is not empty.");
                }
                space.buckets.remove(bucket.name);
                return GcsAnswer.empty(204);
            }
            default -> throw new Refusal(405, "methodNotAllowed", "MethodNotAllowed", "no such method");
        }
    }

    private GcsAnswer list(GcsBucket bucket, Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String delimiter = query.getOrDefault("delimiter", "");
        long most = Math.min(1000, GcsSpace.number(query.getOrDefault("maxResults", "1000")));
        String token = query.get("pageToken");
        String last = token == null ? null : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        boolean versions = "true".equals(query.get("versions"));
        List<Object> items = new ArrayList<>();
        TreeSet<String> prefixes = new TreeSet<>(Keys.UTF8_ORDER);
        String next = null;
        String at = null;
        for (String key : bucket.objects.keySet()) {
            if (!key.startsWith(prefix)
                    || before(key, query.get("startOffset"))
                    || (query.get("endOffset") != null && !before(key, query.get("endOffset")))
                    || (bucket.live(key) == null && !versions)) {
                continue;
            }
            int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            String name = cut < 0 ? key : key.substring(0, cut + delimiter.length());
            if (last != null && Keys.UTF8_ORDER.compare(name, last) <= 0) {
                continue;
            }
            if (prefixes.contains(name)) {
                continue;
            }
            if (items.size() + prefixes.size() >= most) {
                next = at;
                break;
            }
            if (cut >= 0) {
                prefixes.add(name);
            } else if (versions) {
                bucket.objects.getOrDefault(key, List.of()).forEach(object -> items.add(resource(object, bucket.name)));
            } else {
                items.add(resource(Objects.requireNonNull(bucket.live(key)), bucket.name));
            }
            at = name;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "storage#objects");
        if (next != null) {
            json.put(
                    "nextPageToken",
                    Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(StandardCharsets.UTF_8)));
        }
        if (!prefixes.isEmpty()) {
            json.put("prefixes", List.copyOf(prefixes));
        }
        if (!items.isEmpty()) {
            json.put("items", items);
        }
        return GcsAnswer.json(json);
    }

    private static boolean before(String key, @Nullable String bound) {
        return bound != null && !bound.isEmpty() && Keys.UTF8_ORDER.compare(key, bound) < 0;
    }

    private GcsAnswer object(GcsBucket bucket, String key, List<String> rest, GcsRequest request) {
        Map<String, String> query = request.query();
        String method = Objects.requireNonNullElse(request.header("x-http-method-override"), request.method());
        if (!rest.isEmpty()) {
            return switch (rest.get(0)) {
                case "compose" -> compose(bucket, key, request);
                case "rewriteTo", "copyTo" -> rewrite(bucket, key, rest, request);
                default -> throw new Refusal(404, "notFound", "NotFound", "Not Found");
            };
        }
        GcsObject object = space.object(bucket, key, query.get("generation"));
        switch (method) {
            case "GET", "HEAD" -> {
                GcsSpace.check(query, object, true);
                if ("media".equals(query.get("alt"))) {
                    GcsSpace.checkKey(object, GcsSpace.customerKey(request, "x-goog-encryption-"));
                    return Media.of(object, request);
                }
                return GcsAnswer.json(resource(object, bucket.name));
            }
            case "PATCH", "PUT" -> {
                GcsSpace.check(query, object, false);
                object.take(JsonText.read(request.text()));
                object.metageneration++;
                object.updated = space.now();
                return GcsAnswer.json(resource(object, bucket.name));
            }
            case "DELETE" -> {
                GcsSpace.check(query, object, false);
                if (query.get("generation") == null) {
                    bucket.hide(key, space.now());
                } else {
                    bucket.remove(object);
                }
                return GcsAnswer.empty(204);
            }
            default -> throw new Refusal(405, "methodNotAllowed", "MethodNotAllowed", "no such method");
        }
    }

    private GcsAnswer compose(GcsBucket bucket, String key, GcsRequest request) {
        Map<String, Object> body = JsonText.read(request.text());
        if (!(body.get("sourceObjects") instanceof List<?> sources) || sources.isEmpty() || sources.size() > 32) {
            throw GcsSpace.invalid("a composition has 1 to 32 sources");
        }
        GcsObject draft = new GcsObject(key);
        draft.take(JsonText.object(body.get("destination")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object source : sources) {
            Map<String, Object> named = JsonText.object(source);
            Object generation = named.get("generation");
            GcsObject piece = space.object(
                    bucket, String.valueOf(named.get("name")), generation == null ? null : generation.toString());
            Map<String, String> conditions = new HashMap<>();
            JsonText.object(named.get("objectPreconditions"))
                    .forEach((name, value) -> conditions.put(name, String.valueOf(value)));
            GcsSpace.check(conditions, piece, false);
            bytes.writeBytes(piece.bytes);
            draft.components += Math.max(1, piece.components);
        }
        draft.bytes = bytes.toByteArray();
        draft.hasMd5 = false;
        Object crc = JsonText.object(body.get("destination")).get("crc32c");
        GcsSpace.checkCrc(crc == null ? null : crc.toString(), draft.bytes);
        return GcsAnswer.json(resource(space.publish(bucket.name, draft, request.query()), bucket.name));
    }

    private GcsAnswer rewrite(GcsBucket bucket, String key, List<String> rest, GcsRequest request) {
        Map<String, String> query = request.query();
        GcsBucket target = space.bucket(rest.get(2));
        String targetKey = rest.get(4);
        GcsObject source = space.object(bucket, key, query.get("sourceGeneration"));
        Map<String, String> ofSource = new HashMap<>();
        query.forEach((name, value) -> {
            if (name.startsWith("ifSource")) {
                ofSource.put("if" + name.substring(8), value);
            }
        });
        GcsSpace.check(ofSource, source, false);
        GcsSpace.checkKey(source, GcsSpace.customerKey(request, "x-goog-copy-source-encryption-"));
        GcsSpace.check(query, target.live(targetKey), false);
        String of = key + '\n' + source.generation + '\n' + target.name + '\n' + targetKey;
        String token = query.get("rewriteToken");
        GcsSpace.Rewrite rewrite = token == null ? new GcsSpace.Rewrite(of) : space.rewrites.get(token);
        if (rewrite == null || !rewrite.of.equals(of)) {
            throw GcsSpace.invalid("the rewrite token is none of this rewrite");
        }
        rewrite.moved = Math.min(source.bytes.length, rewrite.moved + server.rewriteBytes());
        if (rest.get(0).equals("rewriteTo") && rewrite.moved < source.bytes.length) {
            String next = token == null ? space.newId() : token;
            space.rewrites.put(next, rewrite);
            return GcsAnswer.json(Map.of(
                    "kind",
                    "storage#rewriteResponse",
                    "totalBytesRewritten",
                    Long.toString(rewrite.moved),
                    "objectSize",
                    Long.toString(source.bytes.length),
                    "done",
                    false,
                    "rewriteToken",
                    next));
        }
        Map<String, Object> resource = JsonText.read(request.text());
        GcsObject draft = source.copyOfAttributes(targetKey);
        if (!resource.isEmpty()) {
            draft.texts.clear();
            draft.metadata.clear();
            draft.take(resource);
        }
        draft.bytes = source.bytes;
        draft.kmsKey = query.get("destinationKmsKeyName");
        draft.customerKey = GcsSpace.customerKey(request, "x-goog-encryption-");
        Map<String, Object> published = resource(space.publish(target.name, draft, query), target.name);
        if (rest.get(0).equals("copyTo")) {
            return GcsAnswer.json(published);
        }
        return GcsAnswer.json(Map.of(
                "kind",
                "storage#rewriteResponse",
                "totalBytesRewritten",
                Long.toString(source.bytes.length),
                "objectSize",
                Long.toString(source.bytes.length),
                "done",
                true,
                "resource",
                published));
    }

    private GcsAnswer upload(GcsBucket bucket, GcsRequest request) {
        Map<String, String> query = request.query();
        if (query.containsKey("upload_id")) {
            return continued(query.get("upload_id"), request);
        }
        return switch (query.getOrDefault("uploadType", "")) {
            case "media" -> media(bucket, request);
            case "multipart" -> related(bucket, request);
            case "resumable" -> begin(bucket, request);
            default -> throw GcsSpace.invalid("no such uploadType");
        };
    }

    private static String nameOf(Map<String, String> query, Map<String, Object> resource) {
        Object name = query.containsKey("name") ? query.get("name") : resource.get("name");
        if (name == null) {
            throw new Refusal(400, "required", "InvalidArgument", "Required parameter: name");
        }
        return name.toString();
    }

    private static GcsObject draft(GcsRequest request, Map<String, Object> resource) {
        GcsObject draft = new GcsObject(nameOf(request.query(), resource));
        draft.take(resource);
        draft.kmsKey = request.query("kmsKeyName");
        draft.customerKey = GcsSpace.customerKey(request, "x-goog-encryption-");
        return draft;
    }

    private static @Nullable String text(Map<String, Object> resource, String name) {
        Object value = resource.get(name);
        return value == null ? null : value.toString();
    }

    private GcsAnswer media(GcsBucket bucket, GcsRequest request) {
        GcsObject draft = draft(request, Map.of());
        String type = request.header("content-type");
        if (type != null) {
            draft.texts.put("contentType", type);
        }
        Media.checkDeclared(request, request.body());
        draft.bytes = request.body();
        return GcsAnswer.json(resource(space.publish(bucket.name, draft, request.query()), bucket.name));
    }

    private GcsAnswer related(GcsBucket bucket, GcsRequest request) {
        List<byte[]> parts = Related.parts(String.valueOf(request.header("content-type")), request.body());
        if (parts.size() != 2) {
            throw GcsSpace.invalid("an upload of this type has two parts");
        }
        Map<String, Object> resource = JsonText.read(new String(Related.body(parts.get(0)), StandardCharsets.UTF_8));
        GcsObject draft = draft(request, resource);
        draft.bytes = Related.body(parts.get(1));
        String type = Related.header(parts.get(1), "content-type");
        if (!draft.texts.containsKey("contentType") && type != null) {
            draft.texts.put("contentType", type);
        }
        GcsSpace.checkCrc(text(resource, "crc32c"), draft.bytes);
        GcsSpace.checkMd5(text(resource, "md5Hash"), draft.bytes);
        return GcsAnswer.json(resource(space.publish(bucket.name, draft, request.query()), bucket.name));
    }

    private GcsAnswer begin(GcsBucket bucket, GcsRequest request) {
        Map<String, Object> resource = JsonText.read(request.text());
        GcsObject draft = draft(request, resource);
        String type = request.header("x-upload-content-type");
        if (!draft.texts.containsKey("contentType") && type != null) {
            draft.texts.put("contentType", type);
        }
        GcsSpace.check(request.query(), bucket.live(draft.name), false);
        String id = space.newId();
        space.sessions.put(
                id,
                new GcsSpace.Session(
                        bucket.name, draft, request.query(), text(resource, "crc32c"), text(resource, "md5Hash")));
        return GcsAnswer.empty(200)
                .with(
                        "location",
                        server.endpoint() + "/upload/storage/v1/b/" + bucket.name + "/o?uploadType=resumable&upload_id="
                                + id)
                .with("x-guploader-uploadid", id);
    }

    private GcsAnswer continued(@Nullable String id, GcsRequest request) {
        GcsSpace.Session session = space.sessions.get(String.valueOf(id));
        if (session == null) {
            throw new Refusal(410, "uploadSessionGone", "NoSuchUpload", "The upload session is gone.");
        }
        if (request.method().equals("DELETE")) {
            space.sessions.remove(String.valueOf(id));
            return GcsAnswer.empty(499);
        }
        if (session.done != null) {
            return GcsAnswer.json(session.done);
        }
        String range = request.header("content-range");
        long total = range == null ? request.body().length : total(range);
        if (range != null && !range.toLowerCase(Locale.ROOT).startsWith("bytes */")) {
            String first = range.substring(6, range.indexOf('-')).trim();
            if (range.substring(range.indexOf('-')).startsWith("-*/")) {
                // From here to the end, wherever that is: the end of the request is the end of the object.
                total = GcsSpace.number(first) + request.body().length;
            }
            take(session, GcsSpace.number(first), request.body(), total);
        } else if (range == null) {
            take(session, 0, request.body(), total);
        }
        if (total != session.bytes.length || (total < 0)) {
            // Go's libraries would follow a 308, and ask for another status.
            GcsAnswer answer = "yes".equals(request.header("x-guploader-no-308"))
                    ? GcsAnswer.empty(200).with("x-http-status-code-override", "308")
                    : GcsAnswer.empty(308);
            return session.bytes.length == 0 ? answer : answer.with("range", "bytes=0-" + (session.bytes.length - 1));
        }
        Media.checkDeclared(request, session.bytes);
        GcsSpace.checkCrc(session.declaredCrc, session.bytes);
        GcsSpace.checkMd5(session.declaredMd5, session.bytes);
        session.draft.bytes = session.bytes;
        GcsObject object = space.publish(session.bucket, session.draft, session.conditions);
        session.done = resource(object, session.bucket);
        session.bytes = new byte[0];
        return GcsAnswer.json(session.done);
    }

    /** The size at the end of a range, or -1 where it is not known yet. */
    private static long total(String range) {
        String total = range.substring(range.indexOf('/') + 1).trim();
        return total.equals("*") ? -1 : GcsSpace.number(total);
    }

    /** Bytes that the session has already are passed over; a gap is refused. */
    private static void take(GcsSpace.Session session, long first, byte[] bytes, long total) {
        if (first > session.bytes.length) {
            throw new Refusal(503, "backendError", "ServiceUnavailable", "There is a gap before these bytes.");
        }
        int known = (int) (session.bytes.length - first);
        if (known >= bytes.length) {
            return;
        }
        if (total < 0 && (first + bytes.length) % (256 << 10) != 0) {
            throw GcsSpace.invalid("a chunk but the last is a multiple of 256 KiB");
        }
        byte[] more = Arrays.copyOf(session.bytes, (int) first + bytes.length);
        System.arraycopy(bytes, known, more, session.bytes.length, bytes.length - known);
        session.bytes = more;
    }
}
