package dev.anystore.azure;

import dev.anystore.http.HttpBody;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request before it is signed. Not for sharing between threads. */
final class AzureRequest {
    /** Some requests move data within the service before they answer: block lists, copies. */
    private static final Duration SLOW_ANSWER = Duration.ofMinutes(10);

    /** What a request is about. */
    enum Scope {
        OBJECT,
        CONTAINER,
        ACCOUNT
    }

    private final String method;
    private final Scope scope;
    private final @Nullable String key;
    private final Right right;
    private final Fields query = new Fields();
    private final Fields headers = new Fields();
    private HttpBody body;
    private boolean repeatable = true;
    private boolean onlyReads;
    private @Nullable Duration answerTimeout;

    private AzureRequest(String method, Scope scope, @Nullable String key, Right right) {
        this.method = method;
        this.scope = scope;
        this.key = key;
        this.right = right;
        this.onlyReads = method.equals("GET") || method.equals("HEAD");
        this.body = method.equals("PUT") || method.equals("POST") ? HttpBody.empty() : HttpBody.none();
    }

    /** About one object. */
    static AzureRequest object(String method, String key, Right right) {
        return new AzureRequest(method, Scope.OBJECT, key, right);
    }

    /** About the container. */
    static AzureRequest container(String method, Right right) {
        return new AzureRequest(method, Scope.CONTAINER, null, right).query("restype", "container");
    }

    /** About the account. */
    static AzureRequest account(String method, Right right) {
        return new AzureRequest(method, Scope.ACCOUNT, null, right).query("restype", "service");
    }

    /** Adds a parameter of the query, not yet encoded. */
    AzureRequest query(String name, String value) {
        query.set(name, value);
        return this;
    }

    /** Adds a parameter unless the value is null. */
    AzureRequest queryIfPresent(String name, @Nullable String value) {
        query.setIfPresent(name, value);
        return this;
    }

    /** Adds a header; its name is in lower case. */
    AzureRequest header(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /** The bytes of an object or a block. */
    AzureRequest body(HttpBody value, boolean isRepeatable) {
        body = value;
        repeatable = isRepeatable;
        return this;
    }

    /** A small document. */
    AzureRequest document(byte[] bytes, String type) {
        body = HttpBody.of(bytes);
        return header("content-type", type);
    }

    /** Says that the answer may be away for minutes. */
    AzureRequest slow() {
        answerTimeout = SLOW_ANSWER;
        return this;
    }

    /** Says that the request changes nothing, although its method does not tell. */
    AzureRequest reading() {
        onlyReads = true;
        return this;
    }

    /** The method. */
    String method() {
        return method;
    }

    /** What it is about. */
    Scope scope() {
        return scope;
    }

    /** The key, or null where the request is about no object. */
    @Nullable
    String key() {
        return key;
    }

    /** What a shared access signature must allow for it. */
    Right right() {
        return right;
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

    /** Whether it can be sent a second time. */
    boolean repeatable() {
        return repeatable;
    }

    /** How long the answer may be away, or null for the usual time. */
    @Nullable
    Duration answerTimeout() {
        return answerTimeout;
    }

    /** Whether the service changes nothing when it gets this. */
    boolean onlyReads() {
        return onlyReads;
    }

    @Override
    public String toString() {
        return method + ' ' + scope;
    }
}
