package dev.anystore.testkit.b2;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Upload URLs, each for one upload at a time and for none behind a failure, and what is sent to them. */
final class UploadCalls {
    private static final int DIGITS = 40;

    private final Account account;
    private final @Nullable Path folder;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final AtomicInteger uploads = new AtomicInteger();
    /** Uses of a URL by two at a time, or behind a failure: what no client may do. */
    final AtomicInteger misused = new AtomicInteger();

    /** Where something is uploaded to. */
    private static final class Place {
        final String token;
        final @Nullable StoredBucket bucket;
        final @Nullable StoredFile large;
        final Account.Key key;
        final AtomicBoolean busy = new AtomicBoolean();
        volatile boolean expired;
        volatile boolean failed;

        Place(String token, @Nullable StoredBucket bucket, @Nullable StoredFile large, Account.Key key) {
            this.token = token;
            this.bucket = bucket;
            this.large = large;
            this.key = key;
        }
    }

    UploadCalls(Account account, @Nullable Path folder) {
        this.account = account;
        this.folder = folder;
    }

    void expireAll() {
        places.values().forEach(place -> place.expired = true);
    }

    Object url(Asked asked, String base) {
        StoredBucket bucket = account.bucket(asked.required("bucketId"));
        Account.Key key = account.authorized(asked.token());
        // A key of one prefix may have a URL; what is sent there is checked by its name.
        Account.checkMay(key, "writeFiles", bucket.id, key.prefix());
        return place(new Place("4_upload_%08x".formatted(account.next()), bucket, null, key), base, "b2_upload_file");
    }

    Object partUrl(Asked asked, String base) {
        StoredFile file = account.unfinished(asked.required("fileId"));
        Account.Key key = account.authorized(asked.token(), "writeFiles", file.bucket.id, file.name);
        return place(new Place("4_part_%08x".formatted(account.next()), null, file, key), base, "b2_upload_part");
    }

    private Object place(Place place, String base, String operation) {
        String id = "%016x".formatted(account.next());
        places.put(id, place);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("authorizationToken", place.token);
        answer.put("uploadUrl", base + "/b2api/v2/" + operation + "/" + id);
        if (place.bucket != null) {
            answer.put("bucketId", place.bucket.id);
        }
        if (place.large != null) {
            answer.put("fileId", place.large.id);
        }
        return answer;
    }

    /** Takes an upload. */
    HttpReply take(HttpCall call, String id, B2Fault fault) throws IOException {
        Place place = places.get(id);
        if (place == null) {
            drain(call);
            throw new Refused(401, "bad_auth_token", "no such upload URL");
        }
        Refused refused = refusal(place, call);
        if (refused != null) {
            drain(call);
            throw refused;
        }
        if (!place.busy.compareAndSet(false, true)) {
            misused.incrementAndGet();
            drain(call);
            throw new Refused(400, "auth_token_limit", "more than one upload using auth token");
        }
        boolean done = false;
        try {
            HttpReply reply = fault.refuses() ? refuse(call, fault) : store(call, place);
            done = true;
            return reply;
        } catch (Refused e) {
            // What is wrong with the request is not wrong with the URL.
            done = e.status() == 400 || e.status() == 403;
            throw e;
        } finally {
            place.failed |= !done;
            place.busy.set(false);
        }
    }

    private @Nullable Refused refusal(Place place, HttpCall call) {
        if (!place.token.equals(call.header("authorization"))) {
            return new Refused(401, "bad_auth_token", "the token is not that of the upload URL");
        }
        if (place.expired) {
            return new Refused(401, "expired_auth_token", "the upload URL has expired");
        }
        if (place.failed) {
            misused.incrementAndGet();
            return new Refused(503, "service_unavailable", "this upload URL has failed; get another one");
        }
        return null;
    }

    private static HttpReply refuse(HttpCall call, B2Fault fault) throws IOException {
        drain(call);
        throw fault.refusal();
    }

    /** A client that is still sending would not read the answer. */
    private static void drain(HttpCall call) throws IOException {
        call.body().transferTo(java.io.OutputStream.nullOutputStream());
    }

    private HttpReply store(HttpCall call, Place place) throws IOException {
        int number = uploads.incrementAndGet();
        String mode = call.header("x-bz-test-mode");
        Received received = receive(call);
        if ("force_cap_exceeded".equals(mode)) {
            received.taker().drop();
            throw new Refused(403, "cap_exceeded", "Account " + Account.ID + " has exceeded its cap");
        }
        if ("fail_some_uploads".equals(mode) && number % 4 == 0) {
            received.taker().drop();
            throw new Refused(503, "service_unavailable", "fail_some_uploads");
        }
        account.lock.lock();
        try {
            return HttpReply.json(200, place.large == null ? file(call, place, received) : part(call, place, received));
        } finally {
            account.lock.unlock();
        }
    }

    /** The bytes, their digest, and what is to be remembered as the file's. */
    private record Received(Content.Taker taker, String sha1, String recorded) {}

    private Received receive(HttpCall call) throws IOException {
        String wanted = call.requiredHeader("x-bz-content-sha1");
        long length;
        try {
            length = Long.parseLong(call.requiredHeader("content-length"));
        } catch (NumberFormatException e) {
            throw Refused.badRequest("no length");
        }
        boolean atEnd = wanted.equals("hex_digits_at_end");
        MessageDigest digest = FileCalls.sha1();
        Content.Taker taker = new Content.Taker(folder);
        try (taker) {
            InputStream in = call.body();
            byte[] chunk = new byte[128 << 10];
            for (long left = length - (atEnd ? DIGITS : 0); left > 0; ) {
                int n = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (n < 0) {
                    throw new IOException("the client went away");
                }
                digest.update(chunk, 0, n);
                taker.write(chunk, 0, n);
                left -= n;
            }
            if (atEnd) {
                wanted = new String(in.readNBytes(DIGITS), StandardCharsets.US_ASCII);
            }
        } catch (IOException e) {
            taker.drop();
            throw e;
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (wanted.equals("do_not_verify")) {
            return new Received(taker, actual, "unverified:" + actual);
        }
        if (!wanted.equalsIgnoreCase(actual)) {
            taker.drop();
            throw Refused.badRequest("Sha1 did not match data received");
        }
        return new Received(taker, actual, actual);
    }

    private Object file(HttpCall call, Place place, Received received) {
        StoredBucket bucket = place.bucket;
        if (bucket == null) {
            throw new IllegalStateException("a place of parts");
        }
        String name = HttpCall.decoded(call.requiredHeader("x-bz-file-name"));
        Account.checkName(name);
        Account.checkMay(place.key, "writeFiles", bucket.id, name);
        Map<String, String> info = new TreeMap<>();
        call.headers().forEach((header, value) -> {
            if (header.startsWith("x-bz-info-")) {
                info.put(header.substring(10).toLowerCase(Locale.ROOT), HttpCall.decoded(value));
            }
        });
        Account.checkInfo(name, info);
        String md5 = call.header("x-bz-server-side-encryption-customer-key-md5");
        StoredFile file = new StoredFile(
                bucket,
                account.newFileId(bucket),
                name,
                account.timestamp(),
                "upload",
                call.requiredHeader("content-type").equals("b2/x-auto")
                        ? "application/octet-stream"
                        : call.requiredHeader("content-type"),
                received.recorded(),
                info,
                received.taker().content(),
                md5 == null ? "AES256" : md5);
        account.keep(file);
        return file.document();
    }

    private Object part(HttpCall call, Place place, Received received) {
        StoredFile large = place.large;
        if (large == null || !large.is("start") || !account.files.containsKey(large.id)) {
            throw Refused.badRequest("No active upload for: " + (large == null ? "" : large.id));
        }
        String md5 = call.header("x-bz-server-side-encryption-customer-key-md5");
        LargeFileCalls.checkKey(large, md5);
        int number;
        try {
            number = Integer.parseInt(call.requiredHeader("x-bz-part-number"));
        } catch (NumberFormatException e) {
            throw Refused.badRequest("the part number is no number");
        }
        if (number < 1 || number > 10_000) {
            throw new Refused(400, "out_of_range", "part numbers are 1 to 10000");
        }
        StoredFile.Part part =
                new StoredFile.Part(number, received.sha1(), received.taker().content(), account.timestamp());
        large.parts.put(number, part);
        return LargeFileCalls.document(large, part);
    }
}
