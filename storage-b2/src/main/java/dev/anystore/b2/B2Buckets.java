package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2Bucket;
import com.backblaze.b2.client.structures.B2BucketTypes;
import com.backblaze.b2.client.structures.B2CorsRule;
import com.backblaze.b2.client.structures.B2CreateBucketRequest;
import com.backblaze.b2.client.structures.B2CreateBucketRequestReal;
import com.backblaze.b2.client.structures.B2DeleteBucketRequestReal;
import com.backblaze.b2.client.structures.B2LifecycleRule;
import com.backblaze.b2.client.structures.B2UpdateBucketRequest;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The bucket itself. A new one is private. The service's lifecycle rules have no name and are always on: a rule's id is its
 * prefix when it is read, and one that is off can't be stored. What expires is hidden, and what has been hidden for the days of
 * older versions is deleted. Versions are always kept.
 */
final class B2Buckets implements BucketAdmin {
    /** The service's names of what browsers may do, by method. Uploads are POSTs. */
    private static final Map<String, List<String>> OPERATIONS = Map.of(
            "GET", List.of("b2_download_file_by_name", "b2_download_file_by_id"),
            "POST", List.of("b2_upload_file", "b2_upload_part"),
            "PUT", List.of("s3_put"),
            "HEAD", List.of("s3_head"),
            "DELETE", List.of("s3_delete"));

    private final B2Client client;

    B2Buckets(B2Client client) {
        this.client = client;
    }

    @Override
    public void create(Call call) {
        B2CreateBucketRequest request = B2CreateBucketRequest.builder(
                        client.config().bucket(), B2BucketTypes.ALL_PRIVATE)
                .build();
        try {
            client.ask(
                    call,
                    (api, account) ->
                            api.createBucket(account, new B2CreateBucketRequestReal(account.getAccountId(), request)));
        } catch (StorageException e) {
            boolean taken = Refusal.codeOf(e).equals("duplicate_bucket_name");
            if (!taken || !exists(call)) {
                throw e;
            }
        } finally {
            client.authorizations().forgetBucket();
        }
    }

    @Override
    public void delete(Call call) {
        B2Bucket bucket = bucket(call);
        try {
            client.ask(
                    call,
                    (api, account) -> api.deleteBucket(
                            account, new B2DeleteBucketRequestReal(account.getAccountId(), bucket.getBucketId())));
        } finally {
            client.authorizations().forgetBucket();
        }
    }

    @Override
    public boolean exists(Call call) {
        return client.authorizations().find(call) != null;
    }

    private B2Bucket bucket(Call call) {
        B2Bucket bucket = client.authorizations().find(call);
        if (bucket == null) {
            throw StorageException.builder(Kind.BUCKET_NOT_FOUND)
                    .message("there is no bucket " + client.config().bucket() + " at "
                            + client.config().where())
                    .fix("create it, or correct " + B2Settings.BUCKET.howToSet())
                    .build();
        }
        return bucket;
    }

    /** Changes it unless somebody else has since it was looked at. */
    private void update(Call call, UnaryOperator<B2UpdateBucketRequest.Builder> change) {
        B2UpdateBucketRequest request =
                change.apply(B2UpdateBucketRequest.builder(bucket(call))).build();
        client.ask(call, (api, account) -> api.updateBucket(account, request));
    }

    // ---- rules for browsers

    @Override
    public List<CorsRule> cors(Call call) {
        List<CorsRule> rules = new ArrayList<>();
        for (B2CorsRule rule : bucket(call).getCorsRules()) {
            rules.add(new CorsRule(
                    rule.getAllowedOrigins(),
                    methods(rule.getAllowedOperations()),
                    orNone(rule.getAllowedHeaders()),
                    orNone(rule.getExposeHeaders()),
                    rule.getMaxAgeSeconds()));
        }
        return rules;
    }

    private static List<String> methods(Set<String> operations) {
        Set<String> methods = new LinkedHashSet<>();
        for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE")) {
            if (OPERATIONS.getOrDefault(method, List.of()).stream().anyMatch(operations::contains)) {
                methods.add(method);
            }
        }
        return List.copyOf(methods);
    }

    private static List<String> orNone(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    @Override
    public void setCors(List<CorsRule> rules, Call call) {
        List<B2CorsRule> all = new ArrayList<>();
        for (CorsRule rule : rules) {
            Set<String> operations = new LinkedHashSet<>();
            for (String method : rule.methods()) {
                List<String> of = OPERATIONS.get(method);
                if (of == null) {
                    throw StorageException.builder(Kind.INVALID_ARGUMENT)
                            .message("B2 has no rule for the method " + B2Text.shown(method, 20))
                            .build();
                }
                operations.addAll(of);
            }
            all.add(B2CorsRule.builder(
                            "anystore-rule-" + (all.size() + 1), rule.origins(), operations, rule.maxAgeSeconds())
                    .setAllowedHeaders(rule.headers())
                    .setExposeHeaders(rule.exposed())
                    .build());
        }
        update(call, request -> request.setCorsRules(all));
    }

    // ---- lifecycle

    @Override
    public List<LifecycleRule> lifecycle(Call call) {
        List<LifecycleRule> rules = new ArrayList<>();
        for (B2LifecycleRule rule : bucket(call).getLifecycleRules()) {
            rules.add(new LifecycleRule(
                    rule.getFileNamePrefix(),
                    true,
                    rule.getFileNamePrefix(),
                    rule.getDaysFromUploadingToHiding(),
                    rule.getDaysFromHidingToDeleting(),
                    rule.getDaysFromStartingToCancelingUnfinishedLargeFiles()));
        }
        return rules;
    }

    @Override
    public void setLifecycle(List<LifecycleRule> rules, Call call) {
        List<B2LifecycleRule> all = new ArrayList<>();
        for (LifecycleRule rule : rules) {
            if (!rule.enabled()) {
                throw StorageException.builder(Kind.UNSUPPORTED)
                        .message("B2 has no lifecycle rules that are off")
                        .fix("leave the rule out")
                        .build();
            }
            all.add(B2LifecycleRule.builder(rule.prefix())
                    .setDaysFromUploadingToHiding(rule.expirationDays())
                    .setDaysFromHidingToDeleting(rule.noncurrentDays())
                    .setDaysFromStartingToCancelingUnfinishedLargeFiles(rule.abortUploadDays())
                    .build());
        }
        update(call, request -> request.setLifecycleRules(all));
    }

    @Override
    public boolean versioning(Call call) {
        return true;
    }

    @Override
    public void setVersioning(boolean enabled, Call call) {
        if (!enabled) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("B2 always keeps versions")
                    .fix("let a lifecycle rule delete what is hidden")
                    .build();
        }
    }
}
