package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The one layer that retries: how often, how long it waits, and what it holds meanwhile. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallPipelineTest {
    private static final CallPipeline.Operation PUT = CallPipeline.Operation.of("put", "k");

    /** Always the shortest wait: none. */
    private static CallPipeline pipeline(int connections) {
        return new CallPipeline("test", 5, connections, () -> 0L);
    }

    private static StorageException failure(Duration retryAfter) {
        return StorageException.builder(Kind.THROTTLED)
                .message("slow down")
                .retryAfter(retryAfter)
                .build();
    }

    private static Scope scope() {
        return new Scope(null, Long.MAX_VALUE);
    }

    @Test
    void aServiceThatFailsAlwaysSeesAFifthMoreThanTheLoadBeyondTheBurst() {
        CallPipeline pipeline = pipeline(4);
        AtomicInteger requests = new AtomicInteger();
        int operations = 5_000;
        for (int i = 0; i < operations; i++) {
            assertThatThrownBy(() -> pipeline.run(scope(), PUT, call -> {
                        requests.incrementAndGet();
                        throw failure(Duration.ZERO);
                    }))
                    .isInstanceOf(StorageException.class);
        }
        assertThat(requests.get()).isBetween(operations + 100, operations * 12 / 10 + 100);
    }

    @Test
    void oneThatAsksForMoreThanAMinuteIsNotAskedAgain() {
        AtomicInteger requests = new AtomicInteger();
        assertThatThrownBy(() -> pipeline(1).run(scope(), PUT, call -> {
                    requests.incrementAndGet();
                    throw failure(Duration.ofSeconds(61));
                }))
                .isInstanceOfSatisfying(StorageException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
                    assertThat(e.attempts()).isEqualTo(1);
                });
        assertThat(requests.get()).isEqualTo(1);
    }

    @Test
    void whoWaitsForTheNextAttemptLeavesItsConnectionToOthers() throws Exception {
        CallPipeline pipeline = pipeline(1);
        Scope waiting = scope();
        CountDownLatch failed = new CountDownLatch(1);
        CompletableFuture<Object> first = CompletableFuture.supplyAsync(() -> pipeline.run(waiting, PUT, call -> {
            failed.countDown();
            throw failure(Duration.ofSeconds(50));
        }));
        assertThat(failed.await(100, TimeUnit.SECONDS)).isTrue();
        assertThat(pipeline.<String>run(scope(), PUT, call -> "done")).isEqualTo("done");
        assertThat(first).isNotDone();
        waiting.stop(Failures.cancelled("enough"));
        assertThatThrownBy(() -> first.get(100, TimeUnit.SECONDS)).hasMessageContaining("enough");
    }

    @Test
    void aLimitThatWouldPassBeforeTheNextAttemptEndsTheOperationAtOnce() {
        Scope scope = new Scope(null, System.nanoTime() + TimeUnit.SECONDS.toNanos(20));
        long began = System.nanoTime();
        assertThatThrownBy(() -> pipeline(1).run(scope, PUT, call -> {
                    throw failure(Duration.ofSeconds(30));
                }))
                .isInstanceOf(StorageException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void whatIsWithinALargerOperationStopsWithItAndHasItsOwnLimit() throws Exception {
        Scope transfer = scope();
        try (Scope request = transfer.child(Duration.ofMillis(1))) {
            TimeUnit.MILLISECONDS.sleep(2);
            assertThatThrownBy(request::check).hasMessageContaining("STORAGE_OPERATION_TIMEOUT");
        }
        transfer.check();
        try (Scope request = transfer.child(Duration.ofMinutes(1))) {
            transfer.stop(Failures.cancelled("the caller left"));
            assertThatThrownBy(request::check).hasMessageContaining("the caller left");
        }
    }
}
