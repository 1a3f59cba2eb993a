package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Body;
import dev.anystore.CopyOptions;
import dev.anystore.DeletePrefixOptions;
import dev.anystore.ListEntry;
import dev.anystore.ListOptions;
import dev.anystore.ListPage;
import dev.anystore.ObjectStore;
import dev.anystore.StorageException.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A view shows a part of the keys under shorter names. */
interface ViewSentences extends Sentences {
    @Test
    default void aViewSeesOnlyWhatHasItsPrefix() {
        for (String key : new String[] {"a", "team/a", "team/b/c", "team0"}) {
            it().put(key, key);
        }
        ObjectStore view = store().withPrefix("team/");
        assertThat(view.list("").stream().map(ListEntry::key)).containsExactly("a", "b/c");
        ListPage page = view.listPage("", ListOptions.DEFAULT.withDelimiter("/"));
        assertThat(page.prefixes()).containsExactly("b/");
        assertThat(view.list("", ListOptions.DEFAULT.withStartAfter("a")).stream()
                        .map(ListEntry::key))
                .containsExactly("b/c");
        assertThat(new String(view.getBytes("a"), StandardCharsets.UTF_8)).isEqualTo("team/a");
        assertThat(view.head("a").key()).isEqualTo("a");
        assertThat(view.exists("team/a")).isFalse();
        view.put("d", Body.of(new byte[1]));
        view.copy("d", "e", CopyOptions.DEFAULT);
        view.delete("a");
        assertThat(it().keys("")).containsExactly("a", "team/b/c", "team/d", "team/e", "team0");
        assertThat(view.withPrefix("b/").list("").stream().map(ListEntry::key)).containsExactly("c");
        assertKind(Kind.INVALID_ARGUMENT, () -> view.deletePrefix("", DeletePrefixOptions.DEFAULT));
        view.deletePrefix("", DeletePrefixOptions.DEFAULT.withAllowEmptyPrefix(true));
        assertThat(it().keys("")).containsExactly("a", "team0");
    }

    @Test
    default void closingAViewClosesNothing() {
        ObjectStore view = store().withPrefix("team/");
        view.close();
        view.put("a", Body.of(new byte[1]));
        it().put("b", "x");
        assertThat(it().keys("")).containsExactly("b", "team/a");
    }

    @Test
    default void theKeysOfAViewAreAsShortAsItsPrefixIsLong() {
        ObjectStore view = store().withPrefix("p".repeat(199).concat("/").repeat(5));
        view.put("k".repeat(24), Body.of(new byte[1]));
        assertKind(Kind.INVALID_KEY, () -> view.put("k".repeat(25), Body.of(new byte[1])));
        assertKind(Kind.INVALID_KEY, () -> view.put("", Body.of(new byte[1])));
        assertThat(view.list("").stream().map(ListEntry::key)).containsExactly("k".repeat(24));
    }
}
