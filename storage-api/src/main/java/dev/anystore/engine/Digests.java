package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Payload;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A digest that is fed and asked once. */
public interface Digests {
    /** The bytes between position and limit, which are then consumed. */
    void update(ByteBuffer bytes);

    /** These bytes. */
    void update(byte[] bytes, int offset, int length);

    /** The digest of all that was fed. */
    Checksum result();

    /** Which digest this library can make, best first: a CRC32C costs nothing beside the transfer, MD5 more than all of it. */
    List<Algorithm> PREFERRED = List.of(Algorithm.CRC32C, Algorithm.SHA256, Algorithm.SHA1, Algorithm.MD5);

    /** Begins a digest; null if this library can't make it. */
    static @Nullable Digests begin(Algorithm algorithm) {
        return switch (algorithm) {
            case CRC32C -> new Crc();
            case MD5 -> new Secure(algorithm, "MD5");
            case SHA1 -> new Secure(algorithm, "SHA-1");
            case SHA256 -> new Secure(algorithm, "SHA-256");
            case CRC64NVME -> null;
        };
    }

    /**
     * Compares what a service says of the bytes that it has with what is known of those that were sent; another try may send
     * them whole.
     */
    static void requireSame(Payload sent, @Nullable Checksum stored) {
        if (stored == null) {
            return;
        }
        Checksum known = sent.knownChecksum(stored.algorithm());
        if (known != null && !known.equals(stored)) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("the service has " + stored.algorithm() + " " + stored.hex() + ", sent was " + known.hex())
                    .retryable(true)
                    .build();
        }
    }

    /** The best of these digests that this library can make, or null. */
    static @Nullable Checksum best(List<Checksum> checksums) {
        for (Algorithm algorithm : PREFERRED) {
            for (Checksum checksum : checksums) {
                if (checksum.algorithm() == algorithm) {
                    return checksum;
                }
            }
        }
        return null;
    }

    /** CRC32C, in the JVM's own intrinsic. */
    final class Crc implements Digests {
        private final CRC32C crc = new CRC32C();

        private Crc() {}

        @Override
        public void update(ByteBuffer bytes) {
            crc.update(bytes);
        }

        @Override
        public void update(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
        }

        @Override
        public Checksum result() {
            return Checksum.crc32c(crc.getValue());
        }
    }

    /** A digest of the JVM's providers. */
    final class Secure implements Digests {
        private final Algorithm algorithm;
        private final MessageDigest digest;

        private Secure(Algorithm algorithm, String name) {
            this.algorithm = algorithm;
            try {
                this.digest = MessageDigest.getInstance(name);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has " + name, e);
            }
        }

        @Override
        public void update(ByteBuffer bytes) {
            digest.update(bytes);
        }

        @Override
        public void update(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        @Override
        public Checksum result() {
            return Checksum.of(algorithm, digest.digest());
        }
    }

    /** The digest of the digests of equal parts, of which the last may be smaller. */
    final class OfParts implements Digests {
        private final Algorithm algorithm;
        private final long partBytes;
        private final Digests whole;
        private Digests part;
        private long left;

        OfParts(Algorithm algorithm, long partBytes) {
            this.algorithm = algorithm;
            this.partBytes = partBytes;
            this.whole = make(algorithm);
            this.part = make(algorithm);
            this.left = partBytes;
        }

        private static Digests make(Algorithm algorithm) {
            Digests digest = begin(algorithm);
            if (digest == null) {
                throw new IllegalArgumentException("no " + algorithm + " here");
            }
            return digest;
        }

        @Override
        public void update(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                int n = next(bytes.remaining());
                part.update(bytes.duplicate().limit(bytes.position() + n));
                bytes.position(bytes.position() + n);
            }
        }

        @Override
        public void update(byte[] bytes, int offset, int length) {
            int end = offset + length;
            for (int from = offset; from < end; ) {
                int n = next(end - from);
                part.update(bytes, from, n);
                from += n;
            }
        }

        /** How many bytes still belong to this part, or else to the next one, which begins. */
        private int next(int available) {
            if (left == 0) {
                endPart();
                left = partBytes;
            }
            int n = (int) Math.min(left, available);
            left -= n;
            return n;
        }

        private void endPart() {
            byte[] digest = part.result().bytes();
            whole.update(digest, 0, digest.length);
            part = make(algorithm);
        }

        @Override
        public Checksum result() {
            endPart();
            return whole.result();
        }
    }
}
