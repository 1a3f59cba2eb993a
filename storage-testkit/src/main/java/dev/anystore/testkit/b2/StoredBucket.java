package dev.anystore.testkit.b2;

import dev.anystore.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A bucket. Guarded by the account's lock. */
final class StoredBucket {
    final String id;
    final String name;
    String type;
    Object info;
    Object corsRules;
    Object lifecycleRules;

    @Nullable
    Object encryption;

    long revision = 1;

    /** By name the versions, the newest first; of unfinished large files as well. */
    final TreeMap<String, List<StoredFile>> files = new TreeMap<>(Keys.UTF8_ORDER);

    StoredBucket(String id, String name, String type) {
        this.id = id;
        this.name = name;
        this.type = type;
        this.info = Map.of();
        this.corsRules = List.of();
        this.lifecycleRules = List.of();
    }

    void add(StoredFile file) {
        files.computeIfAbsent(file.name, unused -> new ArrayList<>()).add(0, file);
    }

    void remove(StoredFile file) {
        List<StoredFile> versions = files.get(file.name);
        if (versions != null && versions.remove(file) && versions.isEmpty()) {
            files.remove(file.name);
        }
    }

    /** What a download by name gives, or null. */
    @Nullable
    StoredFile current(String fileName) {
        for (StoredFile file : files.getOrDefault(fileName, List.of())) {
            if (!file.is("start")) {
                return file.is("upload") ? file : null;
            }
        }
        return null;
    }

    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("accountId", Account.ID);
        document.put("bucketId", id);
        document.put("bucketInfo", info);
        document.put("bucketName", name);
        document.put("bucketType", type);
        document.put("corsRules", corsRules);
        document.put(
                "defaultServerSideEncryption",
                StoredFile.field(encryption != null ? encryption : Map.of("algorithm", "AES256", "mode", "SSE-B2")));
        Map<String, @Nullable Object> lock = new LinkedHashMap<>();
        Map<String, @Nullable Object> retention = new LinkedHashMap<>();
        retention.put("mode", null);
        retention.put("period", null);
        lock.put("defaultRetention", retention);
        lock.put("isFileLockEnabled", false);
        document.put("fileLockConfiguration", StoredFile.field(lock));
        document.put("lifecycleRules", lifecycleRules);
        document.put("options", List.of("s3"));
        document.put("replicationConfiguration", StoredFile.field(null));
        document.put("revision", revision);
        return document;
    }
}
