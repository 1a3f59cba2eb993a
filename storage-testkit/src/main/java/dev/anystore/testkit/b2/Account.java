package dev.anystore.testkit.b2;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Everything that the server knows. Its parts are guarded by {@link #lock}, which is never held over a body. */
final class Account {
    static final String ID = "account0example";
    /** https://www.backblaze.com/docs/cloud-storage-large-files: parts but the last have at least 5 MB. */
    static final long MIN_PART_BYTES = 5_000_000;

    static final Set<String> ALL_CAPABILITIES = Set.of(
            "listKeys",
            "writeKeys",
            "deleteKeys",
            "listAllBucketNames",
            "listBuckets",
            "readBuckets",
            "writeBuckets",
            "deleteBuckets",
            "readBucketEncryption",
            "writeBucketEncryption",
            "listFiles",
            "readFiles",
            "shareFiles",
            "writeFiles",
            "deleteFiles");

    final ReentrantLock lock = new ReentrantLock();
    final Map<String, Key> keys = new LinkedHashMap<>();
    final Map<String, Token> tokens = new HashMap<>();
    final Map<String, Share> shares = new HashMap<>();
    final Map<String, StoredBucket> buckets = new TreeMap<>();
    final Map<String, StoredFile> files = new HashMap<>();
    private long lastTimestamp;
    private long counter;

    /**
     * An application key.
     *
     * @param buckets ids of those that it is for; null is all
     * @param prefix of the names that it is for, or null
     */
    record Key(
            String id,
            String secret,
            String name,
            Set<String> capabilities,
            @Nullable List<String> buckets,
            @Nullable String prefix) {}

    /** A token of the account: whose it is, and how often it is still good. */
    static final class Token {
        final Key key;
        boolean expired;
        long uses;

        Token(Key key, long uses) {
            this.key = key;
            this.uses = uses;
        }
    }

    /** A download authorization. */
    record Share(String bucketId, String prefix, Instant until, Map<String, String> overrides) {}

    Account(String keyId, String secret) {
        keys.put(keyId, new Key(keyId, secret, "master", ALL_CAPABILITIES, null, null));
    }

    long next() {
        return ++counter;
    }

    /** Later than all before: versions are in the order in which they began. */
    long timestamp() {
        lastTimestamp = Math.max(lastTimestamp + 1, System.currentTimeMillis());
        return lastTimestamp;
    }

    String newFileId(StoredBucket bucket) {
        return "4_z%s_f%016x_d20260101_m000000_c001_v0001000_t0000".formatted(bucket.id, next());
    }

    /** Whose token it is, if it is good. */
    Key authorized(@Nullable String text) {
        Token token = text == null ? null : tokens.get(text);
        if (token == null) {
            throw new Refused(401, "bad_auth_token", "invalid authorization token");
        }
        if (token.expired || token.uses-- <= 0) {
            token.expired = true;
            throw new Refused(401, "expired_auth_token", "authorization token has expired");
        }
        return token.key;
    }

    /** The same, for a call that needs a capability, on a bucket and below a prefix if these are not null. */
    Key authorized(@Nullable String text, String capability, @Nullable String bucketId, @Nullable String name) {
        Key key = authorized(text);
        checkMay(key, capability, bucketId, name);
        return key;
    }

    static void checkMay(Key key, String capability, @Nullable String bucketId, @Nullable String name) {
        boolean may = key.capabilities().contains(capability)
                && (key.buckets() == null || (bucketId != null && key.buckets().contains(bucketId)))
                && (key.prefix() == null || (name != null && name.startsWith(key.prefix())));
        if (!may) {
            throw Refused.unauthorized("unauthorized for application key with capabilities '"
                    + String.join(",", key.capabilities()) + "'"
                    + (key.buckets() == null ? "" : ", restricted to buckets " + key.buckets())
                    + (key.prefix() == null ? "" : ", restricted to files that start with '" + key.prefix() + "'"));
        }
    }

    StoredBucket bucket(String id) {
        StoredBucket bucket = buckets.get(id);
        if (bucket == null) {
            throw new Refused(400, "bad_bucket_id", "invalid bucketId: " + id);
        }
        return bucket;
    }

    @Nullable
    StoredBucket bucketNamed(String name) {
        return buckets.values().stream()
                .filter(bucket -> bucket.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** A version that is there. */
    StoredFile file(String id) {
        StoredFile file = files.get(id);
        if (file == null) {
            throw Refused.badRequest("File not present: " + id);
        }
        return file;
    }

    /** A large file that is not finished. */
    StoredFile unfinished(String id) {
        StoredFile file = files.get(id);
        if (file == null || !file.is("start")) {
            throw Refused.badRequest("No active upload for: " + id);
        }
        return file;
    }

    void keep(StoredFile file) {
        files.put(file.id, file);
        file.bucket.add(file);
    }

    void forget(StoredFile file) {
        files.remove(file.id);
        file.bucket.remove(file);
    }

    // ---- names and infos

    /** https://www.backblaze.com/docs/cloud-storage-files: control characters and DEL are not allowed in names. */
    static void checkName(String name) {
        int bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > 1024) {
            throw Refused.badRequest("File names must be 1 to 1024 bytes long");
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw Refused.badRequest("File names must not contain control characters");
        }
    }

    /** https://www.backblaze.com/docs/cloud-storage-file-information: with encryption, which is the default, 2,048 bytes. */
    static void checkInfo(String name, Map<String, String> info) {
        int bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        for (Map.Entry<String, String> entry : info.entrySet()) {
            if (!entry.getKey().matches("[A-Za-z0-9_.`~!#$%^&*'|+-]{1,50}")) {
                throw new Refused(400, "bad_file_info", "bad file info name: " + entry.getKey());
            }
            bytes +=
                    entry.getKey().length() + HttpCall.encoded(entry.getValue()).length();
        }
        if (bytes > 2048) {
            throw new Refused(400, "bad_file_info", "file name and file info have more than 2048 bytes");
        }
    }

    // ---- keys

    Map<String, @Nullable Object> authorize(String keyId, String secret, int version, String base, long uses) {
        Key key = keys.get(keyId);
        if (key == null || !key.secret().equals(secret)) {
            throw Refused.unauthorized("Invalid accountId or applicationKeyId");
        }
        List<String> ids = key.buckets();
        if (version < 4 && ids != null && ids.size() > 1) {
            throw Refused.unauthorized("keys of several buckets need version 4 of the API");
        }
        String token = "4_%s_token_%08x".formatted(ID, next());
        tokens.put(token, new Token(key, uses));
        Map<String, @Nullable Object> api = new LinkedHashMap<>();
        api.put("absoluteMinimumPartSize", MIN_PART_BYTES);
        api.put("apiUrl", base);
        api.put("downloadUrl", base);
        api.put("recommendedPartSize", 100_000_000L);
        api.put("s3ApiUrl", base);
        List<Map<String, @Nullable Object>> named = new ArrayList<>();
        for (String id : ids == null ? List.<String>of() : ids) {
            StoredBucket bucket = buckets.get(id);
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("id", id);
            one.put("name", bucket == null ? null : bucket.name);
            named.add(one);
        }
        Map<String, @Nullable Object> allowed = new LinkedHashMap<>();
        allowed.put("capabilities", key.capabilities().stream().sorted().toList());
        allowed.put("namePrefix", key.prefix());
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("accountId", ID);
        answer.put("authorizationToken", token);
        if (version >= 4) {
            allowed.put("buckets", ids == null ? null : named);
            api.put("allowed", allowed);
        } else {
            allowed.put("bucketId", named.isEmpty() ? null : named.get(0).get("id"));
            allowed.put("bucketName", named.isEmpty() ? null : named.get(0).get("name"));
            (version == 3 ? api : answer).putAll(version == 3 ? allowed : Map.of("allowed", allowed));
        }
        if (version >= 3) {
            api.put("infoType", "storageApi");
            answer.put("applicationKeyExpirationTimestamp", null);
            answer.put("apiInfo", Map.of("storageApi", api));
        } else {
            answer.putAll(api);
            answer.put("minimumPartSize", 100_000_000L);
        }
        return answer;
    }

    Key newKey(String name, Set<String> capabilities, @Nullable List<String> bucketIds, @Nullable String prefix) {
        long number = next();
        Key key = new Key(
                "testkey" + number, "testkeysecret" + number, name, Set.copyOf(capabilities), bucketIds, prefix);
        keys.put(key.id(), key);
        return key;
    }
}
