package dev.anystore.memory;

import dev.anystore.spi.BucketAdmin.LifecycleRule;
import dev.anystore.spi.DeleteRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One application of the lifecycle rules, within the lock of its space. */
final class LifecycleRun {
    private final MemorySpace space;
    private long gone;

    LifecycleRun(MemorySpace space) {
        this.space = space;
    }

    long apply(List<LifecycleRule> rules, Instant now) {
        for (LifecycleRule rule : rules) {
            if (rule.enabled()) {
                expireCurrent(rule, now);
                expireNoncurrent(rule, now);
                abortUploads(rule, now);
            }
        }
        return gone;
    }

    private void expireCurrent(LifecycleRule rule, Instant now) {
        for (Map.Entry<String, List<Stored>> entry : snapshot()) {
            Stored newest = entry.getValue().get(0);
            if (applies(rule, entry.getKey())
                    && !newest.marker()
                    && older(newest.modified(), rule.expirationDays(), now)) {
                space.delete(new DeleteRequest.Target(entry.getKey(), null, null));
                gone++;
            }
        }
    }

    private void expireNoncurrent(LifecycleRule rule, Instant now) {
        for (Map.Entry<String, List<Stored>> entry : snapshot()) {
            List<Stored> versions = List.copyOf(entry.getValue());
            for (int i = 1; i < versions.size() && applies(rule, entry.getKey()); i++) {
                // A version is noncurrent from the moment that the next one was written.
                if (older(versions.get(i - 1).modified(), rule.noncurrentDays(), now)) {
                    space.forget(entry.getKey(), versions.get(i).versionId());
                    gone++;
                }
            }
        }
    }

    private void abortUploads(LifecycleRule rule, Instant now) {
        for (OpenUpload upload : List.copyOf(space.uploadsById().values())) {
            if (applies(rule, upload.key) && older(upload.begun, rule.abortUploadDays(), now)) {
                space.uploadsById().remove(upload.id());
                space.release(upload.heldBytes());
                gone++;
            }
        }
    }

    private List<Map.Entry<String, List<Stored>>> snapshot() {
        return new ArrayList<>(space.byKey().entrySet());
    }

    private static boolean applies(LifecycleRule rule, String key) {
        return key.startsWith(rule.prefix());
    }

    private static boolean older(Instant since, @Nullable Integer days, Instant now) {
        return days != null && !since.plus(Duration.ofDays(days)).isAfter(now);
    }
}
