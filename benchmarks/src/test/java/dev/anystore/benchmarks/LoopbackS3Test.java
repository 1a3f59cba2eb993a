package dev.anystore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.ByteRange;
import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.StorageException;
import dev.anystore.Verification;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is worth as much as what it counts: so the library's own checks are held against it. */
class LoopbackS3Test {
    private static final long BYTES = (21L << 20) + 17;
    private static Content content;

    @TempDir
    private Path folder;

    private LoopbackS3 server;
    private Job job;
    private ObjectStore store;

    @BeforeAll
    static void generate() {
        content = Content.generated();
    }

    @BeforeEach
    void start() throws IOException {
        server = LoopbackS3.start(content);
        server.verify(true);
        job = new Job(server.endpoint(), folder.resolve("source"), folder.resolve("target"), BYTES, 5 << 20, 3);
        content.writeFile(job.source(), BYTES);
        store = AnystoreContender.store(job);
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
        assertThat(server.sink().openUploads()).as("uploads left open").isZero();
    }

    @Test
    void aFileGoesUpInPartsAndEveryByteIsCounted() {
        ObjectInfo info = store.upload(job.source(), "k");

        assertThat(info.verification()).isEqualTo(Verification.WHOLE);
        LoopbackS3.Counts counts = server.counts();
        assertThat(counts.received()).isEqualTo(BYTES);
        assertThat(counts.requests()).as("begin, five parts, complete").isEqualTo(7);
        assertThat(counts.connectionsMost()).isBetween(1, 3);
        assertThat(counts.cpuNanos()).isPositive();
        assertThat(store.head("k").size()).isEqualTo(BYTES);
    }

    @Test
    void anObjectComesDownAsItIs() throws IOException {
        ObjectInfo info = store.download(job.downloadKey(), job.target());

        assertThat(info.verification()).isEqualTo(Verification.WHOLE);
        assertThat(content.isIn(job.target(), BYTES)).isTrue();
        assertThat(server.counts().sent()).isGreaterThanOrEqualTo(BYTES);
    }

    @Test
    void aRangeIsTheBytesOfThatRange() {
        byte[] bytes = store.getBytes(job.downloadKey(), GetOptions.DEFAULT.withRange(ByteRange.of(70_000, 11)));

        byte[] expected = new byte[11];
        content.piece(70_000, 11).get(expected);
        assertThat(bytes).isEqualTo(expected);
    }

    @Test
    void aSmallObjectIsPutFoundAndDeleted() {
        store.put("small", Body.of(new byte[] {1, 2, 3}));

        assertThat(store.head("small").size()).isEqualTo(3);
        store.delete("small");
        assertThat(store.find("small")).isEmpty();
    }

    @Test
    void bytesThatDifferFromTheirDigestAreRefused() throws IOException {
        String answer =
                exchange("PUT /bench/k HTTP/1.1\r\nContent-Length: 3\r\nx-amz-checksum-crc32c: AAAAAA==\r\n\r\nabc");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("BadDigest");
        assertThat(store.find("k")).isEmpty();
    }

    @Test
    void anotherBucketIsNotThere() throws IOException {
        assertThat(exchange("GET /other/k HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .contains("NoSuchBucket");
    }

    @Test
    void refusedPartsAreSentAgainUntilTheObjectIsWhole() throws IOException {
        server.behave(Behaviour.DIRECT.withRefusals(4));

        store.upload(job.source(), "k");
        store.download(job.downloadKey(), job.target());

        assertThat(server.counts().received()).isEqualTo(BYTES);
        assertThat(content.isIn(job.target(), BYTES)).isTrue();
    }

    @Test
    void anUploadThatCanNotBeFinishedIsDropped() {
        server.behave(Behaviour.DIRECT.withRefusals(1));

        assertThatThrownBy(() -> store.upload(job.source(), "k")).isInstanceOf(StorageException.class);

        assertThat(store.find("k")).isEmpty();
    }

    @Test
    void aSlowLinkIsAsSlowAsItSays() throws IOException {
        server.behave(Behaviour.DIRECT.withLink(5, 200_000_000L));
        long began = System.nanoTime();

        store.upload(job.source(), "k");

        // One wave of two parts on each of three connections, less what else is faster: a bound from below alone.
        assertThat(System.nanoTime() - began).isGreaterThan(25_000_000L);
    }

    private String exchange(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(server.address())) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }
}
