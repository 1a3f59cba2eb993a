package dev.anystore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that see the names of files under different locales. */
class LocaleTest {
    private static final Map<String, String> POSIX = Map.of("LC_ALL", "POSIX");
    private static final Map<String, String> UTF_8 = Map.of("LC_ALL", "C.UTF-8");

    /** In the order of their bytes. */
    private static final List<String> KEYS = List.of(
            "\u0001",
            " ",
            "%41",
            "..",
            "A",
            "a",
            "a//b",
            "a:b",
            "con",
            "trailing.",
            "x".repeat(300),
            "\u00e9/\u4e2d/\ud83d\ude00",
            "\u4e2d".repeat(100));

    private final Path root;

    LocaleTest(@TempDir Path folder) {
        this.root = folder.resolve("root");
    }

    /** What a child prints. */
    private List<String> child(Map<String, String> environment, String verb) throws IOException {
        try (Children.Child child = Children.start(Speller.class, environment, root.toString(), verb)) {
            return child.rest();
        }
    }

    private static List<String> escapedKeys() {
        return KEYS.stream().map(Speller::escape).toList();
    }

    @Test
    void aRootOfAProcessWithoutUnicodeHoldsEveryKeyForAll() throws Exception {
        assertThat(child(POSIX, "put")).containsExactly("ANSI_X3.4-1968", "done");
        assertThat(root.resolve(".anystore/format")).hasContent("anystore-local 1 names=ascii case=exact\n");
        assertThat(child(POSIX, "list").subList(1, KEYS.size() + 1)).isEqualTo(escapedKeys());
        List<String> again = child(UTF_8, "list");
        assertThat(again.get(0)).isEqualTo("UTF-8");
        assertThat(again.subList(1, again.size())).isEqualTo(escapedKeys());
    }

    @Test
    void aRootOfUnicodeNamesIsRefusedToAProcessThatCannotSpellThem() throws Exception {
        assertThat(child(UTF_8, "put")).containsExactly("UTF-8", "done");
        assertThat(root.resolve(".anystore/format")).hasContent("anystore-local 1 names=utf8 case=exact\n");
        assertThat(child(UTF_8, "list").subList(1, KEYS.size() + 1)).isEqualTo(escapedKeys());
        for (String verb : List.of("put", "list")) {
            List<String> said = child(POSIX, verb);
            assertThat(said).hasSize(2);
            assertThat(said.get(1))
                    .startsWith("CONFIGURATION")
                    .contains("start it under a UTF-8 locale", "LC_ALL=C.UTF-8");
        }
    }

    /** Puts or lists the keys, and prints nothing but ASCII. */
    static final class Speller {
        private Speller() {}

        static String escape(String text) {
            StringBuilder escaped = new StringBuilder();
            text.chars()
                    .forEach(c -> escaped.append(
                            c > 0x20 && c < 0x7f ? Character.toString(c) : "\\u" + Integer.toHexString(c)));
            return escaped.toString();
        }

        public static void main(String[] arguments) {
            System.out.println(System.getProperty("sun.jnu.encoding"));
            try (LocalBackend store = Fixtures.open(Path.of(arguments[0]))) {
                if (arguments[1].equals("put")) {
                    KEYS.forEach(key -> Fixtures.put(store, key, key));
                    System.out.println("done");
                    return;
                }
                List<String> all = new ArrayList<>(Fixtures.keys(store));
                for (String key : all) {
                    boolean same = Fixtures.get(store, key).equals(key);
                    System.out.println(escape(key) + (same ? "" : " has other bytes"));
                }
            } catch (StorageException e) {
                System.out.println(e.kind() + " " + escape(e.getMessage()).replace("\\u20", " "));
            }
        }
    }
}
