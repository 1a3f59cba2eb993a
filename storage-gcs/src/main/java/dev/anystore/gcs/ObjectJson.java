package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.spi.Attributes;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object as the JSON API describes it.
 *
 * @see <a href="https://cloud.google.com/storage/docs/json_api/v1/objects#resource">the resource</a>
 */
final class ObjectJson {
    /** The fields that are read; a partial answer costs the service and us less. */
    static final String FIELDS = "name,size,generation,metageneration,etag,updated,storageClass,contentType,"
            + "contentEncoding,contentDisposition,cacheControl,metadata,crc32c,md5Hash,customTime,kmsKeyName,componentCount";

    private ObjectJson() {}

    /** What is stored beside the bytes. */
    static ObjectNode write(Attributes attributes, @Nullable String defaultClass) {
        ObjectHeaders.check(attributes);
        ObjectNode json = Json.object();
        put(json, "contentType", attributes.contentType());
        put(json, "contentEncoding", attributes.contentEncoding());
        put(json, "contentDisposition", attributes.contentDisposition());
        put(json, "cacheControl", attributes.cacheControl());
        put(json, "storageClass", attributes.storageClass() != null ? attributes.storageClass() : defaultClass);
        if (!attributes.metadata().isEmpty()) {
            ObjectNode metadata = json.putObject("metadata");
            attributes.metadata().forEach((name, value) -> metadata.put(name, EncodedWords.encodeForJson(value)));
        }
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /** What the service says of an object. */
    static ObjectInfo.Builder read(String key, JsonNode json) throws IOException {
        long size = Json.number(json, "size");
        String generation = GcsText.digits(Json.text(json, "generation"));
        if (size < 0 || generation == null) {
            throw new Json.Malformed("the object has no size or no generation");
        }
        Map<String, String> metadata = new TreeMap<>();
        JsonNode pairs = json.path("metadata");
        for (Iterator<Map.Entry<String, JsonNode>> i = pairs.fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> pair = i.next();
            metadata.put(pair.getKey(), EncodedWords.decodeText(pair.getValue().asText()));
        }
        String tag = GcsText.unquoted(Json.text(json, "etag"));
        ObjectInfo.Builder info = ObjectInfo.builder(key, size)
                .revision(generation)
                .versionId(generation)
                .eTag(tag.isEmpty() ? null : tag)
                .storageClass(Json.text(json, "storageClass"))
                .contentType(Json.text(json, "contentType"))
                .contentEncoding(emptyIsNull(Json.text(json, "contentEncoding")))
                .contentDisposition(emptyIsNull(Json.text(json, "contentDisposition")))
                .cacheControl(emptyIsNull(Json.text(json, "cacheControl")))
                .metadata(metadata);
        Instant updated = GcsText.time(Json.text(json, "updated"));
        if (updated != null) {
            info.lastModified(updated);
        }
        Checksum crc = Hashes.parse(Algorithm.CRC32C, Json.text(json, "crc32c"));
        if (crc != null) {
            info.addChecksum(crc);
        }
        Checksum md5 = Hashes.parse(Algorithm.MD5, Json.text(json, "md5Hash"));
        if (md5 != null) {
            info.addChecksum(md5);
        }
        return info;
    }

    private static @Nullable String emptyIsNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
