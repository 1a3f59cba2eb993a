package dev.anystore.gcs;

import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import dev.anystore.http.Cancellation;
import dev.anystore.http.HttpBody;
import dev.anystore.http.HttpRequest;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.Origin;
import dev.anystore.spi.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Our transport as Google's libraries want one. It is handed to what we build and never registered as a service: that would put
 * it under every other client of the application. What it sends are documents; the bytes of objects never pass here.
 *
 * <p>Plain http goes to loopback and to the metadata service alone, whatever a file of credentials says.
 */
final class GoogleTransport extends com.google.api.client.http.HttpTransport {
    /** What our transport writes itself. */
    private static final Set<String> FRAMING = Set.of(
            "content-length",
            "transfer-encoding",
            "connection",
            "expect",
            "te",
            "trailer",
            "upgrade",
            "keep-alive",
            "accept-encoding");

    private static final int MAX_BODY = 16 << 20;

    private final HttpTransport transport;
    private final HttpTransport metadata;
    private final @Nullable Origin metadataHost;
    private final boolean allowHttp;

    private volatile @Nullable Origin actingHost;

    /** The call for whose sake this thread has Google's libraries work. */
    @SuppressWarnings("ThreadLocalUsage") // of one store, and removed when its work is done
    private final ThreadLocal<@Nullable Call> current = new ThreadLocal<>();

    /**
     * On these transports, which stay their owners'.
     *
     * @param metadata for the machine's metadata service, whose address the other refuses
     * @param metadataHost where that service is, if it is elsewhere
     */
    GoogleTransport(HttpTransport transport, HttpTransport metadata, @Nullable Origin metadataHost, boolean allowHttp) {
        this.transport = transport;
        this.metadata = metadata;
        this.metadataHost = metadataHost;
        this.allowHttp = allowHttp;
    }

    /**
     * Says where the service is that acts for other accounts, and signs for them, if a file of credentials says so: the
     * libraries take that address for its tokens, and Google's own for its signatures.
     */
    void actingHost(Origin value) {
        actingHost = value;
    }

    /** Has Google's libraries do something within a call: its end is theirs. */
    <T> T during(Call call, Supplier<T> work) {
        call.check();
        Call before = current.get();
        current.set(call);
        try {
            return work.get();
        } finally {
            if (before == null) {
                current.remove();
            } else {
                current.set(before);
            }
        }
    }

    @Override
    public boolean supportsMethod(String method) {
        return true;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) throws IOException {
        return new Request(method, url);
    }

    /** One request, whose body is small. */
    private final class Request extends LowLevelHttpRequest {
        private final String method;
        private final URI uri;
        private final List<String> headers = new ArrayList<>();
        private int answerMillis;

        Request(String method, String url) throws IOException {
            this.method = method;
            try {
                this.uri = new URI(url);
            } catch (URISyntaxException e) {
                // The message of the cause quotes all of it.
                throw new IOException("what should be asked is no URL");
            }
        }

        @Override
        public void addHeader(String name, String value) {
            if (!FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                headers.add(name);
                headers.add(value);
            }
        }

        @Override
        public void setTimeout(int connectTimeout, int readTimeout) {
            answerMillis = readTimeout;
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            Origin origin;
            try {
                origin = Origin.of(uri);
            } catch (IllegalArgumentException e) {
                throw new IOException("what should be asked is neither http nor https");
            }
            boolean ofMachine = EndpointRules.isMetadata(origin.host());
            if (ofMachine && metadataHost != null) {
                origin = metadataHost;
            }
            Origin acting = actingHost;
            if (acting != null && origin.host().equals("iamcredentials.googleapis.com")) {
                origin = acting;
            }
            if (!origin.tls() && !ofMachine && !allowHttp && !EndpointRules.isLoopback(origin.host())) {
                throw new IOException("credentials would go over plain http to " + origin.host());
            }
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            Cancellation cancellation = new Cancellation();
            HttpRequest.Builder builder = HttpRequest.builder(method, origin, path, uri.getRawQuery())
                    .body(content())
                    .cancellation(cancellation);
            for (int i = 0; i < headers.size(); i += 2) {
                builder.header(headers.get(i), headers.get(i + 1));
            }
            if (answerMillis > 0) {
                builder.answerTimeout(Duration.ofMillis(answerMillis));
            }
            HttpTransport over = ofMachine ? metadata : transport;
            Call call = current.get();
            if (call == null) {
                return new Response(over.send(builder.build()), null);
            }
            long left = call.remainingNanos();
            if (left != Long.MAX_VALUE) {
                builder.timeout(Duration.ofNanos(Math.max(1, Math.min(left, TimeUnit.DAYS.toNanos(1)))));
            }
            Call.Registration registration = call.onCancel(cancellation::cancel);
            boolean answered = false;
            try {
                Response response = new Response(over.send(builder.build()), registration);
                answered = true;
                return response;
            } finally {
                if (!answered) {
                    registration.close();
                }
            }
        }

        private HttpBody content() throws IOException {
            if (getStreamingContent() == null) {
                return method.equals("PUT") || method.equals("POST") || method.equals("PATCH")
                        ? HttpBody.empty()
                        : HttpBody.none();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            getStreamingContent().writeTo(out);
            if (out.size() > MAX_BODY) {
                throw new IOException("a document of over 16 MiB");
            }
            if (getContentType() != null) {
                addHeader("Content-Type", getContentType());
            }
            if (getContentEncoding() != null) {
                addHeader("Content-Encoding", getContentEncoding());
            }
            return HttpBody.of(out.toByteArray());
        }
    }

    /** One answer. */
    private static final class Response extends LowLevelHttpResponse {
        private final HttpResponse response;
        private final Call.@Nullable Registration registration;

        Response(HttpResponse response, Call.@Nullable Registration registration) {
            this.response = response;
            this.registration = registration;
        }

        @Override
        public InputStream getContent() {
            return response.body();
        }

        @Override
        public @Nullable String getContentEncoding() {
            return response.header("content-encoding");
        }

        @Override
        public long getContentLength() {
            return GcsText.number(response.header("content-length"));
        }

        @Override
        public @Nullable String getContentType() {
            return response.header("content-type");
        }

        @Override
        public String getStatusLine() {
            return "HTTP/1.1 " + response.status();
        }

        @Override
        public int getStatusCode() {
            return response.status();
        }

        @Override
        public String getReasonPhrase() {
            return "";
        }

        @Override
        public int getHeaderCount() {
            return response.headers().size();
        }

        @Override
        public String getHeaderName(int index) {
            return response.headers().name(index);
        }

        @Override
        public String getHeaderValue(int index) {
            return response.headers().value(index);
        }

        @Override
        public void disconnect() {
            if (registration != null) {
                registration.close();
            }
            response.close();
        }
    }
}
