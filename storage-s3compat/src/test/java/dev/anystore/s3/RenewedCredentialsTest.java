package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.Secret;
import dev.anystore.testkit.TurnedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a source is asked again, and by how many. */
class RenewedCredentialsTest {
    private static final int CROWD = 16;

    private final TurnedClock clock = new TurnedClock(Instant.parse("2026-11-21T12:00:00Z"));
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService crowd = Executors.newFixedThreadPool(CROWD);

    @AfterEach
    void stop() {
        crowd.shutdownNow();
    }

    private Credentials fresh(Duration life) {
        int number = asked.incrementAndGet();
        return new Credentials(
                "id" + number, Secret.of("s"), Secret.of("t"), clock.instant().plus(life));
    }

    private static StorageException nothing(Kind kind) {
        return StorageException.builder(kind).message("the source has none").build();
    }

    /** The same at once on many threads, all of them under way before the first may go on. */
    private <T> List<Future<T>> all(Callable<T> task) {
        List<Future<T>> results = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            results.add(crowd.submit(task));
        }
        return results;
    }

    @Test
    void goodOnesAreKeptAndRenewedBeforeTheyEnd() {
        RenewedCredentials source = new RenewedCredentials(call -> fresh(Duration.ofHours(1)), clock);
        assertThat(source.get(Call.unbounded()).id()).isEqualTo("id1");
        clock.turn(Duration.ofMinutes(54));
        assertThat(source.get(Call.unbounded()).id()).isEqualTo("id1");
        clock.turn(Duration.ofMinutes(2));
        assertThat(source.get(Call.unbounded()).id()).isEqualTo("id2");
        clock.turn(Duration.ofHours(5));
        assertThat(source.get(Call.unbounded()).id()).isEqualTo("id3");
    }

    @Test
    void onesWithoutAnEndAreFetchedOnce() {
        RenewedCredentials source = new RenewedCredentials(
                call -> new Credentials("id" + asked.incrementAndGet(), Secret.of("s"), null, null), clock);
        source.get(Call.unbounded());
        clock.turn(Duration.ofDays(400));
        assertThat(source.get(Call.unbounded()).id()).isEqualTo("id1");
    }

    @Test
    void aCrowdWithoutCredentialsAsksOnce() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        RenewedCredentials source = new RenewedCredentials(
                call -> {
                    await(answer);
                    return fresh(Duration.ofHours(1));
                },
                clock);
        List<Future<Credentials>> results = all(() -> source.get(Call.unbounded()));
        answer.countDown();
        for (Future<Credentials> result : results) {
            assertThat(result.get(20, TimeUnit.SECONDS).id()).isEqualTo("id1");
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void whoWaitedForAFailureSharesItInsteadOfCausingTheNext() throws Exception {
        CountDownLatch waiting = new CountDownLatch(CROWD);
        RenewedCredentials source = new RenewedCredentials(
                call -> {
                    asked.incrementAndGet();
                    await(waiting);
                    throw nothing(Kind.UNAUTHENTICATED);
                },
                clock);
        List<Future<StorageException>> results = all(() -> {
            waiting.countDown();
            return catchThrowableOfType(StorageException.class, () -> source.get(Call.unbounded()));
        });
        for (Future<StorageException> result : results) {
            assertThat(result.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNAUTHENTICATED);
        }
        // A thread may have been between its announcement and its waiting.
        assertThat(asked.get()).isLessThan(CROWD / 2);
    }

    @Test
    void whileTheOldOnesAreGoodNobodyWaitsForTheNewOnes() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch askedAgain = new CountDownLatch(1);
        RenewedCredentials source = new RenewedCredentials(
                call -> {
                    if (asked.get() > 0) {
                        askedAgain.countDown();
                        await(answer);
                    }
                    return fresh(Duration.ofHours(1));
                },
                clock);
        source.get(Call.unbounded());
        clock.turn(Duration.ofMinutes(57));
        Future<Credentials> renewing = crowd.submit(() -> source.get(Call.unbounded()));
        assertThat(askedAgain.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(source.get(Call.unbounded()).id()).isEqualTo("id1");
        answer.countDown();
        assertThat(renewing.get(20, TimeUnit.SECONDS).id()).isEqualTo("id2");
    }

    @Test
    void aFailureToRenewIsNobodysWhileTheOldOnesAreGoodAndThePauseHolds() {
        RenewedCredentials source = new RenewedCredentials(
                call -> {
                    if (asked.get() > 0) {
                        asked.incrementAndGet();
                        throw nothing(Kind.UNAVAILABLE);
                    }
                    return fresh(Duration.ofHours(1));
                },
                clock);
        source.get(Call.unbounded());
        clock.turn(Duration.ofMinutes(58));
        for (int i = 0; i < 10; i++) {
            assertThat(source.get(Call.unbounded()).id()).isEqualTo("id1");
        }
        assertThat(asked).hasValue(2);
        clock.turn(Duration.ofSeconds(90));
        assertThat(source.get(Call.unbounded()).id()).isEqualTo("id1");
        assertThat(asked).hasValue(3);
        clock.turn(Duration.ofSeconds(31));
        StorageException e = catchThrowableOfType(StorageException.class, () -> source.get(Call.unbounded()));
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void onesThatHaveEndedAlreadyAreRefused() {
        RenewedCredentials source = new RenewedCredentials(call -> fresh(Duration.ofSeconds(-1)), clock);
        StorageException e = catchThrowableOfType(StorageException.class, () -> source.get(Call.unbounded()));
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(e.getMessage()).contains("ended at 2026-11-21T11:59:59Z");
    }

    @Test
    void aCrowdWhoseCredentialsWereRefusedRenewsOnce() throws Exception {
        RenewedCredentials source = new RenewedCredentials(call -> fresh(Duration.ofHours(1)), clock);
        Credentials refused = source.get(Call.unbounded());
        for (Future<Boolean> result : all(() -> source.renew(refused, Call.unbounded()))) {
            assertThat(result.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void renewingToTheSameIsNoRenewal() {
        Instant end = clock.instant().plus(Duration.ofHours(1));
        RenewedCredentials source =
                new RenewedCredentials(call -> new Credentials("id", Secret.of("s"), null, end), clock);
        assertThat(source.renew(source.get(Call.unbounded()), Call.unbounded())).isFalse();
    }

    @Test
    void whoWaitsGivesUpWithItsCall() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        RenewedCredentials source = new RenewedCredentials(
                call -> {
                    asking.countDown();
                    await(answer);
                    return fresh(Duration.ofHours(1));
                },
                clock);
        Future<Credentials> first = crowd.submit(() -> source.get(Call.unbounded()));
        assertThat(asking.await(20, TimeUnit.SECONDS)).isTrue();
        Call cancelled = Call.unbounded();
        cancelled.cancel();
        assertThat(catchThrowableOfType(StorageException.class, () -> source.get(cancelled))
                        .kind())
                .isEqualTo(Kind.CANCELLED);
        Call late = Call.until(System.nanoTime() + 1_000_000);
        assertThat(catchThrowableOfType(StorageException.class, () -> source.get(late))
                        .kind())
                .isEqualTo(Kind.TIMEOUT);
        answer.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS).id()).isEqualTo("id1");
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
