package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.all;
import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Body;
import dev.anystore.CopyOptions;
import dev.anystore.DeleteOptions;
import dev.anystore.GetOptions;
import dev.anystore.Keys;
import dev.anystore.ListOptions;
import dev.anystore.ListPage;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** A key is kept byte for byte, or refused with INVALID_KEY before anything is written. Never another key. */
interface KeySentences extends Sentences {
    @Test
    default void anOddKeyIsKeptOrRefused() {
        all(OddKeys.legal().entrySet().stream()
                .map(entry -> it().row(entry.getKey(), () -> keptOrRefused(entry.getValue()))));
    }

    @Test
    default void aRandomKeyIsKeptOrRefused() {
        long seed = Long.getLong(
                "anystore.testkit.seed", ThreadLocalRandom.current().nextLong());
        System.out.println("random keys: -Danystore.testkit.seed=" + seed);
        all(OddKeys.random(it().harness().randomKeys(), seed, it().harness()::triesRandomKey).stream()
                .map(key -> it().row(Printable.of(key), () -> keptOrRefused(key))));
    }

    private void keptOrRefused(String key) {
        String beside = "beside";
        it().put(beside, "stays");
        try {
            keptOrRefused(key, beside);
        } finally {
            // A store that mixed keys up in one row must not fail the others for it.
            for (String left : it().keysIfListed()) {
                it().deleteIfPossible(left);
            }
            it().deleteIfPossible(key);
        }
    }

    private void keptOrRefused(String key, String beside) {
        try {
            it().put(key, "odd");
        } catch (StorageException e) {
            assertThat(e.kind()).as("%s", e).isEqualTo(Kind.INVALID_KEY);
            assertThat(it().keys("")).containsExactly(beside);
            assertKind(Kind.INVALID_KEY, () -> store().head(key));
            assertKind(Kind.INVALID_KEY, () -> store().delete(key, DeleteOptions.DEFAULT));
            return;
        }
        assertThat(store().head(key).key()).isEqualTo(key);
        assertThat(it().text(key)).isEqualTo("odd");
        List<String> both = new ArrayList<>(List.of(beside, key));
        both.sort(Keys.UTF8_ORDER);
        assertThat(it().keys("")).isEqualTo(both);
        // A random key of a letter may be the beginning of the other one.
        assertThat(it().keys(key))
                .isEqualTo(both.stream().filter(k -> k.startsWith(key)).toList());
        assertThat(byPagesOfOne()).isEqualTo(both);
        store().copy(key, "copy", CopyOptions.DEFAULT);
        assertThat(it().text("copy")).isEqualTo("odd");
        store().copy(beside, key, CopyOptions.DEFAULT);
        assertThat(it().text(key)).isEqualTo("stays");
        store().delete(key, DeleteOptions.DEFAULT);
        assertThat(store().exists(key)).isFalse();
        it().put(key, "again");
        store().deleteAll(List.of(key, "copy"));
        assertThat(it().keys("")).containsExactly(beside);
    }

    private List<String> byPagesOfOne() {
        List<String> keys = new ArrayList<>();
        ListOptions options = ListOptions.DEFAULT.withPageSize(1);
        ListPage page = store().listPage("", options);
        page.objects().forEach(entry -> keys.add(entry.key()));
        while (page.nextPageToken().isPresent()) {
            page = store().listPage(
                            "", options.withPageToken(page.nextPageToken().get()));
            page.objects().forEach(entry -> keys.add(entry.key()));
        }
        return keys;
    }

    @Test
    default void keysThatLookAlikeAreDifferentObjects() {
        all(OddKeys.twins().stream().map(twins -> it().row(String.join(" ~ ", twins), () -> {
            try {
                differ(twins);
            } finally {
                twins.forEach(it()::deleteIfPossible);
            }
        })));
    }

    private void differ(List<String> twins) {
        List<String> kept = new ArrayList<>();
        for (String twin : twins) {
            try {
                it().put(twin, "I am " + twin);
                kept.add(twin);
            } catch (StorageException e) {
                assertThat(e.kind()).as("%s", e).isEqualTo(Kind.INVALID_KEY);
            }
        }
        for (String twin : kept) {
            assertThat(it().text(twin)).isEqualTo("I am " + twin);
        }
        List<String> sorted = new ArrayList<>(kept);
        sorted.sort(Keys.UTF8_ORDER);
        assertThat(it().keys("")).isEqualTo(sorted);
        for (String twin : kept) {
            store().delete(twin, DeleteOptions.DEFAULT);
            sorted.remove(twin);
            assertThat(it().keys("")).isEqualTo(sorted);
        }
    }

    @Test
    default void anInvalidKeyIsRefusedByEveryVerb() {
        it().put("k", "x");
        all(OddKeys.invalid().entrySet().stream().map(entry -> it().row(entry.getKey(), () -> {
            String key = entry.getValue();
            assertKind(Kind.INVALID_KEY, () -> it().put(key, "x"));
            assertKind(Kind.INVALID_KEY, () -> store().get(key, GetOptions.DEFAULT));
            assertKind(Kind.INVALID_KEY, () -> it().read(key));
            assertKind(Kind.INVALID_KEY, () -> store().head(key));
            assertKind(Kind.INVALID_KEY, () -> store().find(key));
            assertKind(Kind.INVALID_KEY, () -> store().exists(key));
            assertKind(Kind.INVALID_KEY, () -> store().delete(key, DeleteOptions.DEFAULT));
            assertKind(Kind.INVALID_KEY, () -> store().copy(key, "to", CopyOptions.DEFAULT));
            assertKind(Kind.INVALID_KEY, () -> store().copy("k", key, CopyOptions.DEFAULT));
            assertKind(
                    Kind.INVALID_KEY, () -> store().upload(it().folder().resolve("absent"), key, PutOptions.DEFAULT));
            assertKind(
                    Kind.INVALID_KEY, () -> store().download(key, it().folder().resolve("to"), GetOptions.DEFAULT));
            assertThat(it().keys("")).containsExactly("k");
        })));
        assertThat(it().folder()).isEmptyDirectory();
    }

    @Test
    default void anInvalidKeyAmongManyDeletesNone() {
        it().put("k", "x");
        assertKind(Kind.INVALID_KEY, () -> store().deleteAll(List.of("k", "")));
        assertThat(store().exists("k")).isTrue();
        assertThat(store().put("k", Body.of(new byte[0]), PutOptions.DEFAULT).key())
                .isEqualTo("k");
    }
}
