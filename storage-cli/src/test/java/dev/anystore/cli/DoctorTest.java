package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step where the way ends is named, with what to do; and nothing is left behind. */
class DoctorTest {
    @TempDir
    Path folder;

    /** The steps that were told, each with how it went. */
    private static List<String> steps(Ran ran) {
        return ran.lines().stream()
                .map(line -> line.substring(0, 20).strip().replaceAll("\\s+", " "))
                .toList();
    }

    @Test
    void everyStepIsTakenWhereAllIsWell() {
        assertThat(steps(Ran.in(Map.of(), "doctor", "memory").well()))
                .containsExactly(
                        "settings ok",
                        "bucket ok",
                        "list ok",
                        "put ok",
                        "get ok",
                        "checksum ok",
                        "multipart ok",
                        "delete ok");
    }

    @Test
    void aFolderIsAsItWasAfterwards() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Map<String, String> environment = Map.of("STORAGE_PROVIDER", "local", "LOCAL_STORAGE_PATH", root.toString());
        assertThat(steps(Ran.in(environment, "doctor", "--read-only").well()))
                .containsExactly("settings ok", "bucket ok", "list ok", "put -");
        assertThat(root).isEmptyDirectory();
        assertThat(steps(Ran.in(environment, "doctor", ":below/").well()))
                .endsWith("put ok", "get ok", "checksum ok", "multipart -", "delete ok");
        assertThat(Ran.in(environment, "ls", "-r", ":").well().out()).isEmpty();
    }

    @Test
    void theStepThatFailsIsTheLastOneAndSaysWhatToDo() {
        Map<String, String> absent = Map.of(
                "STORAGE_PROVIDER",
                "local",
                "LOCAL_STORAGE_PATH",
                folder.resolve("absent").toString());
        Ran missing = Ran.in(absent, "doctor");
        assertThat(missing.exit()).isEqualTo(Exit.NO_BUCKET);
        assertThat(steps(missing)).containsExactly("settings ok", "bucket FAILED");
        assertThat(missing.out()).contains("LOCAL_STORAGE_PATH");

        Ran half = Ran.in(Map.of("R2_BUCKET", "example"), "doctor", "r2");
        assertThat(half.exit()).isEqualTo(Exit.USAGE);
        assertThat(steps(half)).containsExactly("settings FAILED");
        assertThat(half.out()).contains("R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID");

        assertThat(Ran.in(Map.of(), "doctor", "s33").refused(Exit.USAGE)).contains("s3");
    }

    @Test
    void aScriptReadsEachStepAsALine() {
        Ran ran = Ran.in(Map.of("R2_BUCKET", "example"), "doctor", "--json", "r2");
        assertThat(ran.lines())
                .singleElement()
                .asString()
                .startsWith("{\"v\":1,\"op\":\"doctor\",\"ok\":false,\"step\":\"settings\",\"tried\":true,\"error\":{")
                .contains("\"kind\":\"CONFIGURATION\"");
        assertThat(Ran.in(Map.of(), "doctor", "--json", "memory").well().lines())
                .hasSize(8)
                .allMatch(line -> line.contains("\"ok\":true"));
    }
}
