package dev.anystore.benchmarks;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Speaks TLS before a plain server on the loopback: every connection is passed on byte by byte, by two threads. It costs
 * the server's side more than TLS alone would, and the client's side nothing, whose CPU time is what is measured.
 */
final class TlsFront implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final SSLServerSocket acceptor;
    private final InetSocketAddress behind;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TlsFront(SSLServerSocket acceptor, InetSocketAddress behind) {
        this.acceptor = acceptor;
        this.behind = behind;
    }

    /**
     * A certificate for the loopback address that nobody else trusts.
     *
     * @param keys the store with its private key
     * @param trust the store with the certificate alone
     */
    record Identity(Path keys, Path trust) {
        private static final String PASSWORD = "changeit";

        /** Makes one with the JDK's keytool. */
        static Identity create(Path folder) throws IOException, InterruptedException {
            Identity identity = new Identity(folder.resolve("keys.p12"), folder.resolve("trust.p12"));
            Path certificate = folder.resolve("certificate");
            String keys = identity.keys.toString();
            keytool(
                    "-genkeypair",
                    "-alias",
                    "a",
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "SAN=DNS:localhost,IP:127.0.0.1",
                    "-validity",
                    "2",
                    "-keystore",
                    keys);
            keytool("-exportcert", "-alias", "a", "-file", certificate.toString(), "-keystore", keys);
            keytool(
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    "a",
                    "-file",
                    certificate.toString(),
                    "-keystore",
                    identity.trust.toString());
            return identity;
        }

        private static void keytool(String... words) throws IOException, InterruptedException {
            List<String> command = new java.util.ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
            command.addAll(List.of(words));
            command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool " + words[0] + " failed");
            }
        }

        /** What a client's JVM needs to trust it. */
        List<String> trustOptions() {
            return List.of("-Djavax.net.ssl.trustStore=" + trust, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
        }

        private SSLContext context() throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream file = new FileInputStream(keys.toFile())) {
                store.load(file, PASSWORD.toCharArray());
            }
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(store, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), null, null);
            return context;
        }
    }

    /** Starts on a free port of the loopback. */
    static TlsFront start(Identity identity, InetSocketAddress behind) throws IOException, GeneralSecurityException {
        SSLServerSocket acceptor = (SSLServerSocket) identity.context()
                .getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
        TlsFront front = new TlsFront(acceptor, behind);
        thread(front::accept);
        return front;
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "tls-front");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens. */
    URI endpoint() {
        return URI.create("https://127.0.0.1:" + acceptor.getLocalPort());
    }

    private void accept() {
        while (true) {
            try {
                SSLSocket client = (SSLSocket) acceptor.accept();
                thread(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SSLSocket client) {
        try (client;
                Socket server = new Socket(behind.getAddress(), behind.getPort())) {
            open.add(client);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            thread(() -> {
                try {
                    pass(server.getInputStream(), client.getOutputStream());
                } catch (IOException e) {
                    // One of the two went: the other is closed below.
                }
            });
            pass(client.getInputStream(), server.getOutputStream());
        } catch (IOException e) {
            // The client went away; a connection that ends tells the server.
        } finally {
            open.remove(client);
        }
    }

    private static void pass(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
            to.flush();
        }
    }

    /** Ends all connections. */
    @Override
    public void close() throws IOException {
        acceptor.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
