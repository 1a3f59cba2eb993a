package dev.anystore.gcs;

import dev.anystore.http.HttpBody;
import dev.anystore.spi.Call;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One request before it has a token. Not for sharing between threads. */
final class GcsRequest {
    /** Some requests move data within the service before they answer: complete, rewrite. */
    private static final Duration SLOW_ANSWER = Duration.ofMinutes(10);

    private final String method;
    private final @Nullable String key;
    private final String path;
    private final boolean xml;
    private final StringBuilder query = new StringBuilder();
    private final List<String> headers = new ArrayList<>(16); // name, value, name, value
    private HttpBody body;
    private boolean repeatable = true;
    private boolean takes308;
    private boolean conditional;
    private @Nullable Duration answerTimeout;
    private @Nullable LongConsumer onSent;

    private GcsRequest(String method, @Nullable String key, String path, boolean xml) {
        this.method = method;
        this.key = key;
        this.path = path;
        this.xml = xml;
        this.body = method.equals("PUT") || method.equals("POST") ? HttpBody.empty() : HttpBody.none();
    }

    /** About one object, by the XML API: its path is the key as it stands. */
    static GcsRequest xmlObject(String method, String bucket, String key) {
        StringBuilder path = new StringBuilder(bucket.length() + key.length() + 16);
        path.append('/').append(bucket).append('/');
        PercentEncoding.appendPath(path, key);
        return new GcsRequest(method, key, path.toString(), true);
    }

    /** About the bucket, by the XML API. */
    static GcsRequest xmlBucket(String method, String bucket) {
        return new GcsRequest(method, null, '/' + bucket, true);
    }

    /** About one object, by the JSON API: its key is one segment. */
    static GcsRequest jsonObject(String method, String bucket, String key) {
        return new GcsRequest(method, key, jsonPath(bucket, key), false);
    }

    /** The path of an object in the JSON API. */
    static String jsonPath(String bucket, String key) {
        StringBuilder path = new StringBuilder(bucket.length() + key.length() + 40);
        path.append("/storage/v1/b/").append(bucket).append("/o/");
        PercentEncoding.appendQuery(path, key);
        return path.toString();
    }

    /** About anything, by the JSON API. */
    static GcsRequest json(String method, @Nullable String key, String path) {
        return new GcsRequest(method, key, path, false);
    }

    /** Adds a parameter of the query, not yet encoded. */
    GcsRequest query(String name, String value) {
        if (query.length() > 0) {
            query.append('&');
        }
        query.append(name);
        if (!value.isEmpty()) {
            query.append('=');
            PercentEncoding.appendQuery(query, value);
        }
        return this;
    }

    /** Adds a parameter unless the value is null. */
    GcsRequest queryIfPresent(String name, @Nullable String value) {
        return value == null ? this : query(name, value);
    }

    /** Takes a query as the service made it, for the address of an upload session. */
    GcsRequest rawQuery(@Nullable String value) {
        query.setLength(0);
        query.append(value == null ? "" : value);
        return this;
    }

    /** Adds a header; its name is in lower case. */
    GcsRequest header(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    /** Adds a header unless the value is null. */
    GcsRequest headerIfPresent(String name, @Nullable String value) {
        return value == null ? this : header(name, value);
    }

    /** The bytes of an object or a part. */
    GcsRequest body(HttpBody value, boolean isRepeatable) {
        body = value;
        repeatable = isRepeatable;
        return this;
    }

    /** A small document. */
    GcsRequest document(String contentType, String text) {
        body = HttpBody.of(text.getBytes(StandardCharsets.UTF_8));
        return header("content-type", contentType);
    }

    /** Says that the answer may be away, and then silent, for minutes. */
    GcsRequest slow() {
        answerTimeout = SLOW_ANSWER;
        return this;
    }

    /** Says that 308 is an answer, as upload sessions have it. */
    GcsRequest taking308() {
        takes308 = true;
        return this;
    }

    /** Says that the request carries a condition on what it replaces. */
    GcsRequest withCondition() {
        conditional = true;
        return this;
    }

    /** Says who hears of the bytes that went out, where not all of them are the payload's. */
    GcsRequest onSent(LongConsumer value) {
        onSent = value;
        return this;
    }

    String method() {
        return method;
    }

    /** The key, or null where the request is about the bucket. */
    @Nullable
    String key() {
        return key;
    }

    String path() {
        return path;
    }

    /** Whether it speaks the XML API. */
    boolean xml() {
        return xml;
    }

    /** The encoded query, or null. */
    @Nullable
    String query() {
        return query.length() == 0 ? null : query.toString();
    }

    /** Names and values in turn. */
    List<String> headers() {
        return headers;
    }

    HttpBody body() {
        return body;
    }

    boolean repeatable() {
        return repeatable;
    }

    boolean takes308() {
        return takes308;
    }

    boolean conditional() {
        return conditional;
    }

    @Nullable
    Duration answerTimeout() {
        return answerTimeout;
    }

    LongConsumer sent(Call call) {
        return onSent == null ? call::sent : onSent;
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
