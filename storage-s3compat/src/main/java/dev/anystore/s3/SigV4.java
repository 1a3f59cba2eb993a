package dev.anystore.s3;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AWS Signature Version 4 as S3 has it: paths are encoded once and never normalised, and the payload's digest is a
 * header. Signs with one digest and one HMAC of a few hundred bytes; the key of the day is derived once.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">header based</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">in the query</a>
 */
final class SigV4 {
    /** The payload is not part of the signature. */
    static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    /** The SHA-256 of no bytes. */
    static final String EMPTY_PAYLOAD = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final HexFormat HEX = HexFormat.of();

    private static final MessageDigest SHA256 = sha256();

    private final String service;
    private volatile @Nullable Stamp lastStamp;
    private volatile @Nullable DayKey lastKey;

    /** For requests to S3. */
    SigV4() {
        this("s3");
    }

    /** For requests to another service of Amazon's. Others normalise paths, so that only {@code /} is the same there. */
    SigV4(String service) {
        this.service = service;
    }

    /** A second, written down. */
    private record Stamp(long second, String time) {
        String day() {
            return time.substring(0, 8);
        }
    }

    /** The signing key of one day. */
    private record DayKey(
            Credentials credentials, String region, String day, String scope, SecretKeySpec key, Mac mac) {
        // Credentials that are equal but not the same only cost a key; comparing the secrets would cost each signature.
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(Credentials others, String otherRegion, String otherDay) {
            return credentials == others && day.equals(otherDay) && region.equals(otherRegion);
        }

        /** A MAC of its own for each signature: clones are cheap, but some vendors of cryptography have none. */
        Mac newMac() {
            try {
                return (Mac) mac.clone();
            } catch (CloneNotSupportedException e) {
                return keyed(key);
            }
        }
    }

    /**
     * Signs by header: adds {@code x-amz-date}, {@code x-amz-content-sha256}, the session's token and
     * {@code authorization} to the headers. All headers that are there, {@code host} among them, are signed.
     *
     * @param path encoded
     * @param query encoded and sorted, as {@link #canonicalQuery} makes it
     */
    void sign(
            String method,
            String path,
            String query,
            Fields headers,
            String payloadHash,
            Credentials credentials,
            String region,
            Instant now) {
        Stamp stamp = stamp(now);
        headers.set("x-amz-date", stamp.time());
        headers.set("x-amz-content-sha256", payloadHash);
        if (credentials.token() != null) {
            headers.set("x-amz-security-token", credentials.token().reveal());
        }
        DayKey key = dayKey(credentials, region, stamp.day());
        String signedHeaders = signedHeaders(headers);
        String signature = signature(key, stamp, method, path, query, headers, signedHeaders, payloadHash);
        headers.set(
                "authorization",
                ALGORITHM + " Credential=" + credentials.id() + '/' + key.scope() + ", SignedHeaders=" + signedHeaders
                        + ", Signature=" + signature);
    }

    /**
     * Signs in the query, for somebody else to send.
     *
     * @param query parameters, not encoded; gains those of the signature
     * @param headers that the sender must send, {@code host} among them
     * @return the whole query, encoded
     */
    String presign(
            String method,
            String path,
            Fields query,
            Fields headers,
            Credentials credentials,
            String region,
            Instant now,
            long seconds) {
        Stamp stamp = stamp(now);
        DayKey key = dayKey(credentials, region, stamp.day());
        String signedHeaders = signedHeaders(headers);
        query.set("X-Amz-Algorithm", ALGORITHM);
        query.set("X-Amz-Credential", credentials.id() + '/' + key.scope());
        query.set("X-Amz-Date", stamp.time());
        query.set("X-Amz-Expires", Long.toString(seconds));
        query.set("X-Amz-SignedHeaders", signedHeaders);
        if (credentials.token() != null) {
            query.set("X-Amz-Security-Token", credentials.token().reveal());
        }
        String canonical = canonicalQuery(query);
        return canonical + "&X-Amz-Signature="
                + signature(key, stamp, method, path, canonical, headers, signedHeaders, UNSIGNED_PAYLOAD);
    }

    /**
     * A query in the form that is both signed and sent: encoded, in the order of the encoded names. Names here are ASCII
     * without characters that encoding would reorder.
     */
    static String canonicalQuery(Fields query) {
        if (query.size() == 0) {
            return "";
        }
        StringBuilder out = new StringBuilder(128);
        for (int i = 0; i < query.size(); i++) {
            if (i > 0) {
                out.append('&');
            }
            PercentEncoding.appendQuery(out, query.name(i));
            out.append('=');
            PercentEncoding.appendQuery(out, query.value(i));
        }
        return out.toString();
    }

    /** The SHA-256 of these bytes, as S3 writes it. */
    static String sha256(byte[] bytes) {
        return HEX.formatHex(digest().digest(bytes));
    }

    private static String signedHeaders(Fields headers) {
        StringBuilder names = new StringBuilder(128);
        for (int i = 0; i < headers.size(); i++) {
            if (i > 0) {
                names.append(';');
            }
            names.append(headers.name(i));
        }
        return names.toString();
    }

    private static String signature(
            DayKey key,
            Stamp stamp,
            String method,
            String path,
            String query,
            Fields headers,
            String signedHeaders,
            String payloadHash) {
        StringBuilder canonical = new StringBuilder(768);
        canonical.append(method).append('\n').append(path).append('\n').append(query);
        canonical.append('\n');
        for (int i = 0; i < headers.size(); i++) {
            canonical.append(headers.name(i)).append(':');
            appendTrimmed(canonical, headers.value(i));
            canonical.append('\n');
        }
        canonical.append('\n').append(signedHeaders).append('\n').append(payloadHash);
        String toSign = ALGORITHM
                + '\n'
                + stamp.time()
                + '\n'
                + key.scope()
                + '\n'
                + HEX.formatHex(digest().digest(canonical.toString().getBytes(StandardCharsets.UTF_8)));
        return HEX.formatHex(key.newMac().doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
    }

    /** A value without blanks around it, and with one blank for several within. */
    private static void appendTrimmed(StringBuilder out, String value) {
        int end = value.length();
        while (end > 0 && isBlank(value.charAt(end - 1))) {
            end--;
        }
        boolean wasBlank = true;
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            boolean blank = isBlank(c);
            if (!blank) {
                out.append(c);
            } else if (!wasBlank) {
                out.append(' ');
            }
            wasBlank = blank;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private Stamp stamp(Instant now) {
        Stamp stamp = lastStamp;
        if (stamp == null || stamp.second() != now.getEpochSecond()) {
            stamp = new Stamp(now.getEpochSecond(), TIME.format(now));
            lastStamp = stamp;
        }
        return stamp;
    }

    private DayKey dayKey(Credentials credentials, String region, String day) {
        DayKey key = lastKey;
        if (key == null || !key.isOf(credentials, region, day)) {
            byte[] start = ("AWS4" + credentials.secret().reveal()).getBytes(StandardCharsets.UTF_8);
            byte[] ofRegion = mac(mac(start, day), region);
            SecretKeySpec signing = hmacKey(mac(mac(ofRegion, service), "aws4_request"));
            key = new DayKey(
                    credentials,
                    region,
                    day,
                    day + '/' + region + '/' + service + "/aws4_request",
                    signing,
                    keyed(signing));
            lastKey = key;
        }
        return key;
    }

    private static byte[] mac(byte[] key, String text) {
        return keyed(hmacKey(key)).doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SecretKeySpec hmacKey(byte[] key) {
        return new SecretKeySpec(key, "HmacSHA256");
    }

    private static Mac keyed(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }

    /** A copy of one that was never fed costs half of what a look-up among the providers does. */
    private static MessageDigest digest() {
        try {
            return (MessageDigest) SHA256.clone();
        } catch (CloneNotSupportedException e) {
            return sha256();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
