package dev.anystore.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS over a connected socket: versions 1.2 and 1.3, host names always verified, trust as the options say. */
final class Tls {
    /** {@code jdk}, the default, or {@code conscrypt}: faster, native, and to be put on the path by the user. */
    static final String STACK_PROPERTY = "anystore.tls";

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final long MAX_BUNDLE_BYTES = 16 << 20; // the bundles of the distributions have a quarter of a MiB

    private final @Nullable Path caBundle;
    private final @Nullable KeyStore trustStore;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable SSLSocketFactory factory;

    Tls(TransportOptions options) {
        this.caBundle = options.caBundle();
        this.trustStore = options.trustStore();
    }

    /** A client socket over {@code raw}; the handshake is the caller's to start. */
    SSLSocket wrap(Socket raw, Origin origin) throws IOException {
        SSLSocketFactory sockets = factory;
        if (sockets == null) {
            sockets = createOnce();
        }
        SSLSocket socket = (SSLSocket) sockets.createSocket(raw, origin.host(), origin.port(), true);
        socket.setUseClientMode(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // neither stack looks at the name without it
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    private SSLSocketFactory createOnce() throws IOException {
        lock.lock();
        try {
            SSLSocketFactory made = factory;
            if (made == null) {
                made = create();
                factory = made;
            }
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS could not be set up", e);
        } finally {
            lock.unlock();
        }
    }

    private SSLSocketFactory create() throws GeneralSecurityException, IOException {
        Provider provider = provider();
        SSLContext context = provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
        KeyStore trusted = caBundle != null ? readBundle(caBundle) : trustStore;
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted); // null is the JVM's own
        TrustManager[] chosen = managers.getTrustManagers();
        context.init(null, chosen, null);
        return context.getSocketFactory();
    }

    private static @Nullable Provider provider() {
        String stack = System.getProperty(STACK_PROPERTY, "jdk");
        if (stack.equals("jdk")) {
            return null;
        }
        if (!stack.equals("conscrypt")) {
            throw new IllegalArgumentException(STACK_PROPERTY + " is neither jdk nor conscrypt");
        }
        Provider installed = Security.getProvider("Conscrypt");
        if (installed != null) {
            return installed;
        }
        try {
            // By name, so that this room compiles and runs without it.
            return Class.forName("org.conscrypt.OpenSSLProvider")
                    .asSubclass(Provider.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(
                    STACK_PROPERTY + "=conscrypt needs org.conscrypt:conscrypt-openjdk-uber on the path", e);
        }
    }

    /** The certificates of a PEM file; what stands between them (names, comments, keys) is ignored. */
    static KeyStore readBundle(Path file) throws GeneralSecurityException, IOException {
        if (Files.size(file) > MAX_BUNDLE_BYTES) {
            throw new IOException("the CA bundle " + file + " is over 16 MiB");
        }
        String text = Files.readString(file, ISO_8859_1);
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int count = 0;
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + 1)) {
            int end = text.indexOf(END, begin);
            if (end < 0) {
                throw new IOException("the CA bundle " + file + " ends inside a certificate");
            }
            byte[] der;
            try {
                der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            } catch (IllegalArgumentException e) {
                throw new IOException("certificate " + (count + 1) + " of the CA bundle " + file + " is not PEM", e);
            }
            Certificate certificate = certificates.generateCertificate(new ByteArrayInputStream(der));
            store.setCertificateEntry("ca-" + count++, certificate);
        }
        if (count == 0) {
            throw new IOException("the CA bundle " + file + " contains no certificate");
        }
        return store;
    }
}
