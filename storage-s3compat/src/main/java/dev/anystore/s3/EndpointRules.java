package dev.anystore.s3;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which hosts may be endpoints. No rule here looks a name up. */
final class EndpointRules {
    /** Names and addresses of metadata services, which hand out credentials to whoever asks. */
    private static final List<String> METADATA =
            List.of("metadata", "metadata.google.internal", "metadata.goog", "instance-data", "100.100.100.200");

    /**
     * Amazon's hosts of S3. Not all below amazonaws.com: load balancers and instances of its customers are there too. With or
     * without the bucket, dual stack, and a network's own way in.
     *
     * @see <a href="https://docs.aws.amazon.com/general/latest/gr/s3.html">its endpoints</a>
     */
    private static final Pattern AMAZON =
            Pattern.compile("(?:[^/]+\\.)?(?:s3|s3-fips|s3-accelerate|s3-[a-z]{2}-[a-z0-9-]+)"
                    + "(?:\\.dualstack)?(?:\\.[a-z]{2}(?:-[a-z]+)+-[0-9]+)?(?:\\.vpce)?\\.amazonaws\\.com(?:\\.cn)?");

    private EndpointRules() {}

    /** Whether Amazon itself answers there: only such a host gets credentials that nobody gave us for it. */
    static boolean isAmazon(String host) {
        return AMAZON.matcher(bare(host)).matches();
    }

    /** Whether connections to this host stay on this machine. */
    static boolean isLoopback(String host) {
        String lower = bare(host);
        if (lower.equals("localhost") || lower.endsWith(".localhost")) {
            return true;
        }
        InetAddress address = literal(lower);
        return address != null && address.isLoopbackAddress();
    }

    /** Why this address may not be connected to, or null. */
    static @Nullable String refusal(InetAddress address) {
        if (address.isLinkLocalAddress()) {
            return "a link-local address, where metadata services are";
        }
        if (address.isMulticastAddress()) {
            return "a multicast address";
        }
        if (address.isAnyLocalAddress()) {
            return "no address of a host";
        }
        byte[] bytes = address.getAddress();
        // fd00:ec2::254 is Amazon's metadata service on IPv6.
        if (bytes.length == 16 && bytes[0] == (byte) 0xfd && bytes[2] == 0x0e && bytes[3] == (byte) 0xc2) {
            return "the address of a metadata service";
        }
        return METADATA.contains(address.getHostAddress()) ? "the address of a metadata service" : null;
    }

    /** Why this host may not be an endpoint, or null. */
    static @Nullable String refusal(String host) {
        String lower = bare(host);
        if (METADATA.contains(lower)) {
            return "a metadata service";
        }
        InetAddress address = literal(lower);
        return address == null ? null : refusal(address);
    }

    /** The problem of an endpoint's shape, as the second half of a sentence about its setting, or null. */
    static @Nullable String problem(URI endpoint, boolean allowHttp) {
        String scheme = endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return "begins with " + S3Text.shown(scheme, 20) + "://; write https://host";
        }
        String path = endpoint.getRawPath();
        if (path != null && !path.isEmpty() && !path.equals("/")) {
            return "has the path " + S3Text.shown(path, 60) + "; leave it out, the bucket has a setting of its own";
        }
        if (endpoint.getRawQuery() != null) {
            return "has a query; write https://host";
        }
        String refusal = refusal(endpoint.getHost());
        if (refusal != null) {
            return "is " + refusal + "; it can't be an object store";
        }
        if (scheme.equals("http") && !allowHttp && !isLoopback(endpoint.getHost())) {
            return "is plain http to a host that is not loopback; write https://, or set STORAGE_ALLOW_HTTP=true if the network is yours";
        }
        return null;
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]")) {
            lower = lower.substring(1, lower.length() - 1);
        }
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The address, if the text is one: only then does the JVM answer without a lookup. */
    private static @Nullable InetAddress literal(String text) {
        boolean numeric = text.indexOf(':') >= 0;
        if (!numeric) {
            numeric = !text.isEmpty() && text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        }
        if (!numeric) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
