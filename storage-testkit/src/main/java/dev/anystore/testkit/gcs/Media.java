package dev.anystore.testkit.gcs;

import dev.anystore.testkit.gcs.GcsAnswer.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** The bytes of an object, with the headers that both APIs give them. */
final class Media {
    private Media() {}

    static GcsAnswer of(GcsObject object, GcsRequest request) {
        byte[] bytes = object.bytes;
        boolean packed = "gzip".equals(object.texts.get("contentEncoding"));
        String accepted = request.header("accept-encoding");
        boolean unpacks = packed
                && (accepted == null || !accepted.toLowerCase(Locale.ROOT).contains("gzip"))
                && !String.valueOf(object.texts.get("cacheControl")).contains("no-transform");
        GcsAnswer answer = GcsAnswer.empty(200);
        if (unpacks) {
            try {
                bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
                answer.with("x-guploader-response-body-transformations", "gunzipped");
            } catch (IOException e) {
                unpacks = false; // it only says that it is packed
            }
        }
        answer.with("x-goog-generation", Long.toString(object.generation))
                .with("x-goog-metageneration", Long.toString(object.metageneration))
                .with("x-goog-storage-class", object.storageClass())
                .with("x-goog-stored-content-length", Long.toString(object.bytes.length))
                .with("x-goog-stored-content-encoding", object.texts.getOrDefault("contentEncoding", "identity"))
                .with("x-goog-hash", hash(object))
                .with("etag", '"' + object.etag() + '"')
                .with("last-modified", GcsSpace.HTTP_TIME.format(Instant.parse(object.updated)));
        header(answer, object, "contentType", "content-type");
        header(answer, object, "contentDisposition", "content-disposition");
        header(answer, object, "contentLanguage", "content-language");
        header(answer, object, "cacheControl", "cache-control");
        if (!unpacks) {
            header(answer, object, "contentEncoding", "content-encoding");
        }
        object.metadata.forEach((name, value) -> answer.with(
                "x-goog-meta-" + name,
                new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        String range = request.header("range");
        if (range == null || unpacks) {
            return new GcsAnswer(200, answer.headers(), bytes);
        }
        return ranged(answer, bytes, range);
    }

    static String hash(GcsObject object) {
        return "crc32c=" + object.crc32c() + (object.hasMd5 ? ",md5=" + GcsObject.md5(object.bytes) : "");
    }

    private static void header(GcsAnswer answer, GcsObject object, String text, String header) {
        String value = object.texts.get(text);
        if (value != null) {
            answer.with(header, value);
        }
    }

    private static GcsAnswer ranged(GcsAnswer answer, byte[] bytes, String range) {
        if (!range.startsWith("bytes=") || range.indexOf(',') >= 0) {
            return new GcsAnswer(200, answer.headers(), bytes);
        }
        int dash = range.indexOf('-');
        String first = range.substring(6, dash);
        String last = range.substring(dash + 1);
        long from;
        long to;
        if (first.isEmpty()) {
            from = Math.max(0, bytes.length - GcsSpace.number(last));
            to = bytes.length - 1L;
        } else {
            from = GcsSpace.number(first);
            to = last.isEmpty() ? bytes.length - 1L : Math.min(bytes.length - 1L, GcsSpace.number(last));
        }
        if (from > to) {
            GcsAnswer refusal = new Refusal(
                            416,
                            "requestedRangeNotSatisfiable",
                            "InvalidRange",
                            "The requested range cannot be satisfied.")
                    .asXml();
            return refusal.with("content-range", "bytes */" + bytes.length);
        }
        return new GcsAnswer(206, answer.headers(), Arrays.copyOfRange(bytes, (int) from, (int) to + 1))
                .with("content-range", "bytes " + from + '-' + to + '/' + bytes.length);
    }

    /** The digest that a request declares in {@code x-goog-hash} or {@code Content-MD5}. */
    static void checkDeclared(GcsRequest request, byte[] bytes) {
        String hash = request.header("x-goog-hash");
        for (String one : hash == null ? new String[0] : hash.split(",", -1)) {
            String trimmed = one.trim();
            if (trimmed.startsWith("crc32c=")) {
                GcsSpace.checkCrc(trimmed.substring(7), bytes);
            } else if (trimmed.startsWith("md5=")) {
                GcsSpace.checkMd5(trimmed.substring(4), bytes);
            }
        }
        String md5 = request.header("content-md5");
        if (md5 != null && Base64.getDecoder().decode(md5).length == 16) {
            GcsSpace.checkMd5(md5, bytes);
        }
    }
}
