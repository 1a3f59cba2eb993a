package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static final String[] SMALL = {"demo", "--files", "130", "--large", "20MiB", "--seed", "4711"};

    @TempDir
    Path folder;

    @Test
    void itShowsEveryStepAndThatEveryDigestAgreed() {
        Ran ran = Ran.in(Map.of(), SMALL).well();
        assertThat(ran.out())
                .contains("the embedded local store", "seed 4711")
                .contains("store many", "store the large one", "list", "read many back", "130 agree")
                .contains("copy it", "link", "delete all", "none left")
                .contains("Every digest agrees: 130 small files and one of 20.0 MiB")
                .contains("STORAGE_PROVIDER=r2")
                .doesNotContain("null", "NaN");
        assertThat(ran.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void itIgnoresTheEnvironment() {
        Path store = folder.resolve("store");
        Map<String, String> environment = Map.of("STORAGE_PROVIDER", "s33", "LOCAL_STORAGE_PATH", store.toString());
        Ran.in(environment, SMALL).well();
        assertThat(store).doesNotExist();
    }

    @Test
    void onAStoreItWorksBesideWhatIsThereAndLeavesNothing() throws IOException {
        Path store = folder.resolve("store");
        Map<String, String> environment = Map.of("STORAGE_PROVIDER", "local", "LOCAL_STORAGE_PATH", store.toString());
        String mine = Files.writeString(folder.resolve("mine"), "mine").toString();
        Ran.in(environment, "cp", mine, ":mine").well();
        Ran.in(environment, "cp", mine, ":try/mine").well();
        String[] on = Stream.concat(Stream.of(SMALL), Stream.of("--on", ":try")).toArray(String[]::new);
        assertThat(Ran.in(environment, on).well().out()).contains("Local folder, store, below try/anystore-demo-");
        assertThat(Ran.in(environment, "ls", "-r1").well().lines()).containsExactly("mine", "try/mine");
    }

    @Test
    void wrongSizesAreRefused() {
        assertThat(Ran.in(Map.of(), "demo", "--large", "x").refused(Exit.USAGE)).contains("--large");
        assertThat(Ran.in(Map.of(), "demo", "--large", "0").refused(Exit.USAGE)).contains("--large");
        assertThat(Ran.in(Map.of(), "demo", "--files", "0").refused(Exit.USAGE)).contains("--files");
        assertThat(Ran.in(Map.of(), "demo", "--large", "900TiB").refused(Exit.OTHER))
                .contains("free");
    }
}
