package dev.anystore.http;

import static dev.anystore.http.Calls.failure;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.http.HttpException.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through a real proxy that wants a password. */
@Timeout(240)
class ProxyServerTest {
    private static final String PLAIN = "ANYSTORE_TEST_NGINX_URL";
    private static final String TLS = "ANYSTORE_TEST_NGINX_TLS_URL";
    /**
     * How a resolver of Unix may be asked for 127.0.0.1. To us it is a name like any other, and so no loopback that is
     * never proxied; the certificate has it.
     */
    private static final String HERE = "0x7f.1";

    private static final Resolver NOBODY = host -> {
        throw new UnknownHostException("the proxy resolves names");
    };

    private static Origin behind(String server) {
        Origin origin = Servers.origin(server);
        return new Origin(origin.tls(), HERE, origin.port());
    }

    private static HttpRequest ready(Origin origin) {
        return HttpRequest.builder("GET", origin, "/ready", null).build();
    }

    /** The proxy's address with these credentials before it, or with none. */
    private static String proxy(String credentials) {
        return Servers.named("ANYSTORE_TEST_PROXY_URL").replace("http://", "http://" + credentials);
    }

    private static String known() {
        return proxy("%s:%s@"
                .formatted(Servers.named("ANYSTORE_TEST_PROXY_USER"), Servers.named("ANYSTORE_TEST_PROXY_PASSWORD")));
    }

    private static HttpTransport through(String proxy) {
        return new HttpTransport(Servers.trusting().withResolver(NOBODY).withProxy(ProxySettings.of(proxy)));
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, TLS})
    void manyRequestsShareTheTunnelsOfAFewConnections(String server) throws Exception {
        byte[] bytes = new byte[300_000];
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (HttpTransport transport = through(known())) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String path = "/files/%d/%d".formatted(System.nanoTime(), thread);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        HttpRequest put = HttpRequest.builder("PUT", behind(server), path, null)
                                .body(HttpBody.of(bytes))
                                .build();
                        try (HttpResponse response = transport.send(put)) {
                            assertThat(response.status()).isIn(201, 204);
                        }
                        HttpRequest get = HttpRequest.builder("GET", behind(server), path, null)
                                .build();
                        try (HttpResponse response = transport.send(get)) {
                            assertThat(response.readAll(1 << 20)).isEqualTo(bytes);
                            assertThat(response.connection().tls()).isEqualTo(server.equals(TLS));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            assertThat(transport.census().opened()).isLessThanOrEqualTo(4);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxyuser:not-the-password@", "nobody:testsecret12345@"})
    void aProxyThatWantsOtherCredentialsIsItsOwnFailure(String credentials) throws Exception {
        try (HttpTransport transport = through(proxy(credentials))) {
            for (String server : List.of(PLAIN, TLS)) {
                HttpException e = failure(Kind.PROXY_AUTHENTICATION, () -> transport.send(ready(behind(server))));
                assertThat(e.requestMayHaveBeenProcessed()).isFalse();
                assertThat(e)
                        .hasMessageContaining(credentials.isEmpty() ? "wants a user" : "refuses our user")
                        .hasMessageNotContaining("password@")
                        .hasMessageNotContaining("testsecret12345");
            }
            assertThat(transport.census().open()).isZero();
        }
    }

    @Test
    void aHostThatTheProxyRefusesOrCannotReachIsAProxyFailure() throws Exception {
        int nobody;
        try (ServerSocket listener = new ServerSocket(0)) {
            nobody = listener.getLocalPort();
        }
        try (HttpTransport transport = through(known())) {
            for (Origin origin : List.of(new Origin(true, "refused.example", 443), new Origin(true, HERE, nobody))) {
                HttpException e = failure(Kind.PROXY, () -> transport.send(ready(origin)));
                assertThat(e.requestMayHaveBeenProcessed()).isFalse();
                assertThat(e).hasMessageContaining("refuses the tunnel");
            }
        }
    }

    @Test
    void theCertificateBehindTheTunnelIsHeldAgainstTheNameThatWasAskedFor() throws Exception {
        // Another spelling of the same address, which the proxy reads and the certificate does not have.
        Origin other = new Origin(true, "0x7f.0.1", Servers.origin(TLS).port());
        try (HttpTransport transport = through(known())) {
            failure(Kind.TLS_HOST_NAME, () -> transport.send(ready(other)));
        }
    }

    @Test
    void whatTheEnvironmentExemptsAndLoopbackGoDirectly() throws Exception {
        // The proxy would refuse us: who is answered was not proxied.
        Map<String, String> environment = Map.of(
                "HTTP_PROXY",
                proxy(""),
                "https_proxy",
                proxy(""),
                "NO_PROXY",
                "other.example, " + HERE + ":" + Servers.origin(PLAIN).port());
        TransportOptions options = Servers.trusting()
                .withResolver(host -> List.of(InetAddress.getLoopbackAddress()))
                .withProxy(ProxySettings.fromEnvironment(environment));
        try (HttpTransport transport = new HttpTransport(options)) {
            for (Origin direct : List.of(behind(PLAIN), Servers.origin(PLAIN), Servers.origin(TLS))) {
                try (HttpResponse response = transport.send(ready(direct))) {
                    assertThat(response.readAll(10)).asString(US_ASCII).isEqualTo("ready");
                }
            }
            failure(Kind.PROXY_AUTHENTICATION, () -> transport.send(ready(behind(TLS))));
        }
    }
}
