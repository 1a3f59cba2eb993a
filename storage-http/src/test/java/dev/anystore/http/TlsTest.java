package dev.anystore.http;

import static dev.anystore.http.Calls.OK;
import static dev.anystore.http.Calls.failure;
import static dev.anystore.http.Calls.get;
import static dev.anystore.http.Calls.text;
import static dev.anystore.http.ScriptedServer.always;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
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
