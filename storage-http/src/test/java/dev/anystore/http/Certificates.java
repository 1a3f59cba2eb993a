package dev.anystore.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Self-signed identities for servers, made once in each run by the JDK's keytool. */
final class Certificates {
    /** For localhost, 127.0.0.1 and ::1. */
    static final Certificates HERE = make("dns:localhost,ip:127.0.0.1,ip:::1", "1");
    /** For a host that no test runs on. */
    static final Certificates ELSEWHERE = make("dns:elsewhere.example", "1");
    /** For localhost and 127.0.0.1, but only until yesterday. */
    static final Certificates EXPIRED = make("dns:localhost,ip:127.0.0.1", "-1");

    final SSLContext context;
    final Path pem;
    final KeyStore trust;

    private Certificates(SSLContext context, Path pem, KeyStore trust) {
        this.context = context;
        this.pem = pem;
        this.trust = trust;
    }

    private static Certificates make(String names, String endsInDays) {
        try {
            Path folder = Files.createTempDirectory("anystore-certificates");
            Path file = folder.resolve("identity.p12");
            boolean over = endsInDays.startsWith("-");
            Process keytool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-J-XX:TieredStopAtLevel=1", // a start is all it does
                            "-genkeypair",
                            "-alias",
                            "server",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=test",
                            "-ext",
                            "san=" + names,
                            "-startdate",
                            over ? "-3d" : "-1d",
                            "-validity",
                            over ? "1" : "3650",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            "testsecret12345",
                            "-keystore",
                            file.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            if (!keytool.waitFor(200, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool: " + Files.readString(folder.resolve("log")));
            }
            char[] password = "testsecret12345".toCharArray();
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password);
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);

            Certificate certificate = store.getCertificate("server");
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("server", certificate);
            Path pem = folder.resolve("ca.pem");
            Files.writeString(
                    pem,
                    "# a comment\n-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                            + "\n-----END CERTIFICATE-----\nanother comment\n");
            // What is named last is deleted first, and a folder goes only when it is empty.
            for (Path made : List.of(folder, file, folder.resolve("log"), pem)) {
                made.toFile().deleteOnExit();
            }
            return new Certificates(context, pem, trust);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
