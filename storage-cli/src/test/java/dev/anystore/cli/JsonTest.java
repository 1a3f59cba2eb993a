package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts rely on: the fields of each verb, to the letter. */
class JsonTest {
    private static final String TIME = "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"";

    @TempDir
    Path folder;

    private Map<String, String> local = Map.of();
    private String file = "";

    @BeforeEach
    void aStore() throws IOException {
        local = Map.of(
                "STORAGE_PROVIDER",
                "local",
                "LOCAL_STORAGE_PATH",
                folder.resolve("store").toString());
        file = Files.writeString(folder.resolve("a.txt"), "hello").toString();
    }

    private List<String> run(String... arguments) {
        List<String> lines = Ran.in(local, arguments).well().lines();
        lines.forEach(JsonTest::parsed);
        return lines;
    }

    /** Every line is one value, whole. */
    private static void parsed(String line) {
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            List<String> tokens = new ArrayList<>();
            while (parser.nextToken() != null) {
                tokens.add(parser.currentToken().name());
            }
            assertThat(tokens).as(line).isNotEmpty().doesNotContain("VALUE_NULL");
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static String failure(Ran ran, int exit) {
        assertThat(ran.exit()).as(ran.err()).isEqualTo(exit);
        assertThat(ran.err().lines()).hasSize(1);
        parsed(ran.err().strip());
        return ran.err().strip();
    }

    @Test
    void aCopyTellsFromToSizeAndHowItWent() {
        assertThat(run("cp", "--json", file, ":x/a.txt"))
                .singleElement()
                .asString()
                .matches(
                        "\\{\"v\":1,\"op\":\"cp\",\"ok\":true,\"key\":\"x/a.txt\",\"from\":\"[^\"]+/a.txt\",\"to\":\":x/a.txt\","
                                + "\"size\":5,\"ms\":\\d+,\"parts\":1,\"retries\":0,\"resumed\":false,\"verification\":\"WHOLE\"}");
        assertThat(run("cp", "--json", ":x/a.txt", folder.resolve("b").toString()))
                .singleElement()
                .asString()
                .matches(
                        "\\{\"v\":1,\"op\":\"cp\",\"ok\":true,\"key\":\"x/a.txt\",\"from\":\":x/a.txt\",\"to\":\"[^\"]+/b\","
                                + "\"size\":5,\"ms\":\\d+,\"parts\":1,\"retries\":0,\"resumed\":false,\"verification\":\"WHOLE\"}");
    }

    @Test
    void aTreeTellsOfEachFile() throws IOException {
        Path tree = Files.createDirectories(folder.resolve("tree/sub"));
        Files.writeString(tree.resolve("b"), "1");
        Files.writeString(tree.resolveSibling("a"), "22");
        assertThat(run("cp", "--json", "-r", folder.resolve("tree").toString(), ":t"))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"key\":\"t/sub/b\"") && line.contains("\"to\":\":t/sub/b\""))
                .anyMatch(line -> line.contains("\"key\":\"t/a\"") && line.contains("\"size\":2"));
        assertThat(run("cp", "--json", "-r", ":t", folder.resolve("back").toString()))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"from\":\":t/sub/b\"") && line.contains("back/sub/b\""));
    }

    @Test
    void aListingHasObjectsAndPrefixes() {
        run("cp", file, ":a");
        run("cp", file, ":b/c");
        assertThat(run("ls", "--json").get(0))
                .matches("\\{\"v\":1,\"op\":\"ls\",\"ok\":true,\"key\":\"a\",\"size\":5,\"modified\":" + TIME
                        + ",\"revision\":\"[0-9a-f]{16}\"}");
        assertThat(run("ls", "--json").get(1)).isEqualTo("{\"v\":1,\"op\":\"ls\",\"ok\":true,\"prefix\":\"b/\"}");
    }

    @Test
    void statHasAllThatIsKnown() {
        run("cp", "--content-type", "text/plain", "--metadata", "owner=me", file, ":a");
        assertThat(run("stat", "--json", ":a"))
                .singleElement()
                .asString()
                .matches("\\{\"v\":1,\"op\":\"stat\",\"ok\":true,\"key\":\"a\",\"size\":5,\"modified\":" + TIME
                        + "(,\"etag\":\"[^\"]*\")?,\"revision\":\"[0-9a-f]{16}\",\"type\":\"text/plain\","
                        + "\"checksums\":\\{\"crc32c\":\"9a71bb4c\"},\"metadata\":\\{\"owner\":\"me\"}}");
    }

    @Test
    void deletingTellsOfEachKey() {
        run("cp", file, ":t/a");
        run("cp", file, ":t/b");
        assertThat(run("rm", "--json", "-r", "--dry-run", ":t"))
                .containsExactly(
                        "{\"v\":1,\"op\":\"rm\",\"ok\":true,\"key\":\"t/a\",\"size\":5,\"dryRun\":true}",
                        "{\"v\":1,\"op\":\"rm\",\"ok\":true,\"key\":\"t/b\",\"size\":5,\"dryRun\":true}");
        assertThat(run("rm", "--json", "-r", "--yes", ":t"))
                .containsExactly(
                        "{\"v\":1,\"op\":\"rm\",\"ok\":true,\"key\":\"t/a\"}",
                        "{\"v\":1,\"op\":\"rm\",\"ok\":true,\"key\":\"t/b\"}");
    }

    @Test
    void aLinkTellsItsUrl() {
        assertThat(run("link", "--json", ":a"))
                .singleElement()
                .asString()
                .matches(
                        "\\{\"v\":1,\"op\":\"link\",\"ok\":true,\"key\":\"a\",\"url\":\"file:[^\"]*\",\"public\":true}");
    }

    @Test
    void providersAreOneArray() {
        assertThat(run("providers", "--json"))
                .singleElement()
                .asString()
                .startsWith("[{\"v\":1,\"id\":\"local\",\"name\":\"Local folder\",\"aliases\":[],\"installed\":true,"
                        + "\"configured\":true,\"default\":true,\"recommended\":false,\"missing\":[]}")
                .contains("\"id\":\"b2\"", "\"recommended\":true")
                .endsWith("]");
    }

    @Test
    void aFailureIsOneLineOnStandardError() {
        run("cp", file, ":a");
        assertThat(failure(Ran.in(local, "stat", "--json", ":absent"), Exit.NOT_FOUND))
                .matches(
                        "\\{\"v\":1,\"op\":\"stat\",\"ok\":false,\"error\":\\{\"kind\":\"NOT_FOUND\",\"message\":\"[^\"]+\","
                                + "(\"fix\":\"[^\"]+\",)?\"provider\":\"local\",\"key\":\"absent\",\"attempts\":1,\"retryable\":false}}");
        assertThat(failure(Ran.in(local, "cp", "--json", "/absent", ":x"), Exit.NOT_FOUND))
                .contains("\"kind\":\"NOT_FOUND\"", "/absent");
        assertThat(failure(Ran.in(local, "ls", "--json", "--nope"), Exit.USAGE))
                .contains("\"op\":\"ls\"", "\"kind\":\"INVALID_ARGUMENT\"", "\"fix\":");
        assertThat(failure(Ran.in(Map.of("STORAGE_PROVIDER", "s33"), "ls", "--json"), Exit.USAGE))
                .contains("\"kind\":\"CONFIGURATION\"", "did you mean s3?");
    }

    @Test
    void aFailureOfOneOfManyIsAResultAndTheCommandFailsAtTheEnd() throws IOException {
        run("cp", file, ":t/good");
        run("cp", file, ":t/../../bad");
        Ran ran = Ran.in(local, "cp", "--json", "-r", ":t", folder.resolve("in").toString());
        assertThat(failure(ran, Exit.NO_USE)).contains("\"kind\":\"INCOMPLETE\"", "1 file or object failed");
        assertThat(ran.lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("\"ok\":true") && line.contains("t/good"))
                .anyMatch(line -> line.contains("\"ok\":false")
                        && line.contains("\"key\":\"t/../../bad\"")
                        && line.contains("\"kind\":\"INVALID_KEY\""));
    }

    @Test
    void anyKeyIsValidJson() throws IOException {
        String key = "quote\" back\\slash line\nend \u0001 \u2028 \u00fc 😀";
        run("cp", "--json", file, ":" + key);
        assertThat(run("ls", "--json", "-r").get(0)).contains("quote\\\" back\\\\slash line\\nend \\u0001");
    }
}
