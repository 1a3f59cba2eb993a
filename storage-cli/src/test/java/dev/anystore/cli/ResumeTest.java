package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Ctrl-C stopped goes on when the command is run again. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResumeTest {
    private static final int PART = 256 << 10;

    @TempDir
    Path folder;

    private Map<String, String> environment(ObjectServer server) {
        Map<String, String> environment = new TreeMap<>(server.environment());
        environment.put("HOME", folder.resolve("home").toString());
        return environment;
    }

    private List<Path> journals() throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("home/.local/state/anystore/transfers"))) {
            return files.filter(path -> path.toString().endsWith(".journal")).toList();
        }
    }

    @Test
    void aDownloadGoesOnAfterCtrlCAndSaysSo() throws Exception {
        byte[] object = new byte[10 * PART + 5];
        new Random(1).nextBytes(object);
        Path target = folder.resolve("target");
        String[] command = {"cp", "--part-size", Integer.toString(PART), "--connections", "2", ":x", target.toString()};
        CountDownLatch gate = new CountDownLatch(1);
        try (ObjectServer server = ObjectServer.holding(object, 4, gate)) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Session session = new Session(
                    environment(server), InputStream.nullInputStream(), new ByteArrayOutputStream(), err, Tty.NONE);
            CompletableFuture<Integer> exit = new CompletableFuture<>();
            Thread thread = new Thread(() -> exit.complete(Command.run(session, command)), "run");
            thread.setDaemon(true);
            thread.start();
            while (!Files.isDirectory(folder.resolve("home")) || !hasSomeParts()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            session.interrupt();
            assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(Exit.INTERRUPTED);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .startsWith("anystore: interrupted; run the same transfer again: it goes on from the ")
                    .hasLineCount(1);
            assertThat(target).doesNotExist();
            gate.countDown();
            String[] json =
                    Stream.concat(Stream.of(command), Stream.of("--json")).toArray(String[]::new);
            Ran again = Ran.in(environment(server), json).well();
            assertThat(again.out()).contains("\"resumed\":true", "\"parts\":11", "\"retries\":0", "\"verification\":");
            assertThat(target).hasBinaryContent(object);
            assertThat(journals()).isEmpty();
            assertThat(folder).isDirectoryNotContaining("glob:**/.anystore*");
            Ran third = Ran.in(environment(server), json).well();
            assertThat(third.out()).contains("\"resumed\":false");
        }
    }

    private boolean hasSomeParts() throws Exception {
        Path state = folder.resolve("home/.local/state/anystore/transfers");
        if (!Files.isDirectory(state) || journals().isEmpty()) {
            return false;
        }
        return Files.readString(journals().get(0)).contains("range=");
    }

    @Test
    void theFolderOfJournalsIsThePlatforms() {
        Map<String, String> home = Map.of("HOME", "/home/me", "LOCALAPPDATA", "/appdata");
        assertThat(StateFolder.transfers(home, "Linux")).hasToString("/home/me/.local/state/anystore/transfers");
        assertThat(StateFolder.transfers(Map.of("HOME", "/home/me", "XDG_STATE_HOME", "/state"), "Linux"))
                .hasToString("/state/anystore/transfers");
        assertThat(StateFolder.transfers(Map.of("HOME", "/home/me", "XDG_STATE_HOME", "state"), "Linux"))
                .hasToString("/home/me/.local/state/anystore/transfers");
        assertThat(StateFolder.transfers(home, "Mac OS X"))
                .hasToString("/home/me/Library/Application Support/anystore/transfers");
        assertThat(StateFolder.transfers(home, "Windows 11")).hasToString("/appdata/anystore/transfers");
        assertThat(StateFolder.transfers(Map.of(), "Linux")).isNull();
    }

    @Test
    void withoutAPlaceForJournalsACopyWorksAndSaysWhatIsLost() throws Exception {
        Path home = Files.writeString(folder.resolve("home"), "no folder");
        byte[] object = {1, 2, 3};
        try (ObjectServer server = ObjectServer.having(object)) {
            Ran ran = Ran.in(
                    environment(server), "cp", ":x", folder.resolve("target").toString());
            assertThat(ran.exit()).isZero();
            assertThat(ran.err())
                    .contains("warning: an interrupted transfer will begin anew")
                    .hasLineCount(1);
        }
        assertThat(folder.resolve("target")).hasBinaryContent(object);
        assertThat(home).hasContent("no folder");
    }

    @Test
    void theFolderOfJournalsIsForItsOwnerOnly() throws Exception {
        try (ObjectServer server = ObjectServer.having(new byte[3])) {
            Ran.in(environment(server), "cp", ":x", folder.resolve("target").toString())
                    .well();
        }
        Path state = folder.resolve("home/.local/state/anystore/transfers");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
    }
}
