package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Payload;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A stream that fails at its end if its bytes do not have the digest that the caller expects. */
final class ExpectingStream extends FilterInputStream {
    private final Checksum expected;
    private final @Nullable Digests digest;
    private final long length;
    private long count;
    private boolean compared;

    /**
     * Compares at the end.
     *
     * @param length of the stream, or {@link Payload#UNKNOWN}: whoever knows it reads so many bytes and never asks for the end
     */
    ExpectingStream(InputStream in, Checksum expected, long length) {
        super(in);
        this.length = length;
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
        int one = in.read();
        counted(new byte[] {(byte) one}, 0, one < 0 ? -1 : 1);
        return one;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        int n = in.read(b, off, len);
        counted(b, off, n);
        return n;
    }

    private void counted(byte[] b, int off, int n) throws IOException {
        if (n > 0) {
            count += n;
            if (digest != null) {
                digest.update(b, off, n);
            }
        }
        if (digest != null && !compared && (n < 0 || count == length)) {
            // A digest is asked once; whoever reads on behind the end gets the end.
            compared = true;
            try {
                compare(expected, digest.result());
            } catch (StorageException e) {
                throw new StorageIOException(e);
            }
        }
    }
}
