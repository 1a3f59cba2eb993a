package dev.anystore.gcs;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.http.HttpBody;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of puts and parts, in the form that the transport sends them best. */
final class GcsBodies {
    private GcsBodies() {}

    /** The digest that goes before the bytes: one pass over what can be read twice. */
    static @Nullable Checksum crc32c(Payload payload) {
        try {
            return payload.repeatable() ? payload.checksum(Algorithm.CRC32C) : payload.knownChecksum(Algorithm.CRC32C);
        } catch (IOException e) {
            throw ofSource(e);
        }
    }

    /** The payload's own failure. */
    static StorageException ofSource(IOException e) {
        if (e instanceof StorageIOException ours) {
            return ours.storageException();
        }
        return StorageException.builder(Kind.SOURCE_FAILED)
                .message("the source failed: " + e.getMessage())
                .cause(e)
                .build();
    }

    /** The bytes alone. */
    static HttpBody of(Payload payload) {
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
                    .message("the XML API takes no single put of unknown length")
                    .build();
        }
        return payload.repeatable()
                ? HttpBody.stream(payload::open, payload.length())
                : HttpBody.stream(new OpenedLate(payload), payload.length());
    }

    /** The bytes between two others. */
    static HttpBody framed(byte[] before, Payload payload, byte[] after) {
        ByteBuffer buffer = payload.buffer();
        if (buffer != null) {
            return HttpBody.of(ByteBuffer.wrap(before), buffer, ByteBuffer.wrap(after));
        }
        long length = before.length + payload.length() + after.length;
        return payload.repeatable()
                ? HttpBody.stream(() -> framed(before, payload.open(), after), length)
                : HttpBody.stream(framed(before, new OpenedLate(payload), after), length);
    }

    private static InputStream framed(byte[] before, InputStream bytes, byte[] after) {
        return new SequenceInputStream(Collections.enumeration(
                List.of(new ByteArrayInputStream(before), bytes, new ByteArrayInputStream(after))));
    }

    /** What the service says it stored, compared with what was sent. */
    static boolean isConfirmed(@Nullable Checksum sent, @Nullable Checksum stored) {
        if (sent == null || stored == null) {
            return false;
        }
        if (!stored.equals(sent)) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("the service stored bytes of CRC32C " + stored.hex() + ", " + sent.hex() + " were sent")
                    .retryable(true)
                    .mayHaveHappened(true)
                    .build();
        }
        return true;
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
