package dev.anystore.azure;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.http.HttpBody;
import dev.anystore.http.HttpResponse;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The bytes of blobs and blocks, with the digest that the service checks them by. */
final class BlobBodies {
    private static final String CRC64 = "x-ms-content-crc64";
    private static final int PIECE = 64 << 10;

    private final Checks checks;

    BlobBodies(Checks checks) {
        this.checks = checks;
    }

    /**
     * Attaches the payload and its digest to a request. A digest in a header needs a pass over the bytes before they are sent;
     * one that can be read only once goes without.
     */
    Sent attach(Payload payload, AzureRequest request) {
        if (payload.length() == Payload.UNKNOWN) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("Azure takes no single put of unknown length")
                    .build();
        }
        String crc64 = null;
        boolean md5 = false;
        Checksum digest = null;
        try {
            if (payload.repeatable()) {
                // Ours, for the whole object: the engine joins those of the parts.
                payload.checksum(Algorithm.CRC32C);
                if (checks == Checks.CRC64) {
                    long value = crc64(payload);
                    crc64 = Crc64.header(value);
                    digest = new Checksum(Algorithm.CRC64NVME, HexFormat.of().toHexDigits(value));
                    request.header(CRC64, crc64);
                } else if (checks == Checks.MD5) {
                    digest = payload.checksum(Algorithm.MD5);
                    md5 = true;
                    request.header("content-md5", Base64.getEncoder().encodeToString(digest.bytes()));
                }
            }
        } catch (StorageIOException e) {
            throw e.storageException();
        } catch (IOException e) {
            throw StorageException.builder(Kind.SOURCE_FAILED)
                    .message("the source failed: " + e.getMessage())
                    .cause(e)
                    .build();
        }
        request.body(body(payload), payload.repeatable());
        return new Sent(payload.length(), crc64, md5, digest);
    }

    private static long crc64(Payload payload) throws IOException {
        Crc64 crc = new Crc64();
        ByteBuffer buffer = payload.buffer();
        if (buffer != null) {
            crc.update(buffer);
            return crc.value();
        }
        byte[] piece = new byte[(int) Math.max(1, Math.min(PIECE, payload.length()))];
        try (InputStream in = payload.open()) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                crc.update(piece, 0, n);
            }
        }
        return crc.value();
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
        return payload.repeatable()
                ? HttpBody.stream(payload::open, payload.length())
                : HttpBody.stream(new OpenedLate(payload), payload.length());
    }

    /**
     * What was sent.
     *
     * @param length of the bytes
     * @param crc64 that went with them, or null
     * @param md5 whether their MD5 went with them
     * @param digest that went with them, or null
     */
    record Sent(
            long length,
            @Nullable String crc64,
            boolean md5,
            @Nullable Checksum digest) {
        /**
         * The digest that the service has compared, or null. It refuses a wrong MD5; a CRC64 counts if it comes back, since a
         * server that does not know the header ignores it.
         *
         * @throws StorageException of kind {@code INTEGRITY} if it stored something else
         */
        @Nullable
        Checksum confirmed(HttpResponse answer) {
            if (md5) {
                return digest;
            }
            String echo = crc64 == null ? null : answer.header(CRC64);
            if (echo == null) {
                return null;
            }
            if (!echo.equals(crc64)) {
                throw StorageException.builder(Kind.INTEGRITY)
                        .message("the service stored bytes of CRC64 " + AzureText.shown(echo, 20) + ", " + crc64
                                + " were sent")
                        .retryable(true)
                        .mayHaveHappened(true)
                        .build();
            }
            return digest;
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
