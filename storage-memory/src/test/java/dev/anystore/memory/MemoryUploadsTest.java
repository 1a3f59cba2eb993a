package dev.anystore.memory;

import static dev.anystore.memory.MemoryBackendTest.assertKind;
import static dev.anystore.memory.MemoryBackendTest.power;
import static dev.anystore.memory.MemoryBackendTest.random;
import static dev.anystore.memory.MemoryBackendTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.ByteRange;
import dev.anystore.Checksum;
import dev.anystore.IntegrityFailure;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.PreconditionFailed;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.WriteCondition;
import dev.anystore.testkit.TestPayload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryUploadsTest {
    private final Call call = Call.unbounded();
    private final PoweredBackend backend = MemoryStore.builder()
            .limits(Limits.builder()
                    .partBytes(10, 100)
                    .partCount(4)
                    .listPage(2)
                    .objectBytes(250)
                    .build())
            .backend();
    private final Multipart uploads = power(backend, Multipart.class);
    private final MemorySpace space = power(backend, MemorySpace.class);

    private Multipart.Upload begin(String key) {
        return new Multipart.Upload(
                key,
                uploads.begin(
                        new Multipart.Begin(
                                key, Attributes.NONE.withMetadata(Map.of("a", "1")), WriteCondition.ALWAYS, 0),
                        call));
    }

    private Multipart.Part part(Multipart.Upload upload, int number, byte[] bytes) {
        return uploads.putPart(upload, number, TestPayload.of(bytes).withKnownCrc32c(), call);
    }

    private ObjectInfo complete(
            Multipart.Upload upload, List<Multipart.Part> parts, WriteCondition condition, @Nullable Checksum digest) {
        long size = parts.stream().mapToLong(Multipart.Part::bytes).sum();
        return uploads.complete(new Multipart.Complete(upload, Attributes.NONE, parts, size, condition, digest), call);
    }

    @Test
    void partsBecomeOneObjectAndNobodySeesItEarlier() throws Exception {
        byte[] all = random(180, 1);
        Multipart.Upload upload = begin("k");
        Multipart.Part second = part(upload, 2, Arrays.copyOfRange(all, 100, 180));
        Multipart.Part first = part(upload, 1, Arrays.copyOf(all, 100));
        assertThatThrownBy(() -> backend.get(GetRequest.head("k"), call)).isInstanceOf(ObjectNotFound.class);
        ObjectInfo info = complete(
                upload,
                List.of(first, second),
                WriteCondition.IF_ABSENT,
                TestPayload.digest(Checksum.Algorithm.CRC32C, all));
        assertThat(info.verification()).isEqualTo(Verification.WHOLE);
        assertThat(info.metadata()).containsEntry("a", "1");
        assertThat(read(backend, GetRequest.whole("k"))).isEqualTo(all);
        assertThat(space.uploads()).isZero();
        assertThat(space.usedBytes()).isEqualTo(180);
        assertThatThrownBy(() -> complete(upload, List.of(first, second), WriteCondition.ALWAYS, null))
                .isInstanceOf(ObjectNotFound.class);
    }

    @Test
    void aPartPutAgainReplacesTheOldOneAndItsTag() throws Exception {
        Multipart.Upload upload = begin("k");
        Multipart.Part old = part(upload, 1, random(30, 1));
        Multipart.Part fresh = part(upload, 1, random(20, 2));
        assertThat(space.usedBytes()).isEqualTo(20);
        assertKind(Kind.INVALID_ARGUMENT, () -> complete(upload, List.of(old), WriteCondition.ALWAYS, null));
        complete(upload, List.of(fresh), WriteCondition.ALWAYS, null);
        assertThat(read(backend, GetRequest.whole("k"))).isEqualTo(random(20, 2));
    }

    @Test
    void aWrongDigestOfTheWholePublishesNothing() {
        Multipart.Upload upload = begin("k");
        List<Multipart.Part> parts = List.of(part(upload, 1, random(30, 1)));
        assertThatThrownBy(() -> complete(upload, parts, WriteCondition.ALWAYS, Checksum.crc32c(1)))
                .isInstanceOf(IntegrityFailure.class);
        assertThat(space.objects()).isZero();
        assertThat(space.uploads()).isOne();
    }

    @Test
    void aConditionThatFailsAtTheEndKeepsTheUpload() {
        MemoryBackendTest.put(backend, "k", "there");
        Multipart.Upload upload = begin("k");
        List<Multipart.Part> parts = List.of(part(upload, 1, random(30, 1)));
        assertThatThrownBy(() -> complete(upload, parts, WriteCondition.IF_ABSENT, null))
                .isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> complete(upload, parts, new WriteCondition.IfRevision("r0"), null))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(uploads.parts(upload, 0, call).parts()).hasSize(1);
        uploads.abort(upload, call);
        uploads.abort(upload, call);
        assertThat(space.uploads()).isZero();
        assertThat(space.usedBytes()).isEqualTo(5);
        assertThatThrownBy(() -> uploads.parts(upload, 0, call)).isInstanceOf(ObjectNotFound.class);
    }

    @Test
    void partsOutsideTheLimitsAreRefused() {
        Multipart.Upload upload = begin("k");
        assertKind(Kind.INVALID_ARGUMENT, () -> part(upload, 0, random(10, 1)));
        assertKind(Kind.INVALID_ARGUMENT, () -> part(upload, 5, random(10, 1)));
        assertKind(Kind.INVALID_ARGUMENT, () -> part(upload, 1, random(101, 1)));
        Multipart.Part tiny = part(upload, 1, random(9, 1));
        Multipart.Part last = part(upload, 2, random(100, 1));
        Multipart.Part more = part(upload, 3, random(100, 1));
        Multipart.Part much = part(upload, 4, random(100, 1));
        assertKind(Kind.INVALID_ARGUMENT, () -> complete(upload, List.of(tiny, last), WriteCondition.ALWAYS, null));
        assertKind(Kind.INVALID_ARGUMENT, () -> complete(upload, List.of(more, last), WriteCondition.ALWAYS, null));
        assertKind(Kind.INVALID_ARGUMENT, () -> complete(upload, List.of(), WriteCondition.ALWAYS, null));
        assertKind(
                Kind.INVALID_ARGUMENT, () -> complete(upload, List.of(last, more, much), WriteCondition.ALWAYS, null));
        assertThat(space.objects()).isZero();
        complete(upload, List.of(last, more), WriteCondition.ALWAYS, null);
        assertThat(space.usedBytes()).isEqualTo(200);
    }

    @Test
    void aStoreOfEqualPartsRefusesUnequalOnes() {
        PoweredBackend strict = MemoryStore.builder()
                .limits(Limits.builder()
                        .partBytes(1, 100)
                        .equalParts(true)
                        .partAlignment(4)
                        .build())
                .backend();
        Multipart parts = power(strict, Multipart.class);
        int[][] refused = {{8, 12, 8}, {8, 12}, {6, 6, 2}};
        int[][] taken = {{8, 8, 3}, {8, 8}, {7}};
        for (int[] sizes : refused) {
            assertKind(Kind.INVALID_ARGUMENT, () -> put(parts, sizes));
        }
        for (int[] sizes : taken) {
            assertThat(put(parts, sizes).size()).isEqualTo(Arrays.stream(sizes).sum());
        }
    }

    private ObjectInfo put(Multipart multipart, int[] sizes) {
        Multipart.Upload upload = new Multipart.Upload(
                "k", multipart.begin(new Multipart.Begin("k", Attributes.NONE, WriteCondition.ALWAYS, 0), call));
        List<Multipart.Part> parts = new ArrayList<>();
        for (int size : sizes) {
            parts.add(multipart.putPart(upload, parts.size() + 1, TestPayload.of(random(size, 1)), call));
        }
        return multipart.complete(
                new Multipart.Complete(
                        upload, Attributes.NONE, parts, Arrays.stream(sizes).sum(), WriteCondition.ALWAYS, null),
                call);
    }

    @Test
    void aPartIsCopiedFromTheRevisionThatWasMeant() throws Exception {
        byte[] source = random(60, 5);
        ObjectInfo info =
                backend.put(MemoryBackendTest.put("source", TestPayload.of(source), WriteCondition.ALWAYS), call);
        Multipart.Upload upload = begin("k");
        Multipart.Part first = uploads.copyPart(
                upload, 1, new Multipart.Source("source", null, info.revision(), ByteRange.of(5, 20)), call);
        Multipart.Part second =
                uploads.copyPart(upload, 2, new Multipart.Source("source", null, null, ByteRange.of(55, 5)), call);
        assertThatThrownBy(() -> uploads.copyPart(
                        upload, 3, new Multipart.Source("source", null, "r0", ByteRange.of(0, 1)), call))
                .isInstanceOf(PreconditionFailed.class);
        assertKind(
                Kind.RANGE_NOT_SATISFIABLE,
                () -> uploads.copyPart(
                        upload, 3, new Multipart.Source("source", null, null, ByteRange.of(55, 6)), call));
        complete(upload, List.of(first, second), WriteCondition.ALWAYS, null);
        byte[] expected = Arrays.copyOf(Arrays.copyOfRange(source, 5, 25), 25);
        System.arraycopy(source, 55, expected, 20, 5);
        assertThat(read(backend, GetRequest.whole("k"))).isEqualTo(expected);
    }

    @Test
    void openUploadsAndTheirPartsAreListedInPages() {
        Multipart.Upload b = begin("b");
        begin("a");
        begin("b");
        begin("c");
        for (int number = 1; number <= 3; number++) {
            part(b, number, random(10, number));
        }
        Multipart.PartPage parts = uploads.parts(b, 0, call);
        assertThat(parts.parts()).extracting(Multipart.Part::number).containsExactly(1, 2);
        assertThat(parts.more()).isTrue();
        assertThat(uploads.parts(b, 2, call).parts())
                .extracting(Multipart.Part::number)
                .containsExactly(3);
        List<String> keys = new ArrayList<>();
        @Nullable String token = null;
        do {
            Multipart.UploadPage page = uploads.uploads("", token, call);
            page.uploads().forEach(begun -> keys.add(begun.upload().key()));
            token = page.nextPageToken();
        } while (token != null);
        assertThat(keys).containsExactly("a", "b", "b", "c");
        assertThat(uploads.uploads("b", null, call).uploads()).hasSize(2);
    }

    @Test
    void theIdOfAnUploadBelongsToItsKey() {
        Multipart.Upload upload = begin("k");
        Multipart.Upload other = new Multipart.Upload("other", upload.uploadId());
        assertThatThrownBy(() -> part(other, 1, random(10, 1))).isInstanceOf(ObjectNotFound.class);
        uploads.abort(other, call);
        assertThat(space.uploads()).isOne();
        assertThat(space.usedBytes()).isZero();
    }
}
