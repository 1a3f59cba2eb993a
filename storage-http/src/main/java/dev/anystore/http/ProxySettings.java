package dev.anystore.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy, if any, a request goes through. Every proxied connection is a tunnel ({@code CONNECT}), for plain http
 * too; loopback addresses are never proxied.
 */
public final class ProxySettings {
    /** Every connection is direct. */
    public static final ProxySettings NONE = new ProxySettings(null, null, List.of());

    /** One proxy: where it listens, and the value of its {@code Proxy-Authorization}. */
    record Proxy(String host, int port, @Nullable String authorization) {
        @Override
        public String toString() {
            return host + ':' + port;
        }
    }

    private final @Nullable Proxy forHttp;
    private final @Nullable Proxy forHttps;
    private final List<Exemption> exemptions;

    private ProxySettings(@Nullable Proxy forHttp, @Nullable Proxy forHttps, List<Exemption> exemptions) {
        this.forHttp = forHttp;
        this.forHttps = forHttps;
        this.exemptions = exemptions;
    }

    /**
     * One proxy for http and https.
     *
     * @param proxy {@code http://[user:password@]host:port}; user and password percent-encoded
     * @throws IllegalArgumentException if it is anything else; the message does not repeat it
     */
    public static ProxySettings of(String proxy) {
        Proxy parsed = parse("the proxy's address", proxy);
        return new ProxySettings(parsed, parsed, List.of());
    }

    /**
     * What an environment asks for: {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in capitals or not. Where
     * {@code REQUEST_METHOD} is set the process is a CGI script, to which any caller can give an {@code HTTP_PROXY} in
     * capitals by a {@code Proxy} header: there it is not believed.
     */
    public static ProxySettings fromEnvironment(Map<String, String> environment) {
        String http = environment.containsKey("REQUEST_METHOD") ? null : named(environment, "HTTP_PROXY");
        if (http == null) {
            http = named(environment, "http_proxy");
        }
        String https = named(environment, "HTTPS_PROXY");
        if (https == null) {
            https = named(environment, "https_proxy");
        }
        String none = named(environment, "NO_PROXY");
        if (none == null) {
            none = named(environment, "no_proxy");
        }
        return new ProxySettings(
                http == null ? null : parse("HTTP_PROXY", http),
                https == null ? null : parse("HTTPS_PROXY", https),
                none == null ? List.of() : Exemption.parse(none));
    }

    /** The same, but direct for these: what {@code NO_PROXY} may hold (names and their subdomains, addresses, networks, {@code *}). */
    public ProxySettings withExemptions(String noProxy) {
        return new ProxySettings(forHttp, forHttps, Exemption.parse(noProxy));
    }

    @Nullable
    Proxy proxyFor(Origin origin) {
        Proxy proxy = origin.tls() ? forHttps : forHttp;
        if (proxy == null || Exemption.isLoopback(origin.host())) {
            return null;
        }
        for (Exemption exemption : exemptions) {
            if (exemption.covers(origin)) {
                return null;
            }
        }
        return proxy;
    }

    private static @Nullable String named(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static Proxy parse(String what, String text) {
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            String host = uri.getHost();
            if (!"http".equals(uri.getScheme() == null ? null : uri.getScheme().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        what + " is not an http:// address; only such proxies are supported");
            }
            if (host == null) {
                throw new IllegalArgumentException(what + " names no host");
            }
            String user = uri.getRawUserInfo();
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return new Proxy(bare, uri.getPort() < 0 ? 80 : uri.getPort(), user == null ? null : basic(user));
        } catch (URISyntaxException e) {
            // Not as the cause: its message repeats the password.
            throw new IllegalArgumentException(what + " is not an address; write http://user:password@host:port");
        }
    }

    private static String basic(String rawUserInfo) {
        List<String> parts = new ArrayList<>();
        int colon = rawUserInfo.indexOf(':');
        parts.add(colon < 0 ? rawUserInfo : rawUserInfo.substring(0, colon));
        parts.add(colon < 0 ? "" : rawUserInfo.substring(colon + 1));
        // URLDecoder is made for forms, where + is a blank; here it is itself.
        parts.replaceAll(part -> URLDecoder.decode(part.replace("+", "%2B"), UTF_8));
        return "Basic "
                + Base64.getEncoder().encodeToString(String.join(":", parts).getBytes(UTF_8));
    }

    /** The hosts alone. */
    @Override
    public String toString() {
        return "http through %s, https through %s".formatted(forHttp, forHttps);
    }
}
