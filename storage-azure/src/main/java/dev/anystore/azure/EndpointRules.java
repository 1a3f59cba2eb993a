package dev.anystore.azure;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which hosts may be endpoints. No rule here looks a name up. */
final class EndpointRules {
    /** Names and addresses of metadata services, which hand out credentials to whoever asks. */
    private static final List<String> METADATA =
            List.of("metadata", "metadata.google.internal", "metadata.goog", "instance-data", "100.100.100.200");

    /**
     * Microsoft's hosts of blobs: of the public cloud, of the sovereign ones, and of accounts in a DNS zone. Not all below
     * azure.com: machines of its customers are there too.
     *
     * @see <a href="https://learn.microsoft.com/azure/storage/common/storage-account-overview">storage account endpoints</a>
     */
    private static final Pattern AZURE = Pattern.compile(
            "([a-z0-9-]+)\\.(?:blob\\.core\\.(?:windows\\.net|usgovcloudapi\\.net"
                    + "|chinacloudapi\\.cn|cloudapi\\.de|microsoft\\.scloud|eaglex\\.ic\\.gov)|z[0-9]{1,3}\\.blob\\.storage\\.azure\\.net)");

    private EndpointRules() {}

    /** The account in a host of Microsoft's own, or null: only such a host gets tokens that nobody gave us for it. */
    static @Nullable String account(String host) {
        Matcher matcher = AZURE.matcher(bare(host));
        if (!matcher.matches()) {
            return null;
        }
        String label = matcher.group(1);
        // The second region of an account that may be read there.
        return label.endsWith("-secondary") ? label.substring(0, label.length() - 10) : label;
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
            return "begins with " + AzureText.shown(scheme, 20) + "://; write https://host";
        }
        if (endpoint.getRawQuery() != null) {
            return "has a query; a SAS has a setting of its own, AZURE_STORAGE_SAS_TOKEN";
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
