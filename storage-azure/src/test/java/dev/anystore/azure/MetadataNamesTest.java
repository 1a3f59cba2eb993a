package dev.anystore.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each name of ours has one spelling that Azure takes, and comes back from it. */
class MetadataNamesTest {
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]*");

    @Test
    void whatFitsStaysAsItIs() {
        for (String name :
                List.of("a", "name", "two_words", "anystorecrc32c", "_", "_x", "_x002", "a_x002_b", "_x002g_")) {
            assertThat(MetadataNames.encode(name)).isEqualTo(name);
            assertThat(MetadataNames.decode(name)).isEqualTo(name);
        }
    }

    @Test
    void whatDoesNotFitIsWrittenAsDotNetWritesIt() {
        assertThat(MetadataNames.encode("two-words")).isEqualTo("two_x002d_words");
        assertThat(MetadataNames.encode("9lives")).isEqualTo("_x0039_lives");
        assertThat(MetadataNames.encode("_x002d_")).isEqualTo("_x005f_x002d_");
    }

    @Test
    void everyNameComesBackAndNoTwoAreSpelledAlike() {
        Random random = new Random(9);
        String letters = "ax0123_-df5";
        Set<String> names = new HashSet<>();
        Set<String> spellings = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int j = random.nextInt(14); j >= 0; j--) {
                name.append(letters.charAt(random.nextInt(letters.length())));
            }
            String spelled = MetadataNames.encode(name.toString());
            assertThat(spelled).as("%s", name).matches(IDENTIFIER);
            assertThat(MetadataNames.decode(spelled)).isEqualTo(name.toString());
            assertThat(spellings.add(spelled)).isEqualTo(names.add(name.toString()));
        }
    }

    @Test
    void aForeignNameStaysAsItIs() {
        for (String name : List.of("_x0041_", "a_x0020_b", "_x0061_", "x_x005f_y")) {
            assertThat(MetadataNames.decode(name)).as(name).isEqualTo(name);
        }
    }
}
