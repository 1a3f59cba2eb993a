package dev.anystore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.benchmarks.SmallContender.Client;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallRequestsTest {
    @TempDir
    private Path folder;

    private static byte[] bytes(Content content) {
        byte[] bytes = new byte[SmallVerb.BYTES];
        ByteBuffer piece = content.piece(0, bytes.length);
        piece.get(bytes);
        return bytes;
    }

    @Test
    void everyContenderDoesWhatIsMeasured() throws Exception {
        Content content = Content.generated();
        try (LoopbackS3 server = LoopbackS3.start(content)) {
            server.verify(true);
            for (SmallContender contender : SmallProcess.installed()) {
                try (Client client = contender.open(server.endpoint(), 2)) {
                    for (SmallVerb verb : SmallVerb.values()) {
                        verb.run(client, bytes(content), 1);
                    }
                    client.put("there", bytes(content));
                    assertThat(client.head("there")).isEqualTo(SmallVerb.BYTES);
                    client.delete("there");
                    assertThatThrownBy(() -> client.head("there")).isInstanceOf(Exception.class);
                }
            }
        }
    }

    @Test
    void otherBytesThanExpectedAreNoFigure() throws Exception {
        try (LoopbackS3 server = LoopbackS3.start(Content.generated());
                Client client = new AnystoreSmall().open(server.endpoint(), 1)) {
            assertThatThrownBy(() -> SmallVerb.GET.run(client, new byte[SmallVerb.BYTES], 1))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void theFrontSpeaksTlsToThoseWhoTrustItAndPassesEverythingOn() throws Exception {
        TlsFront.Identity identity = TlsFront.Identity.create(folder);
        Content content = Content.generated();
        try (LoopbackS3 server = LoopbackS3.start(content);
                TlsFront front = TlsFront.start(identity, server.address())) {
            URI object = front.endpoint().resolve("/" + LoopbackS3.BUCKET + "/" + LoopbackS3.key(SmallVerb.BYTES));
            HttpsURLConnection trusting = (HttpsURLConnection) object.toURL().openConnection();
            trusting.setSSLSocketFactory(trust(identity).getSocketFactory());
            try (InputStream body = trusting.getInputStream()) {
                assertThat(body.readAllBytes()).isEqualTo(bytes(content));
            }
            HttpURLConnection stranger = (HttpURLConnection) object.toURL().openConnection();
            assertThatThrownBy(stranger::getInputStream).isInstanceOf(SSLHandshakeException.class);
        }
    }

    private static SSLContext trust(TlsFront.Identity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(identity.trust())) {
            store.load(file, "changeit".toCharArray());
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
