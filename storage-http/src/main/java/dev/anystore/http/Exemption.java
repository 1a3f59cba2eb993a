package dev.anystore.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One entry of {@code NO_PROXY}: a name with its subdomains, an address, a network, or {@code *}; a port narrows it. */
record Exemption(String name, int port, byte @Nullable [] network, int prefixBits) {
    static List<Exemption> parse(String list) {
        List<Exemption> entries = new ArrayList<>();
        for (String raw : list.split("[,\\s]+", -1)) {
            if (!raw.isEmpty()) {
                entries.add(parseOne(raw.toLowerCase(Locale.ROOT)));
            }
        }
        return List.copyOf(entries);
    }

    private static Exemption parseOne(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            int bits = slash < 0 ? address.length * 8 : number(text.substring(slash + 1), address.length * 8);
            return new Exemption(text, 0, address, bits);
        }
        int colon = text.lastIndexOf(':');
        int port = 0;
        if (colon > 0 && text.indexOf(':') == colon || text.indexOf("]:") > 0) {
            port = number(text.substring(colon + 1), 65535);
            text = text.substring(0, colon);
            address = address(text);
            if (address != null) {
                return new Exemption(text, port, address, address.length * 8);
            }
        }
        if (text.startsWith("*.")) {
            text = text.substring(1);
        }
        return new Exemption(text.startsWith(".") ? text.substring(1) : text, port, null, 0);
    }

    private static int number(String digits, int max) {
        try {
            int value = Integer.parseInt(digits);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the refusal, which is the same for a number out of range
        }
        throw new IllegalArgumentException("NO_PROXY has an entry whose port or prefix is not a number up to " + max);
    }

    boolean covers(Origin origin) {
        if (port != 0 && port != origin.port()) {
            return false;
        }
        if (name.equals("*")) {
            return true;
        }
        String host = origin.host().toLowerCase(Locale.ROOT);
        if (network != null) {
            byte[] address = address(host);
            return address != null && address.length == network.length && samePrefix(address, network, prefixBits);
        }
        return host.equals(name)
                || (host.length() > name.length()
                        && host.endsWith(name)
                        && host.charAt(host.length() - name.length() - 1) == '.');
    }

    static boolean isLoopback(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.equals("localhost") || lower.endsWith(".localhost")) {
            return true;
        }
        InetAddress literal = literal(host);
        return literal != null && literal.isLoopbackAddress();
    }

    /** The address that {@code host} is, without asking anybody; null if it is a name. */
    static @Nullable InetAddress literal(String host) {
        boolean digits = true;
        boolean colon = false;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            colon |= c == ':';
            digits &= c == '.' || (c >= '0' && c <= '9');
        }
        if (!colon && !(digits && host.indexOf('.') > 0)) {
            return null;
        }
        try {
            return InetAddress.getByName(host); // an address in digits is parsed, never looked up
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static byte @Nullable [] address(String text) {
        InetAddress literal =
                literal(text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text);
        return literal == null ? null : literal.getAddress();
    }

    private static boolean samePrefix(byte[] a, byte[] b, int bits) {
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if ((a[i >> 3] & mask) != (b[i >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }
}
