package dev.anystore.gcs;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which hosts may be endpoints, and which get a token that nobody gave us for them. No rule here looks a name up. */
final class EndpointRules {
    /** Names of metadata services, which hand out credentials to whoever asks. */
    private static final List<String> METADATA =
            List.of("metadata", "metadata.google.internal", "metadata.goog", "instance-data", "100.100.100.200");

    private EndpointRules() {}

    /**
     * Whether Google answers there: its own hosts, those of Private Service Connect, and regional ones.
     *
     * @see <a href="https://cloud.google.com/storage/docs/request-endpoints">its endpoints</a>
     */
    static boolean isGoogle(String host) {
        String bare = bare(host);
        return bare.endsWith(".googleapis.com");
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

    /** Whether this is the metadata service of Google's machines. */
    static boolean isMetadata(String host) {
        String lower = bare(host);
        return lower.equals("metadata.google.internal") || lower.equals("169.254.169.254");
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
        // fd00:ec2::254 is Amazon's metadata service on IPv6, fd20:ce::254 is Google's.
        boolean metadata = bytes.length == 16
                && ((bytes[0] == (byte) 0xfd && bytes[2] == 0x0e && bytes[3] == (byte) 0xc2)
                        || (bytes[0] == (byte) 0xfd && bytes[1] == 0x20 && bytes[3] == (byte) 0xce));
        return metadata || METADATA.contains(address.getHostAddress()) ? "the address of a metadata service" : null;
    }

    /** The problem of an endpoint's shape, as the second half of a sentence about its setting, or null. */
    static @Nullable String problem(URI endpoint, boolean allowHttp) {
        String scheme = endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return "begins with " + GcsText.shown(scheme, 20) + "://; write https://host";
        }
        String path = endpoint.getRawPath();
        if (path != null && !path.isEmpty() && !path.equals("/")) {
            return "has the path " + GcsText.shown(path, 60) + "; leave it out, the bucket has a setting of its own";
        }
        if (endpoint.getRawQuery() != null) {
            return "has a query; write https://host";
        }
        String lower = bare(endpoint.getHost());
        InetAddress address = literal(lower);
        String refusal = METADATA.contains(lower) ? "a metadata service" : address == null ? null : refusal(address);
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
        boolean numeric = text.indexOf(':') >= 0
                || (!text.isEmpty() && text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
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
