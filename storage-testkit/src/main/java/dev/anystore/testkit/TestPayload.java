package dev.anystore.testkit;

import dev.anystore.Checksum;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A payload of given bytes, for tests that talk to a backend without the engine: repeatable and in memory at first, and made
 * as awkward as a payload may be by its {@code with…} methods, or more awkward than it may be. Immutable.
 */
public final class TestPayload implements Payload {
    private final byte[] bytes;
    private final long length;
    private final boolean repeatable;
    private final boolean inMemory;
    private final Map<Checksum.Algorithm, Checksum> known;

    private TestPayload(
            byte[] bytes, long length, boolean repeatable, boolean inMemory, Map<Checksum.Algorithm, Checksum> known) {
        this.bytes = bytes;
        this.length = length;
        this.repeatable = repeatable;
        this.inMemory = inMemory;
        this.known = new ConcurrentHashMap<>(known);
    }

    /** These bytes. */
    public static TestPayload of(byte[] bytes) {
        return new TestPayload(bytes.clone(), bytes.length, true, true, Map.of());
    }

    /** The same as a stream that can be opened once. */
    public TestPayload asStream() {
        return new TestPayload(bytes, length, false, false, known);
    }

    /** The same as a stream that says nothing of its length. */
    public TestPayload withUnknownLength() {
        return new TestPayload(bytes, UNKNOWN, false, false, known);
    }

    /** The same as a stream that declares this length, true or not. */
    public TestPayload withDeclaredLength(long value) {
        return new TestPayload(bytes, value, repeatable, false, known);
    }

    /** The same with a digest that is known before anything is read, true or not. */
    public TestPayload withKnown(Checksum checksum) {
        Map<Checksum.Algorithm, Checksum> more = new ConcurrentHashMap<>(known);
        more.put(checksum.algorithm(), checksum);
        return new TestPayload(bytes, length, repeatable, inMemory, more);
    }

    /** The same with its true CRC32C known before anything is read. */
    public TestPayload withKnownCrc32c() {
        return withKnown(digest(Checksum.Algorithm.CRC32C, bytes));
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean repeatable() {
        return repeatable;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public @Nullable FileRegion file() {
        return null;
    }

    @Override
    public @Nullable ByteBuffer buffer() {
        return inMemory ? ByteBuffer.wrap(bytes).asReadOnlyBuffer() : null;
    }

    @Override
    public Checksum checksum(Checksum.Algorithm algorithm) throws IOException {
        if (!repeatable) {
            throw new IOException("the payload can't be read twice");
        }
        return known.computeIfAbsent(algorithm, wanted -> digest(wanted, bytes));
    }

    @Override
    public @Nullable Checksum knownChecksum(Checksum.Algorithm algorithm) {
        return known.get(algorithm);
    }

    @Override
    public String toString() {
        return "TestPayload[" + Arrays.hashCode(bytes) + ", " + length + " bytes]";
    }

    /**
     * The digest of these bytes.
     *
     * @throws IllegalArgumentException for CRC64NVME, which the JDK does not have
     */
    public static Checksum digest(Checksum.Algorithm algorithm, byte[] bytes) {
        return switch (algorithm) {
            case CRC32C -> {
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                yield Checksum.crc32c(crc.getValue());
            }
            case MD5 -> digest(algorithm, "MD5", bytes);
            case SHA1 -> digest(algorithm, "SHA-1", bytes);
            case SHA256 -> digest(algorithm, "SHA-256", bytes);
            case CRC64NVME -> throw new IllegalArgumentException("the JDK has no CRC-64/NVME");
        };
    }

    private static Checksum digest(Checksum.Algorithm algorithm, String name, byte[] bytes) {
        try {
            return Checksum.of(algorithm, MessageDigest.getInstance(name).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }
}
