package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every verb on a folder, as somebody would call it in a script. */
class VerbsTest {
    private static final Tty TERMINAL = new Tty(true, true, true, false, false, () -> 80);

    @TempDir
    Path folder;

    private Path work;
    private Map<String, String> local = Map.of();

    @BeforeEach
    void aStoreAndAFolder() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        local = Map.of(
                "STORAGE_PROVIDER",
                "local",
                "LOCAL_STORAGE_PATH",
                folder.resolve("store").toString());
    }

    private Ran run(String... arguments) {
        return Ran.in(local, arguments);
    }

    private String file(String name, String content) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content).toString();
    }

    private void put(String key, String content) throws IOException {
        run("cp", file("put", content), ":" + key).well();
    }

    // ---- cp

    @Test
    void aFileGoesUpAndComesBack() throws IOException {
        run("cp", file("a.txt", "hello"), "local:x/b.txt").well();
        run("cp", ":x/b.txt", work.resolve("back.txt").toString()).well();
        assertThat(work.resolve("back.txt")).hasContent("hello");
        assertThat(run("cat", ":x/b.txt").well().out()).isEqualTo("hello");
    }

    @Test
    void aTargetThatEndsInASlashKeepsTheName() throws IOException {
        run("cp", file("a.txt", "1"), ":x/").well();
        run("cp", file("b.txt", "2"), ":").well();
        assertThat(run("ls", "-r1").well().lines()).containsExactly("b.txt", "x/a.txt");
        run("cp", ":x/a.txt", folder.toString()).well();
        assertThat(folder.resolve("a.txt")).hasContent("1");
    }

    @Test
    void severalSourcesGoIntoAFolder() throws IOException {
        run("cp", file("a", "1"), file("b", "2"), ":x/").well();
        assertThat(run("ls", "-1", ":x/").well().lines()).containsExactly("x/a", "x/b");
        assertThat(run("cp", file("a", "1"), file("b", "2"), ":x").refused(Exit.USAGE))
                .contains("slash");
    }

    @Test
    void oneOfSeveralThatIsMissingDoesNotKeepTheOthers() throws IOException {
        Ran ran = run("cp", file("a", "1"), work.resolve("absent").toString(), file("c", "3"), ":x/");
        assertThat(ran.refused(Exit.NO_USE)).contains("absent");
        assertThat(run("ls", "-1", ":x/").lines()).containsExactly("x/a", "x/c");
    }

    @Test
    void standardInputBecomesAnObjectAndAnObjectStandardOutput() {
        Ran.in(local, Tty.NONE, "from a pipe", "cp", "-", ":p").well();
        assertThat(run("cp", ":p", "-").well().out()).isEqualTo("from a pipe");
        assertThat(run("cp", "-", ":x/").refused(Exit.USAGE)).contains("no name");
    }

    @Test
    void anObjectIsCopiedBesideItselfButNotOntoItself() throws IOException {
        put("a", "1");
        run("cp", ":a", ":b").well();
        run("cp", ":a", ":x/").well();
        assertThat(run("ls", "-r1").lines()).containsExactly("a", "b", "x/a");
        assertThat(run("cp", ":a", "local:a").refused(Exit.USAGE)).contains("same object");
    }

    @Test
    void anObjectGoesFromOneStoreToAnother() throws IOException {
        put("a", "across");
        run("cp", ":a", "memory://cli-across/b").well();
        assertThat(run("cat", "memory://cli-across/b").well().out()).isEqualTo("across");
    }

    @Test
    void aFolderGoesUpAndComesBack() throws IOException {
        file("tree/a", "1");
        file("tree/sub/b", "22");
        file("tree/sub/deep/ü.txt", "333");
        run("cp", "-r", work.resolve("tree").toString(), ":t").well();
        assertThat(run("ls", "-r1").lines()).containsExactly("t/a", "t/sub/b", "t/sub/deep/ü.txt");
        run("cp", "-r", ":t", work.resolve("back").toString()).well();
        assertThat(work.resolve("back/sub/deep/ü.txt")).hasContent("333");
        run("cp", "-r", ":t/sub", "memory://cli-tree/").well();
        assertThat(run("ls", "-r1", "memory://cli-tree/").lines()).containsExactly("b", "deep/ü.txt");
    }

    @Test
    void aFolderMeansAFolderNotEverythingThatBeginsLikeIt() throws IOException {
        put("t/a", "1");
        put("tea", "2");
        run("cp", "-r", ":t", work.resolve("back").toString()).well();
        assertThat(work.resolve("back")).isDirectoryContaining("glob:**/a").isDirectoryNotContaining("glob:**/ea");
    }

    @Test
    void aFolderWithoutRecursionIsRefused() throws IOException {
        put("t/a", "1");
        assertThat(run("cp", work.toString(), ":t").refused(Exit.USAGE)).contains("add -r");
        assertThat(run("cp", ":t/", work.toString()).refused(Exit.USAGE)).contains("add -r");
        assertThat(run("cp", ":", work.toString()).refused(Exit.USAGE)).contains("add -r");
    }

    @Test
    void nothingToCopyIsNoSuccess() {
        Ran.in(local, Tty.NONE, "x", "cp", "-", ":a").well();
        assertThat(run("cp", "-r", ":typo/", work.resolve("t").toString()).refused(Exit.NOT_FOUND))
                .contains("typo/");
        run("cp", "-r", "--require-match", ":typo/", work.resolve("t").toString())
                .refused(Exit.NO_MATCH);
    }

    @Test
    void aKeyThatWouldLeaveTheFolderIsRefusedAndTheOthersCome() throws IOException {
        put("t/../../escaped", "evil");
        put("t/good", "good");
        Ran ran = run("cp", "-r", ":t", work.resolve("in").toString());
        assertThat(ran.exit()).isEqualTo(Exit.NO_USE);
        assertThat(ran.err()).contains("t/../../escaped", "1 file or object failed, all others are done");
        assertThat(work.resolve("in/good")).hasContent("good");
        assertThat(folder.resolve("escaped")).doesNotExist();
    }

    @Test
    void linksAreLeftOutAndThatIsSaid() throws IOException {
        file("tree/a", "1");
        Files.createSymbolicLink(work.resolve("tree/link"), work.resolve("tree/a"));
        Ran ran = run("cp", "-r", work.resolve("tree").toString(), ":t");
        assertThat(ran.exit()).isZero();
        assertThat(ran.err()).isEqualTo("anystore: left out 1 link or device\n");
        assertThat(run("ls", "-r1").lines()).containsExactly("t/a");
    }

    @Test
    void aLinkAsTargetIsFollowed() throws IOException {
        put("a", "new");
        Path real = Path.of(file("real", "old"));
        Path link = Files.createSymbolicLink(work.resolve("link"), real);
        run("cp", ":a", link.toString()).well();
        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("new");
        Path nowhere = Files.createSymbolicLink(work.resolve("nowhere"), work.resolve("absent"));
        assertThat(run("cp", ":a", nowhere.toString()).refused(Exit.USAGE)).contains("leads nowhere");
    }

    @Test
    void aDeviceIsWrittenIntoAndNotReplaced() throws IOException {
        put("a", "gone");
        run("cp", ":a", "/dev/null").well();
        assertThat(Path.of("/dev/null")).exists();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void anExistingObjectStaysWhereItMustBeAbsent() throws IOException {
        run("cp", "--if-absent", file("a", "first"), ":a").well();
        assertThat(run("cp", "--if-absent", file("b", "second"), ":a").refused(Exit.NO_USE))
                .contains(":a");
        assertThat(run("cat", ":a").out()).isEqualTo("first");
    }

    @Test
    void whatIsStoredBesideTheBytesIsShown() throws IOException {
        run(
                        "cp",
                        "--content-type",
                        "text/x-test",
                        "--metadata",
                        "owner=me=you",
                        "--metadata",
                        "b=2",
                        file("a", "1"),
                        ":a")
                .well();
        assertThat(run("stat", ":a").well().out())
                .contains("type           text/x-test\n", "metadata       owner: me=you\n", "metadata       b: 2\n");
        assertThat(run("cp", "--metadata", "Owner=x", file("a", "1"), ":a").refused(Exit.USAGE))
                .contains("Owner");
    }

    // ---- ls, cat, stat

    @Test
    void aListingFoldsFoldersAndKeepsTheOrder() throws IOException {
        for (String key : new String[] {"a", "b/1", "b/2", "b.txt", "c"}) {
            put(key, "12");
        }
        assertThat(run("ls", "-1").well().lines()).containsExactly("a", "b.txt", "b/", "c");
        assertThat(run("ls", "-r1").well().lines()).containsExactly("a", "b.txt", "b/1", "b/2", "c");
        assertThat(run("ls", "-1", ":b").well().lines()).containsExactly("b.txt", "b/");
        assertThat(run("ls", "-0", "-r", ":b/").well().out()).isEqualTo("b/1\0b/2\0");
        assertThat(run("ls", ":a").well().out()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ {11}2 B  a\n");
    }

    @Test
    void nothingFoundIsAFailureOnlyIfAsked() throws IOException {
        put("a", "1");
        assertThat(run("ls", ":nope").well().out()).isEmpty();
        run("ls", "--require-match", ":nope").refused(Exit.NO_MATCH);
    }

    @Test
    void aKeyIsItselfInAPipeAndHarmlessOnATerminal() throws IOException {
        put("line\nend\u001B[31m", "1");
        assertThat(run("ls", "-1").well().out()).isEqualTo("line\nend\u001B[31m\n");
        Ran seen = Ran.in(local, TERMINAL, "", "ls", "-1");
        assertThat(seen.out()).isEqualTo("line\\u000Aend\\u001B[31m\n");
        assertThat(Ran.in(local, TERMINAL, "", "cat", ":no\u001B[31m").err())
                .contains("\\u001B[31m")
                .doesNotContain("\u001B[31m");
    }

    @Test
    void partOfAnObjectIsRead() throws IOException {
        put("a", "0123456789");
        assertThat(run("cat", "--range", "2-4", ":a").well().out()).isEqualTo("234");
        assertThat(run("cat", "--range", "7-", ":a").well().out()).isEqualTo("789");
        assertThat(run("cat", "--range", "-2", ":a").well().out()).isEqualTo("89");
        assertThat(run("cat", ":a", ":a").well().out()).isEqualTo("01234567890123456789");
        for (String wrong : new String[] {"4-2", "-", "x", "1-2-3", "-0"}) {
            assertThat(run("cat", "--range=" + wrong, ":a").refused(Exit.USAGE)).contains("--range");
        }
        run("cat", "--range", "10-", ":a").refused(Exit.NO_USE);
    }

    @Test
    void everyByteComesThroughAPipe() {
        StringBuilder all = new StringBuilder();
        new Random(42).ints(300_000, 0, 256).forEach(b -> all.append((char) b));
        Ran.in(local, Tty.NONE, all.toString(), "cp", "-", ":binary").well();
        assertThat(new String(run("cat", ":binary").well().bytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo(all.toString());
    }

    // ---- rm

    @Test
    void deletingNeedsAYesWithoutATerminal() throws IOException {
        put("a", "1");
        assertThat(run("rm", ":a").refused(Exit.USAGE)).contains("--yes");
        assertThat(run("ls", "-1").lines()).containsExactly("a");
        run("rm", "--yes", ":a").well();
        run("rm", "--yes", ":a").well();
        assertThat(run("ls", "-1").lines()).isEmpty();
    }

    @Test
    void onATerminalOnlyAYesDeletes() throws IOException {
        put("a", "1");
        for (String no : new String[] {"n\n", "\n", "", "yess\n", "why?\n"}) {
            Ran ran = Ran.in(local, TERMINAL, no, "rm", ":a");
            assertThat(ran.err()).contains("delete :a, 1 B of ", "[y/N]", "nothing was deleted");
            assertThat(ran.exit()).isZero();
        }
        assertThat(run("ls", "-1").lines()).containsExactly("a");
        Ran.in(local, TERMINAL, "Y\n", "rm", ":a");
        assertThat(run("ls", "-1").lines()).isEmpty();
        assertThat(Ran.in(local, TERMINAL, "y\n", "rm", ":a").exit()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void aFolderIsDeletedAndItsNeighbourStays() throws IOException {
        for (String key : new String[] {"t/a", "t/b/c", "tea"}) {
            put(key, "1");
        }
        assertThat(run("rm", "-r", "--dry-run", ":t").well().lines())
                .containsExactly("would delete t/a", "would delete t/b/c");
        assertThat(run("ls", "-r1").lines()).hasSize(3);
        run("rm", "-r", "--yes", ":t").well();
        assertThat(run("ls", "-r1").lines()).containsExactly("tea");
    }

    @Test
    void moreThanTheMaximumIsRefusedBeforeTheFirst() throws IOException {
        for (String key : new String[] {"t/a", "t/b", "t/c"}) {
            put(key, "1");
        }
        assertThat(run("rm", "-r", "--yes", "--max", "2", ":t").refused(Exit.LIMIT))
                .contains("more than 2");
        assertThat(run("ls", "-r1").lines()).hasSize(3);
        run("rm", "-r", "--yes", "--max", "3", ":t").well();
        assertThat(run("ls", "-r1").lines()).isEmpty();
    }

    @Test
    void theWholeBucketGoesOnlyWhenThatIsSaid() throws IOException {
        put("a", "1");
        assertThat(run("rm", "-r", "--yes", ":").refused(Exit.USAGE)).contains("--all");
        run("rm", "-r", "--yes", "--all", ":").well();
        assertThat(run("ls", "-r1").lines()).isEmpty();
    }

    // ---- link, providers, help

    @Test
    void aLinkIsAUrl() throws IOException {
        put("a b", "1");
        assertThat(run("link", ":a b").well().out()).startsWith("file:/").endsWith("a%20b\n");
        assertThat(run("link", "--expires", "nonsense", ":a").refused(Exit.USAGE))
                .contains("--expires");
        assertThat(run("link", "--expires", "8d", ":a").refused(Exit.USAGE)).contains("7 days");
    }

    @Test
    void providersShowWhichIsTheDefault() {
        assertThat(run("providers").well().lines()).anyMatch(line -> line.matches("local +Local folder +default"));
        Ran half = Ran.in(Map.of("STORAGE_PROVIDER", "s3"), TERMINAL, "", "providers");
        assertThat(half.exit()).isZero();
        assertThat(half.err()).startsWith("There is no default: ").contains("S3_BUCKET");
    }

    @Test
    void everyVerbHasHelpWithExamples() {
        assertThat(run("--help").well().out()).contains("anystore demo");
        for (String verb : new String[] {"demo", "providers", "cp", "ls", "cat", "stat", "rm", "link"}) {
            assertThat(run(verb, "--help").well().out()).contains("Usage: anystore " + verb, "  anystore " + verb);
        }
    }

    @Test
    void theHelpFitsOnATerminal() {
        for (String verb : new String[] {"demo", "providers", "cp", "ls", "cat", "stat", "rm", "link"}) {
            assertThat(run(verb, "--help").lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        }
    }

    @Test
    void aFileThatOthersMayReadKeepsItsMode() throws IOException {
        put("a", "new");
        Path old = Path.of(file("old", "old"));
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-r-----"));
        run("cp", ":a", old.toString()).well();
        assertThat(old).hasContent("new");
        assertThat(Files.getPosixFilePermissions(old)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void aTerminalSeesWhatWasDoneAndAPipeDoesNot() throws IOException {
        Ran seen = Ran.in(local, TERMINAL, "", "cp", file("a", "1"), ":a");
        assertThat(seen.err()).contains("/a -> :a  1 B in ", "verified").endsWith("\n");
        assertThat(seen.out()).isEmpty();
        assertThat(Ran.in(local, TERMINAL, "", "cp", "-q", file("a", "1"), ":a").err())
                .isEmpty();
        run("cp", file("a", "1"), ":a").well();
    }
}
