package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.Verification;
import dev.anystore.spi.Call;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PutRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Puts by the JSON API: what is small in one request with its metadata, anything else by a session. */
final class JsonPuts {
    /** A session costs two requests more than a put; from here on the bytes outweigh them. */
    private static final long ONE_REQUEST = 8 << 20;

    private static final String BOUNDARY = "anystore-6b1f9d02c4e7483a95d0";

    private final GcsClient client;
    private final ObjectDefaults defaults;

    JsonPuts(GcsClient client) {
        this.client = client;
        this.defaults = client.config().objects();
    }

    ObjectInfo put(PutRequest put, Call call) {
        Payload payload = put.payload();
        boolean small = payload.length() != Payload.UNKNOWN && payload.length() <= ONE_REQUEST;
        return small || payload.buffer() != null ? inOne(put, call) : bySession(put, call);
    }

    /** In one request, with metadata of any characters. */
    ObjectInfo inOne(PutRequest put, Call call) {
        Payload payload = put.payload();
        ObjectNode resource = resource(put);
        Checksum crc = GcsBodies.crc32c(payload);
        if (crc != null) {
            resource.put("crc32c", Hashes.base64(crc));
        }
        String type = put.attributes().contentType();
        byte[] before = ("--" + BOUNDARY + "\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n"
                        + Json.write(resource) + "\r\n--" + BOUNDARY + "\r\ncontent-type: "
                        + (type == null ? "application/octet-stream" : type) + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] after = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8);
        GcsRequest post = insert("POST", "multipart", put)
                .header("content-type", "multipart/related; boundary=" + BOUNDARY)
                .body(GcsBodies.framed(before, payload, after), payload.repeatable())
                .onSent(new PayloadOnly(before.length, payload.length(), call));
        Conditions.onJson(put.condition(), post);
        return stored(put.key(), post, client.json(post, call), crc).build();
    }

    private ObjectNode resource(PutRequest put) {
        return ObjectJson.write(put.attributes(), defaults.storageClass()).put("name", put.key());
    }

    private GcsRequest insert(String method, String type, PutRequest put) {
        GcsRequest post = GcsRequest.json(method, put.key(), "/upload/storage/v1/b/" + client.bucket() + "/o")
                .query("uploadType", type)
                .query("name", put.key());
        defaults.onInsert(post);
        return post;
    }

    private ObjectInfo bySession(PutRequest put, Call call) {
        ObjectNode resource = resource(put);
        Payload payload = put.payload();
        Checksum known = payload.knownChecksum(Algorithm.CRC32C);
        if (known != null) {
            resource.put("crc32c", Hashes.base64(known));
        }
        GcsRequest post = insert("POST", "resumable", put)
                .document("application/json; charset=UTF-8", Json.write(resource))
                .headerIfPresent("x-upload-content-type", put.attributes().contentType());
        Conditions.onJson(put.condition(), post);
        UploadSession session = UploadSession.begin(client, post, put.key(), call);
        boolean done = false;
        try {
            UploadSession.Stored stored = session.send(payload, call);
            done = true;
            ObjectInfo.Builder info;
            try {
                info = stored(put.key(), post, stored.resource(), stored.crc32c());
            } catch (StorageException e) {
                if (e.kind() == StorageException.Kind.INTEGRITY) {
                    remove(put.key(), stored.resource(), e, call);
                }
                throw e;
            }
            return info.build();
        } finally {
            if (!done) {
                session.cancel();
            }
        }
    }

    /** What was stored otherwise than it was sent must not stay: nobody else has seen that it is wrong. */
    private void remove(String key, JsonNode resource, StorageException because, Call call) {
        String generation = Json.text(resource, "generation");
        if (generation == null || !GcsText.isNumber(generation)) {
            return;
        }
        try {
            client.sendForHead(
                    GcsRequest.jsonObject("DELETE", client.bucket(), key).query("generation", generation), call);
        } catch (StorageException e) {
            because.addSuppressed(e);
        }
    }

    private ObjectInfo.Builder stored(String key, GcsRequest request, JsonNode json, @Nullable Checksum sent) {
        try {
            ObjectInfo.Builder info = ObjectJson.read(key, json);
            boolean confirmed = GcsBodies.isConfirmed(sent, Hashes.parse(Algorithm.CRC32C, Json.text(json, "crc32c")));
            return info.verification(confirmed ? Verification.WHOLE : Verification.UNVERIFIED);
        } catch (IOException e) {
            throw client.errors().of(e, request);
        }
    }

    /** Counts the payload's bytes alone, of a body that frames them. */
    private static final class PayloadOnly implements LongConsumer {
        private final long before;
        private final long payload;
        private final Call call;
        private long seen;

        PayloadOnly(long before, long payload, Call call) {
            this.before = before;
            this.payload = payload;
            this.call = call;
        }

        @Override
        public void accept(long bytes) {
            long from = Math.max(0, Math.min(seen - before, payload));
            seen += bytes;
            long to = Math.max(0, Math.min(seen - before, payload));
            if (to > from) {
                call.sent(to - from);
            }
        }
    }
}
