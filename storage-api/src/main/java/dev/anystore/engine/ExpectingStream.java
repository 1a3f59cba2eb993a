package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A stream that fails at its end if its bytes do not have the digest that the caller expects. */
final class ExpectingStream extends FilterInputStream {
    private final Checksum expected;
    private final @Nullable Digests digest;

    ExpectingStream(InputStream in, Checksum expected) {
        super(in);
        this.expected = expected;
        this.digest = Digests.begin(expected.algorithm());
    }

    /** Compares a digest with the one that the caller gave, if there is one. */
    static void compare(@Nullable Checksum expected, Checksum actual) {
        if (expected != null && !expected.equals(actual)) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("the bytes have " + actual.algorithm() + " " + actual.hex() + ", expected was "
                            + expected.hex())
                    .fix("nothing was written; look at where the bytes come from")
                    .build();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        int n = in.read(b, off, len);
        if (digest != null && n > 0) {
            digest.update(b, off, n);
        } else if (digest != null && n < 0) {
            try {
                compare(expected, digest.result());
            } catch (StorageException e) {
                throw new StorageIOException(e);
            }
        }
        return n;
    }
}
