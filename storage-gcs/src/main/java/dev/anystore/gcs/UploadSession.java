package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpBody;
import dev.anystore.spi.Call;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One upload session: the bytes go in chunks, one after the other. When an answer is lost, the service is asked how far it is,
 * and only what it does not have is sent again, from the chunk that is still in memory: so a stream that can be read only once
 * survives a broken connection.
 *
 * @see <a href="https://cloud.google.com/storage/docs/performing-resumable-uploads">resumable uploads</a>
 */
final class UploadSession {
    /** A multiple of 256 KiB, as the service wants it; all that a session holds in memory. */
    static final int CHUNK = 8 << 20;

    /** Questions in a row after which nothing had moved. */
    private static final int MAX_QUESTIONS = 5;

    private static final long FIRST_WAIT_MILLIS = 100;

    private final GcsClient client;
    private final String key;
    private final String path;
    private final @Nullable String query;

    private UploadSession(GcsClient client, String key, URI address) {
        this.client = client;
        this.key = key;
        this.path = address.getRawPath();
        this.query = address.getRawQuery();
    }

    /**
     * What came of it.
     *
     * @param resource of the object
     * @param crc32c of the bytes that were read
     */
    record Stored(JsonNode resource, Checksum crc32c) {}

    /** Begins one; the address that the service gives must be its own: the token goes there. */
    static UploadSession begin(GcsClient client, GcsRequest post, String key, Call call) {
        String location = client.sendForHead(post, call).header("location");
        try {
            URI address = URI.create(location == null ? "" : location);
            URI own = client.config().endpoint();
            boolean ours = address.getScheme() != null
                    && address.getScheme().equalsIgnoreCase(own.getScheme())
                    && own.getHost().equalsIgnoreCase(address.getHost())
                    && address.getPort() == own.getPort()
                    && address.getRawPath() != null
                    && address.getRawPath().startsWith("/");
            if (ours) {
                return new UploadSession(client, key, address);
            }
        } catch (IllegalArgumentException e) {
            // No address at all: said below.
        }
        throw client.errors()
                .of(new Json.Malformed("the upload session has no address at the service that was asked"), post);
    }

    /** Sends all bytes. */
    Stored send(Payload payload, Call call) {
        byte[] chunk = new byte[chunkBytes(payload.length())];
        CRC32C crc = new CRC32C();
        try (InputStream in = payload.open()) {
            long offset = 0;
            int length = fill(in, chunk, 0);
            while (true) {
                crc.update(chunk, 0, length);
                // One byte ahead tells whether this chunk is the last.
                int next = length < chunk.length ? -1 : in.read();
                long total = next < 0 ? offset + length : -1;
                if (total >= 0 && payload.length() != Payload.UNKNOWN && total != payload.length()) {
                    throw StorageException.builder(Kind.SOURCE_CHANGED)
                            .message("the source has another length than before")
                            .mayHaveHappened(false)
                            .build();
                }
                Checksum whole = total < 0
                        ? null
                        : Checksum.of(
                                Algorithm.CRC32C,
                                ByteBuffer.allocate(4)
                                        .putInt((int) crc.getValue())
                                        .array());
                JsonNode resource = chunk(chunk, length, offset, total, whole, call);
                if (whole != null) {
                    if (resource == null) {
                        throw protocol("the session has all bytes and is not finished");
                    }
                    return new Stored(resource, whole);
                }
                offset += length;
                chunk[0] = (byte) next;
                length = fill(in, chunk, 1);
            }
        } catch (IOException e) {
            throw GcsBodies.ofSource(e);
        }
    }

    private static int chunkBytes(long length) {
        return length == Payload.UNKNOWN ? CHUNK : (int) Math.max(1, Math.min(CHUNK, length + 1));
    }

    private static int fill(InputStream in, byte[] chunk, int from) throws IOException {
        int length = from;
        while (length < chunk.length) {
            int n = in.read(chunk, length, chunk.length - length);
            if (n < 0) {
                break;
            }
            length += n;
        }
        return length;
    }

    /** Sends one chunk until the service has it; the object if that was the end. */
    private @Nullable JsonNode chunk(
            byte[] bytes, int length, long offset, long total, @Nullable Checksum whole, Call call) {
        int from = 0;
        int questions = 0;
        StorageException failure = null;
        while (true) {
            Progress progress;
            try {
                progress = failure == null ? put(bytes, from, length, offset, total, whole, call) : ask(total, call);
                failure = null;
            } catch (StorageException e) {
                if (!e.retryable() || isLost(e) || ++questions > MAX_QUESTIONS) {
                    throw e;
                }
                failure = e;
                pause(questions, call);
                continue;
            }
            if (progress.resource() != null) {
                return progress.resource();
            }
            long has = progress.bytes() - offset;
            if (has < from || has > length) {
                throw protocol("the session says that it has " + progress.bytes() + " bytes, which can't be");
            }
            if (has > from) {
                questions = 0;
            } else if (++questions > MAX_QUESTIONS) {
                throw StorageException.builder(Kind.UNAVAILABLE)
                        .message("the session takes no more bytes")
                        .build();
            }
            from = (int) has;
            if (from == length && total < 0) {
                return null;
            }
        }
    }

    /**
     * How far the service is.
     *
     * @param bytes that it has
     * @param resource of the object if it is finished, or null
     */
    private record Progress(long bytes, @Nullable JsonNode resource) {}

    private Progress put(
            byte[] bytes, int from, int length, long offset, long total, @Nullable Checksum whole, Call call) {
        String all = total < 0 ? "*" : Long.toString(total);
        String range = from == length
                ? "bytes */" + all
                : "bytes " + (offset + from) + '-' + (offset + length - 1) + '/' + all;
        GcsRequest put = request("PUT").header("content-range", range);
        if (from < length) {
            put.body(HttpBody.of(ByteBuffer.wrap(bytes, from, length - from)), true);
        }
        if (whole != null) {
            put.header(Hashes.HEADER, Hashes.header(whole));
        }
        return progress(put.slow(), call);
    }

    private Progress ask(long total, Call call) {
        return progress(
                request("PUT")
                        .header("content-range", "bytes */" + (total < 0 ? "*" : Long.toString(total)))
                        .onSent(bytes -> {}),
                call);
    }

    private GcsRequest request(String method) {
        GcsRequest request = GcsRequest.json(method, key, path).rawQuery(query).taking308();
        client.config().objects().onAccess(request);
        return request;
    }

    private Progress progress(GcsRequest request, Call call) {
        try (Answer answer = client.send(request, call)) {
            if (answer.status() != 308) {
                return new Progress(-1, Json.read(answer.response().readAll(Json.MAX_BYTES)));
            }
            String range = answer.header("range");
            if (range == null) {
                return new Progress(0, null);
            }
            long last = range.startsWith("bytes=0-") ? GcsText.number(range.substring(8)) : -1;
            if (last < 0) {
                throw new Json.Malformed("the session does not say how far it is");
            }
            return new Progress(last + 1, null);
        } catch (IOException e) {
            throw client.errors().of(e, request);
        } catch (StorageException e) {
            throw e.kind() == Kind.NOT_FOUND ? lost(e) : e;
        }
    }

    private static boolean isLost(StorageException e) {
        return e.getCause() instanceof StorageException cause && cause.kind() == Kind.NOT_FOUND;
    }

    /** A session that is gone may be one that has ended with an answer that was lost. */
    private static StorageException lost(StorageException e) {
        return StorageException.builder(Kind.UNAVAILABLE)
                .message("the upload session is not there any more")
                .status(e.status().orElse(404))
                .mayHaveHappened(true)
                .cause(e)
                .build();
    }

    private static StorageException protocol(String message) {
        return StorageException.builder(Kind.PROTOCOL)
                .message(message)
                .mayHaveHappened(true)
                .build();
    }

    private static void pause(int questions, Call call) {
        call.check();
        long millis = ThreadLocalRandom.current().nextLong(FIRST_WAIT_MILLIS << questions) + 1;
        CountDownLatch cancelled = new CountDownLatch(1);
        Call.Registration registration = call.onCancel(cancelled::countDown);
        try {
            if (cancelled.await(call.remainingMillis(millis), TimeUnit.MILLISECONDS)) {
                call.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.builder(Kind.CANCELLED)
                    .message("interrupted between two chunks")
                    .cause(e)
                    .build();
        } finally {
            registration.close();
        }
        call.check();
    }

    /** Drops the session and what it has; one that stays lives for a week, and stores nothing. */
    void cancel() {
        try {
            client.sendForHead(request("DELETE"), Call.until(System.nanoTime() + TimeUnit.SECONDS.toNanos(10)));
        } catch (StorageException e) {
            // 499 is the service's word for a session that is dropped; anything else changes nothing either.
        }
    }
}
