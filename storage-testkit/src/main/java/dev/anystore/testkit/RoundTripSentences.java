package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.all;
import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Checksum;
import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.ObjectReader;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What goes in comes out. */
interface RoundTripSentences extends Sentences {
    @Test
    default void aBodyOfEveryKindComesBackAsItWent() {
        byte[] small = random(1000, 1);
        byte[] large = random(it().largeBytes(), 2);
        all(Arrays.stream(BodyKind.values()).flatMap(kind -> Stream.of(small, large)
                .map(bytes -> it().row(kind + " of " + bytes.length + " bytes", () -> {
                    ObjectInfo put = store().put("k/" + kind, kind.of(bytes, it().folder()), it().inParts());
                    assertThat(put.size()).isEqualTo(bytes.length);
                    assertThat(it().read("k/" + kind)).isEqualTo(bytes);
                }))));
    }

    @Test
    default void objectsAroundEveryLimitComeBackWhole() {
        all(Stream.of(PutOptions.DEFAULT, it().inParts()).distinct().flatMap(options -> it().boundarySizes().stream()
                .map(size -> it().row(size + " bytes" + (options.partBytes().isPresent() ? " in parts" : ""), () -> {
                    byte[] bytes = random(size, size);
                    ObjectInfo put = store().put("k", Body.of(bytes), options);
                    assertThat(put.size()).isEqualTo(size.longValue());
                    assertThat(store().head("k").size()).isEqualTo(size.longValue());
                    assertThat(it().read("k")).isEqualTo(bytes);
                }))));
    }

    @Test
    default void theAnswerToAPutIsWhatHeadSaysLater() {
        for (int size : new int[] {10, it().largeBytes()}) {
            byte[] bytes = random(size, 3);
            ObjectInfo put = store().put("k", Body.of(bytes), it().inParts().withContentType("text/plain"));
            ObjectInfo head = store().head("k");
            assertThat(head.key()).isEqualTo("k").isEqualTo(put.key());
            assertThat(head.size()).isEqualTo(put.size());
            assertThat(head.revision()).isEqualTo(put.revision()).matches("[\\x21-\\x7e&&[^\"]]{1,512}");
            assertThat(head.versionId()).isEqualTo(put.versionId());
            assertThat(head.contentType()).contains("text/plain").isEqualTo(put.contentType());
            for (ObjectInfo info : new ObjectInfo[] {put, head}) {
                info.checksum(Checksum.Algorithm.CRC32C).ifPresent(checksum -> assertThat(checksum)
                        .isEqualTo(TestPayload.digest(Checksum.Algorithm.CRC32C, bytes)));
            }
        }
    }

    @Test
    default void aSecondPutReplacesTheFirstWithAllThatWasBesideIt() {
        store().put(
                        "k",
                        Body.of(random(it().largeBytes(), 1)),
                        it().inParts().withContentType("text/plain").withMetadata(java.util.Map.of("first", "1")));
        ObjectInfo first = store().head("k");
        it().put("k", "second");
        ObjectInfo second = store().head("k");
        assertThat(it().text("k")).isEqualTo("second");
        assertThat(second.metadata()).isEmpty();
        assertThat(second.contentType()).isNotEqualTo(first.contentType());
        assertThat(second.revision()).isNotEqualTo(first.revision());
    }

    @Test
    default void anEmptyObjectIsAnObject() throws Exception {
        it().put("empty", "");
        assertThat(store().head("empty").size()).isZero();
        assertThat(store().exists("empty")).isTrue();
        assertThat(it().keys("")).containsExactly("empty");
        try (ObjectReader reader = store().get("empty", GetOptions.DEFAULT)) {
            assertThat(reader.length()).isZero();
            assertThat(reader.read()).isEqualTo(-1);
        }
    }

    @Test
    default void aReaderGivesItsBytesInAnyPortions() throws Exception {
        byte[] bytes = random(70_000, 4);
        it().put("k", bytes);
        try (ObjectReader reader = store().get("k", GetOptions.DEFAULT)) {
            assertThat(reader.info().size()).isEqualTo(bytes.length);
            assertThat(reader.offset()).isZero();
            assertThat(reader.length()).isEqualTo(bytes.length);
            assertThat(reader.read()).isEqualTo(bytes[0] & 0xff);
            assertThat(reader.read(new byte[0])).isZero();
            assertThat(reader.readNBytes(9)).isEqualTo(Arrays.copyOfRange(bytes, 1, 10));
            assertThat(reader.skip(0)).isZero();
            reader.skipNBytes(10);
            assertThat(reader.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 20, bytes.length));
            assertThat(reader.read()).isEqualTo(-1);
            assertThat(reader.read(new byte[3])).isEqualTo(-1);
        }
    }

    @Test
    default void aStreamOfAnotherLengthThanDeclaredWritesNothing() {
        it().put("k", "old");
        int large = it().largeBytes();
        for (int size : new int[] {10, large}) {
            for (int declared : new int[] {size - 1, size + 1}) {
                byte[] bytes = random(size, 5);
                for (Body body : new Body[] {
                    Body.stream(new ByteArrayInputStream(bytes), declared),
                    Body.from(() -> new ByteArrayInputStream(bytes), declared)
                }) {
                    assertKind(Kind.SOURCE_FAILED, () -> store().put("k", body, it().inParts()));
                    assertKind(Kind.SOURCE_FAILED, () -> store().put("absent", body(bytes, declared), it().inParts()));
                }
            }
        }
        assertThat(it().text("k")).isEqualTo("old");
        assertThat(it().keys("")).containsExactly("k");
    }

    private static Body body(byte[] bytes, int declared) {
        return Body.stream(new ByteArrayInputStream(bytes), declared);
    }

    @Test
    default void aSourceThatFailsWritesNothingAndItsExceptionIsTheCause() {
        it().put("k", "old");
        IOException mine = new IOException("the disk of the caller");
        for (int before : new int[] {0, 10, it().largeBytes()}) {
            byte[] bytes = random(before, 6);
            assertThatThrownBy(() -> store().put("k", Body.stream(failing(bytes, mine)), it().inParts()))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SOURCE_FAILED))
                    .hasRootCause(mine);
        }
        assertThat(it().text("k")).isEqualTo("old");
    }

    private static InputStream failing(byte[] bytes, IOException failure) {
        return new SequenceInputStream(new ByteArrayInputStream(bytes), new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw failure;
            }
        });
    }

    @Test
    default void theLibraryClosesWhatItOpenedAndNothingElse() {
        AtomicInteger closed = new AtomicInteger();
        AtomicInteger opened = new AtomicInteger();
        byte[] bytes = random(100, 7);
        store().put("k", Body.stream(counting(bytes, closed)), PutOptions.DEFAULT);
        assertThat(closed).hasValue(0);
        store().put(
                        "k",
                        Body.from(
                                () -> {
                                    opened.incrementAndGet();
                                    return counting(bytes, closed);
                                },
                                bytes.length),
                        PutOptions.DEFAULT);
        assertThat(opened.get()).isPositive().isEqualTo(closed.get());
    }

    private static InputStream counting(byte[] bytes, AtomicInteger closed) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    @Test
    default void anExpectedDigestIsComparedBeforeAnythingIsWritten() {
        it().put("k", "old");
        for (int size : new int[] {0, 10, it().largeBytes()}) {
            byte[] bytes = random(size, 8);
            Checksum right = TestPayload.digest(Checksum.Algorithm.CRC32C, bytes);
            Checksum wrong = Checksum.crc32c(Integer.parseUnsignedInt(right.hex(), 16) ^ 1);
            for (BodyKind kind : BodyKind.values()) {
                assertKind(Kind.INTEGRITY, () -> store().put(
                                "k",
                                kind.of(bytes, it().folder()),
                                it().inParts().withChecksum(wrong)));
            }
            assertThat(it().text("k")).isEqualTo("old");
            store().put("right", Body.of(bytes), it().inParts().withChecksum(right));
            assertThat(it().read("right")).isEqualTo(bytes);
        }
    }

    @Test
    default void anExpectedDigestThatNobodyComputesIsRefusedBeforeAnyIo() {
        Checksum unknown = new Checksum(Checksum.Algorithm.CRC64NVME, "0".repeat(16));
        for (BodyKind kind : BodyKind.values()) {
            assertKind(Kind.UNSUPPORTED, () -> store().put(
                            "k",
                            kind.of(random(it().largeBytes(), 1), it().folder()),
                            it().inParts().withChecksum(unknown)));
        }
        assertThat(it().keys("")).isEmpty();
    }

    @Test
    default void whatIsAbsentIsNotFoundByAnyName() {
        it().put("a/b", "1");
        all(Stream.of("b", "a", "a/", "a/b/", "a/b/c", "A/B").map(absent -> it().row(absent, () -> {
            assertThat(store().find(absent)).isEmpty();
            assertThat(store().exists(absent)).isFalse();
            assertThatThrownBy(() -> store().head(absent)).isInstanceOfSatisfying(ObjectNotFound.class, e -> {
                assertThat(e.key()).contains(absent);
                assertThat(e.operation()).isPresent();
                assertThat(e.retryable()).isFalse();
            });
            assertThatThrownBy(() -> it().read(absent)).isInstanceOf(ObjectNotFound.class);
            assertThatThrownBy(() -> store().get(absent)).isInstanceOf(ObjectNotFound.class);
        })));
        assertThat(store().find("a/b"))
                .hasValueSatisfying(info -> assertThat(info.size()).isEqualTo(1));
    }
}
