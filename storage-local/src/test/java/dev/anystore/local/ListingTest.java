package dev.anystore.local;

import static dev.anystore.local.Fixtures.open;
import static dev.anystore.local.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Keys;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.spi.Call;
import dev.anystore.spi.ListRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listings that go on for pages while others write, and listings of folders that are large. */
class ListingTest {
    private static final int NAMES = 15_000;
    private static final int PAGES = 3;

    /** 2 for the JVM and the library, and twice the bytes of each name of 220 letters. */
    private static final int HEAP_MIB = 9;

    private final Path root;

    ListingTest(@TempDir Path folder) {
        this.root = folder.resolve("root");
    }

    private static ListPage page(LocalBackend store, @Nullable String token, int size) {
        return store.list(new ListRequest("", null, null, size, token), Call.unbounded());
    }

    private static List<String> keys(ListPage page) {
        return page.objects().stream().map(ListEntry::key).toList();
    }

    @Test
    @Timeout(240)
    void whatIsThereAllTheTimeIsListedOnceAndInOrder() throws Exception {
        TreeSet<String> stable = new TreeSet<>(Keys.UTF8_ORDER);
        for (int i = 0; i < 40; i++) {
            stable.addAll(List.of("s" + i, "f/s" + i, "f/g/s" + i, "s" + i + "/x", "z" + i + "/y/x"));
        }
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try (LocalBackend store = open(root)) {
            stable.forEach(key -> put(store, key, "x"));
            List<Future<Integer>> written = new ArrayList<>();
            for (int writer = 0; writer < 2; writer++) {
                int seed = writer;
                written.add(writers.submit(churn(store, done, seed)));
            }
            for (int size : new int[] {1, 2, 7, 50, 1000}) {
                for (int turn = 0; turn < 3; turn++) {
                    List<String> keys = Fixtures.keys(store, "", size);
                    assertThat(keys).as("pages of %s", size).isSortedAccordingTo(Keys.UTF8_ORDER);
                    assertThat(keys).doesNotHaveDuplicates();
                    assertThat(keys.stream().filter(stable::contains)).containsExactlyElementsOf(stable);
                }
            }
            done.set(true);
            for (Future<Integer> one : written) {
                assertThat(one.get()).isPositive();
            }
        } finally {
            done.set(true);
            writers.shutdownNow();
        }
    }

    private static Callable<Integer> churn(LocalBackend store, AtomicBoolean done, int seed) {
        return () -> {
            Random random = new Random(seed);
            int puts = 0;
            while (!done.get()) {
                String way = List.of("", "f/", "f/g/", "new" + seed + "/", "z3/y/", "s3/")
                        .get(random.nextInt(6));
                String key = way + "c" + seed + "-" + random.nextInt(20);
                if (random.nextBoolean()) {
                    put(store, key, "x");
                    puts++;
                } else {
                    Fixtures.delete(store, key);
                }
            }
            return puts;
        };
    }

    @Test
    void aFolderIsReadOnceForAllPagesUnlessManyListingsAreUnderWay() {
        try (LocalBackend store = open(root)) {
            List.of("a", "b", "d").forEach(key -> put(store, key, "x"));
            ListPage first = page(store, null, 1);
            put(store, "c", "x");
            ListPage second = page(store, first.nextPageToken().orElseThrow(), 1);
            ListPage third = page(store, second.nextPageToken().orElseThrow(), 1);
            assertThat(third.objects().get(0).key()).as("as the folder was").isEqualTo("d");

            ListPage again = page(store, null, 2);
            put(store, "bb", "x");
            for (int others = 0; others < 4; others++) {
                page(store, null, 1);
            }
            ListPage rest = page(store, again.nextPageToken().orElseThrow(), 10);
            assertThat(keys(rest)).as("read anew from where it was").containsExactly("bb", "c", "d");
            // The same token twice: the second time without what was kept for it.
            ListPage twice = page(store, again.nextPageToken().orElseThrow(), 10);
            assertThat(keys(twice)).isEqualTo(keys(rest));
        }
    }

    @Test
    @Timeout(240)
    void aLargeFolderNeedsLittleMemory() throws Exception {
        Path folder = Files.createDirectories(root.resolve("folder"));
        for (int i = 0; i < NAMES; i++) {
            Files.createFile(folder.resolve("object-%0213d".formatted(i)));
        }
        try (Children.Child child = Children.start(Lister.class, HEAP_MIB, Map.of(), root.toString())) {
            assertThat(child.rest()).containsExactly(PAGES * 1000 + " objects");
        }
    }

    /** Lists some pages of a root, by when all names are in memory, and counts. */
    static final class Lister {
        private Lister() {}

        public static void main(String[] arguments) {
            try (LocalBackend store = open(Path.of(arguments[0]))) {
                int count = 0;
                String token = null;
                for (int i = 0; i < PAGES; i++) {
                    ListPage page = page(store, token, 1000);
                    count += page.objects().size();
                    token = page.nextPageToken().orElse(null);
                }
                System.out.println(count + " objects");
            }
        }
    }
}
