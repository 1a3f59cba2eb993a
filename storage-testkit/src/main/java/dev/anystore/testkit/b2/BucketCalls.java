package dev.anystore.testkit.b2;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The calls about buckets and keys. Within the account's lock. */
final class BucketCalls {
    private final Account account;

    BucketCalls(Account account) {
        this.account = account;
    }

    Object create(Asked asked) {
        account.authorized(asked.token(), "writeBuckets", null, null);
        String name = asked.required("bucketName");
        if (!name.matches("[A-Za-z0-9-]{6,63}") || name.startsWith("b2-")) {
            throw Refused.badRequest("Invalid bucket name: " + name);
        }
        if (account.bucketNamed(name) != null) {
            throw new Refused(400, "duplicate_bucket_name", "Bucket name is already in use: " + name);
        }
        StoredBucket bucket = new StoredBucket("%024x".formatted(account.next()), name, asked.required("bucketType"));
        change(bucket, asked);
        bucket.revision = 1;
        account.buckets.put(bucket.id, bucket);
        return bucket.document();
    }

    private static void change(StoredBucket bucket, Asked asked) {
        bucket.type = Objects.requireNonNullElse(asked.text("bucketType"), bucket.type);
        bucket.info = Objects.requireNonNullElse(asked.raw("bucketInfo"), bucket.info);
        bucket.corsRules = Objects.requireNonNullElse(asked.raw("corsRules"), bucket.corsRules);
        bucket.lifecycleRules = Objects.requireNonNullElse(asked.raw("lifecycleRules"), bucket.lifecycleRules);
        bucket.encryption = asked.raw("defaultServerSideEncryption") == null
                ? bucket.encryption
                : asked.raw("defaultServerSideEncryption");
        bucket.revision++;
    }

    Object list(Asked asked) {
        Account.Key key = account.authorized(asked.token());
        String id = asked.text("bucketId");
        String name = asked.text("bucketName");
        boolean any =
                key.capabilities().contains("listBuckets") || key.capabilities().contains("listAllBucketNames");
        StoredBucket named = name == null ? null : account.bucketNamed(name);
        String about = id != null ? id : named == null ? null : named.id;
        if (!any || (key.buckets() != null && (about == null || !key.buckets().contains(about)))) {
            throw Refused.unauthorized("the key may not list these buckets");
        }
        List<Map<String, @Nullable Object>> found = account.buckets.values().stream()
                .filter(bucket -> id == null || bucket.id.equals(id))
                .filter(bucket -> name == null || bucket.name.equals(name))
                .map(StoredBucket::document)
                .toList();
        return Map.of("buckets", found);
    }

    Object update(Asked asked) {
        StoredBucket bucket = account.bucket(asked.required("bucketId"));
        account.authorized(asked.token(), "writeBuckets", bucket.id, null);
        long expected = asked.number("ifRevisionIs", bucket.revision);
        if (expected != bucket.revision) {
            throw new Refused(409, "conflict", "the bucket has another revision");
        }
        change(bucket, asked);
        return bucket.document();
    }

    Object delete(Asked asked) {
        StoredBucket bucket = account.bucket(asked.required("bucketId"));
        account.authorized(asked.token(), "deleteBuckets", bucket.id, null);
        if (!bucket.files.isEmpty()) {
            throw new Refused(400, "cannot_delete_non_empty_bucket", "Cannot delete non-empty bucket: " + bucket.name);
        }
        account.buckets.remove(bucket.id);
        return bucket.document();
    }

    Object createKey(Asked asked) {
        account.authorized(asked.token(), "writeKeys", null, null);
        Set<String> capabilities = new LinkedHashSet<>();
        asked.list("capabilities").forEach(each -> capabilities.add(String.valueOf(each)));
        List<String> buckets = asked.raw("bucketIds") == null
                ? Stream.ofNullable(asked.text("bucketId")).toList()
                : asked.list("bucketIds").stream().map(String::valueOf).toList();
        Account.Key key = account.newKey(
                asked.required("keyName"), capabilities, buckets.isEmpty() ? null : buckets, asked.text("namePrefix"));
        Map<String, @Nullable Object> document = document(key, asked.version());
        document.put("applicationKey", key.secret());
        return document;
    }

    Object listKeys(Asked asked) {
        account.authorized(asked.token(), "listKeys", null, null);
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put(
                "keys",
                account.keys.values().stream()
                        .map(key -> document(key, asked.version()))
                        .toList());
        answer.put("nextApplicationKeyId", null);
        return answer;
    }

    Object deleteKey(Asked asked) {
        account.authorized(asked.token(), "deleteKeys", null, null);
        Account.Key key = account.keys.remove(asked.required("applicationKeyId"));
        if (key == null) {
            throw Refused.badRequest("no such key");
        }
        account.tokens.values().removeIf(token -> token.key.equals(key));
        return document(key, asked.version());
    }

    private static Map<String, @Nullable Object> document(Account.Key key, int version) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("accountId", Account.ID);
        document.put("applicationKeyId", key.id());
        List<String> buckets = key.buckets();
        if (version >= 4) {
            document.put("bucketIds", buckets);
        } else {
            document.put("bucketId", buckets == null ? null : buckets.get(0));
        }
        document.put("capabilities", List.copyOf(key.capabilities()));
        document.put("expirationTimestamp", null);
        document.put("keyName", key.name());
        document.put("namePrefix", key.prefix());
        document.put("options", List.of("s3"));
        return document;
    }
}
