package dev.anystore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.ByteRange;
import dev.anystore.GetOptions;
import dev.anystore.ObjectChannel;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.Progress;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.StoreOptions;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.testkit.Fault;
import dev.anystore.testkit.FaultyBackend;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading from services that break, lie or ignore what they are asked. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineReadingTest {
    private static final int PART = 10_000;
    private static final byte[] LARGE = bytes(95_500, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    private Path folder;

    private final FaultyBackend faulty = new FaultyBackend(MemoryStore.builder().backend());
    private final ObjectStore store = ObjectStore.of(faulty, StoreOptions.DEFAULT.withPartBytes((long) PART));

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void nothingStaysBehind() {
        assertThat(faulty.openBodies()).as("open bodies").isZero();
        store.close();
    }

    private static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).satisfies(e -> assertThat(
                        e instanceof StorageIOException io
                                ? io.storageException().kind()
                                : ((StorageException) e).kind())
                .isEqualTo(kind));
    }

    @Test
    void aDownloadThatNeverOpensIsTriedFiveTimesAndNoMore() {
        store.put("k", Body.of(LARGE));
        faulty.always(Verb.GET, Fault.fail(Kind.UNAVAILABLE));
        assertKind(Kind.UNAVAILABLE, () -> store.download("k", folder.resolve("target")));
        assertThat(faulty.calls(Verb.GET)).isEqualTo(5);
    }

    @Test
    void aReaderWhoseServiceIsGoneTriesFiveTimesAndNoMore() throws Exception {
        store.put("k", Body.of(LARGE));
        faulty.next(Verb.GET, Fault.cutBody(10)).always(Verb.GET, Fault.fail(Kind.UNAVAILABLE));
        try (ObjectReader reader = store.get("k")) {
            assertKind(Kind.UNAVAILABLE, reader::readAllBytes);
        }
        assertThat(faulty.calls(Verb.GET)).isEqualTo(6);
    }

    @Test
    void aLongReadOutlivesManyBreaksAndAHopelessOneEnds() throws Exception {
        byte[] content = bytes(9 << 20, 2);
        store.put("k", Body.of(content));
        faulty.always(Verb.GET, Fault.cutBody((1 << 20) + 1));
        assertThat(store.getBytes("k")).isEqualTo(content);
        faulty.always(Verb.GET, Fault.cutBody(1));
        int before = faulty.calls(Verb.GET);
        assertKind(Kind.UNAVAILABLE, () -> store.getBytes("k"));
        assertThat(faulty.calls(Verb.GET) - before).isEqualTo(5);
    }

    @Test
    void wrongBytesNeverEndWell() throws Exception {
        store.put("k", Body.of(LARGE));
        faulty.next(Verb.GET, Fault.flipBit(5));
        try (ObjectReader reader = store.get("k")) {
            assertKind(Kind.INTEGRITY, reader::readAllBytes);
            assertKind(Kind.INTEGRITY, () -> reader.read());
            assertThat(reader.length()).isEqualTo(LARGE.length);
        }
    }

    @Test
    void aReaderThatIsClosedByAnotherThreadFreesTheOneThatReads() throws Exception {
        store.put("k", Body.of(LARGE));
        faulty.next(Verb.GET, Fault.cutBody(10)).next(Verb.GET, Fault.hold(new CountDownLatch(1)));
        ObjectReader reader = store.get("k");
        Thread closer = new Thread(() -> {
            while (faulty.calls(Verb.GET) < 2) {
                Thread.onSpinWait();
            }
            reader.close();
        });
        closer.start();
        assertKind(Kind.CLOSED, reader::readAllBytes);
        closer.join();
    }

    @Test
    void everyReadTellsItsProgress() throws Exception {
        store.put("k", Body.of(LARGE));
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        store.getBytes("k", GetOptions.DEFAULT.withProgress(seen::add));
        assertThat(seen.get(seen.size() - 1).bytes()).isEqualTo(LARGE.length);
        seen.clear();
        try (ObjectReader reader = store.get("k", GetOptions.DEFAULT.withProgress(seen::add))) {
            reader.readAllBytes();
        }
        assertThat(seen).extracting(Progress::bytes).isSorted().endsWith((long) LARGE.length);
    }

    // ---- services that ignore conditions

    @Test
    void aServiceThatIgnoresConditionsNeverMixesVersions() throws Exception {
        byte[] other = bytes(LARGE.length, 9);
        store.put("k", Body.of(LARGE));
        try (ObjectStore ignoring = ignoring(
                        request -> new GetRequest(
                                request.key(), request.headOnly(), request.range(), request.version(), null, null),
                        (request, answer) -> answer);
                ObjectChannel channel = ignoring.openChannel("k")) {
            String first = ignoring.head("k").revision();
            assertThat(ignoring.getIfChanged("k", first)).isEmpty();
            channel.read(ByteBuffer.allocate(100), 0);
            store.put("k", Body.of(other));
            assertKind(Kind.OBJECT_CHANGED, () -> channel.read(ByteBuffer.allocate(100), 0));
            assertKind(Kind.PRECONDITION_FAILED, () -> ignoring.getBytes("k", GetOptions.DEFAULT.ifRevision(first)));
            ignoring.getIfChanged("k", first).orElseThrow().close();
        }
    }

    @Test
    void rangesOfAnObjectThatIsReplacedInBetweenAreAChange() {
        store.put("k", Body.of(LARGE));
        faulty.nth(Verb.GET, 1, Fault.hold(new CountDownLatch(1)));
        try (ObjectStore replacing = ignoring(UnaryOperator.identity(), (request, answer) -> {
            if (request.headOnly()) {
                store.put("k", Body.of(bytes(50, 3)));
            }
            return answer;
        })) {
            faulty.recover();
            assertKind(
                    Kind.OBJECT_CHANGED,
                    () -> replacing.getRanges("k", List.of(ByteRange.of(0, 10), ByteRange.of(90_000, 10))));
        }
    }

    @Test
    void anAnswerThatNobodyAskedForIsAProtocolError() {
        store.put("k", Body.of(LARGE));
        try (ObjectStore odd = ignoring(UnaryOperator.identity(), (request, answer) -> {
            answer.close();
            return GetResponse.unchanged();
        })) {
            assertKind(Kind.PROTOCOL, () -> odd.getBytes("k"));
            assertKind(Kind.PROTOCOL, () -> odd.download("k", folder.resolve("target")));
        }
    }

    @Test
    void aBodyThatFailsToCloseHarmsNothing() throws Exception {
        store.put("k", Body.of(LARGE));
        try (ObjectStore odd = ignoring(
                UnaryOperator.identity(),
                (request, answer) -> request.headOnly()
                        ? answer
                        : GetResponse.of(
                                answer.info(), answer.offset(), answer.length(), new FilterInputStream(answer.body()) {
                                    @Override
                                    public void close() throws IOException {
                                        super.close();
                                        throw new IOException("reset by peer");
                                    }
                                }))) {
            assertThat(odd.getBytes("k")).isEqualTo(LARGE);
            odd.download("k", folder.resolve("target"));
            assertThat(folder.resolve("target")).hasBinaryContent(LARGE);
        }
    }

    @Test
    void optionsThatAVerbCanNotKeepAreRefused() {
        store.put("k", Body.of(LARGE));
        GetOptions range = GetOptions.DEFAULT.withRange(ByteRange.of(1, 2));
        assertKind(Kind.INVALID_ARGUMENT, () -> store.openChannel("k", range));
        assertKind(Kind.INVALID_ARGUMENT, () -> store.getRanges("k", List.of(ByteRange.of(0, 1)), range));
        assertKind(Kind.INVALID_ARGUMENT, () -> store.download("k", folder.resolve("target"), range));
        GetOptions verified = GetOptions.DEFAULT.withRequireVerified(true);
        assertKind(Kind.INTEGRITY, () -> store.getRanges("k", List.of(ByteRange.of(0, 1)), verified));
        assertKind(Kind.INTEGRITY, () -> store.openChannel("k", verified).read(ByteBuffer.allocate(3), 5));
    }

    // ---- targets

    @Test
    void onlyARegularFileIsATarget() throws Exception {
        store.put("k", Body.of(LARGE));
        Path socket = folder.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertKind(Kind.LOCAL_IO, () -> store.download("k", socket));
            assertKind(Kind.LOCAL_IO, () -> store.download("k", folder));
        }
        assertThat(socket).exists();
        Path linked = Files.write(folder.resolve("linked"), new byte[] {1});
        Path link = Files.createSymbolicLink(folder.resolve("link"), linked);
        store.download("k", link);
        assertThat(link).hasBinaryContent(LARGE);
        assertThat(linked).as("behind the link").hasBinaryContent(new byte[] {1});
    }

    @Test
    void anInterruptAtAnyPointOfADownloadIsACancelOrASuccess() throws Exception {
        store.put("k", Body.of(bytes(100, 4)));
        Path target = Files.write(folder.resolve("target"), new byte[] {1});
        GetOptions interrupting =
                GetOptions.DEFAULT.withProgress(p -> Thread.currentThread().interrupt());
        assertKind(Kind.CANCELLED, () -> store.download("k", target, interrupting));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(target).hasBinaryContent(new byte[] {1});
    }

    private ObjectStore ignoring(
            UnaryOperator<GetRequest> asked, BiFunction<GetRequest, GetResponse, GetResponse> answered) {
        return ObjectStore.of(new OddReads(faulty, asked, answered), StoreOptions.DEFAULT.withPartBytes((long) PART));
    }
}
