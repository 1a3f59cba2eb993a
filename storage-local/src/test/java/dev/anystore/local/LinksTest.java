package dev.anystore.local;

import static dev.anystore.local.Fixtures.get;
import static dev.anystore.local.Fixtures.keys;
import static dev.anystore.local.Fixtures.open;
import static dev.anystore.local.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anystore.ObjectNotFound;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.ListRequest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody puts links, pipes and devices into the root, or swaps folders for links: nothing outside is touched. */
class LinksTest {
    private static final String SECRET = "canary";

    private final Path root;
    private final Path outside;
    private Map<String, String> before = Map.of();

    LinksTest(@TempDir Path folder) {
        this.root = folder.resolve("root");
        this.outside = folder.resolve("outside");
    }

    @BeforeEach
    void setUp() throws IOException {
        Files.createDirectories(root);
        Files.createDirectories(outside.resolve("deep/empty"));
        Files.writeString(outside.resolve("k"), SECRET);
        Files.writeString(outside.resolve("deep/k"), SECRET);
        before = look();
    }

    @AfterEach
    void nothingOutsideWasWritten() throws IOException {
        assertThat(look()).isEqualTo(before);
    }

    /** Every name outside with what it is; a time or an attribute that changes is a write too. */
    private Map<String, String> look() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(outside)) {
            for (Path path : paths.toList()) {
                BasicFileAttributes found =
                        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                Object changed = Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
                all.put(
                        outside.relativize(path).toString(),
                        found.fileKey() + " " + found.size() + " " + changed
                                + (found.isRegularFile() ? Files.readString(path) : ""));
            }
        }
        return all;
    }

    @Test
    void linksAreNeitherListedNorReadNorReplacedNorDeleted() throws IOException {
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("k"));
        Files.createSymbolicLink(root.resolve("folder"), outside);
        Files.createSymbolicLink(root.resolve("nowhere"), outside.resolve("absent"));
        try (LocalBackend store = open(root)) {
            put(store, "mine", "x");
            assertThat(keys(store)).containsExactly("mine");
            assertThat(keys(store, "folder/", 10)).isEmpty();
            for (String key : List.of("file", "folder/k", "folder/deep/k", "nowhere")) {
                assertThatThrownBy(() -> get(store, key)).isInstanceOf(ObjectNotFound.class);
                assertThatThrownBy(() -> put(store, key, "mine")).isInstanceOfSatisfying(StorageException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.LOCAL_IO);
                    assertThat(e).hasMessageContaining("links are never followed");
                    assertThat(e).hasMessageContaining("move it away");
                });
                Fixtures.delete(store, key);
            }
            assertThat(keys(store)).containsExactly("mine");
        }
        assertThat(Files.readSymbolicLink(root.resolve("file"))).isEqualTo(outside.resolve("k"));
        assertThat(Files.readSymbolicLink(root.resolve("folder"))).isEqualTo(outside);
        assertThat(root.resolve(".anystore/tmp")).isEmptyDirectory();
    }

    @Test
    void ourOwnFolderAsALinkIsRefused() throws IOException {
        Files.createSymbolicLink(root.resolve(".anystore"), outside);
        try (LocalBackend store = open(root)) {
            assertThatThrownBy(() -> put(store, "k", "x"))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCAL_IO))
                    .hasMessageContaining(".anystore is not a folder");
            assertThat(keys(store)).isEmpty();
        }
    }

    @Test
    void temporariesAsALinkAreRefusedAndNotSwept() throws IOException {
        Files.createDirectories(root.resolve(".anystore"));
        Files.createSymbolicLink(root.resolve(".anystore/tmp"), outside);
        try (LocalBackend store = open(root)) {
            assertThatThrownBy(() -> put(store, "k", "x"))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCAL_IO))
                    .hasMessageContaining("tmp is not a folder");
        }
    }

    @Test
    void sidecarsAndTheFormatAsLinksAreNotRead() throws IOException {
        try (LocalBackend store = LocalBackend.open(root, new DiskChanges(false, false))) {
            put(store, "k", "x");
        }
        Files.move(root.resolve(".anystore/meta"), outside.resolveSibling("meta"));
        Files.createSymbolicLink(root.resolve(".anystore/meta"), outside.resolveSibling("meta"));
        try (LocalBackend store = LocalBackend.open(root, new DiskChanges(false, false))) {
            assertThat(get(store, "k")).isEqualTo("x");
            assertThat(Fixtures.head(store, "k").checksums()).as("the sidecar").isEmpty();
            assertThatThrownBy(() -> put(store, "k", "y")).hasMessageContaining("meta is not a folder");
            assertThat(get(store, "k")).isEqualTo("x");
        }
        assertThat(root.resolve(".anystore/tmp")).isEmptyDirectory();
    }

    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void pipesAndDevicesAreNeverOpened() throws Exception {
        make("mkfifo", root.resolve("pipe").toString());
        boolean device = run("mknod", root.resolve("zero").toString(), "c", "1", "5") == 0;
        try (LocalBackend store = open(root)) {
            put(store, "mine", "x");
            assertThat(keys(store)).containsExactly("mine");
            for (String key : device ? List.of("pipe", "zero") : List.of("pipe")) {
                assertThatThrownBy(() -> get(store, key)).isInstanceOf(ObjectNotFound.class);
                assertThatThrownBy(() -> put(store, key, "x")).hasMessageContaining("is not a regular file");
                Fixtures.delete(store, key);
            }
        }
        assertThat(Files.exists(root.resolve("pipe"))).isTrue();
    }

    @Test
    void anotherNameOfAFileOutsideIsReplacedAndNotWritten() throws IOException {
        // A hard link can't be told from a file; overwriting gives the name a file of its own.
        Path twin = outside.resolveSibling("twin");
        Files.writeString(twin, SECRET);
        Files.createLink(root.resolve("hard"), twin);
        try (LocalBackend store = open(root)) {
            assertThat(keys(store)).containsExactly("hard");
            put(store, "hard", "mine");
            assertThat(get(store, "hard")).isEqualTo("mine");
            assertThat(twin).hasContent(SECRET);
            Files.createLink(root.resolve("again"), twin);
            Fixtures.delete(store, "again");
            assertThat(twin).hasContent(SECRET);
        }
    }

    @Test
    @Timeout(240)
    void aFolderThatBecomesALinkInBetweenLeadsNobodyOut() throws Exception {
        races(root.resolve("f"), outside.resolve("deep"), "f/");
    }

    @Test
    @Timeout(240)
    void aFolderOnTheWayThatBecomesALinkInBetweenLeadsNobodyOut() throws Exception {
        races(root.resolve("up"), outside, "up/deep/");
    }

    /** Swaps a folder and a link to and fro, while all verbs run below it. */
    private void races(Path swapped, Path target, String prefix) throws Exception {
        Path link = root.resolveSibling("link");
        Path away = root.resolveSibling("away");
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread swapper = new Thread(() -> {
            try {
                while (!done.get()) {
                    swap(swapped, target, link, away);
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        int succeeded = 0;
        int refused = 0;
        try (LocalBackend store = open(root)) {
            put(store, prefix + "k", "mine");
            swapper.start();
            for (int i = 0; i < 3000 && System.nanoTime() < until; i++) {
                for (Attempt attempt : attempts(store, prefix, i)) {
                    try {
                        attempt.run();
                        succeeded++;
                    } catch (StorageException e) {
                        refused++;
                    }
                }
            }
        } finally {
            done.set(true);
            swapper.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(succeeded).as("some found the folder").isPositive();
        assertThat(refused).as("some met the link").isPositive();
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static List<Attempt> attempts(LocalBackend store, String prefix, int i) {
        return List.of(
                () -> put(store, prefix + "k", "mine"),
                () -> put(store, prefix + "new/" + i, "mine"),
                () -> assertThat(get(store, prefix + "k")).isEqualTo("mine"),
                () -> Fixtures.delete(store, prefix + "new/" + i, prefix + "empty/x"),
                () -> store.list(new ListRequest(prefix, null, null, 1000, null), Call.unbounded())
                        .objects()
                        .forEach(entry -> assertThat(entry.size()).isEqualTo("mine".length())));
    }

    private static void swap(Path swapped, Path target, Path link, Path away) throws IOException {
        if (!Files.exists(swapped, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target);
        try {
            Files.move(swapped, away);
            Files.move(link, swapped, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // The store made the folder anew in between: it stays, and the link comes in the next turn.
        }
        LockSupport.parkNanos(20_000);
        if (Files.isSymbolicLink(swapped)) {
            Files.delete(swapped);
        }
        if (Files.exists(away) && !Files.exists(swapped, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.move(away, swapped);
            } catch (FileSystemException e) {
                Crashing.deleteTree(away);
            }
        } else if (Files.exists(away)) {
            Crashing.deleteTree(away);
        }
    }

    private static void make(String... words) throws Exception {
        assumeTrue(run(words) == 0, String.join(" ", words) + " works here");
    }

    private static int run(String... words) throws Exception {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }
}
