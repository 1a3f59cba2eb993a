package dev.anystore.s3;

import dev.anystore.http.HttpBody;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request before it is signed. Not for sharing between threads. */
final class S3Request {
    /** Some requests move data within the service before they answer: complete, copies. */
    private static final Duration SLOW_ANSWER = Duration.ofMinutes(10);

    private final String method;
    private final @Nullable String key;
    private final Fields query = new Fields();
    private final Fields headers = new Fields();
    private HttpBody body;
    private String payloadHash = SigV4.EMPTY_PAYLOAD;
    private boolean repeatable = true;
    private @Nullable Duration answerTimeout;

    private S3Request(String method, @Nullable String key) {
        this.method = method;
        this.key = key;
        // Ceph and R2 want to be told the length of a body that is not there.
        this.body = method.equals("PUT") || method.equals("POST") ? HttpBody.empty() : HttpBody.none();
    }

    /** About one object. */
    static S3Request object(String method, String key) {
        return new S3Request(method, key);
    }

    /** About the bucket. */
    static S3Request bucket(String method) {
        return new S3Request(method, null);
    }

    /** Adds a parameter of the query, not yet encoded. */
    S3Request query(String name, String value) {
        query.set(name, value);
        return this;
    }

    /** Adds a parameter unless the value is null. */
    S3Request queryIfPresent(String name, @Nullable String value) {
        query.setIfPresent(name, value);
        return this;
    }

    /** Adds a header; its name is in lower case. */
    S3Request header(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /** Adds a header unless the value is null. */
    S3Request headerIfPresent(String name, @Nullable String value) {
        headers.setIfPresent(name, value);
        return this;
    }

    /** The bytes of an object or a part: not signed, since a digest of theirs is. */
    S3Request body(HttpBody value, boolean isRepeatable) {
        body = value;
        payloadHash = SigV4.UNSIGNED_PAYLOAD;
        repeatable = isRepeatable;
        return this;
    }

    /** A small document, which is signed with the rest: what it names must not change on the way, over http either. */
    S3Request document(byte[] bytes) {
        body = HttpBody.of(bytes);
        payloadHash = SigV4.sha256(bytes);
        return header("content-type", "application/xml");
    }

    /** Says that the answer may be away, and then silent, for minutes. */
    S3Request slow() {
        answerTimeout = SLOW_ANSWER;
        return this;
    }

    /** The method. */
    String method() {
        return method;
    }

    /** The key, or null where the request is about the bucket. */
    @Nullable
    String key() {
        return key;
    }

    /** The query. */
    Fields query() {
        return query;
    }

    /** The headers that do not depend on time and place. */
    Fields headers() {
        return headers;
    }

    /** The body. */
    HttpBody body() {
        return body;
    }

    /** What stands for the body in the signature. */
    String payloadHash() {
        return payloadHash;
    }

    /** Whether it can be sent a second time. */
    boolean repeatable() {
        return repeatable;
    }

    /** How long the answer may be away, or null for the usual time. */
    @Nullable
    Duration answerTimeout() {
        return answerTimeout;
    }

    /** Whether an answer that quotes this request can be XML. */
    boolean fitsXml() {
        boolean fits = key == null || XmlWriter.canCarry(key);
        for (int i = 0; i < query.size() && fits; i++) {
            fits = XmlWriter.canCarry(query.value(i));
        }
        return fits;
    }

    /** Whether the service changes nothing when it gets this. */
    boolean onlyReads() {
        return method.equals("GET") || method.equals("HEAD");
    }

    @Override
    public String toString() {
        return method + (key == null ? " bucket" : " object");
    }
}
