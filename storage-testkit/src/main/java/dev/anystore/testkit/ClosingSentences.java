package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.CopyOptions;
import dev.anystore.GetOptions;
import dev.anystore.ListOptions;
import dev.anystore.ObjectReader;
import dev.anystore.PutOptions;
import dev.anystore.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A closed store does nothing any more and says so. That it leaves nothing behind is looked at after every sentence. */
interface ClosingSentences extends Sentences {
    @Test
    default void everyVerbOfAClosedStoreSaysThatItIsClosed() throws Exception {
        Path file = Files.writeString(it().folder().resolve("file"), "x");
        Path to = it().folder().resolve("to");
        it().put("k", "x");
        store().close();
        store().close();
        assertKind(Kind.CLOSED, () -> store().put("k", Body.of(new byte[1])));
        assertKind(Kind.CLOSED, () -> store().upload(file, "k", PutOptions.DEFAULT));
        assertKind(Kind.CLOSED, () -> store().write("k", out -> out.write(1)));
        assertKind(Kind.CLOSED, () -> store().get("k"));
        assertKind(Kind.CLOSED, () -> store().getBytes("k"));
        assertKind(Kind.CLOSED, () -> store().download("k", to, GetOptions.DEFAULT));
        assertKind(Kind.CLOSED, () -> store().head("k"));
        assertKind(Kind.CLOSED, () -> store().find("k"));
        assertKind(Kind.CLOSED, () -> store().exists("k"));
        assertKind(
                Kind.CLOSED,
                () -> store().list("", ListOptions.DEFAULT).iterator().hasNext());
        assertKind(Kind.CLOSED, () -> store().listPage("", ListOptions.DEFAULT));
        assertKind(Kind.CLOSED, () -> store().delete("k"));
        assertKind(Kind.CLOSED, () -> store().deleteAll(List.of("k")));
        assertKind(Kind.CLOSED, () -> store().copy("k", "l", CopyOptions.DEFAULT));
        assertKind(Kind.CLOSED, store()::check);
        assertThat(to).doesNotExist();
    }

    @Test
    default void aReaderOfAClosedStoreReadsNoMore() throws Exception {
        store().put("k", Body.of(random(it().largeBytes(), 1)), it().inParts());
        try (ObjectReader reader = store().get("k")) {
            assertThat(reader.read()).isNotNegative();
            store().close();
            // What is buffered already may still come; the rest must not, and nothing hangs.
            assertThatThrownBy(reader::readAllBytes).isInstanceOf(IOException.class);
        }
    }
}
