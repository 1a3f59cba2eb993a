package dev.anystore.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The power to create, delete and configure the bucket of a store. */
public interface BucketAdmin {
    /** Creates the bucket; one that is there and ours is success. */
    void create(Call call);

    /** Deletes the bucket, which must be empty. */
    void delete(Call call);

    /** Whether it is there. */
    boolean exists(Call call);

    /** The rules for browsers of other origins; empty if there are none. */
    List<CorsRule> cors(Call call);

    /** Replaces them; an empty list removes them. */
    void setCors(List<CorsRule> rules, Call call);

    /** The lifecycle rules; empty if there are none. */
    List<LifecycleRule> lifecycle(Call call);

    /** Replaces them; an empty list removes them. */
    void setLifecycle(List<LifecycleRule> rules, Call call);

    /** Whether older versions are kept. */
    boolean versioning(Call call);

    /** Switches it on, or suspends it. */
    void setVersioning(boolean enabled, Call call);

    /**
     * A rule for browsers.
     *
     * @param origins allowed
     * @param methods allowed
     * @param headers allowed
     * @param exposed response headers
     * @param maxAgeSeconds how long a browser may remember; 0 is not said
     */
    record CorsRule(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            List<String> exposed,
            int maxAgeSeconds) {}

    /**
     * A lifecycle rule.
     *
     * @param id its name
     * @param enabled whether it runs
     * @param prefix of the keys
     * @param expirationDays after which current objects go, or null
     * @param noncurrentDays after which older versions go, or null
     * @param abortUploadDays after which unfinished uploads go, or null
     */
    record LifecycleRule(
            String id,
            boolean enabled,
            String prefix,
            @Nullable Integer expirationDays,
            @Nullable Integer noncurrentDays,
            @Nullable Integer abortUploadDays) {}
}
