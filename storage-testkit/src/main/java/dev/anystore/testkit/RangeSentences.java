package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.ByteRange;
import dev.anystore.GetOptions;
import dev.anystore.ObjectNotFound;
import dev.anystore.ObjectReader;
import dev.anystore.RangeNotSatisfiable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parts of an object. */
interface RangeSentences extends Sentences {
    @Test
    default void aRangeIsExactlyTheBytesAskedFor() throws Exception {
        int size = it().largeBytes();
        byte[] bytes = random(size, 1);
        store().put("k", Body.of(bytes), it().inParts());
        List<ByteRange> ranges = List.of(
                ByteRange.of(0, 1),
                ByteRange.of(0, size),
                ByteRange.of(1, 1),
                ByteRange.of(size / 2, 1000),
                ByteRange.of(it().partBytes() - 1, 2),
                ByteRange.of(size - 1, 1),
                ByteRange.from(0),
                ByteRange.from(size - 1),
                ByteRange.last(1),
                ByteRange.last(1000),
                ByteRange.last(size));
        for (ByteRange range : ranges) {
            try (ObjectReader reader = store().get("k", GetOptions.DEFAULT.withRange(range))) {
                int from = (int) range.offsetIn(size);
                int to = from + (int) range.lengthIn(size);
                assertThat(reader.offset()).as("%s", range).isEqualTo(from);
                assertThat(reader.length()).as("%s", range).isEqualTo(to - from);
                assertThat(reader.info().size()).as("%s", range).isEqualTo(size);
                assertThat(reader.readAllBytes()).as("%s", range).isEqualTo(Arrays.copyOfRange(bytes, from, to));
            }
        }
    }

    @Test
    default void aRangeThatReachesBehindTheEndIsCut() throws Exception {
        it().put("k", "0123456789");
        assertThat(it().read("k", GetOptions.DEFAULT.withRange(ByteRange.of(8, 100))))
                .asString()
                .isEqualTo("89");
        assertThat(it().read("k", GetOptions.DEFAULT.withRange(ByteRange.last(100))))
                .asString()
                .isEqualTo("0123456789");
        assertThat(it().read("k", GetOptions.DEFAULT.withRange(ByteRange.of(1, Long.MAX_VALUE - 1))))
                .asString()
                .isEqualTo("123456789");
    }

    @Test
    default void aRangeThatBeginsAtTheEndIsNotSatisfiable() {
        it().put("k", "0123456789");
        for (ByteRange range : List.of(ByteRange.from(10), ByteRange.of(10, 1), ByteRange.of(1L << 40, 5))) {
            assertThatThrownBy(() -> it().read("k", GetOptions.DEFAULT.withRange(range)))
                    .as("%s", range)
                    .isInstanceOfSatisfying(RangeNotSatisfiable.class, e -> {
                        assertThat(e.size()).isIn(10L, -1L);
                        assertThat(e.retryable()).isFalse();
                    });
        }
    }

    @Test
    default void anEmptyObjectHasNoRange() {
        it().put("empty", "");
        for (ByteRange range : List.of(ByteRange.from(0), ByteRange.of(0, 1), ByteRange.last(1))) {
            assertThatThrownBy(() -> it().read("empty", GetOptions.DEFAULT.withRange(range)))
                    .as("%s", range)
                    .isInstanceOf(RangeNotSatisfiable.class);
        }
    }

    @Test
    default void aRangeOfWhatIsAbsentIsNotFound() {
        assertThatThrownBy(() -> it().read("absent", GetOptions.DEFAULT.withRange(ByteRange.of(0, 1))))
                .isInstanceOf(ObjectNotFound.class);
    }
}
