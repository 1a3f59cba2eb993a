package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.CopyOptions;
import dev.anystore.DeleteOptions;
import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.PreconditionFailed;
import dev.anystore.PutOptions;
import dev.anystore.UnsupportedCapability;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Writes that happen only if. Where a store does not declare a condition, its use is refused and nothing is written. */
interface ConditionSentences extends Sentences {
    int RACERS = 16;

    private void refused(Capability missing, ThrowingCallable call) {
        List<String> before = it().keys("");
        assertThatThrownBy(call).isInstanceOfSatisfying(UnsupportedCapability.class, e -> {
            assertThat(e.retryable()).isFalse();
            assertThat(e.attempts()).isZero();
            e.capability().ifPresent(named -> assertThat(named).isEqualTo(missing));
        });
        assertThat(it().keys("")).isEqualTo(before);
    }

    @Test
    default void aSecondCreateIsRefusedAndTheFirstObjectStays() {
        PutOptions ifAbsent = PutOptions.DEFAULT.ifAbsent();
        if (!it().has(Capability.PUT_IF_ABSENT)) {
            refused(Capability.PUT_IF_ABSENT, () -> store().put("k", Body.of(new byte[1]), ifAbsent));
            return;
        }
        ObjectInfo first = store().put("k", Body.of(random(10, 1)), ifAbsent);
        assertThatThrownBy(() -> store().put("k", Body.of(random(10, 2)), ifAbsent))
                .isInstanceOfSatisfying(
                        PreconditionFailed.class, e -> assertThat(e.key()).contains("k"));
        assertThat(it().read("k")).isEqualTo(random(10, 1));
        assertThat(store().head("k").revision()).isEqualTo(first.revision());
        store().delete("k", DeleteOptions.DEFAULT);
        store().put("k", Body.of(random(10, 3)), ifAbsent);
        assertThat(it().read("k")).isEqualTo(random(10, 3));
    }

    @Test
    default void aLargeObjectIsCreatedOnce() {
        if (!it().has(Capability.MULTIPART)) {
            return;
        }
        byte[] bytes = random(it().largeBytes(), 1);
        PutOptions ifAbsent = it().inParts().ifAbsent();
        if (bytes.length > it().limits().ifAbsentBytes()) {
            Capability missing =
                    it().has(Capability.PUT_IF_ABSENT) ? Capability.COMPLETE_IF_ABSENT : Capability.PUT_IF_ABSENT;
            refused(missing, () -> store().put("k", Body.of(bytes), ifAbsent));
            return;
        }
        store().put("k", Body.of(bytes), ifAbsent);
        for (BodyKind kind : BodyKind.values()) {
            assertThatThrownBy(() -> store().put("k", kind.of(random(bytes.length, 2), it().folder()), ifAbsent))
                    .as("%s", kind)
                    .isInstanceOf(PreconditionFailed.class);
        }
        assertThat(it().read("k")).isEqualTo(bytes);
    }

    @Test
    default void anObjectTooLargeForItsConditionIsRefusedWhateverItsBody() {
        boolean large = it().limits().objectBytes() > it().limits().singlePutBytes()
                && it().limits().singlePutBytes() < 1 << 20;
        if (!large || it().has(Capability.COMPLETE_IF_ABSENT) || !it().has(Capability.PUT_IF_ABSENT)) {
            return;
        }
        byte[] bytes = random(Math.toIntExact(it().limits().ifAbsentBytes() + 1), 1);
        for (BodyKind kind : BodyKind.values()) {
            assertThatThrownBy(() -> store().put("k", kind.of(bytes, it().folder()), PutOptions.DEFAULT.ifAbsent()))
                    .as("%s", kind)
                    .isInstanceOf(UnsupportedCapability.class);
        }
        assertThat(it().keys("")).isEmpty();
    }

    @Test
    default void onlyTheExpectedRevisionIsReplaced() {
        ObjectInfo first = it().put("k", "first");
        if (!it().has(Capability.PUT_IF_REVISION)) {
            refused(Capability.PUT_IF_REVISION, () -> store().put(
                            "k", Body.of(new byte[1]), PutOptions.DEFAULT.ifRevision(first.revision())));
            assertThat(it().text("k")).isEqualTo("first");
            return;
        }
        ObjectInfo second = store().put("k", Body.of(random(9, 1)), PutOptions.DEFAULT.ifRevision(first.revision()));
        assertThat(second.revision()).isNotEqualTo(first.revision());
        for (String key : List.of("k", "absent")) {
            assertThatThrownBy(() ->
                            store().put(key, Body.of(random(9, 2)), PutOptions.DEFAULT.ifRevision(first.revision())))
                    .as(key)
                    .isInstanceOf(PreconditionFailed.class);
        }
        assertThat(it().read("k")).isEqualTo(random(9, 1));
        assertThat(it().keys("")).containsExactly("k");
    }

    @Test
    default void onlyTheExpectedRevisionIsReplacedByALargeObject() {
        if (!it().has(Capability.MULTIPART)) {
            return;
        }
        ObjectInfo first = it().put("k", "first");
        byte[] bytes = random(it().largeBytes(), 1);
        PutOptions onFirst = it().inParts().ifRevision(first.revision());
        if (!it().has(Capability.COMPLETE_IF_REVISION)) {
            // One put up to the limit of one request is as good.
            if (bytes.length > it().limits().singlePutBytes()) {
                refused(Capability.COMPLETE_IF_REVISION, () -> store().put("k", Body.of(bytes), onFirst));
            }
            return;
        }
        store().put("k", Body.of(bytes), onFirst);
        assertThatThrownBy(() -> store().put("k", Body.of(random(bytes.length, 2)), onFirst))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(it().read("k")).isEqualTo(bytes);
    }

    @Test
    default void ofSixteenCreatorsOneWins() throws Exception {
        if (it().has(Capability.PUT_IF_ABSENT)) {
            raceToCreate(100, PutOptions.DEFAULT.ifAbsent());
        }
        if (it().has(Capability.COMPLETE_IF_ABSENT) && it().has(Capability.MULTIPART)) {
            raceToCreate(it().largeBytes(), it().inParts().ifAbsent());
        }
    }

    private void raceToCreate(int size, PutOptions options) throws Exception {
        List<Callable<ObjectInfo>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            byte[] mine = random(size, i);
            racers.add(() -> store().put("race/" + size, Body.of(mine), options));
        }
        int winner = onlyWinner(racers);
        assertThat(it().read("race/" + size)).isEqualTo(random(size, winner));
    }

    @Test
    default void ofSixteenWhoReplaceOneRevisionOneWins() throws Exception {
        if (!it().has(Capability.PUT_IF_REVISION)) {
            return;
        }
        ObjectInfo first = it().put("k", "first");
        List<Callable<ObjectInfo>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            byte[] mine = random(100, i);
            racers.add(() -> store().put("k", Body.of(mine), PutOptions.DEFAULT.ifRevision(first.revision())));
        }
        assertThat(it().read("k")).isNotNull();
        int winner = onlyWinner(racers);
        assertThat(it().read("k")).isEqualTo(random(100, winner));
    }

    @Test
    default void countingByConditionLosesNoIncrement() throws Exception {
        if (!it().has(Capability.PUT_IF_REVISION)) {
            return;
        }
        int counters = 4;
        int times = 5;
        it().put("count", "0");
        List<Callable<Integer>> increments = new ArrayList<>();
        for (int i = 0; i < counters; i++) {
            increments.add(() -> {
                int tries = 0;
                for (int done = 0; done < times; tries++) {
                    ObjectInfo seen = store().head("count");
                    try {
                        byte[] now = it().read("count", GetOptions.DEFAULT.ifRevision(seen.revision()));
                        int next = Integer.parseInt(new String(now, StandardCharsets.US_ASCII)) + 1;
                        store().put(
                                        "count",
                                        Body.of(Integer.toString(next).getBytes(StandardCharsets.US_ASCII)),
                                        PutOptions.DEFAULT.ifRevision(seen.revision()));
                        done++;
                    } catch (PreconditionFailed lost) {
                        // Somebody else was faster: look again.
                    }
                }
                return tries;
            });
        }
        for (Future<Integer> future : atOnce(increments)) {
            assertThat(future.get()).isGreaterThanOrEqualTo(times);
        }
        assertThat(it().text("count")).isEqualTo(Integer.toString(counters * times));
    }

    /** Runs all at once and returns the number of the only one that won; the others lost by their condition. */
    private static int onlyWinner(List<Callable<ObjectInfo>> racers) throws Exception {
        List<Future<ObjectInfo>> runs = atOnce(racers);
        List<Integer> winners = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            try {
                runs.get(i).get();
                winners.add(i);
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e).as("racer %d", i).hasCauseInstanceOf(PreconditionFailed.class);
            }
        }
        assertThat(winners).as("winners").hasSize(1);
        return winners.get(0);
    }

    private static <T> List<Future<T>> atOnce(List<Callable<T>> racers) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(racers.size());
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<T>> runs = new ArrayList<>();
            for (Callable<T> racer : racers) {
                runs.add(pool.submit(() -> {
                    start.await();
                    return racer.call();
                }));
            }
            start.countDown();
            pool.shutdown();
            assertThat(pool.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
            return runs;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    default void onlyTheExpectedRevisionIsDeleted() {
        ObjectInfo first = it().put("k", "first");
        if (!it().has(Capability.DELETE_IF_REVISION)) {
            refused(Capability.DELETE_IF_REVISION, () -> store().delete(
                            "k", DeleteOptions.DEFAULT.ifRevision(first.revision())));
            return;
        }
        ObjectInfo second = it().put("k", "second");
        assertThatThrownBy(() -> store().delete("k", DeleteOptions.DEFAULT.ifRevision(first.revision())))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(it().text("k")).isEqualTo("second");
        store().delete("k", DeleteOptions.DEFAULT.ifRevision(second.revision()));
        assertThat(store().exists("k")).isFalse();
    }

    @Test
    default void onlyTheExpectedRevisionIsRead() throws Exception {
        ObjectInfo first = it().put("k", "first");
        assertThat(it().read("k", GetOptions.DEFAULT.ifRevision(first.revision())))
                .asString()
                .isEqualTo("first");
        ObjectInfo second = it().put("k", "second");
        assertThatThrownBy(() -> it().read("k", GetOptions.DEFAULT.ifRevision(first.revision())))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(store().getIfChanged("k", second.revision(), GetOptions.DEFAULT))
                .isEmpty();
        try (var reader =
                store().getIfChanged("k", first.revision(), GetOptions.DEFAULT).orElseThrow()) {
            assertThat(reader.readAllBytes()).asString().isEqualTo("second");
        }
    }

    @Test
    default void aCopyToAKeyThatIsTakenIsRefused() {
        it().put("from", "new");
        it().put("to", "old");
        CopyOptions ifAbsent = CopyOptions.DEFAULT.ifAbsent();
        if (it().has(Capability.SERVER_COPY) && !it().has(Capability.COPY_IF_ABSENT)) {
            refused(Capability.COPY_IF_ABSENT, () -> store().copy("from", "fresh", ifAbsent));
            return;
        }
        if (it().has(Capability.COPY_IF_ABSENT)) {
            assertThatThrownBy(() -> store().copy("from", "to", ifAbsent)).isInstanceOf(PreconditionFailed.class);
            assertThat(it().text("to")).isEqualTo("old");
            store().copy("from", "fresh", ifAbsent);
            assertThat(it().text("fresh")).isEqualTo("new");
        }
    }

    @Test
    default void aCopyReplacesOnlyTheExpectedRevisionOfItsTarget() {
        ObjectInfo from = it().put("from", "new");
        ObjectInfo old = it().put("to", "old");
        if (it().has(Capability.SERVER_COPY) && !it().has(Capability.COPY_IF_REVISION)) {
            refused(Capability.COPY_IF_REVISION, () -> store().copy(
                            "from", "to", CopyOptions.DEFAULT.ifRevision(old.revision())));
            return;
        }
        if (it().has(Capability.COPY_IF_REVISION)) {
            assertThatThrownBy(() -> store().copy("from", "to", CopyOptions.DEFAULT.ifRevision(from.revision())))
                    .isInstanceOf(PreconditionFailed.class);
            assertThat(it().text("to")).isEqualTo("old");
            store().copy("from", "to", CopyOptions.DEFAULT.ifRevision(old.revision()));
            assertThat(it().text("to")).isEqualTo("new");
        }
    }
}
