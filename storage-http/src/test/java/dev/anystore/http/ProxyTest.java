package dev.anystore.http;

import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.text;
import static dev.anystore.http.ScriptedServer.always;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.http.HttpException.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class ProxyTest {
    private static final Resolver NOBODY = host -> {
        throw new UnknownHostException("the proxy resolves names");
    };

    /** A proxy that leads every tunnel to {@code target}, whatever its name, if {@code wanted} is in the head. */
    private static ScriptedServer proxy(ScriptedServer target, String wanted) throws Exception {
        return ScriptedServer.plain(peer -> {
            String head = peer.needHead();
            if (!head.contains(wanted)) {
                peer.send("HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            try (Socket on = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
                peer.send("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n");
                Thread back = new Thread(() -> {
                    try {
                        on.getInputStream().transferTo(peer.out);
                        peer.socket.shutdownOutput();
                    } catch (java.io.IOException e) {
                        // over
                    }
                });
                back.setDaemon(true);
                back.start();
                peer.in.transferTo(on.getOutputStream());
            }
        });
    }

    private static HttpRequest request(boolean tls) {
        return HttpRequest.builder("GET", new Origin(tls, "elsewhere.example", 4433), "/k", "q=1")
                .header("Authorization", "for the server alone")
                .build();
    }

    private static TransportOptions options(ScriptedServer proxy, String user) {
        return TransportOptions.DEFAULT
                .withCaBundle(Certificates.ELSEWHERE.pem)
                .withResolver(NOBODY)
                .withProxy(ProxySettings.of("http://" + user + "127.0.0.1:" + proxy.port()));
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void everyConnectionIsATunnelThroughTheProxy(boolean tls, boolean authenticated) throws Exception {
        String basic = "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString("user:p@ss:+1\u00e9".getBytes(UTF_8)) + "\r\n";
        try (ScriptedServer server = tls
                        ? ScriptedServer.tls(Certificates.ELSEWHERE.context, always(OK))
                        : ScriptedServer.plain(always(OK));
                ScriptedServer proxy = proxy(server, authenticated ? basic : "");
                HttpTransport transport =
                        new HttpTransport(options(proxy, authenticated ? "user:p%40ss:+1%C3%A9@" : ""))) {
            assertThat(text(transport, request(tls))).isEqualTo("hello");
            assertThat(text(transport, request(tls))).isEqualTo("hello");
            assertThat(proxy.heads)
                    .containsExactly("CONNECT elsewhere.example:4433 HTTP/1.1\r\nHost: elsewhere.example:4433\r\n"
                            + (authenticated ? basic : "") + "\r\n");
            assertThat(server.heads).hasSize(2).allMatch(head -> !head.contains("Proxy-"));
        }
    }

    @Test
    void aProxyThatWantsCredentialsIsItsOwnFailure() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(always(OK));
                ScriptedServer proxy = proxy(server, "right")) {
            for (String user : List.of("", "user:testsecret12345@")) {
                try (HttpTransport transport = new HttpTransport(options(proxy, user))) {
                    HttpException e = failure(Kind.PROXY_AUTHENTICATION, () -> transport.send(request(true)));
                    assertThat(e.requestMayHaveBeenProcessed()).isFalse();
                    assertThat(e)
                            .hasMessageContaining("407")
                            .hasMessageNotContaining("testsecret12345")
                            .hasMessageContaining(user.isEmpty() ? "wants" : "refuses");
                    assertThat(transport.census().open()).isZero();
                }
            }
            assertThat(server.heads).isEmpty();
        }
    }

    @Test
    void aProxyThatSpeaksOfItselfAsAServerWantsCredentialsToo() throws Exception {
        try (ScriptedServer proxy = ScriptedServer.plain(always("HTTP/1.0 401 Unauthorized\r\n\r\n"));
                HttpTransport transport = new HttpTransport(options(proxy, "user:testsecret12345@"))) {
            HttpException e = failure(Kind.PROXY_AUTHENTICATION, () -> transport.send(request(true)));
            assertThat(e).hasMessageContaining("refuses our user and password (401)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 403 No\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\nbytes before their time",
                "SSH-2.0-x\r\n",
                "HTTP/1.1 200",
                ""
            })
    void whateverElseAProxySaysIsAProxyFailure(String answer) throws Exception {
        try (ScriptedServer proxy = ScriptedServer.plain(peer -> {
                    peer.readHead();
                    peer.send(answer);
                });
                HttpTransport transport = new HttpTransport(options(proxy, ""))) {
            HttpException e = failure(Kind.PROXY, () -> transport.send(request(true)));
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            assertThat(e).hasMessageContaining("proxy 127.0.0.1:" + proxy.port());
        }
    }

    @Test
    void aProxyThatIsSilentIsAProxyFailure() throws Exception {
        try (ScriptedServer proxy = ScriptedServer.plain(ScriptedServer.Peer::doNothing);
                HttpTransport transport =
                        new HttpTransport(options(proxy, "").withConnectTimeout(Duration.ofMillis(300)))) {
            HttpException e = failure(Kind.PROXY, () -> transport.send(request(false)));
            assertThat(e).hasMessageContaining("did not let the request through");
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
        }
    }

    @Test
    void aProxyThatIsNotThereIsAProxyFailure() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        try (HttpTransport transport =
                new HttpTransport(TransportOptions.DEFAULT.withProxy(ProxySettings.of("http://127.0.0.1:" + port)))) {
            assertThat(failure(Kind.PROXY, () -> transport.send(request(false))))
                    .hasMessageContaining("could not be reached");
        }
    }

    @Test
    void loopbackAndExemptHostsAreReachedDirectly() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(always(OK));
                ScriptedServer proxy = ScriptedServer.plain(ScriptedServer.Peer::doNothing)) {
            Map<String, String> environment =
                    Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.port(), "NO_PROXY", ".example");
            try (HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT
                    .withResolver(host -> List.of(InetAddress.getLoopbackAddress()))
                    .withProxy(ProxySettings.fromEnvironment(environment)))) {
                for (String host : List.of("127.0.0.1", "localhost", "elsewhere.example")) {
                    Origin origin = new Origin(false, host, server.port());
                    assertThat(text(
                                    transport,
                                    HttpRequest.builder("GET", origin, "/", null)
                                            .build()))
                            .isEqualTo("hello");
                }
            }
            assertThat(proxy.accepted()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "s3.example, s3.example, true",
        "s3.example, .example, true",
        "s3.example, *.example, true",
        "example, .example, true",
        "S3.EXAMPLE, s3.example, true",
        "s3.example, S3.Example, true",
        "s3.example, other.example, false",
        "evil-s3.example, s3.example, false",
        "s3.example, *, true",
        "s3.example, s3.example:9000, true",
        "s3.example, s3.example:9001, false",
        "s3.example, 'a.example, s3.example', true",
        "s3.example, 'a.example b.example', false",
        "s3.example, '', false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.0.0/16, true",
        "10.2.2.3, 10.1.0.0/16, false",
        "10.1.2.3, 0.0.0.0/0, true",
        "10.1.2.3, 10.1.2.3:9000, true",
        "10.1.2.3, 10.1.2.3:9001, false",
        "2001:db8::1, 2001:db8::/32, true",
        "2001:db9::1, 2001:db8::/32, false",
        "2001:db8::1, 2001:db8:0:0::1, true",
        "2001:db8::1, [2001:db8::1]:9000, true",
        "2001:db8::1, [2001:db8::1]:9001, false",
        "127.0.0.1, '', true",
        "127.5.5.5, '', true",
        "::1, '', true",
        "localhost, '', true",
        "a.localhost, '', true",
        "localhost.example, '', false"
    })
    void theListOfExemptionsIsReadAsOthersReadIt(String host, String list, boolean direct) {
        ProxySettings settings = ProxySettings.of("http://proxy.example:3128").withExemptions(list);
        assertThat(settings.proxyFor(new Origin(true, host, 9000)) == null).isEqualTo(direct);
    }

    @Test
    void theEnvironmentNamesOneProxyForEachScheme() {
        Origin http = new Origin(false, "a.example", 80);
        Origin https = new Origin(true, "a.example", 443);
        ProxySettings both = ProxySettings.fromEnvironment(
                Map.of("http_proxy", "one.example:1", "HTTPS_PROXY", " http://two.example:2/ ", "NO_PROXY", ""));
        assertThat(both.proxyFor(http)).hasToString("one.example:1");
        assertThat(both.proxyFor(https)).hasToString("two.example:2");
        assertThat(ProxySettings.fromEnvironment(Map.of("HTTP_PROXY", "one.example"))
                        .proxyFor(https))
                .isNull();
        assertThat(ProxySettings.fromEnvironment(Map.of("HTTP_PROXY", "evil.example", "REQUEST_METHOD", "GET"))
                        .proxyFor(http))
                .isNull();
        assertThat(ProxySettings.fromEnvironment(Map.of()).proxyFor(http)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://user:testsecret12345@proxy.example:1",
                "https://user:testsecret12345@proxy.example",
                "http://user:testsecret12345@",
                "http://user:testsecret12345@pro xy:1",
                "http://user:testsecret12345@proxy.example:port"
            })
    void aProxyThatCannotBeUsedIsRefusedWithoutRepeatingIt(String proxy) {
        assertThatThrownBy(() -> ProxySettings.of(proxy))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("testsecret12345")
                .hasNoCause();
    }

    @Test
    void noPasswordIsInAnyText() {
        ProxySettings settings = ProxySettings.of("http://user:testsecret12345@proxy.example:1");
        String basic = Base64.getEncoder().encodeToString("user:testsecret12345".getBytes(UTF_8));
        assertThat(settings.toString() + settings.proxyFor(new Origin(true, "a.example", 443)))
                .contains("proxy.example:1")
                .doesNotContain("testsecret12345")
                .doesNotContain(basic);
        assertThatThrownBy(() -> settings.withExemptions("10.0.0.0/33")).isInstanceOf(IllegalArgumentException.class);
    }
}
