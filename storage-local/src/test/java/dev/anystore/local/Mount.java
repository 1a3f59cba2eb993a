package dev.anystore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of its own. Where this process may mount none, the test is skipped and says why. */
final class Mount implements AutoCloseable {
    private final Path at;

    private Mount(Path at) {
        this.at = at;
    }

    /** Mounts one on a new folder. */
    static Mount of(Path at, String type, String options) throws IOException {
        Files.createDirectory(at);
        String said = run("mount", "-t", type, "-o", options, "anystore-test", at.toString());
        assumeTrue(said.isEmpty(), "this process may not mount " + type + " here: " + said);
        return new Mount(at);
    }

    Path path() {
        return at;
    }

    /** Mounts it again with other options. */
    void again(String options) throws IOException {
        assertThat(run("mount", "-o", "remount," + options, at.toString())).isEmpty();
    }

    /** What a command says, nothing if it succeeds. */
    private static String run(String... words) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        // The output has ended, so the process has, or is about to.
        int exit = process.onExit().join().exitValue();
        return exit == 0 ? "" : said + " (exit " + exit + ")";
    }

    @Override
    public void close() throws IOException {
        assertThat(run("umount", at.toString()))
                .as("nobody has files open there")
                .isEmpty();
    }
}
