package dev.anystore.gcs;

import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.BucketInfo.LifecycleRule.LifecycleAction;
import com.google.cloud.storage.BucketInfo.LifecycleRule.LifecycleCondition;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.BucketAdmin.LifecycleRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lifecycle rules. The service's have one action each, neither a name nor a switch: one of ours becomes up to three, and those
 * of one prefix come back as one, named by its place.
 */
final class Lifecycles {
    private static final String DELETE = "Delete";
    private static final String ABORT = "AbortIncompleteMultipartUpload";

    private Lifecycles() {}

    static List<BucketInfo.LifecycleRule> write(List<LifecycleRule> rules) {
        List<BucketInfo.LifecycleRule> all = new ArrayList<>();
        for (LifecycleRule rule : rules) {
            if (!rule.enabled()) {
                throw StorageException.builder(Kind.UNSUPPORTED)
                        .message("a rule of this service can't be switched off, only left out")
                        .build();
            }
            if (rule.expirationDays() != null) {
                all.add(new BucketInfo.LifecycleRule(
                        LifecycleAction.newDeleteAction(),
                        of(rule.prefix())
                                .setAge(rule.expirationDays())
                                .setIsLive(true)
                                .build()));
            }
            if (rule.noncurrentDays() != null) {
                all.add(new BucketInfo.LifecycleRule(
                        LifecycleAction.newDeleteAction(),
                        of(rule.prefix())
                                .setDaysSinceNoncurrentTime(rule.noncurrentDays())
                                .build()));
            }
            if (rule.abortUploadDays() != null) {
                all.add(new BucketInfo.LifecycleRule(
                        LifecycleAction.newAbortIncompleteMPUploadAction(),
                        of(rule.prefix()).setAge(rule.abortUploadDays()).build()));
            }
        }
        return all;
    }

    private static LifecycleCondition.Builder of(String prefix) {
        LifecycleCondition.Builder condition = LifecycleCondition.newBuilder();
        return prefix.isEmpty() ? condition : condition.setMatchesPrefix(List.of(prefix));
    }

    static List<LifecycleRule> read(@Nullable List<? extends BucketInfo.LifecycleRule> rules) {
        Map<String, LifecycleRule> byPrefix = new LinkedHashMap<>();
        for (BucketInfo.LifecycleRule rule : rules == null ? List.<BucketInfo.LifecycleRule>of() : rules) {
            if (!isExpressible(rule)) {
                continue;
            }
            LifecycleCondition condition = rule.getCondition();
            boolean aborts = rule.getAction().getActionType().equals(ABORT);
            for (String prefix : prefixes(condition)) {
                LifecycleRule known = byPrefix.get(prefix);
                Integer expiration = known == null ? null : known.expirationDays();
                Integer noncurrent = known == null ? null : known.noncurrentDays();
                Integer abort = known == null ? null : known.abortUploadDays();
                byPrefix.put(
                        prefix,
                        new LifecycleRule(
                                known == null ? "rule-" + (byPrefix.size() + 1) : known.id(),
                                true,
                                prefix,
                                !aborts && condition.getAge() != null ? condition.getAge() : expiration,
                                condition.getDaysSinceNoncurrentTime() != null
                                        ? condition.getDaysSinceNoncurrentTime()
                                        : noncurrent,
                                aborts ? condition.getAge() : abort));
            }
        }
        return List.copyOf(byPrefix.values());
    }

    private static List<String> prefixes(LifecycleCondition condition) {
        List<String> prefixes = condition.getMatchesPrefix();
        return prefixes == null || prefixes.isEmpty() ? List.of("") : prefixes;
    }

    /** Whether our interface has words for the rule. */
    private static boolean isExpressible(BucketInfo.LifecycleRule rule) {
        LifecycleCondition condition = rule.getCondition();
        String action = rule.getAction().getActionType();
        boolean known = action.equals(DELETE) || action.equals(ABORT);
        boolean oneTime = (condition.getAge() == null) != (condition.getDaysSinceNoncurrentTime() == null);
        return known
                && oneTime
                && condition.getNumberOfNewerVersions() == null
                && condition.getCreatedBeforeOffsetDateTime() == null
                && condition.getCustomTimeBeforeOffsetDateTime() == null
                && condition.getDaysSinceCustomTime() == null
                && condition.getNoncurrentTimeBeforeOffsetDateTime() == null
                && isEmpty(condition.getMatchesStorageClass())
                && isEmpty(condition.getMatchesSuffix())
                && !Boolean.FALSE.equals(condition.getIsLive());
    }

    private static boolean isEmpty(@Nullable List<?> list) {
        return list == null || list.isEmpty();
    }

    /**
     * Refuses to replace rules that would be lost.
     *
     * @throws StorageException of kind {@code UNSUPPORTED}
     */
    static void checkExpressible(@Nullable List<? extends BucketInfo.LifecycleRule> rules) {
        for (BucketInfo.LifecycleRule rule : rules == null ? List.<BucketInfo.LifecycleRule>of() : rules) {
            if (!isExpressible(rule)) {
                throw StorageException.builder(Kind.UNSUPPORTED)
                        .message("the bucket has a lifecycle rule ("
                                + rule.getAction().getActionType() + ") that can't be expressed here and would be lost")
                        .fix("change the rules with gcloud storage buckets update --lifecycle-file")
                        .build();
            }
        }
    }
}
