package dev.anystore.s3;

import dev.anystore.http.Origin;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where requests of a bucket go, and what region signs them.
 *
 * @param region that signs
 * @param origin host and port
 * @param bucketPath the bucket as a path begins with it; empty where it stands in the host name
 */
record Place(String region, Origin origin, String bucketPath) {
    /** The place of a configuration. */
    static Place of(S3Config config) {
        return of(config, config.endpoint(), config.region());
    }

    /** The place of this bucket in another region of the vendor. */
    static Place of(S3Config config, URI endpoint, String region) {
        Origin origin = Origin.of(endpoint);
        if (config.pathStyle() || !config.bucketFitsHost() || isAddress(origin.host())) {
            StringBuilder path = new StringBuilder("/");
            PercentEncoding.appendPath(path, config.bucket());
            return new Place(region, origin, path.toString());
        }
        return new Place(region, new Origin(origin.tls(), config.bucket() + '.' + origin.host(), origin.port()), "");
    }

    /** The encoded path of an object, or of the bucket. */
    String path(@Nullable String key) {
        if (key == null) {
            return bucketPath.isEmpty() ? "/" : bucketPath;
        }
        StringBuilder path = new StringBuilder(bucketPath.length() + key.length() + 16);
        path.append(bucketPath).append('/');
        PercentEncoding.appendPath(path, key);
        return path.toString();
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
