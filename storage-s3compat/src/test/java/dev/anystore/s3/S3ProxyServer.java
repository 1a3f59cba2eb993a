package dev.anystore.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * S3Proxy over a folder, as a process of its own: a server with signatures and conditions for machines that have no other.
 * Started once for a test class and stopped with it, at the latest with this JVM.
 */
final class S3ProxyServer implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    private S3ProxyServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it within this folder and waits until it answers. */
    static S3ProxyServer start(Path folder) {
        try {
            Path jar = Path.of("target", "servers", "s3proxy.jar").toAbsolutePath();
            if (!Files.isRegularFile(jar)) {
                throw new IllegalStateException(jar + " is not there; Maven puts it there: mvn process-test-resources");
            }
            int port = freePort();
            Path data = Files.createDirectories(folder.resolve("data"));
            Path properties = Files.write(
                    folder.resolve("s3proxy.properties"),
                    List.of(
                            "s3proxy.endpoint=http://127.0.0.1:" + port,
                            "s3proxy.authorization=aws-v2-or-v4",
                            "s3proxy.identity=" + TestServer.ID,
                            "s3proxy.credential=" + TestServer.SECRET,
                            "s3proxy.ignore-unknown-headers=true",
                            "jclouds.provider=filesystem-nio2",
                            "jclouds.filesystem.basedir=" + data));
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-jar",
                            jar.toString(),
                            "--properties",
                            properties.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("s3proxy.log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            S3ProxyServer server = new S3ProxyServer(process, port);
            server.awaitReady(folder.resolve("s3proxy.log"));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady(Path log) throws IOException {
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection) endpoint().toURL().openConnection();
                connection.setConnectTimeout(1000);
                connection.setReadTimeout(5000);
                if (connection.getResponseCode() > 0) {
                    return;
                }
            } catch (IOException e) {
                pause();
            }
        }
        close();
        throw new IllegalStateException("S3Proxy did not answer within " + READY_WITHIN + ": " + Files.readString(log));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where it is. */
    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
