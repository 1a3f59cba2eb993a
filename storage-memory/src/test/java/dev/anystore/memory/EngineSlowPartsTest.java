package dev.anystore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.ObjectStore;
import dev.anystore.Progress;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StoreOptions;
import dev.anystore.testkit.Fault;
import dev.anystore.testkit.FaultyBackend;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A part that hangs is sent a second time where that loses nothing, and only there. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineSlowPartsTest {
    private static final int PART = 10_000;
    private static final byte[] LARGE = bytes(195_500, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    private Path folder;

    private FaultyBackend faulty = new FaultyBackend(MemoryStore.builder().backend());
    private ObjectStore store = open();

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private ObjectStore open(Capability... without) {
        faulty = new FaultyBackend(MemoryStore.builder().without(without).backend());
        return ObjectStore.of(
                faulty, StoreOptions.DEFAULT.withPartBytes((long) PART).withConnectionsPerTransfer(4));
    }

    @AfterEach
    void nothingStaysBehind() {
        faulty.recover();
        assertThat(store.uploads().list("")).isEmpty();
        store.close();
    }

    @Test
    void aPartThatHangsIsSentASecondTimeAndTheFirstAnswerCounts() throws Exception {
        Path file = Files.write(folder.resolve("source"), LARGE);
        // Never opened: without a second sender this upload would not end.
        faulty.nth(Verb.PUT_PART, 12, Fault.hold(new CountDownLatch(1)));
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        store.upload(file, "file", PutOptions.DEFAULT.withProgress(seen::add));
        assertThat(store.getBytes("file")).isEqualTo(LARGE);
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(21);
        assertThat(faulty.calls(Verb.PARTS))
                .as("which of the two is there is asked")
                .isEqualTo(1);
        assertThat(seen.get(seen.size() - 1)).isEqualTo(new Progress(LARGE.length, LARGE.length, 20, 20, 0));
    }

    @Test
    void aPartOfAStreamKeepsItsBufferUntilBothSendersHaveEnded() {
        faulty.nth(Verb.PUT_PART, 12, Fault.hold(new CountDownLatch(1)));
        store.put("stream", Body.stream(new ByteArrayInputStream(LARGE), LARGE.length));
        assertThat(store.getBytes("stream")).isEqualTo(LARGE);
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(21);
    }

    @Test
    void aSecondSenderThatFailsLeavesThePartToTheFirst() {
        faulty.nth(Verb.PUT_PART, 12, Fault.delay(Duration.ofSeconds(2)))
                .nth(Verb.PUT_PART, 21, Fault.fail(Kind.ACCESS_DENIED));
        store.put("k", Body.of(LARGE));
        assertThat(store.getBytes("k")).isEqualTo(LARGE);
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(21);
    }

    @Test
    void aPartThatFailsForBothFailsTheUpload() {
        CountDownLatch gate = new CountDownLatch(1);
        faulty.nth(Verb.PUT_PART, 12, Fault.hold(gate)).nth(Verb.PUT_PART, 21, Fault.hold(gate));
        Thread opener = new Thread(() -> {
            while (faulty.calls(Verb.PUT_PART) < 21) {
                Thread.onSpinWait();
            }
            // Both go on into a service that has no such upload any more.
            store.uploads().abort(store.uploads().list("k"));
            gate.countDown();
        });
        opener.setDaemon(true);
        opener.start();
        assertThatThrownBy(() -> store.put("k", Body.of(LARGE)))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
                .hasMessageContaining("part");
    }

    @Test
    void aRangeThatHangsIsAskedForAnew() throws Exception {
        store.put("k", Body.of(LARGE));
        int before = faulty.calls(Verb.GET);
        faulty.nth(Verb.GET, before + 14, Fault.hold(new CountDownLatch(1)));
        // The first answer ends early, so that all but its first part are ranges.
        faulty.nth(Verb.GET, before + 1, Fault.cutBody(PART + 5L));
        store.download("k", folder.resolve("target"));
        assertThat(folder.resolve("target")).hasBinaryContent(LARGE);
        // The front, 19 ranges and the one that was asked for anew; 20 if they are done before the front has begun to
        // read.
        assertThat(faulty.calls(Verb.GET)).isBetween(before + 21, before + 22);
        assertThat(faulty.openBodies()).isZero();
    }

    @Test
    void nothingIsSentTwiceWhereTheStoreDoesNotSayThatThisLosesNothing() {
        store.close();
        store = open(Capability.TWIN_PARTS);
        faulty.nth(Verb.PUT_PART, 12, Fault.delay(Duration.ofMillis(1200)));
        store.put("k", Body.of(LARGE));
        assertThat(faulty.calls(Verb.PUT_PART)).isEqualTo(20);
        assertThat(faulty.calls(Verb.PARTS)).isZero();
    }
}
