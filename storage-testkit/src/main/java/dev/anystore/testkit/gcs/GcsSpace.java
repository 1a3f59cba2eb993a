package dev.anystore.testkit.gcs;

import dev.anystore.testkit.gcs.GcsAnswer.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All buckets, and what every API does with objects. Whoever uses it holds the server's lock. */
final class GcsSpace {
    static final DateTimeFormatter HTTP_TIME = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    final TreeMap<String, GcsBucket> buckets = new TreeMap<>();
    final Map<String, Session> sessions = new HashMap<>();
    final Map<String, Rewrite> rewrites = new HashMap<>();
    private final Clock clock;
    private long lastGeneration;
    private long lastId;

    GcsSpace(Clock clock) {
        this.clock = clock;
    }

    /** An upload session of the JSON API. */
    static final class Session {
        final String bucket;
        final GcsObject draft;
        final Map<String, String> conditions;
        final @Nullable String declaredCrc;
        final @Nullable String declaredMd5;
        byte[] bytes = new byte[0];

        @Nullable
        Map<String, Object> done;

        Session(
                String bucket,
                GcsObject draft,
                Map<String, String> conditions,
                @Nullable String declaredCrc,
                @Nullable String declaredMd5) {
            this.bucket = bucket;
            this.draft = draft;
            this.conditions = conditions;
            this.declaredCrc = declaredCrc;
            this.declaredMd5 = declaredMd5;
        }
    }

    /** A rewrite that takes several requests. */
    static final class Rewrite {
        final String of;
        long moved;

        Rewrite(String of) {
            this.of = of;
        }
    }

    String now() {
        return TIME.format(clock.instant());
    }

    Instant instant() {
        return clock.instant();
    }

    /** Microseconds, as the service's are, and never one twice. */
    long newGeneration() {
        Instant now = clock.instant();
        lastGeneration = Math.max(lastGeneration + 1, now.getEpochSecond() * 1_000_000 + now.getNano() / 1000);
        return lastGeneration;
    }

    String newId() {
        return "id-" + Long.toString(newGeneration(), 36) + "-" + ++lastId;
    }

    GcsBucket bucket(String name) {
        GcsBucket bucket = buckets.get(name);
        if (bucket == null) {
            throw new Refusal(404, "notFound", "NoSuchBucket", "The specified bucket does not exist.");
        }
        return bucket;
    }

    GcsObject object(GcsBucket bucket, String key, @Nullable String generation) {
        GcsObject found = generation == null ? bucket.live(key) : bucket.version(key, number(generation));
        if (found == null) {
            throw new Refusal(404, "notFound", "NoSuchKey", "No such object: " + bucket.name + "/" + key);
        }
        return found;
    }

    static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw invalid("not a number: " + text);
        }
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "invalid", "InvalidArgument", message);
    }

    /** The four conditions as the JSON API names them, of an object that may be absent. */
    static void check(Map<String, String> conditions, @Nullable GcsObject object, boolean reads) {
        long generation = object == null ? 0 : object.generation;
        long metageneration = object == null ? 0 : object.metageneration;
        match(conditions.get("ifGenerationMatch"), generation, true, reads);
        match(conditions.get("ifGenerationNotMatch"), generation, false, reads);
        match(conditions.get("ifMetagenerationMatch"), metageneration, true, reads);
        match(conditions.get("ifMetagenerationNotMatch"), metageneration, false, reads);
    }

    private static void match(@Nullable String wanted, long is, boolean equal, boolean reads) {
        if (wanted != null && (number(wanted) == is) != equal) {
            throw new Refusal(
                    reads && !equal ? 304 : 412,
                    "conditionNotMet",
                    "PreconditionFailed",
                    "At least one of the pre-conditions you specified did not hold.");
        }
    }

    /** Publishes a draft. */
    GcsObject publish(String bucketName, GcsObject draft, Map<String, String> conditions) {
        GcsBucket bucket = bucket(bucketName);
        check(conditions, bucket.live(draft.name), false);
        checkName(draft.name);
        int metadata = draft.metadata.entrySet().stream()
                .mapToInt(pair -> pair.getKey().getBytes(StandardCharsets.UTF_8).length
                        + pair.getValue().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (metadata > 8 << 10) {
            throw invalid("Your metadata headers exceed the maximum allowed metadata size.");
        }
        draft.generation = newGeneration();
        draft.created = now();
        draft.updated = draft.created;
        bucket.put(draft, draft.created);
        return draft;
    }

    private static void checkName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0
                || bytes > 1024
                || name.indexOf('\n') >= 0
                || name.indexOf('\r') >= 0
                || name.equals(".")
                || name.equals("..")) {
            throw new Refusal(400, "invalid", "InvalidURI", "Invalid object name.");
        }
    }

    static void checkCrc(@Nullable String declared, byte[] bytes) {
        if (declared != null && !declared.equals(GcsObject.crc32c(bytes))) {
            throw new Refusal(
                    400,
                    "invalid",
                    "BadDigest",
                    "Provided CRC32C \"" + declared + "\" doesn't match calculated CRC32C \"" + GcsObject.crc32c(bytes)
                            + "\".");
        }
    }

    static void checkMd5(@Nullable String declared, byte[] bytes) {
        if (declared != null && !declared.equals(GcsObject.md5(bytes))) {
            throw new Refusal(
                    400,
                    "invalid",
                    "BadDigest",
                    "Provided MD5 hash \"" + declared + "\" doesn't match calculated MD5 hash.");
        }
    }

    /** Takes the key of the customer from headers with this prefix; its digest, or null. */
    static @Nullable String customerKey(GcsRequest request, String prefix) {
        String key = request.header(prefix + "key");
        String sha = request.header(prefix + "key-sha256");
        if (key == null) {
            return null;
        }
        byte[] bytes = Base64.getDecoder().decode(key);
        String real = Base64.getEncoder().encodeToString(GcsObject.digest("SHA-256", bytes));
        if (bytes.length != 32 || !real.equals(sha) || !"AES256".equals(request.header(prefix + "algorithm"))) {
            throw new Refusal(
                    400,
                    "customerEncryptionKeySha256IsInvalid",
                    "CustomerEncryptionKeySha256Invalid",
                    "Provided encryption key SHA256 hash does not match the key.");
        }
        return real;
    }

    /** Bytes that are encrypted with a customer's key are read with it and no other. */
    static void checkKey(GcsObject object, @Nullable String given) {
        if (object.customerKey == null ? given != null : !object.customerKey.equals(given)) {
            throw new Refusal(
                    400,
                    object.customerKey == null
                            ? "resourceNotEncryptedWithCustomerEncryptionKey"
                            : given == null
                                    ? "resourceIsEncryptedWithCustomerEncryptionKey"
                                    : "customerEncryptionKeyIsIncorrect",
                    object.customerKey == null
                            ? "ResourceNotEncryptedWithCustomerEncryptionKey"
                            : given == null
                                    ? "ResourceIsEncryptedWithCustomerEncryptionKey"
                                    : "CustomerEncryptionKeyIsIncorrect",
                    "The target object is encrypted otherwise than with the provided key.");
        }
    }
}
