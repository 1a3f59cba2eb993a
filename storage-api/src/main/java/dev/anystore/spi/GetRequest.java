package dev.anystore.spi;

import dev.anystore.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object, one range of it, or only what is known of it.
 *
 * @param key a valid key
 * @param headOnly no body is wanted; {@code range} is then null
 * @param range the range, or null for all
 * @param version the version, or null for the current one; given only to stores that declare {@code VERSIONS}
 * @param ifRevision the revision that it must have, else {@code PRECONDITION_FAILED}; or null
 * @param unlessRevision the revision that the caller has, for which the answer is {@link GetResponse#notModified()}; or null
 */
public record GetRequest(
        String key,
        boolean headOnly,
        @Nullable ByteRange range,
        @Nullable String version,
        @Nullable String ifRevision,
        @Nullable String unlessRevision) {
    /** The whole object. */
    public static GetRequest whole(String key) {
        return new GetRequest(key, false, null, null, null, null);
    }

    /** Only what is known of the object. */
    public static GetRequest head(String key) {
        return new GetRequest(key, true, null, null, null, null);
    }

    /** One range of the object. */
    public static GetRequest range(String key, ByteRange range) {
        return new GetRequest(key, false, range, null, null, null);
    }

    /** The same, of one version. */
    public GetRequest withVersion(@Nullable String value) {
        return new GetRequest(key, headOnly, range, value, ifRevision, unlessRevision);
    }

    /** The same, only of one revision. */
    public GetRequest withIfRevision(@Nullable String value) {
        return new GetRequest(key, headOnly, range, version, value, unlessRevision);
    }

    /** The same, unless it still has this revision. */
    public GetRequest withUnlessRevision(@Nullable String value) {
        return new GetRequest(key, headOnly, range, version, ifRevision, value);
    }
}
