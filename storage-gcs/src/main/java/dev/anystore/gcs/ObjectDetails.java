package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Metadata that is this service's own. */
final class ObjectDetails implements GcsObjects {
    private static final String FIELDS = "name,generation,metageneration,customTime,componentCount,kmsKeyName";

    private final GcsClient client;

    ObjectDetails(GcsClient client) {
        this.client = client;
    }

    @Override
    public Details details(String key, Call call) {
        GcsRequest get = GcsRequest.jsonObject("GET", client.bucket(), key).query("fields", FIELDS);
        return details(key, get, call);
    }

    @Override
    public Details setCustomTime(String key, Instant customTime, long ifMetageneration, Call call) {
        GcsRequest patch = GcsRequest.jsonObject("PATCH", client.bucket(), key)
                .query("ifMetagenerationMatch", Long.toString(ifMetageneration))
                .query("fields", FIELDS)
                .document(
                        "application/json; charset=UTF-8",
                        Json.write(Json.object().put("customTime", customTime.toString())))
                .withCondition();
        return details(key, patch, call);
    }

    private Details details(String key, GcsRequest request, Call call) {
        JsonNode json = client.json(request, call);
        String generation = GcsText.digits(Json.text(json, "generation"));
        long metageneration = Json.number(json, "metageneration");
        if (generation == null || metageneration < 1) {
            IOException broken = new Json.Malformed("the object has no generation or no metageneration");
            throw client.errors().of(broken, request);
        }
        @Nullable Instant customTime = GcsText.time(Json.text(json, "customTime"));
        return new Details(
                key,
                generation,
                metageneration,
                customTime,
                Math.max(0, Json.number(json, "componentCount")),
                Json.text(json, "kmsKeyName"));
    }
}
