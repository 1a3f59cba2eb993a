package dev.anystore.testkit.b2;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Downloads by name and by id, with the token of an account or one that was given away. Within the account's lock. */
final class DownloadCalls {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,19})-(\\d{0,19})");
    /** What the service sends where a file has no such info of its own. */
    private static final String UNCACHED = "max-age=0, no-cache, no-store";

    /** Infos that come back as headers of their own: https://www.backblaze.com/docs/cloud-storage-file-information */
    private static final Map<String, String> SPECIAL = Map.of(
            "b2-content-disposition", "Content-Disposition",
            "b2-content-language", "Content-Language",
            "b2-expires", "Expires",
            "b2-cache-control", "Cache-Control",
            "b2-content-encoding", "Content-Encoding");
    /** The same as they stand in a query, and what they override. */
    private static final Map<String, String> OVERRIDES = Map.of(
            "b2ContentDisposition", "Content-Disposition",
            "b2ContentLanguage", "Content-Language",
            "b2Expires", "Expires",
            "b2CacheControl", "Cache-Control",
            "b2ContentEncoding", "Content-Encoding",
            "b2ContentType", "Content-Type");

    private final Account account;

    DownloadCalls(Account account) {
        this.account = account;
    }

    HttpReply byName(HttpCall call) {
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            throw new Refused(405, "method_not_allowed", "only GET and HEAD are supported");
        }
        String rest = call.path().substring("/file/".length());
        int slash = rest.indexOf('/');
        if (slash < 1) {
            throw new Refused(404, "not_found", "no bucket and name");
        }
        String bucketName = HttpCall.decoded(rest.substring(0, slash));
        String name = HttpCall.decoded(rest.substring(slash + 1));
        StoredBucket bucket = account.bucketNamed(bucketName);
        if (bucket == null) {
            account.authorized(token(call));
            throw new Refused(404, "not_found", "bucket " + bucketName + " does not exist");
        }
        authorize(call, bucket, name);
        StoredFile file = bucket.current(name);
        if (file == null) {
            throw new Refused(404, "not_found", "File with such name does not exist.");
        }
        return reply(call, file);
    }

    HttpReply byId(HttpCall call, Asked asked) {
        StoredFile file = account.files.get(asked.required("fileId"));
        if (file == null || !file.is("upload")) {
            account.authorized(token(call));
            throw new Refused(404, "not_found", "File not present: " + asked.required("fileId"));
        }
        authorize(call, file.bucket, file.name);
        return reply(call, file);
    }

    private static @Nullable String token(HttpCall call) {
        String header = call.header("authorization");
        return header != null ? header : call.query().get("Authorization");
    }

    private void authorize(HttpCall call, StoredBucket bucket, String name) {
        String token = token(call);
        Account.Share share = token == null ? null : account.shares.get(token);
        if (share == null) {
            if (token != null || !bucket.type.equals("allPublic")) {
                account.authorized(token, "readFiles", bucket.id, name);
            }
            return;
        }
        boolean good = share.bucketId().equals(bucket.id)
                && name.startsWith(share.prefix())
                && Instant.now().isBefore(share.until())
                && share.overrides().entrySet().stream()
                        .allMatch(each -> each.getValue().equals(call.query().get(each.getKey())));
        if (!good) {
            throw Refused.unauthorized("the download authorization is not for this file, or not any more");
        }
    }

    private static HttpReply reply(HttpCall call, StoredFile file) {
        LargeFileCalls.checkKey(file, call.header("x-bz-server-side-encryption-customer-key-md5"));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", file.contentType);
        headers.put("Cache-Control", UNCACHED);
        headers.put("X-Bz-File-Id", file.id);
        headers.put("X-Bz-File-Name", HttpCall.encoded(file.name));
        headers.put("X-Bz-Content-Sha1", file.sha1);
        headers.put("X-Bz-Upload-Timestamp", Long.toString(file.timestamp));
        headers.put("Accept-Ranges", "bytes");
        file.info.forEach((name, value) -> {
            String special = SPECIAL.get(name);
            headers.put(
                    special != null ? special : "X-Bz-Info-" + name, special != null ? value : HttpCall.encoded(value));
        });
        if ("AES256".equals(file.encryption)) {
            headers.put("X-Bz-Server-Side-Encryption", "AES256");
        } else if (file.encryption != null) {
            headers.put("X-Bz-Server-Side-Encryption-Customer-Algorithm", "AES256");
            headers.put("X-Bz-Server-Side-Encryption-Customer-Key-Md5", file.encryption);
        }
        OVERRIDES.forEach((name, header) -> {
            if (call.query().containsKey(name)) {
                headers.put(header, Objects.requireNonNull(call.query().get(name)));
            }
        });
        String wanted = call.header("range");
        Matcher matcher = RANGE.matcher(wanted == null ? "" : wanted);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return new HttpReply(200, headers, file.content);
        }
        long size = file.content.length();
        long first;
        long last;
        if (matcher.group(1).isEmpty()) {
            first = Math.max(0, size - Long.parseLong(matcher.group(2)));
            last = size - 1;
        } else {
            first = Long.parseLong(matcher.group(1));
            last = matcher.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(matcher.group(2)));
        }
        if (first > last || first >= size) {
            throw new Refused(416, "range_not_satisfiable", "the range is outside of the file");
        }
        headers.put("Content-Range", "bytes " + first + "-" + last + "/" + size);
        return new HttpReply(206, headers, file.content.slice(first, last - first + 1));
    }
}
