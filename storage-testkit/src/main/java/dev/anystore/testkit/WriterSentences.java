package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.ObjectInfo;
import dev.anystore.ObjectWriter;
import dev.anystore.StorageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** Writing into the store: only what is committed is published. */
interface WriterSentences extends Sentences {
    @Test
    default void whatAFunctionWritesIsPublishedWhenItReturns() {
        for (int size : new int[] {0, 1, it().largeBytes()}) {
            byte[] bytes = random(size, size);
            ObjectInfo info = store().write(
                            "k/" + size,
                            out -> {
                                try (OutputStream wrapped = new BufferedOutputStream(out, 777)) {
                                    wrapped.write(bytes);
                                }
                                assertThat(store().exists("k/" + size)).isFalse();
                            },
                            it().inParts());
            assertThat(info.size()).isEqualTo(size);
            assertThat(it().read("k/" + size)).isEqualTo(bytes);
        }
    }

    @Test
    default void aFunctionThatThrowsPublishesNothing() {
        it().put("k", "old");
        IOException mine = new IOException("mine");
        IllegalStateException unchecked = new IllegalStateException("mine too");
        for (int size : new int[] {0, 10, it().largeBytes()}) {
            byte[] bytes = random(size, size);
            assertThatThrownBy(() -> store().write(
                                    "k",
                                    out -> {
                                        out.write(bytes);
                                        throw mine;
                                    },
                                    it().inParts()))
                    .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                            .isEqualTo(StorageException.Kind.SOURCE_FAILED))
                    .hasRootCause(mine);
            assertThatThrownBy(() -> store().write(
                                    "k",
                                    out -> {
                                        out.write(bytes);
                                        throw unchecked;
                                    },
                                    it().inParts()))
                    .isSameAs(unchecked);
        }
        assertThat(it().text("k")).isEqualTo("old");
    }

    @Test
    default void onlyACommitPublishes() throws Exception {
        it().put("k", "old");
        byte[] bytes = random(it().largeBytes(), 1);
        try (ObjectWriter writer = store().openWriter("k", it().inParts())) {
            try (OutputStream out = writer.stream()) {
                out.write(bytes);
            }
        }
        assertThat(it().text("k")).isEqualTo("old");
        try (ObjectWriter writer = store().openWriter("k", it().inParts())) {
            for (byte[] piece : new byte[][] {new byte[0], bytes, new byte[] {1}}) {
                writer.stream().write(piece);
            }
            writer.stream().write(2);
            ObjectInfo info = writer.commit();
            assertThat(info.size()).isEqualTo(bytes.length + 2);
        }
        assertThat(store().head("k").size()).isEqualTo(bytes.length + 2);
    }
}
