package dev.anystore.s3;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.Verification;
import dev.anystore.http.HttpBody;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of puts and parts, with the digest that the service checks them by. */
final class S3Bodies {
    private final Checksums checksums;

    S3Bodies(Checksums checksums) {
        this.checksums = checksums;
    }

    /**
     * Attaches the payload and its digest to a request. A digest in a header needs a pass over the bytes before they are
     * sent; one that can be read only once goes without.
     */
    Sent attach(Payload payload, S3Request request) {
        Checksum checksum = checksum(payload);
        if (checksum != null) {
            request.header(Checksums.header(checksum.algorithm()), Checksums.base64(checksum));
        }
        request.body(body(payload), payload.repeatable());
        return new Sent(payload.length(), checksum);
    }

    private @Nullable Checksum checksum(Payload payload) {
        Algorithm algorithm = checksums.algorithm();
        if (algorithm == null) {
            return null;
        }
        try {
            return payload.repeatable() ? payload.checksum(algorithm) : payload.knownChecksum(algorithm);
        } catch (StorageIOException e) {
            throw e.storageException();
        } catch (IOException e) {
            throw StorageException.builder(Kind.SOURCE_FAILED)
                    .message("the source failed: " + e.getMessage())
                    .cause(e)
                    .build();
        }
    }

    private static HttpBody body(Payload payload) {
        FileRegion file = payload.file();
        if (file != null) {
            return file.length() == 0 ? HttpBody.empty() : HttpBody.file(file.file(), file.position(), file.length());
        }
        ByteBuffer buffer = payload.buffer();
        if (buffer != null) {
            return HttpBody.of(buffer);
        }
        if (payload.length() == Payload.UNKNOWN) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("S3 takes no single put of unknown length")
                    .build();
        }
        return payload.repeatable()
                ? HttpBody.stream(payload::open, payload.length())
                : HttpBody.stream(new OpenedLate(payload), payload.length());
    }

    /**
     * What was sent.
     *
     * @param length of the bytes
     * @param checksum that went with them, or null
     */
    record Sent(long length, @Nullable Checksum checksum) {
        /**
         * Compares what the service says it stored. A service that does not know a digest ignores its header, so that one
         * counts as checked only if it comes back. {@code Content-MD5} never does, but every service refuses a wrong one.
         *
         * @throws StorageException of kind {@code INTEGRITY} if it stored something else
         */
        boolean isConfirmed(@Nullable String echo) {
            if (checksum == null) {
                return false;
            }
            if (checksum.algorithm() == Algorithm.MD5) {
                return true;
            }
            if (Checksums.base64(checksum).equals(echo)) {
                return true;
            }
            Checksum stored = Checksums.parse(checksum.algorithm(), echo);
            if (stored != null && !stored.equals(checksum)) {
                throw StorageException.builder(Kind.INTEGRITY)
                        .message("the service stored bytes of " + stored.algorithm() + ' ' + stored.hex() + ", "
                                + checksum.hex() + " were sent")
                        .retryable(true)
                        .mayHaveHappened(true)
                        .build();
            }
            return stored != null;
        }

        /** Adds what is known of the whole object, if this was one. */
        ObjectInfo.Builder confirm(ObjectInfo.Builder info, Answer answer) {
            String echo = checksum == null ? null : answer.header(Checksums.header(checksum.algorithm()));
            boolean confirmed = isConfirmed(echo);
            if (checksum != null) {
                info.addChecksum(checksum);
            }
            return info.verification(confirmed ? Verification.WHOLE : Verification.UNVERIFIED);
        }
    }

    /** A stream that can be opened once, and only is when its first byte is wanted. The transport reads, this closes. */
    private static final class OpenedLate extends InputStream {
        private final Payload payload;
        private @Nullable InputStream stream;

        OpenedLate(Payload payload) {
            this.payload = payload;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            InputStream in = stream;
            if (in == null) {
                in = payload.open();
                stream = in;
            }
            int n = in.read(bytes, offset, length);
            if (n < 0) {
                in.close();
            }
            return n;
        }
    }
}
