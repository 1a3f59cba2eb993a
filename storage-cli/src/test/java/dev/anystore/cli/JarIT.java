package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is shipped, in a process of its own: what only a process has. */
@Timeout(240)
class JarIT {
    private static final Path JAR = Path.of("target", "anystore.jar").toAbsolutePath();

    @TempDir
    Path folder;

    private ProcessBuilder anystore(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("HOME"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder;
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void itFindsItsLibrariesAndItsProviders() throws Exception {
        Process version = anystore("--version").start();
        assertThat(output(version)).matches("anystore \\d.* on Java .*\n");
        assertThat(version.waitFor()).isZero();
        Process providers = anystore("providers").start();
        assertThat(output(providers)).containsPattern("\nlocal .*\ns3 ").containsPattern("\nmemory ");
        assertThat(providers.waitFor()).isZero();
    }

    @Test
    void withoutAnySettingItSaysWhereItKeepsThings() throws Exception {
        Process cp =
                anystore("cp", JAR.toString(), ":").redirectErrorStream(true).start();
        assertThat(output(cp))
                .startsWith("anystore: warning: ")
                .contains(folder.resolve("storage-data").toString())
                .hasLineCount(1);
        assertThat(cp.waitFor()).isZero();
        assertThat(folder.resolve("storage-data/anystore.jar")).hasSameBinaryContentAs(JAR);
    }

    @Test
    void aFailureIsAnExitCodeAndOneLine() throws Exception {
        Process cat = anystore("cat", "memory:absent").redirectErrorStream(true).start();
        assertThat(output(cat)).startsWith("anystore: ").contains("absent").hasLineCount(1);
        assertThat(cat.waitFor()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no kill -INT to press Ctrl-C with")
    void ctrlCInTheDemoEndsItWith130AndLeavesNothing() throws Exception {
        Process demo =
                anystore("demo", "--files", "2000").redirectErrorStream(true).start();
        BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        while (line != null && !line.contains("make the data")) {
            line = lines.readLine();
        }
        assertThat(line).isNotNull();
        new ProcessBuilder("kill", "-INT", Long.toString(demo.pid())).start().waitFor();
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(Exit.INTERRUPTED);
        assertThat(lines.lines().reduce((a, b) -> b).orElse("")).startsWith("anystore: interrupted");
        try (var left = Files.list(folder)) {
            // The JVM's own counters are not ours.
            assertThat(left.filter(path -> !path.getFileName().toString().startsWith("hsperfdata")))
                    .isEmpty();
        }
    }
}
