package dev.anystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.DeleteOptions;
import dev.anystore.DeletePrefixOptions;
import dev.anystore.ObjectNotFound;
import dev.anystore.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is deleted is gone, and nothing else. */
interface DeleteSentences extends Sentences {
    @Test
    default void aDeletedObjectIsGoneAndItsNeighboursStay() {
        for (String key : List.of("a", "a0", "ab", "b/a", "b/a1")) {
            it().put(key, key);
        }
        store().delete("a", DeleteOptions.DEFAULT);
        store().delete("b/a", DeleteOptions.DEFAULT);
        assertThat(store().exists("a")).isFalse();
        assertThatThrownBy(() -> it().read("a")).isInstanceOf(ObjectNotFound.class);
        assertThat(it().keys("")).containsExactly("a0", "ab", "b/a1");
        it().put("a", "again");
        assertThat(it().text("a")).isEqualTo("again");
    }

    @Test
    default void deletingWhatIsAbsentSucceeds() {
        it().put("a/b", "1");
        store().delete("absent", DeleteOptions.DEFAULT);
        store().delete("a", DeleteOptions.DEFAULT);
        store().delete("a/", DeleteOptions.DEFAULT);
        store().deleteAll(List.of("absent", "also/absent"));
        store().deleteAll(List.of());
        assertThat(it().keys("")).containsExactly("a/b");
    }

    @Test
    default void moreKeysThanOneBatchTakesAreAllDeleted() {
        int count = Math.min(it().limits().deleteBatch(), 20) * 2 + 1;
        List<String> keys =
                IntStream.range(0, count).mapToObj("k/%03d"::formatted).toList();
        keys.forEach(key -> it().put(key, "x"));
        it().put("kept", "x");
        List<String> asked = new ArrayList<>(keys);
        asked.add(3, "k/absent");
        asked.add(keys.get(0));
        store().deleteAll(asked);
        assertThat(it().keys("")).containsExactly("kept");
    }

    @Test
    default void aPrefixIsDeletedUpToTheMaximumOrNotAtAll() {
        for (String key : List.of("a", "p/1", "p/2", "p/3", "p0")) {
            it().put(key, "x");
        }
        assertThatThrownBy(() -> store().deletePrefix("p/", DeletePrefixOptions.DEFAULT.withMaximum(2)))
                .isInstanceOf(StorageException.class);
        assertThat(it().keys("")).hasSize(5);
        assertThat(store().deletePrefix("p/", DeletePrefixOptions.DEFAULT.withMaximum(3)))
                .isEqualTo(3);
        assertThat(it().keys("")).containsExactly("a", "p0");
        assertThat(store().deletePrefix("p/", DeletePrefixOptions.DEFAULT)).isZero();
    }

    @Test
    default void theEmptyPrefixIsDeletedOnlyWhereThatWasAllowed() {
        it().put("a", "x");
        assertThatThrownBy(() -> store().deletePrefix("", DeletePrefixOptions.DEFAULT))
                .isInstanceOf(StorageException.class);
        assertThat(it().keys("")).containsExactly("a");
        assertThat(store().deletePrefix("", DeletePrefixOptions.DEFAULT.withAllowEmptyPrefix(true)))
                .isEqualTo(1);
        assertThat(it().keys("")).isEmpty();
    }
}
