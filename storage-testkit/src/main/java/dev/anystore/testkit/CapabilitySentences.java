package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.DeleteOptions;
import dev.anystore.GetOptions;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.UnsupportedCapability;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.Tags;
import dev.anystore.spi.Versions;
import dev.anystore.spi.WriteCondition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Declared is real, and not declared is refused. The conditions have a chapter of their own. */
interface CapabilitySentences extends Sentences {
    /** What one power is for. */
    Set<Capability> PRESIGNING =
            Set.of(Capability.PRESIGN_GET, Capability.PRESIGN_PUT, Capability.PRESIGN_DELETE, Capability.PRESIGN_PART);

    @Test
    default void aPowerIsThereIfAndOnlyIfItIsDeclared() {
        declared(Multipart.class, Capability.MULTIPART);
        declared(ServerCopy.class, Capability.SERVER_COPY);
        declared(Versions.class, Capability.VERSIONS);
        declared(Tags.class, Capability.TAGS);
        declared(BucketAdmin.class, Capability.BUCKET_ADMIN);
        assertThat(store().unwrap(Presigner.class).isPresent())
                .isEqualTo(PRESIGNING.stream().anyMatch(it()::has));
        assertThat(store().unwrap(CapabilitySentences.class)).isEmpty();
    }

    private void declared(Class<?> power, Capability capability) {
        assertThat(store().unwrap(power).isPresent())
                .as("%s is there, %s is declared", power.getSimpleName(), capability)
                .isEqualTo(it().has(capability));
    }

    @Test
    default void limitsFitTogether() {
        Limits limits = it().limits();
        assertThat(limits.singlePutBytes()).isLessThanOrEqualTo(limits.objectBytes());
        assertThat(limits.ifAbsentBytes()).isLessThanOrEqualTo(limits.objectBytes());
        assertThat(limits.ifAbsentBytes() > 0).isEqualTo(it().has(Capability.PUT_IF_ABSENT));
        assertThat(limits.partMinBytes()).isLessThanOrEqualTo(limits.partMaxBytes());
        assertThat(limits.keyBytes()).isBetween(1, dev.anystore.Keys.MAX_BYTES);
        assertThat(it().has(Capability.TWIN_PARTS) && !it().has(Capability.MULTIPART))
                .as("parts twice without parts")
                .isFalse();
        if (it().has(Capability.MULTIPART) && it().has(Capability.COMPLETE_IF_ABSENT)) {
            assertThat(limits.ifAbsentBytes()).isEqualTo(limits.objectBytes());
        }
        assertThat(store().capabilities().toString()).isNotBlank();
        assertThat(store().capabilities().asSet())
                .isEqualTo(store().capabilities().asSet());
    }

    @Test
    default void aPartThatIsPutTwiceAtOnceIsThereOnceWhereThatIsDeclared() throws Exception {
        if (!it().has(Capability.TWIN_PARTS)) {
            // That nothing is sent twice elsewhere is held by the engine's own tests: it takes a slow service.
            return;
        }
        Multipart parts = store().unwrap(Multipart.class).orElseThrow();
        byte[] bytes = random((int) Math.max(1, it().limits().partMinBytes()) + 10, 1);
        Call call = Call.unbounded();
        Multipart.Upload upload = new Multipart.Upload(
                "k", parts.begin(new Multipart.Begin("k", Attributes.NONE, WriteCondition.ALWAYS, bytes.length), call));
        CompletableFuture<Multipart.Part> other =
                CompletableFuture.supplyAsync(() -> parts.putPart(upload, 1, TestPayload.of(bytes), Call.unbounded()));
        parts.putPart(upload, 1, TestPayload.of(bytes), call);
        other.get(60, TimeUnit.SECONDS);
        List<Multipart.Part> held = parts.parts(upload, 0, call).parts();
        assertThat(held).hasSize(1);
        assertThat(held.get(0).bytes()).isEqualTo(bytes.length);
        parts.complete(
                new Multipart.Complete(upload, Attributes.NONE, held, bytes.length, WriteCondition.ALWAYS, null), call);
        assertThat(it().read("k")).isEqualTo(bytes);
    }

    @Test
    default void olderVersionsAreKeptAndReadWhereTheyAreDeclared() throws Exception {
        if (!it().has(Capability.VERSIONS)) {
            it().put("k", "1");
            assertThatThrownBy(() -> it().read("k", GetOptions.DEFAULT.withVersion("1")))
                    .isInstanceOf(UnsupportedCapability.class);
            assertThatThrownBy(() -> store().getBytes("k", GetOptions.DEFAULT.withVersion("1")))
                    .isInstanceOf(UnsupportedCapability.class);
            assertThatThrownBy(() -> store().openChannel("k", GetOptions.DEFAULT.withVersion("1")))
                    .isInstanceOf(UnsupportedCapability.class);
            assertThatThrownBy(() -> store().getRanges("k", List.of(), GetOptions.DEFAULT.withVersion("1")))
                    .isInstanceOf(UnsupportedCapability.class);
            assertThatThrownBy(() -> store().delete("k", DeleteOptions.DEFAULT.withVersion("1")))
                    .isInstanceOf(UnsupportedCapability.class);
            assertThat(it().text("k")).isEqualTo("1");
            assertThat(store().head("k").versionId()).isEmpty();
            return;
        }
        Call call = Call.unbounded();
        Optional<BucketAdmin> bucket = store().unwrap(BucketAdmin.class);
        try {
            bucket.ifPresent(admin -> admin.setVersioning(true, call));
        } catch (UnsupportedCapability e) {
            // Versions are the account's affair, not the bucket's: what is written next tells whether they are kept.
        }
        ObjectInfo first = it().put("k", "first");
        if (first.versionId().isEmpty()) {
            // Declared, but switched off in this bucket, and not ours to switch on.
            return;
        }
        ObjectInfo second = it().put("k", "second");
        store().delete("k", DeleteOptions.DEFAULT);
        assertThatThrownBy(() -> store().head("k")).isInstanceOf(ObjectNotFound.class);
        String firstId = first.versionId().orElseThrow();
        assertThat(it().read("k", GetOptions.DEFAULT.withVersion(firstId)))
                .asString()
                .isEqualTo("first");
        Versions versions = store().unwrap(Versions.class).orElseThrow();
        List<Versions.Version> all = versions.list("k", 5, null, call).versions();
        assertThat(all)
                .filteredOn(version -> !version.deleteMarker())
                .extracting(Versions.Version::versionId)
                .containsExactly(second.versionId().orElseThrow(), firstId);
        assertThat(all).noneMatch(version -> version.current() && !version.deleteMarker());
        // Most services hide what is deleted behind a marker; Google's has none: the object is only an older version.
        boolean marked = all.get(0).deleteMarker();
        assertThat(all).hasSize(marked ? 3 : 2);
        if (marked) {
            store().delete("k", DeleteOptions.DEFAULT.withVersion(all.get(0).versionId()));
            assertThat(it().text("k")).isEqualTo("second");
        }
        store().delete("k", DeleteOptions.DEFAULT.withVersion(firstId));
        assertThat(versions.list("k", 5, null, call).versions()).hasSize(1);
        String secondId = second.versionId().orElseThrow();
        assertThat(it().read("k", GetOptions.DEFAULT.withVersion(secondId)))
                .asString()
                .isEqualTo("second");
    }

    @Test
    default void tagsAreKeptWhereTheyAreDeclared() {
        Optional<Tags> tags = store().unwrap(Tags.class);
        if (tags.isPresent()) {
            Call call = Call.unbounded();
            it().put("k", "x");
            assertThat(tags.get().get("k", call)).isEmpty();
            tags.get().set("k", Map.of("team", "blue", "stage", "test"), call);
            tags.get().set("k", Map.of("team", "red"), call);
            assertThat(tags.get().get("k", call)).isEqualTo(Map.of("team", "red"));
            assertThatThrownBy(() -> tags.get().get("absent", call)).isInstanceOf(ObjectNotFound.class);
        }
    }

    @Test
    default void anUploadInPartsIsInvisibleUntilItIsComplete() {
        Optional<Multipart> power = store().unwrap(Multipart.class);
        if (power.isEmpty()) {
            return;
        }
        Multipart uploads = power.get();
        Call call = Call.unbounded();
        it().put("k", "old");
        byte[] bytes = random((int) it().partBytes() + 1, 1);
        Multipart.Upload upload = new Multipart.Upload(
                "k",
                uploads.begin(
                        new Multipart.Begin("k", Attributes.NONE, WriteCondition.ALWAYS, it().partBytes()), call));
        byte[] head = java.util.Arrays.copyOf(bytes, (int) it().partBytes());
        byte[] tail = java.util.Arrays.copyOfRange(bytes, head.length, bytes.length);
        Multipart.Part second = uploads.putPart(upload, 2, TestPayload.of(tail), call);
        uploads.putPart(upload, 1, TestPayload.of(random(head.length, 2)), call);
        Multipart.Part first = uploads.putPart(upload, 1, TestPayload.of(head), call);
        assertThat(uploads.parts(upload, 0, call).parts())
                .extracting(Multipart.Part::number)
                .containsExactly(1, 2);
        assertThat(uploads.uploads("", null, call).uploads())
                .extracting(Multipart.Begun::upload)
                .containsExactly(upload);
        assertThat(it().text("k")).isEqualTo("old");
        uploads.complete(
                new Multipart.Complete(
                        upload, Attributes.NONE, List.of(first, second), bytes.length, WriteCondition.ALWAYS, null),
                call);
        assertThat(it().read("k")).isEqualTo(bytes);
        assertThat(uploads.uploads("", null, call).uploads()).isEmpty();
        uploads.abort(upload, call);
        uploads.abort(upload, call);
        assertThat(it().read("k")).isEqualTo(bytes);
    }

    @Test
    default void aServerCopyLeavesTheSourceAlone() {
        Optional<ServerCopy> copies = store().unwrap(ServerCopy.class);
        if (copies.isPresent()) {
            it().put("from", "x");
            ObjectInfo copied = copies.get()
                    .copy(new ServerCopy.Copy("from", null, null, "to", null, WriteCondition.ALWAYS), Call.unbounded());
            assertThat(copied.key()).isEqualTo("to");
            assertThat(it().text("to")).isEqualTo("x");
            assertThat(it().text("from")).isEqualTo("x");
        }
    }

    @Test
    default void theStoreAnswersItsCheck() {
        store().check();
        store().put("k", Body.of(new byte[1]));
        store().check();
        store().unwrap(BucketAdmin.class)
                .ifPresent(bucket -> assertThat(bucket.exists(Call.unbounded())).isTrue());
    }
}
