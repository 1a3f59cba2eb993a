package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C: it ends soon, with 130, in one line, and nothing half done is to be seen. */
class InterruptTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private Session begin(Map<String, String> environment, InputStream in, String... arguments) {
        Session session = new Session(environment, in, new ByteArrayOutputStream(), err, Tty.NONE);
        Thread thread = new Thread(() -> exit.complete(Command.run(session, arguments)), "run");
        thread.setDaemon(true);
        thread.start();
        return session;
    }

    private void endsWith130() throws Exception {
        assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(Exit.INTERRUPTED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("anystore: interrupted")
                .hasLineCount(1);
    }

    @Test
    void aDownloadThatHangsIsStoppedAndTheOldFileStays() throws Exception {
        Path target = Files.writeString(folder.resolve("old"), "old content");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Session session = begin(
                    ObjectServer.environment(silent.getLocalPort()),
                    new ByteArrayInputStream(new byte[0]),
                    "cp",
                    ":x",
                    target.toString());
            try (Socket connected = silent.accept()) {
                assertThat(connected.getInputStream().read()).isPositive();
                session.interrupt();
                endsWith130();
            }
        }
        assertThat(target).hasContent("old content");
        assertThat(folder).isDirectoryNotContaining("glob:**/.anystore*");
    }

    @Test
    void whatCameThroughAPipeBeforeIsNotPublished() throws Exception {
        Map<String, String> local = Map.of(
                "STORAGE_PROVIDER",
                "local",
                "LOCAL_STORAGE_PATH",
                folder.resolve("store").toString());
        Ran.in(local, Tty.NONE, "whole", "cp", "-", ":x").well();
        CountDownLatch read = new CountDownLatch(1);
        PipedOutputStream producer = new PipedOutputStream();
        InputStream in = new PipedInputStream(producer) {
            @Override
            public synchronized int read(byte[] b, int off, int len) throws IOException {
                int n = super.read(b, off, len);
                read.countDown();
                return n;
            }
        };
        Session session = begin(local, in, "cp", "-", ":x");
        producer.write("half".getBytes(StandardCharsets.UTF_8));
        producer.flush();
        assertThat(read.await(20, TimeUnit.SECONDS)).isTrue();
        // Both die of the same Ctrl-C: what looks like the end of the input is none.
        session.interrupt();
        producer.close();
        endsWith130();
        assertThat(Ran.in(local, "cat", ":x").well().out()).isEqualTo("whole");
    }

    @Test
    void interruptingTheThreadStopsItToo() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(
                    () -> exit.complete(Main.run(
                            new String[] {"ls"},
                            ObjectServer.environment(silent.getLocalPort()),
                            InputStream.nullInputStream(),
                            new ByteArrayOutputStream(),
                            err)),
                    "run");
            thread.setDaemon(true);
            thread.start();
            try (Socket connected = silent.accept()) {
                assertThat(connected.getInputStream().read()).isPositive();
                thread.interrupt();
                endsWith130();
            }
        }
    }
}
