package dev.anystore.memory;

import static dev.anystore.memory.MemoryBackendTest.assertKind;
import static dev.anystore.memory.MemoryBackendTest.power;
import static dev.anystore.memory.MemoryBackendTest.put;
import static dev.anystore.memory.MemoryBackendTest.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.IntegrityFailure;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.Tags;
import dev.anystore.spi.Versions;
import dev.anystore.spi.WriteCondition;
import dev.anystore.testkit.Decorators;
import dev.anystore.testkit.Fault;
import dev.anystore.testkit.FaultyBackend;
import dev.anystore.testkit.FaultyBackend.Verb;
import dev.anystore.testkit.TestPayload;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FaultyBackendTest {
    private final Call call = Call.unbounded();
    private final FaultyBackend faulty = new FaultyBackend(MemoryStore.builder().backend());
    private final MemorySpace space = power(faulty, MemorySpace.class);

    @Test
    void itDecidesAboutEveryMethodItself() {
        Decorators.assertWritesOutEveryMethod(FaultyBackend.class);
        assertThatThrownBy(() -> Decorators.assertWritesOutEveryMethod(Inheriting.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Inheriting must decide about");
        Decorators.assertWritesOutEveryMethod(power(faulty, Multipart.class).getClass(), Multipart.class);
        Decorators.assertWritesOutEveryMethod(power(faulty, Tags.class).getClass(), Tags.class);
        Decorators.assertWritesOutEveryMethod(power(faulty, BucketAdmin.class).getClass(), BucketAdmin.class);
    }

    private interface Inheriting extends dev.anystore.spi.StorageBackend {}

    @Test
    void withoutFaultsItPassesEverythingOn() throws Exception {
        put(faulty, "k", "hello");
        assertThat(read(faulty, GetRequest.whole("k"))).asString().isEqualTo("hello");
        power(faulty, Tags.class).set("k", java.util.Map.of("a", "b"), call);
        assertThat(power(faulty, Tags.class).get("k", call)).containsEntry("a", "b");
        assertThat(power(faulty, Versions.class).list("", 10, null, call).versions())
                .hasSize(1);
        assertThat(faulty.extension(Presigner.class)).isNull();
        assertThat(faulty.calls(Verb.PUT)).isOne();
        assertThat(faulty.calls(Verb.TAGS)).isEqualTo(2);
        assertThat(faulty.openBodies()).isZero();
    }

    @Test
    void aPlannedFailureComesBeforeTheEffectAndALostAnswerBehindIt() {
        faulty.next(Verb.PUT, Fault.UNAVAILABLE).next(Verb.PUT, Fault.LOSE_ANSWER);
        assertKind(Kind.UNAVAILABLE, () -> put(faulty, "k", "1"));
        assertThat(space.objects()).isZero();
        assertKind(Kind.UNAVAILABLE, () -> put(faulty, "k", "1"));
        assertThat(space.objects()).isOne();
        put(faulty, "k", "2");
        faulty.nth(Verb.PUT, 5, Fault.fail(Kind.THROTTLED));
        put(faulty, "k", "3");
        assertKind(Kind.THROTTLED, () -> put(faulty, "k", "4"));
        faulty.always(Verb.HEAD, Fault.fail(Kind.ACCESS_DENIED));
        assertKind(Kind.ACCESS_DENIED, () -> faulty.get(GetRequest.head("k"), call));
        assertKind(Kind.ACCESS_DENIED, () -> faulty.get(GetRequest.head("k"), call));
        faulty.recover();
        faulty.get(GetRequest.head("k"), call);
        assertThat(faulty.calls(Verb.HEAD)).isEqualTo(3);
    }

    @Test
    void bytesAreAlteredOnBothWaysAndABodyIsCut() throws Exception {
        TestPayload payload = TestPayload.of("hello".getBytes(UTF_8)).withKnownCrc32c();
        faulty.next(Verb.PUT, Fault.flipBit(4));
        assertThatThrownBy(() -> faulty.put(MemoryBackendTest.put("k", payload, WriteCondition.ALWAYS), call))
                .isInstanceOf(IntegrityFailure.class);
        put(faulty, "k", "hello");
        faulty.next(Verb.GET, Fault.flipBit(0)).next(Verb.GET, Fault.cutBody(2));
        assertThat(read(faulty, GetRequest.whole("k"))).asString().isEqualTo("iello");
        try (GetResponse response = faulty.get(GetRequest.whole("k"), call)) {
            assertThat(response.body().readNBytes(2)).asString().isEqualTo("he");
            assertThat(faulty.openBodies()).isOne();
            assertThatThrownBy(() -> response.body().read()).isInstanceOf(StorageIOException.class);
        }
        assertThat(faulty.openBodies()).isZero();
    }

    @Test
    void aCallIsHeldUntilTheGateOpensOrItEnds() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        faulty.next(Verb.PUT, Fault.hold(gate))
                .next(Verb.LIST, Fault.delay(Duration.ofHours(1)))
                .next(Verb.LIST, Fault.delay(Duration.ofHours(1)));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<?> held = pool.submit(() -> put(faulty, "k", "1"));
            while (faulty.calls(Verb.PUT) == 0) {
                Thread.sleep(1);
            }
            assertThat(space.objects()).isZero();
            gate.countDown();
            held.get();
            assertThat(space.objects()).isOne();
        } finally {
            pool.shutdownNow();
        }
        dev.anystore.spi.ListRequest all = new dev.anystore.spi.ListRequest("", null, null, 10, null);
        assertKind(Kind.TIMEOUT, () -> faulty.list(all, Call.until(System.nanoTime() + 20_000_000)));
        Call cancelled = Call.unbounded();
        cancelled.cancel();
        assertKind(Kind.CANCELLED, () -> faulty.list(all, cancelled));
    }

    @Test
    void partsOfAnUploadFailLikeEverythingElse() {
        Multipart uploads = power(faulty, Multipart.class);
        Multipart.Upload upload = new Multipart.Upload(
                "k", uploads.begin(new Multipart.Begin("k", Attributes.NONE, WriteCondition.ALWAYS, 0), call));
        faulty.next(Verb.PUT_PART, Fault.LOSE_ANSWER).next(Verb.ABORT, Fault.UNAVAILABLE);
        assertKind(Kind.UNAVAILABLE, () -> uploads.putPart(upload, 1, TestPayload.of(new byte[1]), call));
        assertThat(uploads.parts(upload, 0, call).parts()).hasSize(1);
        assertKind(Kind.UNAVAILABLE, () -> uploads.abort(upload, call));
        uploads.abort(upload, call);
        assertThat(uploads.uploads("", null, call).uploads()).isEmpty();
        assertThat(faulty.calls(Verb.ABORT)).isEqualTo(2);
    }
}
