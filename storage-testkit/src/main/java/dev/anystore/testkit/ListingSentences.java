package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Keys;
import dev.anystore.ListEntry;
import dev.anystore.ListOptions;
import dev.anystore.ListPage;
import dev.anystore.Listing;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is there, in order. */
interface ListingSentences extends Sentences {
    /** Sorted by the bytes of UTF-8, in which the emoji comes behind U+FFFD; as Java strings it would come before. */
    List<String> SORTED =
            List.of("A", "a!", "a-b", "a/b", "a/c/d", "a/c/e", "a0", "ab", "abc", "é", "中", "\uFFFD", "\uD83D\uDE00");

    private void putAll(List<String> keys) {
        // Neither in order nor in reverse: the order is to come from the store.
        for (int i = 0; i < keys.size(); i++) {
            it().put(keys.get(i * 5 % keys.size()), "x" + i);
        }
        for (String key : keys) {
            if (!store().exists(key)) {
                it().put(key, "x");
            }
        }
    }

    /** All pages, each checked; what was folded comes among the keys, in order. */
    private List<String> pages(String prefix, ListOptions options) {
        List<String> shown = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        Optional<String> token = Optional.empty();
        do {
            ListPage page = store().listPage(prefix, options.withPageToken(token.orElse(null)));
            assertThat(page.objects().size() + page.prefixes().size())
                    .isLessThanOrEqualTo(options.pageSize() == 0 ? it().limits().listPage() : options.pageSize());
            assertThat(page.objects()).extracting(ListEntry::key).isSortedAccordingTo(Keys.UTF8_ORDER);
            assertThat(page.prefixes()).isSortedAccordingTo(Keys.UTF8_ORDER);
            page.objects().forEach(entry -> shown.add(entry.key()));
            shown.addAll(page.prefixes());
            token = page.nextPageToken();
            token.ifPresent(next ->
                    assertThat(tokens.add(next)).as("a token came twice").isTrue());
        } while (token.isPresent());
        shown.sort(Keys.UTF8_ORDER);
        return shown;
    }

    @Test
    default void anEmptyStoreListsNothing() {
        assertThat(it().keys("")).isEmpty();
        assertThat(store().listPage("", ListOptions.DEFAULT).nextPageToken()).isEmpty();
        assertThat(store().list("no/such", ListOptions.DEFAULT)).isEmpty();
    }

    @Test
    default void aListingIsInTheOrderOfUtf8() {
        putAll(SORTED);
        assertThat(it().keys("")).isEqualTo(SORTED);
    }

    @Test
    default void pagesOfOneShowEachKeyOnce() {
        putAll(SORTED);
        for (int pageSize : new int[] {1, 2, SORTED.size() - 1, SORTED.size()}) {
            if (pageSize <= it().limits().listPage()) {
                assertThat(pages("", ListOptions.DEFAULT.withPageSize(pageSize)))
                        .as("pages of %d", pageSize)
                        .isEqualTo(SORTED);
                assertThat(store().list("", ListOptions.DEFAULT.withPageSize(pageSize)).stream()
                                .map(ListEntry::key))
                        .as("iterated by %d", pageSize)
                        .isEqualTo(SORTED);
            }
        }
    }

    @Test
    default void aPrefixIsNoFolder() {
        putAll(SORTED);
        assertThat(it().keys("a")).containsExactly("a!", "a-b", "a/b", "a/c/d", "a/c/e", "a0", "ab", "abc");
        assertThat(it().keys("a/")).containsExactly("a/b", "a/c/d", "a/c/e");
        assertThat(it().keys("a/c")).containsExactly("a/c/d", "a/c/e");
        assertThat(it().keys("a/c/d")).containsExactly("a/c/d");
        assertThat(it().keys("a/c/d/")).isEmpty();
        assertThat(it().keys("ab")).containsExactly("ab", "abc");
        assertThat(it().keys("\uD83D\uDE00")).containsExactly("\uD83D\uDE00");
    }

    @Test
    default void aDelimiterFoldsWhatLiesBehindIt() {
        putAll(SORTED);
        ListPage top = store().listPage(
                        "",
                        ListOptions.DEFAULT
                                .withDelimiter("/")
                                .withPageSize(Math.min(100, it().limits().listPage())));
        if (top.nextPageToken().isEmpty()) {
            assertThat(top.prefixes()).containsExactly("a/");
        }
        for (int pageSize : new int[] {0, 1, 2}) {
            ListOptions options = ListOptions.DEFAULT.withDelimiter("/").withPageSize(pageSize);
            assertThat(pages("", options))
                    .as("pages of %d", pageSize)
                    .containsExactly("A", "a!", "a-b", "a/", "a0", "ab", "abc", "é", "中", "\uFFFD", "\uD83D\uDE00");
            assertThat(pages("a/", options)).containsExactly("a/b", "a/c/");
            assertThat(pages("a/c/", options)).containsExactly("a/c/d", "a/c/e");
            assertThat(pages("a", options)).containsExactly("a!", "a-b", "a/", "a0", "ab", "abc");
        }
    }

    @Test
    default void anObjectMayBeBesideWhatLiesBelowIt() {
        List<String> keys = List.of("a", "a/", "a/b", "a/b/c");
        keys.forEach(key -> it().put(key, "I am " + key));
        keys.forEach(key -> assertThat(it().text(key)).isEqualTo("I am " + key));
        assertThat(it().keys("")).isEqualTo(keys);
        assertThat(it().keys("a/")).containsExactly("a/", "a/b", "a/b/c");
        ListOptions options = ListOptions.DEFAULT.withDelimiter("/");
        assertThat(pages("", options)).containsExactly("a", "a/");
        assertThat(pages("a/", options)).containsExactly("a/", "a/b", "a/b/");
        store().delete("a", dev.anystore.DeleteOptions.DEFAULT);
        assertThat(it().keys("")).containsExactly("a/", "a/b", "a/b/c");
    }

    @Test
    default void startAfterBeginsBehindAKeyWhetherItIsThereOrNot() {
        putAll(SORTED);
        for (int i = 0; i < SORTED.size(); i++) {
            assertThat(store().list("", ListOptions.DEFAULT.withStartAfter(SORTED.get(i))).stream()
                            .map(ListEntry::key))
                    .as("behind %s", SORTED.get(i))
                    .isEqualTo(SORTED.subList(i + 1, SORTED.size()));
        }
        assertThat(store().list("a", ListOptions.DEFAULT.withStartAfter("a/a").withPageSize(1)).stream()
                        .map(ListEntry::key))
                .containsExactly("a/b", "a/c/d", "a/c/e", "a0", "ab", "abc");
        assertThat(store().list("a/", ListOptions.DEFAULT.withStartAfter("Z")).stream()
                        .map(ListEntry::key))
                .containsExactly("a/b", "a/c/d", "a/c/e");
        assertThat(store().list("a/", ListOptions.DEFAULT.withStartAfter("b"))).isEmpty();
    }

    @Test
    default void anEntrySaysWhatHeadSays() {
        it().put("k", "12345");
        ObjectInfo head = store().head("k");
        ListEntry entry = store().list("", ListOptions.DEFAULT).iterator().next();
        assertThat(entry.key()).isEqualTo("k");
        assertThat(entry.size()).isEqualTo(5);
        assertThat(entry.revision()).isEqualTo(head.revision());
        // A head has whole seconds where HTTP gives no more.
        assertThat(entry.lastModified().getEpochSecond())
                .isEqualTo(head.lastModified().getEpochSecond());
    }

    @Test
    default void aListingShowsEachChangeAtOnce() {
        Listing listing = store().list("", ListOptions.DEFAULT);
        for (int i = 0; i < 5; i++) {
            it().put("k" + i, "x");
            assertThat(listing).hasSize(i + 1);
        }
        store().delete("k2", dev.anystore.DeleteOptions.DEFAULT);
        assertThat(listing).extracting(ListEntry::key).containsExactly("k0", "k1", "k3", "k4");
    }

    @Test
    default void moreKeysThanOnePageHoldsAreAllListed() {
        int count = Math.min(it().limits().listPage(), 30) + 3;
        List<String> keys =
                IntStream.range(0, count).mapToObj("k%04d"::formatted).toList();
        keys.forEach(key -> it().put(key, "x"));
        assertThat(it().keys("")).isEqualTo(keys);
        assertThat(pages(
                        "",
                        ListOptions.DEFAULT.withPageSize(Math.min(it().limits().listPage(), 7))))
                .isEqualTo(keys);
    }

    @Test
    default void aTokenOfNobodyIsRefused() {
        it().put("k", "x");
        assertKind(Kind.INVALID_ARGUMENT, () -> store().listPage(
                        "", ListOptions.DEFAULT.withPageToken("no token of ours")));
    }
}
