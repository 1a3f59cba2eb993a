package dev.anystore.b2;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which hosts requests may go to: those that the user names, and those that the service names in its answers. */
final class Hosts {
    /** Names and addresses of metadata services, which hand out credentials to whoever asks. */
    private static final List<String> METADATA =
            List.of("metadata", "metadata.google.internal", "metadata.goog", "instance-data", "100.100.100.200");

    private Hosts() {}

    /** The problem of an address, as the second half of a sentence about where it came from, or null. No look-up. */
    static @Nullable String problem(URI uri, boolean allowHttp) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null || (!scheme.equals("https") && !scheme.equals("http"))) {
            return "is no URL such as https://host";
        }
        String refusal = refusal(host);
        if (refusal != null) {
            return "is " + refusal + "; it can't be an object store";
        }
        if (scheme.equals("http") && !allowHttp && !isLoopback(host)) {
            return "is plain http to a host that is not loopback; write https://, or set STORAGE_ALLOW_HTTP=true if the network is yours";
        }
        return null;
    }

    private static @Nullable String refusal(String host) {
        String bare = bare(host);
        if (METADATA.contains(bare)) {
            return "a metadata service";
        }
        InetAddress address = literal(bare);
        return address == null ? null : refusal(address);
    }

    /** Why this address may not be connected to, or null. */
    static @Nullable String refusal(InetAddress address) {
        if (address.isLinkLocalAddress()) {
            return "a link-local address, where metadata services are";
        }
        if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
            return "no address of a host";
        }
        byte[] bytes = address.getAddress();
        // fd00:ec2::254 is a metadata service on IPv6.
        boolean ofIpv6 = bytes.length == 16 && bytes[0] == (byte) 0xfd && bytes[2] == 0x0e && bytes[3] == (byte) 0xc2;
        return ofIpv6 || METADATA.contains(address.getHostAddress()) ? "the address of a metadata service" : null;
    }

    /** Whether connections to this host stay on this machine. */
    static boolean isLoopback(String host) {
        String bare = bare(host);
        if (bare.equals("localhost") || bare.endsWith(".localhost")) {
            return true;
        }
        InetAddress address = literal(bare);
        return address != null && address.isLoopbackAddress();
    }

    /** All addresses of a name; one that leads to a metadata service is refused like its address would be. */
    static List<InetAddress> resolve(String host) throws UnknownHostException {
        List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
        for (InetAddress address : addresses) {
            String refusal = refusal(address);
            if (refusal != null) {
                throw new UnknownHostException(host + " leads to " + refusal);
            }
        }
        return addresses;
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]")) {
            lower = lower.substring(1, lower.length() - 1);
        }
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The address, if the text is one: only then does the JVM answer without a look-up. */
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
