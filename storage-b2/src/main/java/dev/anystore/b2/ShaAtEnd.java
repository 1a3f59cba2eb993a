package dev.anystore.b2;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A payload, and behind its bytes their SHA-1 in hexadecimal digits. It is opened when its first byte is wanted. */
final class ShaAtEnd extends InputStream {
    /** The length of the digits. */
    static final int DIGITS = 40;

    private final Payload payload;
    private final MessageDigest digest;
    private @Nullable InputStream source;
    private byte @Nullable [] digits;
    private int given;

    ShaAtEnd(Payload payload) {
        this.payload = payload;
        try {
            this.digest = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        byte[] tail = digits;
        if (tail == null) {
            InputStream in = source;
            if (in == null) {
                in = payload.open();
                source = in;
            }
            int n = in.read(bytes, offset, length);
            if (n >= 0) {
                digest.update(bytes, offset, n);
                return n;
            }
            in.close();
            tail = HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
            digits = tail;
        }
        if (given == DIGITS) {
            return -1;
        }
        int n = Math.min(length, DIGITS - given);
        System.arraycopy(tail, given, bytes, offset, n);
        given += n;
        return n;
    }

    /** The digest of what was sent, when all was. */
    Checksum checksum() {
        byte[] tail = digits;
        if (tail == null) {
            throw new IllegalStateException("not all was sent");
        }
        return new Checksum(Algorithm.SHA1, new String(tail, StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        InputStream in = source;
        if (in != null) {
            in.close();
        }
    }
}
