package dev.anystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README shows code that is compiled and passes the contract, or it is stale. */
class ReadmeTest {
    private static final Path EXAMPLE = Path.of("src/test/java/dev/anystore/testkit/example");

    @Test
    void theCodeOfTheReadmeIsTheCodeThatPassesTheContract() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        for (String file : List.of("MapBackend.java", "MapContractTest.java")) {
            assertThat(blocks(readme)).as("README.md shows %s as it is", file).contains(shown(file));
        }
    }

    /** Without package and imports, which every editor adds. */
    private static String shown(String file) throws Exception {
        String source = Files.readString(EXAMPLE.resolve(file));
        return source.replaceAll("(?m)^(package|import) .*\n", "").strip();
    }

    private static List<String> blocks(String readme) {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
        while (matcher.find()) {
            blocks.add(matcher.group(1).strip());
        }
        return blocks;
    }
}
