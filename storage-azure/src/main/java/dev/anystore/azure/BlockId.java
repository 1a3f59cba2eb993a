package dev.anystore.azure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The name of a block: whose it is, of which upload, when that began, and which part it is. 36 bytes always, since the
 * service wants all names at one blob to have one length; in Base64 that is as long as what Azure's own libraries for Java
 * and .NET write, so that an unfinished upload of theirs is in nobody's way.
 *
 * <pre>
 *  0  "anystore"
 *  8  the upload's token, 16 bytes
 * 24  when it began, milliseconds since 1970, 8 bytes
 * 32  the part, from 1 on, 4 bytes; 0 marks an upload that was dropped, 2147483647 one that began
 * </pre>
 *
 * @param token 32 hex digits
 * @param begun when the upload began
 * @param number the part, {@link #BEGUN} or {@link #DROPPED}
 */
record BlockId(String token, Instant begun, int number) {
    /** The number of the block that marks a dropped upload. */
    static final int DROPPED = 0;

    /** The number of the block that is there from the beginning, when there is no part yet. */
    static final int BEGUN = Integer.MAX_VALUE;

    private static final byte[] OURS = "anystore".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = 36;

    /** Whose it is. */
    record Upload(String token, Instant begun) {
        private static final SecureRandom RANDOM = new SecureRandom();

        /** A new one; its token is the one among the metadata, by which a lost answer is recognised, or a random one. */
        static Upload begin(@Nullable String token, Instant now) {
            Instant begun = Instant.ofEpochMilli(now.toEpochMilli());
            if (token != null && isToken(token)) {
                return new Upload(token, begun);
            }
            byte[] random = new byte[16];
            RANDOM.nextBytes(random);
            return new Upload(HexFormat.of().formatHex(random), begun);
        }

        /** As the engine notes it. */
        String id() {
            return token + '-' + HexFormat.of().toHexDigits(begun.toEpochMilli());
        }

        /** The upload of an id, or null if it is none of ours. */
        static @Nullable Upload parse(String id) {
            if (id.length() != 49 || id.charAt(32) != '-' || !isToken(id.substring(0, 32))) {
                return null;
            }
            try {
                long begun = HexFormat.fromHexDigitsToLong(id, 33, 49);
                return new Upload(id.substring(0, 32), Instant.ofEpochMilli(begun));
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        private static boolean isToken(String text) {
            return text.length() == 32 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        }

        /** The name of one of its blocks. */
        String block(int number) {
            byte[] name = ByteBuffer.allocate(BYTES)
                    .put(OURS)
                    .put(HexFormat.of().parseHex(token))
                    .putLong(begun.toEpochMilli())
                    .putInt(number)
                    .array();
            return Base64.getEncoder().encodeToString(name);
        }
    }

    /** Reads a name; null if it is somebody else's. */
    static @Nullable BlockId parse(String name) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (bytes.length != BYTES) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] whose = new byte[OURS.length];
        byte[] token = new byte[16];
        buffer.get(whose).get(token);
        long begun = buffer.getLong();
        int number = buffer.getInt();
        if (!java.util.Arrays.equals(whose, OURS) || number < 0) {
            return null;
        }
        return new BlockId(HexFormat.of().formatHex(token), Instant.ofEpochMilli(begun), number);
    }

    /** Whether it is a part. */
    boolean isPart() {
        return number != DROPPED && number != BEGUN;
    }

    /** The upload that it is of. */
    Upload upload() {
        return new Upload(token, begun);
    }
}
