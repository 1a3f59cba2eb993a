package dev.anystore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Keys;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyNamesTest {
    private static final int RANDOM_SEGMENTS = 50_000;
    private static final Pattern WINDOWS_DEVICE =
            Pattern.compile("(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\\..*)?");

    /** Capitals are in escapes only, where no small letter ever stands. */
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-F]{2}");

    /** What stands at the edges: escapes, twins' endings, devices, cases, forms, lengths. */
    private static final List<String> PIECES = List.of(
            "",
            ".",
            "..",
            "...",
            " ",
            "%",
            "%2F",
            "%2f",
            "%25",
            "%41",
            "%~",
            "%%",
            "~",
            "con",
            "CON",
            "Nul",
            "lpt1",
            "com\u00b9",
            "aux.txt",
            "conin$",
            ".anystore",
            ".Anystore",
            "a",
            "A",
            "aa",
            "aA",
            "z",
            "Z",
            "0",
            "-",
            "_",
            "+",
            ":",
            "\\",
            "*",
            "?",
            "\"",
            "<",
            ">",
            "|",
            "\u0001",
            "\n",
            "\r",
            "\u007f",
            "\u0080",
            "\u00e9",
            "\u00c9",
            "e\u0301",
            "\u0130",
            "\u00df",
            "\u4e2d",
            "\u202e",
            "\ufeff",
            "\ufffd",
            "\uffff",
            "\ud83d\ude00",
            "\udbff\udfff",
            "x".repeat(79),
            "Y".repeat(80),
            "\u00e9".repeat(40),
            "\ud83d\ude00".repeat(20));

    static List<RootFormat> formats() {
        return List.of(
                RootFormat.PLAIN, new RootFormat(true, false), new RootFormat(false, true), new RootFormat(true, true));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everySegmentHasOneLegalNameOfItsOwnAndIsFoundByIt(RootFormat format) {
        long seed = System.nanoTime();
        System.out.println("KeyNamesTest seed " + seed);
        Random random = new Random(seed);
        KeyNames names = new KeyNames(format);
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < RANDOM_SEGMENTS; i++) {
            String segment = segment(random);
            for (boolean top : new boolean[] {true, false}) {
                String name = names.encode(segment, top);
                require(isLegal(name, format, top), name, segment);
                List<String> found = names.candidates(segment, top);
                require(found.subList(0, 2).equals(List.of(name, name + KeyNames.TWIN)), name, segment);
                if (!KeyNames.isHashed(name)) {
                    require(names.decode(name, top).equals(segment), name, segment);
                    require(names.decode(name + KeyNames.TWIN, top).equals(segment), name, segment);
                }
                String folded = format.fold() ? foldAscii(name) : name;
                String same = format.ascii() ? Normalizer.normalize(folded, Normalizer.Form.NFD) : folded;
                String owner = owners.putIfAbsent((top ? "/" : "") + same, segment);
                require(owner == null || owner.equals(segment), name, segment + " and of " + owner);
            }
        }
        assertThat(owners).hasSizeGreaterThan(RANDOM_SEGMENTS / 2);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyNameThatSomebodyPutsThereIsFoundAgainByItsKey(RootFormat format) {
        long seed = System.nanoTime();
        System.out.println("KeyNamesTest seed " + seed);
        Random random = new Random(seed);
        KeyNames names = new KeyNames(format);
        for (int i = 0; i < RANDOM_SEGMENTS; i++) {
            String name = segment(random).replace("/", "");
            if (name.isEmpty() || name.equals(".") || name.equals("..") || Keys.utf8Length(name) > 255) {
                continue;
            }
            String segment = names.decode(name, false);
            require(names.candidates(segment, false).contains(name), name, segment);
        }
    }

    private static void require(boolean holds, String name, String segment) {
        if (!holds) {
            throw new AssertionError("the name " + name + " of " + segment);
        }
    }

    private static boolean isLegal(String name, RootFormat format, boolean top) {
        int bytes = Keys.utf8Length(name);
        return bytes >= 1
                && bytes <= KeyNames.MAX_NAME_BYTES
                && !name.endsWith(".")
                && !name.endsWith(" ")
                && !name.endsWith(KeyNames.TWIN)
                && name.chars().noneMatch(c -> c < 0x20 || c == 0x7f || "/\\:*?\"<>|".indexOf(c) >= 0)
                && !WINDOWS_DEVICE.matcher(name).matches()
                && !(top && name.equalsIgnoreCase(KeyNames.OURS))
                && (!format.ascii() || name.chars().allMatch(c -> c < 0x80))
                && (!format.fold()
                        || !CAPITAL.matcher(ESCAPE.matcher(name).replaceAll("")).find());
    }

    private static String foldAscii(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        name.chars().forEach(c -> folded.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
        return folded.toString();
    }

    private static String segment(Random random) {
        StringBuilder segment = new StringBuilder();
        for (int n = random.nextInt(5); n >= 0; n--) {
            segment.append(PIECES.get(random.nextInt(PIECES.size())));
            if (random.nextInt(3) == 0) {
                int c = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
                boolean valid = c != 0 && c != '/' && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
                segment.append(valid ? Character.toString(c) : "s");
            }
        }
        return segment.toString();
    }

    /** The format page promises these: a change of any is a new format. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a.txt a.txt a.txt",
                "README README %52%45%41%44%4D%45",
                ". %2E %2E",
                ".. .%2E .%2E",
                "a%b a%25b a%25b",
                "a:b a%3Ab a%3Ab",
                "con %63on %63on",
                "Con.txt %43on.txt %43on.txt",
                "console console console",
                "com1 %63om1 %63om1",
                "x. x%2E x%2E",
                "\u00e9 \u00e9 %C3%A9",
                ".anystore %2Eanystore %2Eanystore",
                "a+b a+b a+b",
            })
    void theNamesAreThoseOfTheFormat(String segment, String plain, String folded) {
        assertThat(new KeyNames(RootFormat.PLAIN).encode(segment, true)).isEqualTo(plain);
        assertThat(new KeyNames(new RootFormat(true, true)).encode(segment, true))
                .isEqualTo(folded);
    }

    @Test
    void aLongSegmentKeepsWholeCharactersAndItsDigest() {
        KeyNames names = new KeyNames(RootFormat.PLAIN);
        assertThat(names.encode("x".repeat(240), false)).isEqualTo("x".repeat(240));
        assertThat(names.encode("x".repeat(241), false))
                .isEqualTo("x".repeat(160) + "%~"
                        + KeyNames.sha256("x".repeat(241)).substring(0, 32));
        String wide = "ab" + "\u4e2d".repeat(100);
        assertThat(names.encode(wide, false))
                .isEqualTo("ab" + "\u4e2d".repeat(52) + "%~"
                        + KeyNames.sha256(wide).substring(0, 32));
    }

    @Test
    void keysFallIntoSegmentsAtEverySlash() {
        assertThat(KeyNames.segments("a//b/")).containsExactly("a", "", "b", "");
        assertThat(KeyNames.segments("/")).containsExactly("", "");
        assertThat(KeyNames.segments("a")).containsExactly("a");
    }
}
