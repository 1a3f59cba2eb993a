package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.ByteRange;
import dev.anystore.GetOptions;
import dev.anystore.ObjectChannel;
import dev.anystore.ObjectReader;
import dev.anystore.StorageException;
import dev.anystore.Verification;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Readers see whole versions, and go away when they are closed. */
interface ReaderSentences extends Sentences {
    @Test
    default void readersSeeWholeVersionsWhileTheObjectIsReplaced() throws Exception {
        int versions = 20;
        int readers = 3;
        store().put("k", Body.of(version(0)));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(readers);
        try {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                reads.add(pool.submit((Callable<Integer>) () -> {
                    int seen = 0;
                    while (!done.get() || seen == 0) {
                        byte[] bytes = it().read("k");
                        assertThat(bytes).isEqualTo(version(bytes[0]));
                        seen++;
                    }
                    return seen;
                }));
            }
            for (int i = 1; i <= versions; i++) {
                store().put("k", Body.of(version(i)));
            }
            done.set(true);
            for (Future<Integer> read : reads) {
                assertThat(read.get()).isPositive();
            }
        } finally {
            done.set(true);
            pool.shutdownNow();
        }
    }

    /** Each version has a size of its own, and says in each byte which it is. */
    private static byte[] version(int number) {
        byte[] bytes = new byte[20_000 + 111 * number];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }

    @Test
    default void aHalfReadReaderIsClosedAndTheStoreGoesOn() throws Exception {
        byte[] bytes = random(it().largeBytes(), 1);
        store().put("k", Body.of(bytes), it().inParts());
        for (int i = 0; i < 40; i++) {
            try (ObjectReader reader = store().get("k")) {
                assertThat(reader.readNBytes(10)).isEqualTo(Arrays.copyOf(bytes, 10));
            }
        }
        assertThat(it().read("k")).isEqualTo(bytes);
    }

    @Test
    default void aClosedReaderReadsNoMore() throws Exception {
        it().put("k", "hello");
        ObjectReader reader = store().get("k");
        assertThat(reader.read()).isEqualTo('h');
        reader.close();
        reader.close();
        assertThatThrownBy(reader::read).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reader.read(new byte[4])).isInstanceOf(IOException.class);
    }

    @Test
    default void aRangeSaysThatNobodyVerifiedTheWhole() throws Exception {
        byte[] bytes = random(1000, 1);
        it().put("k", bytes);
        try (ObjectReader range = store().get("k", GetOptions.DEFAULT.withRange(ByteRange.of(10, 20)))) {
            assertThat(range.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 10, 30));
            assertThat(range.verification()).isNotEqualTo(Verification.WHOLE);
        }
        try (ObjectReader half = store().get("k")) {
            half.readNBytes(10);
            assertThat(half.verification()).isNotEqualTo(Verification.WHOLE);
        }
    }

    @Test
    default void whatWasPutFromMemoryIsVerifiedWhenItIsReadWhole() throws Exception {
        byte[] bytes = random(1000, 1);
        it().put("k", bytes);
        try (ObjectReader reader = store().get("k", GetOptions.DEFAULT.withRequireVerified(true))) {
            assertThat(reader.readAllBytes()).isEqualTo(bytes);
            assertThat(reader.verification()).isEqualTo(Verification.WHOLE);
        }
    }

    @Test
    default void severalRangesComeInTheOrderAskedFor() {
        byte[] bytes = random(it().largeBytes(), 1);
        int size = bytes.length;
        store().put("k", Body.of(bytes), it().inParts());
        List<ByteRange> ranges = List.of(
                ByteRange.last(3),
                ByteRange.of(0, 1),
                ByteRange.of(100, 50),
                ByteRange.of(120, 50),
                ByteRange.from(size - 1L));
        List<ByteBuffer> buffers = store().getRanges("k", ranges);
        assertThat(buffers).hasSameSizeAs(ranges);
        for (int i = 0; i < ranges.size(); i++) {
            int from = (int) ranges.get(i).offsetIn(size);
            byte[] got = new byte[buffers.get(i).remaining()];
            buffers.get(i).duplicate().get(got);
            assertThat(got)
                    .as("%s", ranges.get(i))
                    .isEqualTo(Arrays.copyOfRange(
                            bytes, from, from + (int) ranges.get(i).lengthIn(size)));
        }
        assertThat(store().getRanges("k", List.of())).isEmpty();
    }

    @Test
    default void aChannelReadsAnywhereOfOneRevision() throws Exception {
        byte[] bytes = random(10_000, 1);
        it().put("k", bytes);
        try (ObjectChannel channel = store().openChannel("k")) {
            assertThat(channel.size()).isEqualTo(bytes.length);
            channel.position(9_990);
            ByteBuffer buffer = ByteBuffer.allocate(100);
            int total = 0;
            for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer)) {
                total += n;
            }
            assertThat(total).isEqualTo(10);
            ByteBuffer middle = ByteBuffer.allocate(5);
            while (middle.hasRemaining()) {
                assertThat(channel.read(middle, 5_000 + middle.position())).isPositive();
            }
            assertThat(middle.array()).isEqualTo(Arrays.copyOfRange(bytes, 5_000, 5_005));
            it().put("k", random(10_000, 2));
            assertThatThrownBy(() -> {
                        ByteBuffer all = ByteBuffer.allocate(10_000);
                        channel.read(all, 0);
                        assertThat(all.array()).isEqualTo(bytes);
                        throw new StorageClosedForTheTest();
                    })
                    .as("either the revision that it was opened on, or a refusal")
                    .isInstanceOfAny(IOException.class, StorageException.class, StorageClosedForTheTest.class);
        }
    }

    /** Stands for the good case in an assertion that expects an exception. */
    final class StorageClosedForTheTest extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
