package dev.anystore.local;

import static dev.anystore.local.Fixtures.get;
import static dev.anystore.local.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.WriteCondition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of more than one step of the {@link Follower}: a thread reads back and forces what is written. */
class LargeFileTest {
    private static final int BYTES = (int) Follower.STEP_BYTES + 4_321_000;

    private final Path root;
    private final Path source;
    private final byte[] bytes = new byte[BYTES];

    LargeFileTest(@TempDir Path folder) throws IOException {
        this.root = folder.resolve("root");
        this.source = folder.resolve("source");
        new Random(7).nextBytes(bytes);
        Files.write(source, bytes);
    }

    @AfterEach
    void noThreadIsLeft() {
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .noneMatch(name -> name.startsWith("anystore-local"));
    }

    /** The writer waits once for its follower, which then forces or fails. */
    private static final class Followed extends ForwardingChanges {
        final AtomicInteger early = new AtomicInteger();
        private final @Nullable String failure;
        private int waiting = -1;

        Followed(@Nullable String failure) {
            super(new DiskChanges(false));
            this.failure = failure;
        }

        @Override
        public void write(FileChannel file, ByteBuffer bytes) throws IOException {
            int before = early.get();
            super.write(file, bytes);
            if (file.position() == Follower.STEP_BYTES) {
                waiting = before;
            } else if (file.position() > Follower.STEP_BYTES && waiting >= 0) {
                await(waiting);
                waiting = -1;
            }
        }

        private void await(int before) throws IOException {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (early.get() == before) {
                if (System.nanoTime() > until) {
                    throw new IOException("nobody followed");
                }
                LockSupport.parkNanos(1_000_000);
            }
        }

        @Override
        public void force(FileChannel file) throws IOException {
            boolean follows = Thread.currentThread().getName().startsWith("anystore-local");
            if (follows) {
                early.incrementAndGet();
            }
            if (follows && failure != null) {
                throw new IOException(failure);
            }
            super.force(file);
        }
    }

    private static PutRequest request(Payload payload) {
        return new PutRequest("k", payload, Attributes.NONE, WriteCondition.ALWAYS);
    }

    private void assertFails(LocalBackend store, Kind kind, Call call) throws IOException {
        put(store, "k", "old");
        assertThatThrownBy(() -> store.put(request(Fixtures.payload(source)), call))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.kind()).as("%s", e).isEqualTo(kind));
        assertThat(get(store, "k")).isEqualTo("old");
        try (Stream<Path> left = Files.walk(root.resolve(".anystore/tmp"))) {
            assertThat(left.filter(Files::isRegularFile)
                            .map(path -> path.getFileName().toString()))
                    .containsExactly("lock");
        }
    }

    @Test
    void itIsForcedWhileItIsWrittenAndWhatIsInTheFileIsWhatWasRead() {
        Followed changes = new Followed(null);
        try (LocalBackend store = LocalBackend.open(root, changes)) {
            for (Payload payload : new Payload[] {
                Fixtures.payload(source),
                Fixtures.stream(BYTES, new ByteArrayInputStream(bytes)),
                Fixtures.stream(Payload.UNKNOWN, new ByteArrayInputStream(bytes))
            }) {
                int before = changes.early.get();
                ObjectInfo info = store.put(request(payload), Call.unbounded());
                assertThat(info.verification()).isEqualTo(Verification.WHOLE);
                assertThat(info.checksum(Checksum.Algorithm.CRC32C).map(Checksum::hex))
                        .contains(Fixtures.crc32c(bytes));
                assertThat(root.resolve("k")).hasBinaryContent(bytes);
                assertThat(changes.early).as("forced before the end").hasValueGreaterThan(before);
            }
        }
    }

    @Test
    void aDiskThatFailsMeanwhileFailsThePut() throws IOException {
        // Linux tells each opener of a file once that it could not write: later the same force succeeds.
        Changes changes = new Followed("Input/output error");
        try (LocalBackend store = LocalBackend.open(root, changes)) {
            assertFails(store, Kind.LOCAL_IO, Call.unbounded());
        }
    }

    @Test
    void bytesThatComeBackOtherThanTheyWereWrittenAreNotPublished() throws IOException {
        Changes changes = new ForwardingChanges(new DiskChanges(false)) {
            @Override
            public void write(FileChannel file, ByteBuffer bytes) throws IOException {
                super.write(file, bytes);
                if (file.position() == Follower.STEP_BYTES / 2) {
                    file.write(ByteBuffer.wrap(new byte[16]), 1000);
                }
            }
        };
        try (LocalBackend store = LocalBackend.open(root, changes)) {
            assertFails(store, Kind.INTEGRITY, Call.unbounded());
        }
    }

    @Test
    void aSourceThatChangesMeanwhileIsNotPublished() throws IOException {
        try (LocalBackend store = Fixtures.open(root)) {
            AtomicLong sent = new AtomicLong();
            Call changing = Call.unbounded().observedBy(piece -> {
                if (sent.addAndGet(piece) > BYTES / 2) {
                    try (FileChannel file = FileChannel.open(source, StandardOpenOption.WRITE)) {
                        file.write(ByteBuffer.wrap(new byte[] {1}), 5);
                        Files.setLastModifiedTime(source, FileTime.fromMillis(1000));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
            assertFails(store, Kind.SOURCE_CHANGED, changing);
            Call cutting = Call.unbounded().observedBy(piece -> {
                try (FileChannel file = FileChannel.open(source, StandardOpenOption.WRITE)) {
                    file.truncate(BYTES / 2);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertFails(store, Kind.SOURCE_CHANGED, cutting);
        }
    }

    @Test
    void aStoreThatIsClosedMeanwhileEndsThePutAndTakesItAway() throws IOException {
        LocalBackend store = Fixtures.open(root);
        put(store, "k", "old");
        AtomicLong sent = new AtomicLong();
        Call closing = Call.unbounded().observedBy(piece -> {
            if (sent.addAndGet(piece) > BYTES / 2) {
                store.close();
            }
        });
        assertThatThrownBy(() -> store.put(request(Fixtures.payload(source)), closing))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
        assertThat(root.resolve("k")).hasContent("old");
        assertThat(root.resolve(".anystore/tmp")).isEmptyDirectory();
    }
}
