package dev.anystore.memory;

import dev.anystore.Checksum;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Call;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of one payload into memory, counting them against the space and comparing them with every digest that the
 * payload knows. Nothing is kept of a payload that ends early, goes on too long or differs.
 */
final class Receiver {
    // CRC-64/NVME is not among the JDK's; a payload that knows only that is stored and said to be unverified.
    private static final Map<Checksum.Algorithm, String> JDK_NAMES = Map.of(
            Checksum.Algorithm.MD5, "MD5",
            Checksum.Algorithm.SHA1, "SHA-1",
            Checksum.Algorithm.SHA256, "SHA-256");

    private final MemorySpace space;
    private final Call call;
    private final long maxBytes;
    private final CRC32C crc = new CRC32C();
    private final Map<Checksum, MessageDigest> digests = new LinkedHashMap<>();
    private final List<Content.Piece> pieces = new ArrayList<>();
    private long received;

    /**
     * What arrived.
     *
     * @param content the bytes
     * @param crc32c of them
     * @param verified whether they were compared with a digest that came with them
     */
    record Received(Content content, Checksum crc32c, boolean verified) {}

    private Receiver(MemorySpace space, Call call, long maxBytes) {
        this.space = space;
        this.call = call;
        this.maxBytes = maxBytes;
    }

    /**
     * Reads the payload to its end.
     *
     * @param maxBytes the most that the store takes in one request
     * @return the bytes, reserved in the space; whoever does not store them releases them
     */
    static Received receive(MemorySpace space, Payload payload, Call call, long maxBytes) {
        Receiver receiver = new Receiver(space, call, maxBytes);
        boolean done = false;
        try {
            Received received = receiver.read(payload);
            done = true;
            return received;
        } catch (StorageIOException e) {
            throw e.storageException();
        } catch (IOException e) {
            throw sourceFailed(e);
        } finally {
            if (!done) {
                space.release(receiver.received);
            }
        }
    }

    /** The same for an object that comes in one request: nobody has taken the digest of its file yet. */
    static Received receiveWhole(MemorySpace space, Payload payload, Call call, long maxBytes) {
        if (payload.file() != null && payload.length() <= maxBytes) {
            try {
                payload.checksum(Checksum.Algorithm.CRC32C);
            } catch (StorageIOException e) {
                throw e.storageException();
            } catch (IOException e) {
                throw sourceFailed(e);
            }
        }
        return receive(space, payload, call, maxBytes);
    }

    private static StorageException sourceFailed(IOException e) {
        return StorageException.builder(Kind.SOURCE_FAILED)
                .message("the source failed: " + e.getMessage())
                .cause(e)
                .build();
    }

    private Received read(Payload payload) throws IOException {
        if (payload.length() > maxBytes) {
            throw tooLarge();
        }
        for (Map.Entry<Checksum.Algorithm, String> entry : JDK_NAMES.entrySet()) {
            Checksum known = payload.knownChecksum(entry.getKey());
            if (known != null) {
                digests.put(known, digest(entry.getValue()));
            }
        }
        ByteBuffer buffer = payload.buffer();
        if (buffer != null) {
            readBuffer(buffer.duplicate());
        } else {
            try (InputStream in = payload.open()) {
                readStream(in, payload.length());
            }
        }
        if (payload.length() != Payload.UNKNOWN && received != payload.length()) {
            throw wrongLength(payload.length(), "ended after " + received);
        }
        Checksum crc32c = Checksum.crc32c(crc.getValue());
        boolean verified = compare(payload.knownChecksum(Checksum.Algorithm.CRC32C), crc32c);
        for (Map.Entry<Checksum, MessageDigest> entry : digests.entrySet()) {
            verified |= compare(
                    entry.getKey(),
                    Checksum.of(entry.getKey().algorithm(), entry.getValue().digest()));
        }
        return new Received(new Content(pieces), crc32c, verified);
    }

    private void readBuffer(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            byte[] piece = new byte[Math.min(buffer.remaining(), Content.PIECE_BYTES)];
            buffer.get(piece);
            add(piece, piece.length);
        }
    }

    private void readStream(InputStream in, long length) throws IOException {
        // A declared length is only believed piece by piece; an undeclared one grows from 8 KiB, doubling.
        int next = 8 << 10;
        while (true) {
            long missing = length == Payload.UNKNOWN ? next : length - received;
            if (missing == 0) {
                if (in.read() >= 0) {
                    throw wrongLength(length, "goes on");
                }
                return;
            }
            byte[] piece = new byte[(int) Math.min(missing, Content.PIECE_BYTES)];
            int filled = in.readNBytes(piece, 0, piece.length);
            if (filled > 0) {
                add(filled == piece.length ? piece : Arrays.copyOf(piece, filled), filled);
            }
            if (filled < piece.length) {
                return;
            }
            next = Math.min(2 * next, Content.PIECE_BYTES);
        }
    }

    private void add(byte[] piece, int length) {
        call.check();
        if (received > maxBytes - length) {
            throw tooLarge();
        }
        space.reserve(length);
        received += length;
        crc.update(piece, 0, length);
        digests.values().forEach(digest -> digest.update(piece, 0, length));
        pieces.add(new Content.Piece(piece, 0, length));
        call.sent(length);
    }

    private static boolean compare(@Nullable Checksum expected, Checksum actual) {
        if (expected != null && !expected.equals(actual)) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("the bytes that arrived have %s %s, but %s was announced; nothing was stored"
                            .formatted(actual.algorithm(), actual.hex(), expected.hex()))
                    .build();
        }
        return expected != null;
    }

    private StorageException tooLarge() {
        return StorageException.builder(Kind.INVALID_ARGUMENT)
                .message("one request takes at most " + maxBytes + " bytes")
                .build();
    }

    private static StorageException wrongLength(long declared, String what) {
        return StorageException.builder(Kind.SOURCE_CHANGED)
                .message("the payload was declared with " + declared + " bytes and " + what + "; nothing was stored")
                .build();
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }
}
