package dev.anystore.memory;

import static dev.anystore.memory.MemoryBackendTest.assertKind;
import static dev.anystore.memory.MemoryBackendTest.power;
import static dev.anystore.memory.MemoryBackendTest.put;
import static dev.anystore.memory.MemoryBackendTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Capability;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.Tags;
import dev.anystore.spi.Versions;
import dev.anystore.spi.WriteCondition;
import dev.anystore.testkit.TurnedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryBucketTest {
    private final Call call = Call.unbounded();
    private final TurnedClock clock = new TurnedClock(Instant.parse("2026-01-02T03:04:05.678Z"));
    private final PoweredBackend backend = MemoryStore.builder().clock(clock).backend();
    private final BucketAdmin bucket = power(backend, BucketAdmin.class);
    private final Versions versions = power(backend, Versions.class);
    private final MemorySpace space = power(backend, MemorySpace.class);

    private List<Versions.Version> versions(String prefix, int pageSize) {
        List<Versions.Version> all = new ArrayList<>();
        @Nullable String token = null;
        do {
            Versions.Page page = versions.list(prefix, pageSize, token, call);
            assertThat(page.versions()).hasSizeLessThanOrEqualTo(pageSize);
            all.addAll(page.versions());
            token = page.nextPageToken();
        } while (token != null);
        return all;
    }

    @Test
    void aDeleteOnAVersionedBucketHidesAndTheOldVersionsStay() throws Exception {
        bucket.setVersioning(true, call);
        ObjectInfo first = put(backend, "k", "1");
        ObjectInfo second = put(backend, "k", "2");
        backend.delete(DeleteRequest.of("k"), call);
        assertThatThrownBy(() -> read(backend, GetRequest.whole("k"))).isInstanceOf(ObjectNotFound.class);
        assertThat(backend.list(new ListRequest("", null, null, 10, null), call).objects())
                .isEmpty();
        assertThat(read(
                        backend,
                        GetRequest.whole("k").withVersion(first.versionId().orElseThrow())))
                .asString()
                .isEqualTo("1");
        for (int pageSize : new int[] {1, 2, 10}) {
            List<Versions.Version> all = versions("", pageSize);
            assertThat(all).hasSize(3);
            assertThat(all.get(0).deleteMarker()).isTrue();
            assertThat(all.get(0).current()).isFalse();
            assertThat(all)
                    .extracting(Versions.Version::revision)
                    .containsExactly("", second.revision(), first.revision());
        }
        String marker = versions("", 10).get(0).versionId();
        backend.delete(new DeleteRequest(List.of(new DeleteRequest.Target("k", marker, null))), call);
        assertThat(read(backend, GetRequest.whole("k"))).asString().isEqualTo("2");
        backend.delete(
                new DeleteRequest(List.of(
                        new DeleteRequest.Target("k", first.versionId().orElseThrow(), null),
                        new DeleteRequest.Target("k", second.versionId().orElseThrow(), null))),
                call);
        assertThat(versions("", 10)).isEmpty();
        assertThat(space.usedBytes()).isZero();
    }

    @Test
    void aHiddenObjectIsAbsentForWhoCreatesIt() {
        bucket.setVersioning(true, call);
        put(backend, "k", "1");
        backend.delete(DeleteRequest.of("k"), call);
        backend.put(
                MemoryBackendTest.put("k", dev.anystore.testkit.TestPayload.of(new byte[1]), WriteCondition.IF_ABSENT),
                call);
        assertThat(versions("k", 10)).hasSize(3);
    }

    @Test
    void suspendedVersioningReplacesOnlyWhatWasWrittenWithoutIt() throws Exception {
        put(backend, "k", "before");
        bucket.setVersioning(true, call);
        ObjectInfo kept = put(backend, "k", "kept");
        bucket.setVersioning(false, call);
        assertThat(bucket.versioning(call)).isFalse();
        put(backend, "k", "after");
        assertThat(versions("", 10))
                .extracting(Versions.Version::versionId)
                .containsExactly("null", kept.versionId().orElseThrow());
        backend.delete(DeleteRequest.of("k"), call);
        assertThat(versions("", 10)).hasSize(2);
        assertThat(read(
                        backend,
                        GetRequest.whole("k").withVersion(kept.versionId().orElseThrow())))
                .asString()
                .isEqualTo("kept");
    }

    @Test
    void tagsBelongToTheCurrentVersion() {
        Tags tags = power(backend, Tags.class);
        ObjectInfo info = put(backend, "k", "1");
        assertThat(tags.get("k", call)).isEmpty();
        tags.set("k", Map.of("team", "blue"), call);
        assertThat(tags.get("k", call)).isEqualTo(Map.of("team", "blue"));
        assertThat(backend.get(GetRequest.head("k"), call).info().revision()).isEqualTo(info.revision());
        put(backend, "k", "2");
        assertThat(tags.get("k", call)).isEmpty();
        assertThatThrownBy(() -> tags.get("absent", call)).isInstanceOf(ObjectNotFound.class);
        assertThatThrownBy(() -> tags.set("absent", Map.of(), call)).isInstanceOf(ObjectNotFound.class);
    }

    @Test
    void aBucketThatIsNotEmptyStaysAndADeletedOneIsMissed() {
        put(backend, "k", "1");
        assertKind(Kind.CONFLICT, () -> bucket.delete(call));
        backend.delete(DeleteRequest.of("k"), call);
        bucket.delete(call);
        assertThat(bucket.exists(call)).isFalse();
        assertKind(Kind.BUCKET_NOT_FOUND, () -> put(backend, "k", "1"));
        assertKind(Kind.BUCKET_NOT_FOUND, () -> backend.get(GetRequest.head("k"), call));
        assertKind(Kind.BUCKET_NOT_FOUND, () -> backend.list(new ListRequest("", null, null, 10, null), call));
        assertKind(Kind.BUCKET_NOT_FOUND, () -> backend.delete(DeleteRequest.of("k"), call));
        bucket.create(call);
        bucket.create(call);
        put(backend, "k", "1");
    }

    @Test
    void lifecycleRulesActOnceTheClockSaysSo() {
        Multipart uploads = power(backend, Multipart.class);
        bucket.setVersioning(true, call);
        bucket.setLifecycle(
                List.of(
                        new BucketAdmin.LifecycleRule("logs", true, "logs/", 10, 5, 2),
                        new BucketAdmin.LifecycleRule("off", false, "", 0, 0, 0)),
                call);
        assertThat(bucket.lifecycle(call)).hasSize(2);
        put(backend, "logs/a", "1");
        put(backend, "kept", "1");
        uploads.begin(new Multipart.Begin("logs/u", Attributes.NONE, WriteCondition.ALWAYS, 0), call);
        clock.turn(Duration.ofDays(2).minusMillis(1));
        assertThat(space.runLifecycle()).isZero();
        clock.turn(Duration.ofMillis(1));
        assertThat(space.runLifecycle()).isOne();
        assertThat(space.uploads()).isZero();
        clock.turn(Duration.ofDays(8));
        assertThat(space.runLifecycle()).isOne();
        assertThat(space.objects()).isOne();
        assertThat(versions("logs/", 10)).hasSize(2);
        clock.turn(Duration.ofDays(5));
        assertThat(space.runLifecycle()).isOne();
        assertThat(versions("logs/", 10)).hasSize(1);
        assertThat(space.usedBytes()).isOne();
    }

    @Test
    void rulesForBrowsersAreKept() {
        BucketAdmin.CorsRule rule = new BucketAdmin.CorsRule(
                List.of("https://example.org"), List.of("GET"), List.of("*"), List.of("etag"), 60);
        bucket.setCors(List.of(rule), call);
        assertThat(bucket.cors(call)).containsExactly(rule);
        bucket.setCors(List.of(), call);
        assertThat(bucket.cors(call)).isEmpty();
    }

    @Test
    void versioningWithoutVersionsIsRefusedAtTheDoor() {
        assertThatThrownBy(() -> MemoryStore.builder()
                        .versioning(true)
                        .without(Capability.VERSIONS)
                        .backend())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> MemoryStore.builder().clock(clock).on(space).backend())
                .isInstanceOf(IllegalStateException.class);
    }
}
