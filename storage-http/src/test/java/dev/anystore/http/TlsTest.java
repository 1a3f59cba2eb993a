package dev.anystore.http;

import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.get;
import static dev.anystore.http.Calls.text;
import static dev.anystore.http.ScriptedServer.always;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class TlsTest {
    private static void isRefused(Kind kind, Certificates server, TransportOptions options) throws Exception {
        try (ScriptedServer listening = ScriptedServer.tls(server.context, always(OK));
                HttpTransport transport = new HttpTransport(options)) {
            HttpException e = failure(kind, () -> transport.send(get(listening).build()));
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
            assertThat(listening.heads).as("not a byte of the request was sent").isEmpty();
            assertThat(transport.census().open()).isZero();
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws Exception {
        isRefused(
                Kind.TLS_HOST_NAME,
                Certificates.ELSEWHERE,
                TransportOptions.DEFAULT.withCaBundle(Certificates.ELSEWHERE.pem));
    }

    @Test
    void theNameThatWasAskedForCountsAndNotTheAddressBehindIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.tls(Certificates.ELSEWHERE.context, always(OK));
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT
                        .withCaBundle(Certificates.ELSEWHERE.pem)
                        .withResolver(host -> List.of(InetAddress.getLoopbackAddress())))) {
            Origin right = new Origin(true, "elsewhere.example", server.port());
            assertThat(text(
                            transport,
                            HttpRequest.builder("GET", right, "/", null).build()))
                    .isEqualTo("hello");
            Origin wrong = new Origin(true, "evil-elsewhere.example", server.port());
            failure(
                    Kind.TLS_HOST_NAME,
                    () -> transport.send(HttpRequest.builder("GET", wrong, "/", null)
                            .header("Host", "elsewhere.example")
                            .build()));
        }
    }

    @Test
    void aCertificateThatNobodySignedIsRefused() throws Exception {
        isRefused(Kind.TLS_UNTRUSTED, Certificates.HERE, TransportOptions.DEFAULT);
        isRefused(
                Kind.TLS_UNTRUSTED,
                Certificates.HERE,
                TransportOptions.DEFAULT.withTrustStore(Certificates.ELSEWHERE.trust));
    }

    @Test
    void aCertificateThatIsOverIsRefusedUnlessItIsTheAnchorItself() throws Exception {
        // A self-signed certificate in the bundle is an anchor, whose dates the JDK does not look at: so it is with all
        // Java clients.
        isRefused(Kind.TLS_UNTRUSTED, Certificates.EXPIRED, TransportOptions.DEFAULT);
    }

    @Test
    void aBundleOrAStoreReplacesTheJvmsTrust() throws Exception {
        for (TransportOptions options : List.of(
                TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem),
                TransportOptions.DEFAULT.withTrustStore(Certificates.HERE.trust))) {
            try (ScriptedServer server = ScriptedServer.tls(Certificates.HERE.context, always(OK));
                    HttpTransport transport = new HttpTransport(options);
                    HttpResponse response = transport.send(get(server).build())) {
                assertThat(response.connection().tlsProtocol()).isEqualTo("TLSv1.3");
                assertThat(response.connection().tls()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsAreSpokenWithWhoeverKnowsOnlyOne(String version) throws Exception {
        ScriptedServer.Script script = peer -> {
            ((SSLSocket) peer.socket).setEnabledProtocols(new String[] {version});
            always(OK).run(peer);
        };
        try (ScriptedServer server = ScriptedServer.tls(Certificates.HERE.context, script);
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem))) {
            for (int i = 0; i < 3; i++) {
                try (HttpResponse response = transport.send(get(server).build())) {
                    assertThat(response.connection().tlsProtocol()).isEqualTo(version);
                    assertThat(response.readAll(10)).asString(US_ASCII).isEqualTo("hello");
                }
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatWantsAnOlderVersionIsRefused() throws Exception {
        // What a server of TLS 1.1 greets with: record, ServerHello, version 3.2, random, no session, a cipher of its
        // time.
        byte[] hello = new byte[5 + 4 + 38];
        byte[] begin = {0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2};
        System.arraycopy(begin, 0, hello, 0, begin.length);
        hello[44] = (byte) 0xc0;
        hello[45] = 0x13;
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.in.read();
                    peer.out.write(hello);
                    peer.in.readAllBytes();
                });
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withTrustStore(Certificates.HERE.trust))) {
            Origin origin = new Origin(true, "127.0.0.1", server.port());
            HttpException e = failure(
                    Kind.TLS_HANDSHAKE,
                    () -> transport.send(
                            HttpRequest.builder("GET", origin, "/", null).build()));
            assertThat(e.requestMayHaveBeenProcessed()).isFalse();
        }
    }

    @Test
    void theStackIsTheOneThatWasAskedFor() throws Exception {
        boolean conscrypt = "conscrypt".equals(System.getProperty(Tls.STACK_PROPERTY));
        try (Socket raw = new Socket()) {
            Tls tls = new Tls(TransportOptions.DEFAULT.withTrustStore(Certificates.HERE.trust));
            try (ScriptedServer server = ScriptedServer.plain(ScriptedServer.Peer::doNothing)) {
                raw.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
                SSLSocket socket = tls.wrap(raw, server.origin());
                assertThat(socket.getClass().getName()).startsWith(conscrypt ? "org.conscrypt." : "sun.security.ssl.");
                assertThat(socket.getSSLParameters().getEndpointIdentificationAlgorithm())
                        .isEqualTo("HTTPS");
                assertThat(socket.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
            }
        }
    }

    /** How a TLS connection ends: with TLS's own goodbye, without it, or broken. */
    enum End {
        GOODBYE,
        SILENCE,
        RESET
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void aConnectionThatEndsInsideABodyIsNeverItsEnd(End end) throws Exception {
        for (String begun : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")) {
            // TLS over the server's plain socket, which can be closed below it.
            try (ScriptedServer server = ScriptedServer.plain(peer -> {
                        SSLSocket tls = (SSLSocket) Certificates.HERE
                                .context
                                .getSocketFactory()
                                .createSocket(peer.socket, null, peer.socket.getPort(), false);
                        tls.setUseClientMode(false);
                        assertThat(tls.getInputStream().read(new byte[1000])).isPositive();
                        tls.getOutputStream().write(begun.getBytes(US_ASCII));
                        tls.getOutputStream().flush();
                        switch (end) {
                            case GOODBYE -> tls.close();
                            case SILENCE -> peer.socket.shutdownOutput();
                            case RESET -> {
                                Thread.sleep(100); // a reset overtakes what was not read yet
                                peer.reset();
                            }
                        }
                    });
                    HttpTransport transport =
                            new HttpTransport(TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem))) {
                Origin origin = new Origin(true, "127.0.0.1", server.port());
                try (HttpResponse response = transport.send(
                        HttpRequest.builder("GET", origin, "/", null).build())) {
                    assertThat(response.body().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
                    failure(Kind.TRUNCATED, () -> response.body().read());
                    failure(Kind.TRUNCATED, () -> response.body().read());
                }
                assertThat(transport.census().open()).isZero();
            }
        }
    }

    @Test
    void anAddressOfSixteenBytesIsVerifiedToo() throws Exception {
        InetAddress loopback = Calls.loopbackOfSix();
        try (ScriptedServer server = ScriptedServer.tlsAt(Certificates.HERE.context, loopback, always(OK));
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withCaBundle(Certificates.HERE.pem))) {
            Origin origin = new Origin(true, "::1", server.port());
            assertThat(text(
                            transport,
                            HttpRequest.builder("GET", origin, "/", null).build()))
                    .isEqualTo("hello");
            assertThat(server.heads).allMatch(head -> head.contains("Host: [::1]:" + server.port() + "\r\n"));
        } catch (BindException e) {
            Assumptions.abort("no IPv6 here: " + e.getMessage());
        }
    }

    @Test
    void aBundleMayHoldManyCertificatesAndNotes(@TempDir Path folder) throws Exception {
        Path bundle = folder.resolve("bundle.pem");
        Files.writeString(
                bundle,
                "notes\r\n" + Files.readString(Certificates.ELSEWHERE.pem)
                        + Files.readString(Certificates.HERE.pem).replace("\n", "\r\n"));
        assertThat(Tls.readBundle(bundle).size()).isEqualTo(2);
    }

    @Test
    void aBundleThatIsNoneIsItsOwnError(@TempDir Path folder) throws Exception {
        for (String text : List.of(
                "",
                "nothing here",
                "-----BEGIN CERTIFICATE-----\nMIIB",
                "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) {
            Path bundle = folder.resolve("bad.pem");
            Files.writeString(bundle, text);
            assertThatThrownBy(() -> Tls.readBundle(bundle))
                    .isInstanceOfAny(IOException.class, GeneralSecurityException.class);
        }
        try (ScriptedServer server = ScriptedServer.tls(Certificates.HERE.context, always(OK));
                HttpTransport transport =
                        new HttpTransport(TransportOptions.DEFAULT.withCaBundle(folder.resolve("absent.pem")))) {
            HttpException e =
                    failure(Kind.TLS_SETTINGS, () -> transport.send(get(server).build()));
            assertThat(server.accepted()).isZero();
            assertThat(e).hasMessageContaining("absent.pem");
        }
    }

    @Test
    void httpsToAServerThatSpeaksHttpFailsAtOnce() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.in.read();
                    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            Origin origin = new Origin(true, "127.0.0.1", server.port());
            failure(
                    Kind.TLS_HANDSHAKE,
                    () -> transport.send(
                            HttpRequest.builder("GET", origin, "/", null).build()));
        }
    }

    @Test
    void aConnectionThatBreaksInTheHandshakeIsNoDisagreement() throws Exception {
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.in.read();
                    if (peer.number == 1) {
                        peer.reset();
                    } else if (peer.number == 2) {
                        peer.in.readNBytes(5);
                        peer.in.skipNBytes(peer.in.available());
                    }
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            HttpRequest request = HttpRequest.builder("GET", new Origin(true, "127.0.0.1", server.port()), "/", null)
                    .build();
            for (int i = 0; i < 3; i++) {
                failure(Kind.CONNECT, () -> transport.send(request));
            }
        }
    }

    @Test
    void httpToAServerThatSpeaksTlsSaysSo() throws Exception {
        try (ScriptedServer server = ScriptedServer.tls(Certificates.HERE.context, always(OK));
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            Origin origin = new Origin(false, "127.0.0.1", server.port());
            assertThat(failure(
                            Kind.PROTOCOL,
                            () -> transport.send(HttpRequest.builder("GET", origin, "/", null)
                                    .build())))
                    .hasMessageContaining("use https");
        }
    }
}
