package dev.anystore.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.ByteRange;
import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.IntegrityFailure;
import dev.anystore.Limits;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.PreconditionFailed;
import dev.anystore.RangeNotSatisfiable;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.UnsupportedCapability;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.WriteCondition;
import dev.anystore.testkit.TestPayload;
import dev.anystore.testkit.TurnedClock;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryBackendTest {
    private final TurnedClock clock = new TurnedClock(Instant.parse("2026-01-02T03:04:05.678Z"));
    private final PoweredBackend backend =
            MemoryStore.builder().clock(clock).capacityBytes(64 << 20).backend();
    private final MemorySpace space = power(backend, MemorySpace.class);

    static PutRequest put(String key, Payload payload, WriteCondition condition) {
        return new PutRequest(key, payload, Attributes.NONE, condition);
    }

    static ObjectInfo put(PoweredBackend backend, String key, String text) {
        return backend.put(put(key, TestPayload.of(text.getBytes(UTF_8)), WriteCondition.ALWAYS), Call.unbounded());
    }

    static byte[] read(PoweredBackend backend, GetRequest request) throws IOException {
        try (GetResponse response = backend.get(request, Call.unbounded())) {
            byte[] bytes = response.body().readAllBytes();
            assertThat(bytes).hasSize((int) response.length());
            return bytes;
        }
    }

    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void whatIsPutIsReadBackWithItsAttributesAndItsDigest() throws Exception {
        Attributes attributes = new Attributes(
                "text/plain", "gzip", "attachment", "no-store", "COLD", Map.of("author", "Ünï", "b", ""));
        ObjectInfo put = backend.put(
                new PutRequest("a", TestPayload.of("hello".getBytes(UTF_8)), attributes, WriteCondition.ALWAYS),
                Call.unbounded());
        try (GetResponse response = backend.get(GetRequest.whole("a"), Call.unbounded())) {
            ObjectInfo info = response.info();
            assertThat(response.body().readAllBytes()).asString().isEqualTo("hello");
            assertThat(info.size()).isEqualTo(5);
            assertThat(info.metadata()).containsEntry("author", "Ünï").containsEntry("b", "");
            assertThat(info.contentType()).contains("text/plain");
            assertThat(info.contentEncoding()).contains("gzip");
            assertThat(info.contentDisposition()).contains("attachment");
            assertThat(info.cacheControl()).contains("no-store");
            assertThat(info.storageClass()).contains("COLD");
            assertThat(info.lastModified()).isEqualTo(clock.instant());
            assertThat(info.revision()).isEqualTo(put.revision());
            assertThat(info.versionId()).isEmpty();
            assertThat(response.bodyChecksum())
                    .isEqualTo(TestPayload.digest(Checksum.Algorithm.CRC32C, "hello".getBytes(UTF_8)));
        }
    }

    @Test
    void aPayloadOfEveryShapeAndSizeArrivesWhole() throws Exception {
        for (int size : new int[] {0, 1, 8191, 8192, 8193, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_500_000}) {
            byte[] bytes = random(size, size);
            TestPayload payload = TestPayload.of(bytes);
            for (Payload shape : List.of(payload, payload.asStream(), payload.withUnknownLength())) {
                backend.put(put("k", shape, WriteCondition.ALWAYS), Call.unbounded());
                assertThat(read(backend, GetRequest.whole("k")))
                        .as("%d bytes as %s", size, shape)
                        .isEqualTo(bytes);
            }
        }
        assertThat(space.usedBytes()).isEqualTo(3_500_000);
    }

    @Test
    void aDigestThatIsKnownIsComparedAndAWrongOneStoresNothing() {
        byte[] bytes = random(100_000, 1);
        TestPayload payload = TestPayload.of(bytes);
        for (Checksum.Algorithm algorithm : List.of(
                Checksum.Algorithm.CRC32C,
                Checksum.Algorithm.MD5,
                Checksum.Algorithm.SHA1,
                Checksum.Algorithm.SHA256)) {
            Payload right = payload.asStream().withKnown(TestPayload.digest(algorithm, bytes));
            Payload wrong = payload.asStream().withKnown(TestPayload.digest(algorithm, new byte[1]));
            assertThat(backend.put(put("right", right, WriteCondition.ALWAYS), Call.unbounded())
                            .verification())
                    .as("%s", algorithm)
                    .isEqualTo(Verification.WHOLE);
            assertThatThrownBy(() -> backend.put(put("wrong", wrong, WriteCondition.ALWAYS), Call.unbounded()))
                    .as("%s", algorithm)
                    .isInstanceOf(IntegrityFailure.class);
        }
        assertThat(backend.put(put("right", payload, WriteCondition.ALWAYS), Call.unbounded())
                        .verification())
                .isEqualTo(Verification.UNVERIFIED);
        assertThat(space.objects()).isEqualTo(1);
        assertThat(space.usedBytes()).isEqualTo(100_000);
    }

    @Test
    void aPayloadShorterOrLongerThanItSaysStoresNothing() {
        for (long declared : new long[] {9, 11, 5L << 30}) {
            Payload lie = TestPayload.of(random(10, 1)).withDeclaredLength(declared);
            assertKind(Kind.SOURCE_CHANGED, () -> backend.put(put("k", lie, WriteCondition.ALWAYS), Call.unbounded()));
        }
        assertThat(space.objects()).isZero();
        assertThat(space.usedBytes()).isZero();
    }

    @Test
    void aRangeIsCutAsTheServiceSays() throws Exception {
        byte[] bytes = random(3 << 20, 3);
        backend.put(put("k", TestPayload.of(bytes), WriteCondition.ALWAYS), Call.unbounded());
        int size = bytes.length;
        List<ByteRange> ranges = List.of(
                ByteRange.of(0, 1),
                ByteRange.of(size - 1, 1),
                ByteRange.of((1 << 20) - 1, 2),
                ByteRange.of(1 << 20, 1 << 20),
                ByteRange.of(5, 2 << 20),
                ByteRange.from(size - 7),
                ByteRange.last(7),
                ByteRange.last(size + 1),
                ByteRange.of(size - 1, 1 << 20));
        for (ByteRange range : ranges) {
            int from = (int) range.offsetIn(size);
            int to = from + (int) range.lengthIn(size);
            try (GetResponse response = backend.get(GetRequest.range("k", range), Call.unbounded())) {
                assertThat(response.offset()).isEqualTo(from);
                assertThat(response.body().readAllBytes())
                        .as("%s", range)
                        .isEqualTo(java.util.Arrays.copyOfRange(bytes, from, to));
            }
        }
        assertThatThrownBy(() -> backend.get(GetRequest.range("k", ByteRange.from(size)), Call.unbounded()))
                .isInstanceOfSatisfying(
                        RangeNotSatisfiable.class, e -> assertThat(e.size()).isEqualTo(size));
    }

    @Test
    void ofManyCreatorsOneWins() throws Exception {
        int racers = 16;
        ExecutorService pool = Executors.newFixedThreadPool(racers);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                byte[] mine = random(10_000, i);
                attempts.add(pool.submit(() -> {
                    start.await();
                    try {
                        backend.put(put("k", TestPayload.of(mine), WriteCondition.IF_ABSENT), Call.unbounded());
                        return true;
                    } catch (PreconditionFailed e) {
                        return false;
                    }
                }));
            }
            start.countDown();
            int winners = 0;
            for (int i = 0; i < racers; i++) {
                if (attempts.get(i).get()) {
                    winners++;
                    assertThat(read(backend, GetRequest.whole("k"))).isEqualTo(random(10_000, i));
                }
            }
            assertThat(winners).isOne();
            assertThat(space.usedBytes()).isEqualTo(10_000);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void everyWriteHasARevisionOfItsOwnAndOnlyTheExpectedOneIsReplaced() {
        ObjectInfo first = put(backend, "k", "same");
        ObjectInfo second = put(backend, "k", "same");
        assertThat(second.revision()).isNotEqualTo(first.revision());
        assertThatThrownBy(() -> backend.put(
                        put("k", TestPayload.of(new byte[1]), new WriteCondition.IfRevision(first.revision())),
                        Call.unbounded()))
                .isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> backend.put(
                        put("absent", TestPayload.of(new byte[1]), new WriteCondition.IfRevision(first.revision())),
                        Call.unbounded()))
                .isInstanceOf(PreconditionFailed.class);
        backend.put(
                put("k", TestPayload.of(new byte[1]), new WriteCondition.IfRevision(second.revision())),
                Call.unbounded());
        assertThatThrownBy(() -> backend.get(GetRequest.whole("k").withIfRevision(second.revision()), Call.unbounded()))
                .isInstanceOf(PreconditionFailed.class);
    }

    @Test
    void aCallerWhoHasTheRevisionIsToldSo() {
        ObjectInfo info = put(backend, "k", "x");
        assertThat(backend.get(GetRequest.whole("k").withUnlessRevision(info.revision()), Call.unbounded())
                        .notModified())
                .isTrue();
        assertThat(backend.get(GetRequest.head("k").withUnlessRevision("other"), Call.unbounded())
                        .notModified())
                .isFalse();
    }

    @Test
    void aDeleteOfABatchTellsWhatStayedAndTheAbsentIsGone() {
        ObjectInfo info = put(backend, "a", "1");
        put(backend, "b", "2");
        DeleteRequest.Target stale = new DeleteRequest.Target("b", null, "r0");
        Map<DeleteRequest.Target, StorageException> failures = backend.delete(
                new DeleteRequest(List.of(
                        new DeleteRequest.Target("a", null, info.revision()),
                        stale,
                        new DeleteRequest.Target("absent", null, "r0"))),
                Call.unbounded());
        assertThat(failures).containsOnlyKeys(stale);
        assertThat(failures.get(stale)).isInstanceOf(PreconditionFailed.class);
        assertThat(space.objects()).isOne();
        assertThat(space.usedBytes()).isOne();
    }

    @Test
    void aListingIsInTheOrderOfUtf8AndPagesOfOneShowAll() {
        List<String> keys = List.of("a", "a/", "a/b", "a0", "é", "\uFFFD", "\uD83D\uDE00");
        List.of(6, 3, 0, 5, 1, 4, 2).forEach(i -> put(backend, keys.get(i), "x"));
        List<String> listed = new ArrayList<>();
        @Nullable String token = null;
        do {
            ListPage page = backend.list(new ListRequest("", null, null, 1, token), Call.unbounded());
            assertThat(page.objects()).hasSizeLessThanOrEqualTo(1);
            page.objects().stream().map(ListEntry::key).forEach(listed::add);
            token = page.nextPageToken().orElse(null);
        } while (token != null);
        assertThat(listed).isEqualTo(keys);
    }

    @Test
    void aDelimiterFoldsAndPagesOfOneStepOverWhatIsFolded() {
        for (String key : List.of("p/a", "p/b/1", "p/b/2", "p/b0", "p/c/", "p/\uDBFF\uDFFF/x", "q", "p")) {
            put(backend, key, "x");
        }
        for (int pageSize : new int[] {1, 2, 100}) {
            List<String> shown = new ArrayList<>();
            @Nullable String token = null;
            do {
                ListPage page = backend.list(new ListRequest("p/", null, "/", pageSize, token), Call.unbounded());
                page.objects().stream().map(ListEntry::key).forEach(shown::add);
                shown.addAll(page.prefixes());
                token = page.nextPageToken().orElse(null);
            } while (token != null);
            assertThat(shown)
                    .as("pages of %d", pageSize)
                    .containsExactlyInAnyOrder("p/a", "p/b/", "p/b0", "p/c/", "p/\uDBFF\uDFFF/");
        }
        assertThat(backend.list(new ListRequest("p/", "p/b/1", null, 2, null), Call.unbounded())
                        .objects())
                .extracting(ListEntry::key)
                .containsExactly("p/b/2", "p/b0");
    }

    @Test
    void theSuccessorOfAPrefixIsBehindAllThatBeginsWithIt() {
        assertThat(Listings.successor("a/")).isEqualTo("a0");
        assertThat(Listings.successor("a\uDBFF\uDFFF")).isEqualTo("b");
        assertThat(Listings.successor("\uD7FF")).isEqualTo("\uE000");
        assertThat(Listings.successor("\uFFFF")).isEqualTo("\uD800\uDC00");
        assertThat(Listings.successor("\uDBFF\uDFFF")).isNull();
        assertThat(Listings.successor("")).isNull();
    }

    @Test
    void aForeignPageTokenIsRefused() {
        for (String token : List.of("", "!!", "bzE", "djA6aw")) {
            assertKind(
                    Kind.INVALID_ARGUMENT,
                    () -> backend.list(new ListRequest("", null, null, 10, token), Call.unbounded()));
        }
    }

    @Test
    void aReaderKeepsTheVersionItBeganWith() throws Exception {
        put(backend, "k", "first");
        try (GetResponse response = backend.get(GetRequest.whole("k"), Call.unbounded())) {
            assertThat(response.body().read()).isEqualTo('f');
            put(backend, "k", "other");
            backend.delete(DeleteRequest.of("k"), Call.unbounded());
            assertThat(response.body().readAllBytes()).asString().isEqualTo("irst");
        }
    }

    @Test
    void aCopySharesBytesAndTakesAttributesOrReplacesThem() throws Exception {
        ServerCopy copies = power(backend, ServerCopy.class);
        Attributes attributes = new Attributes("text/plain", null, null, null, null, Map.of("a", "1"));
        ObjectInfo from = backend.put(
                new PutRequest("from", TestPayload.of(new byte[] {1, 2}), attributes, WriteCondition.ALWAYS),
                Call.unbounded());
        ObjectInfo kept = copies.copy(
                new ServerCopy.Copy("from", null, from.revision(), "kept", null, WriteCondition.IF_ABSENT),
                Call.unbounded());
        assertThat(kept.metadata()).isEqualTo(Map.of("a", "1"));
        ObjectInfo replaced = copies.copy(
                new ServerCopy.Copy("from", null, null, "kept", Attributes.NONE, WriteCondition.ALWAYS),
                Call.unbounded());
        assertThat(replaced.metadata()).isEmpty();
        assertThat(replaced.contentType()).isEmpty();
        assertThat(read(backend, GetRequest.whole("kept"))).containsExactly(1, 2);
        assertThatThrownBy(() -> copies.copy(
                        new ServerCopy.Copy("from", null, "r0", "x", null, WriteCondition.ALWAYS), Call.unbounded()))
                .isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> copies.copy(
                        new ServerCopy.Copy("from", null, null, "kept", null, WriteCondition.IF_ABSENT),
                        Call.unbounded()))
                .isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> copies.copy(
                        new ServerCopy.Copy("absent", null, null, "x", null, WriteCondition.ALWAYS), Call.unbounded()))
                .isInstanceOf(ObjectNotFound.class);
        assertThat(space.usedBytes()).isEqualTo(4);
    }

    @Test
    void aFullStoreSaysSoAndKeepsWhatItHad() {
        PoweredBackend small = MemoryStore.builder().capacityBytes(10).backend();
        put(small, "k", "0123456789");
        assertThatThrownBy(() -> put(small, "more", "x")).isInstanceOfSatisfying(StorageException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.QUOTA);
            assertThat(e.fix()).hasValueSatisfying(fix -> assertThat(fix).contains("capacityBytes"));
        });
        assertThat(power(small, MemorySpace.class).usedBytes()).isEqualTo(10);
        assertThat(power(small, MemorySpace.class).objects()).isOne();
    }

    @Test
    void aCallThatWasStoppedStoresNothing() {
        Call cancelled = Call.unbounded();
        cancelled.cancel();
        assertKind(
                Kind.CANCELLED,
                () -> backend.put(put("k", TestPayload.of(new byte[1]), WriteCondition.ALWAYS), cancelled));
        Call late = Call.until(System.nanoTime() - 1);
        assertKind(Kind.TIMEOUT, () -> backend.get(GetRequest.whole("k"), late));
        assertThat(space.objects()).isZero();
    }

    @Test
    void aBodyIsCutByItsCallAndByTheCloseOfTheStore() throws Exception {
        put(backend, "k", "hello");
        Call call = Call.unbounded();
        try (GetResponse response = backend.get(GetRequest.whole("k"), call)) {
            call.cancel();
            assertThatThrownBy(() -> response.body().read()).isInstanceOf(StorageIOException.class);
        }
        InputStream body = backend.get(GetRequest.whole("k"), Call.unbounded()).body();
        backend.close();
        backend.close();
        assertThatThrownBy(body::read).isInstanceOfSatisfying(StorageIOException.class, e -> assertThat(
                        e.storageException().kind())
                .isEqualTo(Kind.CLOSED));
        assertKind(Kind.CLOSED, () -> backend.get(GetRequest.whole("k"), Call.unbounded()));
    }

    @Test
    void aStoreOutlivesItsBackend() throws Exception {
        put(backend, "k", "kept");
        backend.close();
        PoweredBackend again = MemoryStore.builder().on(space).backend();
        assertThat(read(again, GetRequest.whole("k"))).asString().isEqualTo("kept");
        space.clear();
        assertThatThrownBy(() -> read(again, GetRequest.whole("k"))).isInstanceOf(ObjectNotFound.class);
        assertThat(space.usedBytes()).isZero();
    }

    @Test
    void whatWasTakenAwayIsRefused() {
        PoweredBackend poor = MemoryStore.builder()
                .limits(Limits.builder()
                        .singlePutBytes(100)
                        .deleteBatch(2)
                        .listPage(3)
                        .metadataBytes(4)
                        .keyBytes(5)
                        .build())
                .without(Capability.values())
                .backend();
        assertThat(poor.capabilities().asSet()).isEmpty();
        assertThat(poor.capabilities().limits().objectBytes()).isEqualTo(100);
        assertThat(poor.capabilities().limits().ifAbsentBytes()).isZero();
        assertThat(poor.extension(Multipart.class)).isNull();
        assertThat(poor.extension(ServerCopy.class)).isNull();
        assertThatThrownBy(() ->
                        poor.put(put("k", TestPayload.of(new byte[1]), WriteCondition.IF_ABSENT), Call.unbounded()))
                .isInstanceOfSatisfying(UnsupportedCapability.class, e -> assertThat(e.capability())
                        .contains(Capability.PUT_IF_ABSENT));
        assertThatThrownBy(() -> poor.put(
                        put("k", TestPayload.of(new byte[1]).withUnknownLength(), WriteCondition.ALWAYS),
                        Call.unbounded()))
                .isInstanceOf(UnsupportedCapability.class);
        assertThatThrownBy(() -> poor.get(GetRequest.whole("k").withVersion("1"), Call.unbounded()))
                .isInstanceOf(UnsupportedCapability.class);
        assertThatThrownBy(() -> poor.delete(
                        new DeleteRequest(List.of(new DeleteRequest.Target("k", null, "r"))), Call.unbounded()))
                .isInstanceOf(UnsupportedCapability.class);
        assertKind(
                Kind.INVALID_ARGUMENT,
                () -> poor.put(put("k", TestPayload.of(new byte[101]), WriteCondition.ALWAYS), Call.unbounded()));
        assertKind(Kind.INVALID_ARGUMENT, () -> poor.list(new ListRequest("", null, null, 4, null), Call.unbounded()));
        assertKind(
                Kind.INVALID_ARGUMENT,
                () -> poor.delete(
                        new DeleteRequest(List.of(
                                new DeleteRequest.Target("a", null, null),
                                new DeleteRequest.Target("b", null, null),
                                new DeleteRequest.Target("c", null, null))),
                        Call.unbounded()));
        assertKind(
                Kind.INVALID_ARGUMENT,
                () -> poor.put(
                        new PutRequest(
                                "k",
                                TestPayload.of(new byte[1]),
                                Attributes.NONE.withMetadata(Map.of("ab", "cde")),
                                WriteCondition.ALWAYS),
                        Call.unbounded()));
        assertKind(Kind.INVALID_KEY, () -> poor.get(GetRequest.whole("sixsix"), Call.unbounded()));
    }

    static <T> T power(PoweredBackend backend, Class<T> power) {
        return Objects.requireNonNull(backend.extension(power), power.getSimpleName());
    }

    static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }
}
