package dev.anystore.b2;

import dev.anystore.http.HttpBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request, by an address that the user or the service named. Not for sharing between threads. */
final class B2Request {
    /** Some calls move data within the service before they answer. */
    private static final Duration SLOW_ANSWER = Duration.ofMinutes(10);

    private final String method;
    private final String operation;
    private final B2Address address;
    private final @Nullable String key;
    private final List<String> headers = new ArrayList<>(24);
    private HttpBody body = HttpBody.none();
    private boolean onlyReads;
    private boolean slow;
    private long payload = -1;

    /**
     * A request.
     *
     * @param operation such as {@code b2_upload_part}
     * @param key that it is about, or null
     */
    B2Request(String method, String operation, B2Address address, @Nullable String key) {
        this.method = method;
        this.operation = operation;
        this.address = address;
        this.key = key;
    }

    B2Request header(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    B2Request body(HttpBody value) {
        body = value;
        return this;
    }

    /** The same body, of which only so many bytes are the caller's. */
    B2Request payload(HttpBody value, long bytes) {
        body = value;
        payload = bytes;
        return this;
    }

    /** The service changes nothing when it gets this. */
    B2Request onlyReads() {
        onlyReads = true;
        return this;
    }

    /** The answer may be away for minutes. */
    B2Request slow() {
        slow = true;
        return this;
    }

    String method() {
        return method;
    }

    String operation() {
        return operation;
    }

    B2Address address() {
        return address;
    }

    @Nullable
    String key() {
        return key;
    }

    List<String> headers() {
        return headers;
    }

    HttpBody body() {
        return body;
    }

    /** How many bytes of the body are the caller's. */
    long payload() {
        return payload >= 0 ? payload : body.length();
    }

    boolean changesNothing() {
        return onlyReads;
    }

    @Nullable
    Duration answerTimeout() {
        return slow ? SLOW_ANSWER : null;
    }

    boolean uploads() {
        return operation.startsWith("b2_upload_");
    }

    @Override
    public String toString() {
        return operation;
    }
}
