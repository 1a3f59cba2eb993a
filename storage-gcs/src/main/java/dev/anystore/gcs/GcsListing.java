package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.spi.Call;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Versions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages of objects, and of versions, by the JSON API, in the order of UTF-8. */
final class GcsListing implements Versions {
    private static final String OBJECT = "name,size,updated,generation,storageClass";

    private final GcsClient client;

    GcsListing(GcsClient client) {
        this.client = client;
    }

    private GcsRequest request(String prefix, int pageSize, @Nullable String pageToken) {
        return GcsRequest.json("GET", null, "/storage/v1/b/" + client.bucket() + "/o")
                .queryIfPresent("prefix", prefix.isEmpty() ? null : prefix)
                .query("maxResults", Integer.toString(pageSize))
                .queryIfPresent("pageToken", pageToken);
    }

    ListPage list(ListRequest request, Call call) {
        GcsRequest get = request(request.prefix(), request.pageSize(), request.pageToken())
                .queryIfPresent("delimiter", request.delimiter())
                // The service begins with this key itself, we behind it.
                .queryIfPresent("startOffset", request.startAfter())
                .query("fields", "items(" + OBJECT + "),prefixes,nextPageToken");
        JsonNode json = client.json(get, call);
        try {
            List<ListEntry> objects = new ArrayList<>();
            for (JsonNode item : json.path("items")) {
                ListEntry entry = entry(item);
                if (!entry.key().equals(request.startAfter())) {
                    objects.add(entry);
                }
            }
            List<String> prefixes = new ArrayList<>();
            for (JsonNode prefix : json.path("prefixes")) {
                prefixes.add(prefix.asText());
            }
            return ListPage.of(objects, prefixes, next(json, request.pageToken()));
        } catch (IOException e) {
            throw client.errors().of(e, get);
        }
    }

    private static @Nullable String next(JsonNode json, @Nullable String before) throws IOException {
        String next = Json.text(json, "nextPageToken");
        if (next != null && next.equals(before)) {
            throw new Json.Malformed("the listing does not advance");
        }
        return next == null || next.isEmpty() ? null : next;
    }

    private static ListEntry entry(JsonNode item) throws IOException {
        String key = Json.text(item, "name");
        long size = Json.number(item, "size");
        String generation = GcsText.digits(Json.text(item, "generation"));
        Instant updated = GcsText.time(Json.text(item, "updated"));
        if (key == null || size < 0 || generation == null) {
            throw new Json.Malformed("an entry of the listing has no name, size or generation");
        }
        return ListEntry.of(
                key, size, updated == null ? Instant.EPOCH : updated, generation, Json.text(item, "storageClass"));
    }

    /** The service lists a key's versions oldest first; we the newest, so a page holds each key whole or goes on with it. */
    @Override
    public Page list(String prefix, int pageSize, @Nullable String pageToken, Call call) {
        GcsRequest get = request(prefix, pageSize, pageToken)
                .query("versions", "true")
                .query("fields", "items(" + OBJECT + ",timeDeleted),nextPageToken");
        JsonNode json = client.json(get, call);
        try {
            List<Version> versions = new ArrayList<>();
            int first = 0; // of the key that is being read
            for (JsonNode item : json.path("items")) {
                ListEntry entry = entry(item);
                if (first < versions.size() && !versions.get(first).key().equals(entry.key())) {
                    first = versions.size();
                }
                versions.add(
                        first,
                        new Version(
                                entry.key(),
                                entry.revision(),
                                entry.size(),
                                entry.lastModified(),
                                entry.revision(),
                                Json.text(item, "timeDeleted") == null,
                                false));
            }
            return new Page(List.copyOf(versions), next(json, pageToken));
        } catch (IOException e) {
            throw client.errors().of(e, get);
        }
    }
}
