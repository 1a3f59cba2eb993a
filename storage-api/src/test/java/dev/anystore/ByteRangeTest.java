package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteRangeTest {
    @Test
    void aRangeIsCutAtTheEndOfTheObject() {
        ByteRange range = ByteRange.of(8, 10);
        assertThat(range.offsetIn(12)).isEqualTo(8);
        assertThat(range.lengthIn(12)).isEqualTo(4);
        assertThat(range.lengthIn(100)).isEqualTo(10);
        assertThat(range.lengthIn(8)).isZero();
        assertThat(range.offsetIn(8)).isEqualTo(-1);
        assertThat(range.toHeader()).isEqualTo("bytes=8-17");
    }

    @Test
    void aRangeWithoutAnEndGoesToTheEnd() {
        assertThat(ByteRange.from(3).lengthIn(10)).isEqualTo(7);
        assertThat(ByteRange.from(0).lengthIn(0)).isZero();
        assertThat(ByteRange.from(3).toHeader()).isEqualTo("bytes=3-");
    }

    @Test
    void theLastBytesOfAShorterObjectAreAllOfIt() {
        assertThat(ByteRange.last(4).offsetIn(10)).isEqualTo(6);
        assertThat(ByteRange.last(40).offsetIn(10)).isZero();
        assertThat(ByteRange.last(40).lengthIn(10)).isEqualTo(10);
        assertThat(ByteRange.last(1).lengthIn(0)).isZero();
        assertThat(ByteRange.last(4).toHeader()).isEqualTo("bytes=-4");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> ByteRange.of(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ByteRange.of(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ByteRange.of(Long.MAX_VALUE, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ByteRange.from(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ByteRange.last(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
