package dev.anystore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.CopyOptions;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.PreconditionFailed;
import dev.anystore.Progress;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.Transfer;
import dev.anystore.UnsupportedCapability;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.WriteCondition;
import dev.anystore.testkit.Fault;
import dev.anystore.testkit.FaultyBackend;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies of what is too large for one request, and options that a copy must not drop. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineCopyTest {
    private static final int PART = 10_000;
    private static final byte[] LARGE = bytes(95_500, 1);

    private FaultyBackend faulty = new FaultyBackend(MemoryStore.builder().backend());
    private ObjectStore store = open();

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private ObjectStore open(Capability... without) {
        faulty = new FaultyBackend(MemoryStore.builder()
                .limits(Limits.builder().singleCopyBytes(30_000).build())
                .without(without)
                .backend());
        return ObjectStore.of(faulty, StoreOptions.DEFAULT.withPartBytes((long) PART));
    }

    @AfterEach
    void nothingStaysBehind() {
        faulty.recover();
        if (store.capabilities().has(Capability.MULTIPART)) {
            assertThat(store.uploads().list("")).as("unfinished uploads").isEmpty();
        }
        assertThat(faulty.openBodies()).isZero();
        store.close();
    }

    private static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    private static Checksum crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Checksum.crc32c(crc.getValue());
    }

    @Test
    void theServiceCopiesThePartsAndTheirDigestIsThatOfTheSource() {
        store.put(
                "from",
                Body.of(LARGE),
                PutOptions.DEFAULT.withContentType("text/plain").withMetadata(Map.of("a", "1")));
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        ObjectInfo copy = store.copy("from", "to", CopyOptions.DEFAULT.withProgress(seen::add));
        assertThat(faulty.calls(Verb.COPY_PART)).isEqualTo(10);
        assertThat(faulty.calls(Verb.GET)).isZero();
        assertThat(copy.verification()).isEqualTo(Verification.WHOLE);
        assertThat(copy.contentType()).contains("text/plain");
        assertThat(copy.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(copy.checksums()).contains(crc32c(LARGE));
        assertThat(seen.get(seen.size() - 1)).isEqualTo(new Progress(LARGE.length, LARGE.length, 10, 10, 0));
        assertThat(store.getBytes("to")).isEqualTo(LARGE);
        assertThat(store.head("to").metadata()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void withoutPartsTheBytesPassThisMachine() {
        store = open(Capability.MULTIPART);
        store.put("from", Body.of(LARGE));
        store.copy("from", "to");
        assertThat(faulty.calls(Verb.COPY_PART)).isZero();
        assertThat(store.getBytes("to")).isEqualTo(LARGE);
    }

    @Test
    void aPartThatCanNotBeCopiedPublishesNothing() {
        store.put("from", Body.of(LARGE));
        store.put("to", Body.of(bytes(3, 3)));
        faulty.nth(Verb.COPY_PART, 4, Fault.fail(Kind.ACCESS_DENIED));
        assertKind(Kind.ACCESS_DENIED, () -> store.copy("from", "to"));
        assertThat(store.getBytes("to")).isEqualTo(bytes(3, 3));
        faulty.recover();
        faulty.next(Verb.COPY_PART, Fault.UNAVAILABLE).next(Verb.COPY_PART, Fault.LOSE_ANSWER);
        store.copy("from", "to");
        assertThat(store.getBytes("to")).isEqualTo(LARGE);
    }

    @Test
    void aSourceThatIsReplacedMeanwhileIsNeverMixed() throws Exception {
        store.put("from", Body.of(LARGE));
        CountDownLatch gate = new CountDownLatch(1);
        faulty.nth(Verb.COPY_PART, 5, Fault.hold(gate));
        try (Transfer<ObjectInfo> transfer = store.startCopy("from", "to", CopyOptions.DEFAULT)) {
            while (faulty.calls(Verb.COPY_PART) < 5) {
                Thread.onSpinWait();
            }
            store.put("from", Body.of(bytes(LARGE.length, 2)));
            gate.countDown();
            assertKind(Kind.OBJECT_CHANGED, transfer::join);
        }
        assertThat(store.exists("to")).isFalse();
    }

    @Test
    void copiedPartsWithAnotherDigestThanTheSourceAreNotPublished() {
        Map<String, String> wrong = Map.of("anystorecrc32c", "00000001:" + LARGE.length);
        faulty.put(
                new PutRequest(
                        "from",
                        dev.anystore.engine.Payloads.of(ByteBuffer.wrap(LARGE)),
                        Attributes.NONE.withMetadata(wrong),
                        WriteCondition.ALWAYS),
                Call.unbounded());
        assertKind(Kind.INTEGRITY, () -> store.copy("from", "to"));
        assertThat(store.exists("to")).isFalse();
    }

    @Test
    void aCompleteWhoseAnswerIsLostIsASuccess() {
        store.put("from", Body.of(LARGE));
        faulty.next(Verb.COMPLETE, Fault.LOSE_ANSWER);
        store.copy("from", "to");
        assertThat(store.getBytes("to")).isEqualTo(LARGE);
    }

    @Test
    void aMoveDeletesNothingBeforeTheCopyIsThereAndVerified() {
        store.put("from", Body.of(LARGE));
        faulty.always(Verb.COMPLETE, Fault.fail(Kind.ACCESS_DENIED));
        assertKind(Kind.ACCESS_DENIED, () -> store.move("from", "to"));
        assertThat(store.exists("from")).isTrue();
        faulty.recover();
        store.move("from", "to");
        assertThat(store.exists("from")).isFalse();
        assertThat(store.getBytes("to")).isEqualTo(LARGE);
    }

    @Test
    void aCopyThatIsCancelledStopsAndLeavesNothing() throws Exception {
        store.put("from", Body.of(LARGE));
        faulty.always(Verb.COPY_PART, Fault.hold(new CountDownLatch(1)));
        cancelled(Verb.COPY_PART, store.startCopy("from", "to", CopyOptions.DEFAULT));
        store.put("small", Body.of(bytes(5, 5)));
        faulty.always(Verb.COPY, Fault.hold(new CountDownLatch(1)));
        cancelled(Verb.COPY, store.startCopy("small", "to", CopyOptions.DEFAULT));
        assertThat(store.exists("to")).isFalse();
    }

    private void cancelled(Verb verb, Transfer<ObjectInfo> transfer) throws Exception {
        while (faulty.calls(verb) == 0) {
            Thread.onSpinWait();
        }
        transfer.cancel();
        assertThatThrownBy(() -> transfer.future().get(100, TimeUnit.SECONDS)).hasMessageContaining("cancelled");
    }

    @Test
    void theConditionOfWhatReplacesIsOneOfTheCopy() {
        store.put("from", Body.of(bytes(10, 1)));
        store.put("large", Body.of(LARGE));
        store.put("to", Body.of(bytes(3, 3)));
        CopyOptions ifAbsent = CopyOptions.DEFAULT.replacing(PutOptions.DEFAULT.ifAbsent());
        assertThatThrownBy(() -> store.copy("from", "to", ifAbsent)).isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> store.copy("large", "to", ifAbsent)).isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> ifAbsent.ifRevision("other")).isInstanceOf(IllegalArgumentException.class);
        store = open(Capability.COMPLETE_IF_ABSENT);
        store.put("large", Body.of(LARGE));
        assertThatThrownBy(() -> store.copy("large", "to", ifAbsent)).isInstanceOf(UnsupportedCapability.class);
    }

    @Test
    void theDigestOfWhatReplacesIsOneOfTheBytes() {
        byte[] small = bytes(10, 1);
        store.put("from", Body.of(small));
        store.put("large", Body.of(LARGE));
        for (String from : List.of("from", "large")) {
            byte[] bytes = store.getBytes(from);
            assertKind(
                    Kind.INTEGRITY,
                    () -> store.copy(
                            from,
                            "to",
                            CopyOptions.DEFAULT.replacing(PutOptions.DEFAULT.withChecksum(crc32c(bytes(7, 7))))));
            // The service has no MD5, so the bytes have to be looked at.
            Checksum wrong = new Checksum(Checksum.Algorithm.MD5, "0".repeat(32));
            assertKind(
                    Kind.INTEGRITY,
                    () -> store.copy(
                            from, "to", CopyOptions.DEFAULT.replacing(PutOptions.DEFAULT.withChecksum(wrong))));
            assertThat(store.exists("to")).isFalse();
            store.copy(
                    from,
                    from + "-copy",
                    CopyOptions.DEFAULT.replacing(PutOptions.DEFAULT.withChecksum(crc32c(bytes))));
            assertThat(store.getBytes(from + "-copy")).isEqualTo(bytes);
        }
    }
}
