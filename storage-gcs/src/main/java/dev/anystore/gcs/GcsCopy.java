package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.ServerCopy;
import java.io.IOException;

/**
 * Copies within the bucket by rewriting: objects of any size, in as many requests as the service wants. Between objects of one
 * class and place that is one; where bytes must be moved, each request moves some and gives a token for the next.
 *
 * @see <a href="https://cloud.google.com/storage/docs/json_api/v1/objects/rewrite">rewrite</a>
 */
final class GcsCopy implements ServerCopy {
    /** A terabyte moves in about a thousand; whoever needs more is not moving. */
    private static final int MAX_REQUESTS = 100_000;

    private final GcsClient client;
    private final ObjectDefaults defaults;

    GcsCopy(GcsClient client) {
        this.client = client;
        this.defaults = client.config().objects();
    }

    @Override
    public ObjectInfo copy(Copy request, Call call) {
        GcsClient.checkKey(request.from());
        String sourceGeneration = request.fromVersion() == null ? null : version(request.fromVersion());
        String ifSource = request.fromRevision() == null ? null : Conditions.revision(request.fromRevision());
        String resource = resource(request);
        String token = null;
        for (int i = 0; i < MAX_REQUESTS; i++) {
            GcsRequest post = GcsRequest.json("POST", request.to(), path(request))
                    .queryIfPresent("sourceGeneration", sourceGeneration)
                    .queryIfPresent("ifSourceGenerationMatch", ifSource)
                    .queryIfPresent("rewriteToken", token)
                    .queryIfPresent("destinationKmsKeyName", defaults.kmsKey())
                    .document("application/json; charset=UTF-8", resource)
                    .slow();
            Conditions.onJson(request.condition(), post);
            defaults.onSource(post);
            defaults.onAccess(post);
            JsonNode answer = rewritten(post, call);
            if (answer.path("done").asBoolean(false)) {
                try {
                    return ObjectJson.read(request.to(), answer.path("resource"))
                            .build();
                } catch (IOException e) {
                    throw client.errors().of(e, post);
                }
            }
            String next = Json.text(answer, "rewriteToken");
            if (next == null || next.isEmpty()) {
                throw client.errors()
                        .of(new Json.Malformed("a rewrite is not done, and says not how it goes on"), post);
            }
            token = next;
        }
        throw StorageException.builder(StorageException.Kind.PROTOCOL)
                .message("the rewrite does not end")
                .mayHaveHappened(false)
                .build();
    }

    /** A source that is not there is not found, whatever the target's condition is. */
    private JsonNode rewritten(GcsRequest post, Call call) {
        try {
            return client.json(post, call);
        } catch (StorageException e) {
            if (e.status().orElse(0) == 404 && e.kind() == StorageException.Kind.PRECONDITION_FAILED) {
                throw StorageException.builder(StorageException.Kind.NOT_FOUND)
                        .message("there is no such object")
                        .status(404)
                        .build();
            }
            throw e;
        }
    }

    private static String version(String version) {
        if (!GcsText.isNumber(version)) {
            throw StorageException.builder(StorageException.Kind.NOT_FOUND)
                    .message("there is no such version")
                    .build();
        }
        return version;
    }

    private String path(Copy request) {
        StringBuilder path = new StringBuilder(GcsRequest.jsonPath(client.bucket(), request.from()))
                .append("/rewriteTo/b/")
                .append(client.bucket())
                .append("/o/");
        PercentEncoding.appendQuery(path, request.to());
        return path.toString();
    }

    /** An empty document keeps what the source has; one with anything in it replaces all of it. */
    private String resource(Copy request) {
        Attributes replacing = request.replacing();
        if (replacing == null) {
            return "{}";
        }
        ObjectNode json = ObjectJson.write(replacing, defaults.storageClass());
        if (json.isEmpty()) {
            json.putObject("metadata"); // else the document would be the one that keeps
        }
        return Json.write(json);
    }
}
