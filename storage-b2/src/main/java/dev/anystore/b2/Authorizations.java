package dev.anystore.b2;

import com.backblaze.b2.client.exceptions.B2Exception;
import com.backblaze.b2.client.structures.B2AccountAuthorization;
import com.backblaze.b2.client.structures.B2Allowed;
import com.backblaze.b2.client.structures.B2AuthorizeAccountRequest;
import com.backblaze.b2.client.structures.B2Bucket;
import com.backblaze.b2.client.structures.B2ListBucketsRequest;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The account's token, its addresses, and what the application key may do. One request gets it, whoever waits: a thread that
 * finds another one's token does not ask for a further one, and one that waited through a failure shares it. A token is
 * thrown away before its 24 hours are over. The id of the bucket is remembered as long as the store is open.
 */
final class Authorizations {
    /** Tokens are good for at most 24 hours: https://www.backblaze.com/apidocs/b2-authorize-account */
    private static final long LIFE_NANOS = TimeUnit.HOURS.toNanos(23);

    private static final long PATIENCE_MILLIS = 100;

    private final B2Client client;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Held held;
    private volatile @Nullable String bucketId;
    private volatile @Nullable StorageException failed;

    /** An authorization and when it came. */
    private record Held(B2AccountAuthorization authorization, long since) {
        boolean isFresh() {
            return System.nanoTime() - since < LIFE_NANOS;
        }
    }

    Authorizations(B2Client client) {
        this.client = client;
    }

    /** The present one; the first caller gets it from the service. */
    B2AccountAuthorization get(Call call) {
        Held now = held;
        return now != null && now.isFresh() ? now.authorization() : renewed(now, call);
    }

    /** Another one than this, which the service does not accept any more. */
    @SuppressWarnings("ReferenceEquality") // the very one that was refused, whatever it says
    B2AccountAuthorization renewed(B2AccountAuthorization old, Call call) {
        Held now = held;
        if (now != null && now.authorization() != old) {
            return now.authorization();
        }
        return renewed(now, call);
    }

    @SuppressWarnings("ReferenceEquality") // the very one that was seen, whatever it says
    private B2AccountAuthorization renewed(@Nullable Held seen, Call call) {
        StorageException before = failed;
        lock(call);
        try {
            Held now = held;
            if (now != null && now != seen) {
                return now.authorization();
            }
            StorageException meanwhile = failed;
            if (meanwhile != null && meanwhile != before) {
                // Somebody asked while this thread waited: asking once more would only hammer.
                throw meanwhile.toBuilder().build();
            }
            B2AccountAuthorization fresh = authorize(call);
            held = new Held(fresh, System.nanoTime());
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits for another thread's answer can be stopped all the same. */
    private void lock(Call call) {
        try {
            while (!lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                call.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.builder(Kind.CANCELLED)
                    .message("the calling thread was interrupted")
                    .cause(e)
                    .build();
        }
    }

    private B2AccountAuthorization authorize(Call call) {
        B2Config config = client.config();
        try {
            B2AccountAuthorization fresh = client.api(call)
                    .authorizeAccount(B2AuthorizeAccountRequest.builder(
                                    config.keyId(), config.key().reveal())
                            .build());
            // Nothing is sent there before they were looked at.
            B2Address.of(fresh.getApiUrl(), config.allowHttp());
            B2Address.of(fresh.getDownloadUrl(), config.allowHttp());
            return fresh;
        } catch (B2Exception e) {
            throw B2Client.ofSdk(e);
        } catch (StorageException e) {
            if (e.kind() != Kind.CANCELLED && e.kind() != Kind.CLOSED) {
                failed = e;
            }
            throw e;
        }
    }

    // ---- the bucket, and what the key may do there

    /**
     * The id of the bucket. A key that is restricted to the bucket tells it; else one request does, once for the store.
     *
     * @throws StorageException of kind {@code BUCKET_NOT_FOUND}, or {@code ACCESS_DENIED} if the key is for another bucket
     */
    String bucketId(Call call) {
        String known = bucketId;
        if (known != null) {
            return known;
        }
        B2Allowed allowed = get(call).getAllowed();
        String only = allowed.getBucketId();
        if (only != null) {
            String name = allowed.getBucketName();
            if (!client.config().bucket().equals(name)) {
                throw otherBucket(name);
            }
            bucketId = only;
            return only;
        }
        B2Bucket bucket = find(call);
        if (bucket == null) {
            throw StorageException.builder(Kind.BUCKET_NOT_FOUND)
                    .message("there is no bucket " + client.config().bucket() + " at "
                            + client.config().where())
                    .fix("create it, or correct " + B2Settings.BUCKET.howToSet())
                    .build();
        }
        bucketId = bucket.getBucketId();
        return bucket.getBucketId();
    }

    private StorageException otherBucket(@Nullable String name) {
        return StorageException.builder(Kind.ACCESS_DENIED)
                .message("the application key is for "
                        + (name == null
                                ? "a bucket that is not there any more"
                                : "the bucket " + B2Text.shown(name, 80))
                        + ", not for " + client.config().bucket())
                .fix("use a key of this bucket, or correct " + B2Settings.BUCKET.howToSet())
                .build();
    }

    /** The bucket as the service has it now, or null. */
    @Nullable
    B2Bucket find(Call call) {
        List<B2Bucket> found = client.ask(
                        call,
                        (api, account) -> api.listBuckets(
                                account,
                                B2ListBucketsRequest.builder(account.getAccountId())
                                        .setBucketName(client.config().bucket())
                                        .build()))
                .getBuckets();
        return found.stream()
                .filter(bucket -> bucket.getBucketName().equals(client.config().bucket()))
                .findFirst()
                .orElse(null);
    }

    /** What is known of the bucket is not true any more. */
    void forgetBucket() {
        bucketId = null;
    }

    /** The prefix that the key is restricted to; empty if it is not. */
    String namePrefix(Call call) {
        String prefix = get(call).getAllowed().getNamePrefix();
        return prefix == null ? "" : prefix;
    }

    /**
     * Refuses a key of an object that the application key is not for.
     *
     * @throws StorageException of kind {@code ACCESS_DENIED}
     */
    void checkName(String key, Call call) {
        String prefix = namePrefix(call);
        if (!key.startsWith(prefix)) {
            throw StorageException.builder(Kind.ACCESS_DENIED)
                    .message("the application key is only for names that begin with '" + B2Text.shown(prefix, 80) + "'")
                    .fix("use another application key")
                    .build();
        }
    }
}
