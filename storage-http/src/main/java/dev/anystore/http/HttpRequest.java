package dev.anystore.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request, sent byte for byte as given: path, query and header values are neither encoded nor normalised. The
 * transport adds {@code Host} where the caller has not, and the headers that frame the body; these
 * ({@code Content-Length}, {@code Transfer-Encoding}, {@code Connection}, {@code Expect} and their kin) are refused from callers.
 */
public final class HttpRequest {
    private static final int MAX_HEAD_BYTES = 64 << 10; // what we send is bounded as what we accept
    private static final String[] FRAMING = {
        "content-length",
        "transfer-encoding",
        "connection",
        "expect",
        "te",
        "trailer",
        "upgrade",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection"
    };

    final String method;
    final Origin origin;
    final String path;
    final @Nullable String query;
    final String[] fields; // name, value, name, value
    final boolean namesHost;
    final HttpBody body;
    final @Nullable Duration timeout;
    final @Nullable Duration answerTimeout;
    final boolean quietBody;
    final boolean expectContinue;
    final boolean resend;
    final @Nullable Cancellation cancellation;
    final @Nullable LongConsumer onSent;

    private HttpRequest(Builder b) {
        this.method = b.method;
        this.origin = b.origin;
        this.path = b.path;
        this.query = b.query;
        this.fields = Arrays.copyOf(b.fields, b.count);
        this.namesHost = b.namesHost;
        this.body = b.body;
        this.timeout = b.timeout;
        this.answerTimeout = b.answerTimeout;
        this.quietBody = b.quietBody;
        this.expectContinue = b.expectContinue;
        this.resend = b.resend;
        this.cancellation = b.cancellation;
        this.onSent = b.onSent;
    }

    /**
     * @param method a token, in capitals as the service spells it
     * @param rawPath begins with {@code /} and is already encoded
     * @param rawQuery without its {@code ?}, already encoded; null for none
     */
    public static Builder builder(String method, Origin origin, String rawPath, @Nullable String rawQuery) {
        return new Builder(method, origin, rawPath, rawQuery);
    }

    public String method() {
        return method;
    }

    public Origin origin() {
        return origin;
    }

    public String rawPath() {
        return path;
    }

    public HttpBody body() {
        return body;
    }

    /** Method, origin and path: the query may carry a signature. */
    @Override
    public String toString() {
        return method + ' ' + origin + path;
    }

    /** Collects one request. Not for sharing between threads. */
    public static final class Builder {
        private final String method;
        private final Origin origin;
        private final String path;
        private final @Nullable String query;
        private String[] fields = new String[24];
        private int count;
        private int headBytes;
        private boolean namesHost;
        private HttpBody body = HttpBody.none();
        private @Nullable Duration timeout;
        private @Nullable Duration answerTimeout;
        private boolean quietBody;
        private boolean expectContinue;
        private boolean resend = true;
        private @Nullable Cancellation cancellation;
        private @Nullable LongConsumer onSent;

        private Builder(String method, Origin origin, String path, @Nullable String query) {
            HttpField.checkName(method);
            checkTarget(path);
            if (path.isEmpty() || path.charAt(0) != '/') {
                throw new IllegalArgumentException("a path begins with /");
            }
            if (path.indexOf('?') >= 0) {
                throw new IllegalArgumentException("a ? in the path must be encoded");
            }
            if (query != null) {
                checkTarget(query);
            }
            this.method = method;
            this.origin = origin;
            this.path = path;
            this.query = query;
            this.headBytes = method.length() + path.length() + (query == null ? 0 : query.length());
        }

        /** Adds a field after those that are there. A name may come more than once. */
        public Builder header(String name, String value) {
            HttpField.checkName(name);
            HttpField.checkValue(name, value);
            for (String framing : FRAMING) {
                if (framing.length() == name.length() && framing.equalsIgnoreCase(name)) {
                    throw new IllegalArgumentException(
                            "header %s is the transport's to write".formatted(name.toLowerCase(Locale.ROOT)));
                }
            }
            if (name.length() == 4 && name.equalsIgnoreCase("host")) {
                if (namesHost) {
                    throw new IllegalArgumentException("two Host headers");
                }
                namesHost = true;
            }
            if (count == fields.length) {
                fields = Arrays.copyOf(fields, count * 2);
            }
            fields[count++] = name;
            fields[count++] = value;
            headBytes += name.length() + value.length() + 4;
            if (headBytes > MAX_HEAD_BYTES) {
                throw new IllegalArgumentException("the request's head is over %d bytes".formatted(MAX_HEAD_BYTES));
            }
            return this;
        }

        /** {@link HttpBody#none()} unless set. */
        public Builder body(HttpBody value) {
            this.body = Objects.requireNonNull(value, "body");
            return this;
        }

        /** How long the request may take from the call to the last byte of its answer; no limit unless set. */
        public Builder timeout(Duration value) {
            this.timeout = TransportOptions.checkPositive("timeout", value);
            return this;
        }

        /** How long the answer's head may be away after the request was sent, instead of the transport's own limit. */
        public Builder answerTimeout(Duration value) {
            this.answerTimeout = TransportOptions.checkPositive("answer timeout", value);
            return this;
        }

        /**
         * Lets the answer's body, too, be silent for as long as its head may be. S3 answers some requests at once with 200 and
         * then sends blanks until it knows the outcome:
         * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
         */
        public Builder quietBody() {
            this.quietBody = true;
            return this;
        }

        /** Sends the head with {@code Expect: 100-continue}, and the body when the server agrees or says nothing for a second. */
        public Builder expectContinue() {
            this.expectContinue = true;
            return this;
        }

        /** Never sends the request twice, not even where a pooled connection turned out to be dead. */
        public Builder neverResend() {
            this.resend = false;
            return this;
        }

        public Builder cancellation(Cancellation value) {
            this.cancellation = value;
            return this;
        }

        /** Hears, on the sending thread, of each piece of the body that was handed to the connection, in bytes. A resend counts again. */
        public Builder onSent(LongConsumer value) {
            this.onSent = value;
            return this;
        }

        public HttpRequest build() {
            return new HttpRequest(this);
        }

        private static void checkTarget(String target) {
            for (int i = 0; i < target.length(); i++) {
                char c = target.charAt(i);
                if (c <= ' ' || c >= 0x7f || c == '#') {
                    throw new IllegalArgumentException("the request's path or query is not encoded, at " + i);
                }
            }
            if (target.length() > MAX_HEAD_BYTES) {
                throw new IllegalArgumentException("the request's head is over %d bytes".formatted(MAX_HEAD_BYTES));
            }
        }
    }
}
