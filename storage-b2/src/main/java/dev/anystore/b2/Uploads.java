package dev.anystore.b2;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.http.HttpBody;
import dev.anystore.spi.Call;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends bytes to upload URLs, with their SHA-1, and compares what the service says that it got. */
final class Uploads {
    private static final String SHA1 = "X-Bz-Content-Sha1";

    private final B2Client client;

    Uploads(B2Client client) {
        this.client = client;
    }

    /** Where to send, and how it is done for whole files or for parts. */
    interface Target<T> {
        /** The operation. */
        String operation();

        /** The key. */
        String key();

        /** Those that wait. */
        UploadUrls urls();

        /** A new one. */
        UploadUrls.Url newUrl(Call call);

        /** What the request says beside the bytes. */
        void describe(B2Request request);

        /** The document of the answer. */
        Class<T> answer();
    }

    /** What came back, and the digest of what was sent. */
    record Sent<T>(T answer, Checksum sha1) {}

    /**
     * Sends a payload: to a URL that waits, or to a new one. A URL whose token is over is replaced, once, since those that wait
     * grow old together; whatever else fails is the caller's to try again, with another URL then.
     */
    <T> Sent<T> send(Payload payload, Target<T> target, Call call) {
        UploadUrls.Url waiting = target.urls().take();
        if (waiting != null) {
            try {
                return send(payload, target, waiting, call);
            } catch (StorageException e) {
                Refusal refusal = Refusal.of(e);
                if (refusal == null || !refusal.wantsNewToken()) {
                    throw e;
                }
                target.urls().clear();
                if (!payload.repeatable()) {
                    throw e;
                }
            }
        }
        return send(payload, target, target.newUrl(call), call);
    }

    private <T> Sent<T> send(Payload payload, Target<T> target, UploadUrls.Url url, Call call) {
        B2Request request = new B2Request("POST", target.operation(), url.address(), target.key())
                .header("Authorization", url.token());
        target.describe(request);
        if (client.config().testMode() != null) {
            request.header("X-Bz-Test-Mode", client.config().testMode().getValueForHeader());
        }
        Supplier<Checksum> sha1 = attach(payload, request);
        boolean good = false;
        try (Answer answer = client.send(request, call)) {
            T document = Documents.read(answer.response().readAll(Documents.MAX_BYTES), target.answer());
            good = true;
            return new Sent<>(document, sha1.get());
        } catch (StorageException e) {
            good = isGoodStill(Refusal.of(e));
            throw e;
        } catch (IOException e) {
            throw client.errors().of(e, request);
        } finally {
            if (good) {
                target.urls().giveBack(url);
            }
        }
    }

    /** What is wrong with a request is not wrong with its URL; 401, 408, 429, 5xx and silence are. */
    private static boolean isGoodStill(@Nullable Refusal refusal) {
        return refusal != null
                && (refusal.status() == 400 || refusal.status() == 403)
                && !refusal.code().equals("auth_token_limit");
    }

    /** The bytes and their digest: before them where they can be read twice, else behind them. */
    private static Supplier<Checksum> attach(Payload payload, B2Request request) {
        long length = payload.length();
        if (length == Payload.UNKNOWN) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("B2 takes no single put of unknown length")
                    .build();
        }
        if (!payload.repeatable()) {
            ShaAtEnd body = new ShaAtEnd(payload);
            request.header(SHA1, "hex_digits_at_end").payload(HttpBody.stream(body, length + ShaAtEnd.DIGITS), length);
            return body::checksum;
        }
        Checksum sha1 = sha1(payload);
        request.header(SHA1, sha1.hex()).body(body(payload));
        return () -> sha1;
    }

    private static Checksum sha1(Payload payload) {
        try {
            return payload.checksum(Algorithm.SHA1);
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
        return buffer != null ? HttpBody.of(buffer) : HttpBody.stream(payload::open, payload.length());
    }

    /**
     * Compares what the service says that it stored with what was sent.
     *
     * @throws StorageException of kind {@code INTEGRITY} if it stored something else
     */
    static void requireSame(Sent<?> sent, long length, @Nullable String storedSha1, long storedLength) {
        Checksum stored = FileInfos.sha1(storedSha1);
        if (length != storedLength || (stored != null && !stored.equals(sent.sha1()))) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("the service stored " + storedLength + " bytes"
                            + (stored == null ? "" : " of SHA-1 " + stored.hex()) + ", " + length + " of "
                            + sent.sha1().hex() + " were sent")
                    .retryable(true)
                    .mayHaveHappened(true)
                    .build();
        }
    }

    /** For implementations of {@link Target}: a URL as the SDK got it. */
    static UploadUrls.Url url(String address, String token, B2Config config) {
        return new UploadUrls.Url(
                B2Address.of(address, config.allowHttp()), Objects.requireNonNull(token), System.nanoTime());
    }

    /** Gives each name and value to a request, the values encoded. */
    static Consumer<Map.Entry<String, String>> writingInfo(B2Request request) {
        return entry -> request.header(FileInfos.HEADER + entry.getKey(), Percent.encode(entry.getValue()));
    }
}
