package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Incomplete;
import dev.anystore.ObjectStore;
import dev.anystore.Progress;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.TreeOptions;
import dev.anystore.TreeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Folders and prefixes: every file is moved, or named. */
interface TreeSentences extends Sentences {
    /** Files of a tree by their path below it: none, one byte, several parts, names that need care. */
    private Map<String, byte[]> tree() {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("empty", new byte[0]);
        files.put("one byte", random(1, 1));
        files.put("large", random(it().largeBytes(), 2));
        files.put("d/e/deep", random(1_000, 3));
        files.put("d/\u00fcber 100%.txt", random(10, 4));
        for (int i = 0; i < 20; i++) {
            files.put("many/" + i, random(i, i));
        }
        return files;
    }

    private Path write(Map<String, byte[]> files) throws IOException {
        Path root = Files.createDirectory(it().folder().resolve("from"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return root;
    }

    private void assertFiles(Path root, Map<String, byte[]> files) throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            assertThat(found.filter(Files::isRegularFile)
                            .map(path -> root.relativize(path).toString()))
                    .containsExactlyInAnyOrderElementsOf(files.keySet());
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(root.resolve(file.getKey())).hasBinaryContent(file.getValue());
        }
    }

    private static TreeResult all(Map<String, byte[]> files) {
        return new TreeResult(
                files.size(),
                files.values().stream().mapToLong(bytes -> bytes.length).sum());
    }

    @Test
    default void aFolderGoesUpAndComesDownWhole() throws Exception {
        Map<String, byte[]> files = tree();
        Path from = write(files);
        Queue<Progress> seen = new ConcurrentLinkedQueue<>();
        TreeOptions options = TreeOptions.DEFAULT.withPutOptions(it().inParts()).withProgress(seen::add);
        assertThat(store().uploadAll(from, "t/", options)).isEqualTo(all(files));
        assertThat(it().keys(""))
                .containsExactlyInAnyOrderElementsOf(
                        files.keySet().stream().map("t/"::concat).toList());
        Progress last = seen.stream().reduce((one, next) -> next).orElseThrow();
        assertThat(last.bytes()).isEqualTo(all(files).bytes()).isEqualTo(last.totalBytes());
        assertThat(last.parts()).isEqualTo(files.size()).isEqualTo(last.totalParts());

        Path to = it().folder().resolve("to/folder");
        assertThat(store().downloadAll("t/", to)).isEqualTo(all(files));
        assertFiles(to, files);
    }

    @Test
    default void onlyWhatTheFilterTakesIsMovedAndEachIsTold() throws Exception {
        Map<String, byte[]> files = tree();
        Path from = write(files);
        files.keySet().removeIf(path -> !path.startsWith("many/"));
        Queue<String> told = new ConcurrentLinkedQueue<>();
        TreeOptions options = TreeOptions.DEFAULT
                .withFilter(path -> path.startsWith("many/"))
                .withListener(moved -> told.add(moved.path()));
        assertThat(store().uploadAll(from, "", options)).isEqualTo(all(files));
        assertThat(told).containsExactlyInAnyOrderElementsOf(files.keySet());
        assertThat(it().keys("")).containsExactlyInAnyOrderElementsOf(files.keySet());

        Path to = it().folder().resolve("to");
        TreeOptions one = TreeOptions.DEFAULT.withFilter(path -> path.equals("7"));
        assertThat(store().downloadAll("many/", to, one)).isEqualTo(new TreeResult(1, 7));
        assertFiles(to, Map.of("7", random(7, 7)));
    }

    @Test
    default void aLinkInAFolderIsToldAndNotFollowed() throws Exception {
        Map<String, byte[]> files = Map.of("file", random(10, 1));
        Path from = write(files);
        Path secret = Files.writeString(it().folder().resolve("outside"), "not yours");
        Files.createSymbolicLink(from.resolve("link"), secret);
        Files.createSymbolicLink(from.resolve("folder"), it().folder());
        Queue<String> skipped = new ConcurrentLinkedQueue<>();
        TreeOptions options = TreeOptions.DEFAULT.withListener(new TreeOptions.TreeListener() {
            @Override
            public void moved(TreeOptions.Moved moved) {}

            @Override
            public void skipped(String path) {
                skipped.add(path);
            }
        });
        assertThat(store().uploadAll(from, "t/", options)).isEqualTo(all(files));
        assertThat(skipped).containsExactlyInAnyOrder("link", "folder");
        assertThat(it().keys("")).containsExactly("t/file");
    }

    @Test
    default void whatCanNotBeDownloadedIsNamedAndTheOthersArrive() throws Exception {
        it().put("t/a", "a");
        it().put("t/b", "b");
        it().put("t/c", "c");
        Path to = Files.createDirectory(it().folder().resolve("to"));
        // A folder stands where the file should go.
        Files.createDirectories(to.resolve("b/inner"));
        assertThatThrownBy(() -> store().downloadAll("t/", to)).isInstanceOfSatisfying(Incomplete.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.INCOMPLETE);
            assertThat(e.failures()).containsOnlyKeys("t/b");
        });
        assertThat(to.resolve("a")).hasContent("a");
        assertThat(to.resolve("c")).hasContent("c");
        assertThat(to.resolve("b/inner")).isEmptyDirectory();
    }

    @Test
    default void aPrefixIsCopiedWithinAStoreAndBetweenStores() {
        Map<String, byte[]> files = tree();
        files.forEach((path, bytes) -> store().put("t/" + path, Body.of(bytes), it().inParts()));
        assertThat(store().copyAll(store(), "t/", "u/")).isEqualTo(all(files));
        try (ObjectStore other = it().harness().open(StoreOptions.DEFAULT)) {
            assertThat(other.copyAll(store(), "u/", "")).isEqualTo(all(files));
            files.forEach((path, bytes) -> assertThat(other.getBytes(path)).isEqualTo(bytes));
        }
        files.forEach((path, bytes) -> assertThat(it().read("u/" + path)).isEqualTo(bytes));
    }

    @Test
    default void aTreeWithoutAFolderIsRefusedAndAnEmptyOneIsNothing() throws Exception {
        Path empty = Files.createDirectory(it().folder().resolve("empty"));
        Path file = Files.writeString(it().folder().resolve("file"), "x");
        assertKind(Kind.LOCAL_IO, () -> store().uploadAll(it().folder().resolve("absent"), ""));
        assertKind(Kind.LOCAL_IO, () -> store().uploadAll(file, ""));
        assertThat(store().uploadAll(empty, "")).isEqualTo(new TreeResult(0, 0));
        assertThat(store().downloadAll("nothing/", empty)).isEqualTo(new TreeResult(0, 0));
        assertThat(it().keys("")).isEmpty();
        assertThat(empty).isEmptyDirectory();
        it().put("t/a", "a");
        assertThatThrownBy(() -> store().downloadAll("t/", file)).isInstanceOf(StorageException.class);
        assertThat(file).hasContent("x");
    }
}
