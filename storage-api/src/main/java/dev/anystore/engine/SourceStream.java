package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Payload;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A caller's stream: its failures are marked as the caller's, a declared length is held to exactly, and closing does not
 * reach the caller's stream.
 */
final class SourceStream extends FilterInputStream {
    private final long declared;
    private long count;
    private boolean ended;
    /** A byte that was read to see whether there is one; -1 if none was. */
    private int ahead = -1;

    SourceStream(InputStream source, long declared) {
        super(source);
        this.declared = declared;
    }

    /** How many bytes came so far. */
    long count() {
        return count;
    }

    /** Whether nothing follows; waits for the next byte or the end, and takes nothing away. */
    boolean isAtEnd() throws IOException {
        if (!ended && ahead < 0) {
            byte[] one = new byte[1];
            if (guarded(one, 0, 1) > 0) {
                ahead = one[0] & 0xff;
            } else {
                ended = true;
            }
        }
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        if (ended) {
            return -1;
        }
        if (ahead >= 0) {
            b[off] = (byte) ahead;
            ahead = -1;
            count++;
            return 1;
        }
        int n = guarded(b, off, declared == Payload.UNKNOWN ? len : (int) Math.min(len, declared - count));
        if (n > 0) {
            count += n;
        }
        if (count == declared) {
            expectEnd();
        } else if (n < 0 && declared != Payload.UNKNOWN) {
            throw wrongLength("ended after " + count + " bytes");
        }
        ended |= n < 0;
        return n > 0 ? n : -1;
    }

    private int guarded(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        try {
            int n = in.read(b, off, len);
            if (n != 0) {
                return n;
            }
            // Nothing is no answer to a request for some bytes; asking for one must wait for it.
            int one = in.read();
            if (one < 0) {
                return -1;
            }
            b[off] = (byte) one;
            return 1;
        } catch (StorageIOException e) {
            throw e;
        } catch (IOException e) {
            throw new StorageIOException(Failures.ofSource(e));
        }
    }

    /** A longer stream must fail before the object is published, so its end is looked for with its last byte. */
    private void expectEnd() throws IOException {
        if (!ended) {
            ended = true;
            if (guarded(new byte[1], 0, 1) > 0) {
                throw wrongLength("goes on after them");
            }
        }
    }

    private StorageIOException wrongLength(String how) {
        return new StorageIOException(StorageException.builder(Kind.SOURCE_FAILED)
                .message("the stream was declared to have " + declared + " bytes, and " + how)
                .fix("give the right length, or none")
                .build());
    }

    @Override
    public long skip(long n) throws IOException {
        long left = n;
        byte[] chunk = new byte[(int) Math.min(8192, Math.max(1, n))];
        while (left > 0) {
            int got = read(chunk, 0, (int) Math.min(chunk.length, left));
            if (got < 0) {
                break;
            }
            left -= got;
        }
        return n - left;
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() {
        // The caller's stream is the caller's.
    }
}
