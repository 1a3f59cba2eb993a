package dev.anystore.s3;

import dev.anystore.http.Cancellation;
import dev.anystore.http.HttpBody;
import dev.anystore.http.HttpHeaders;
import dev.anystore.http.HttpRequest;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Our transport as the AWS SDK wants one. It is handed to the clients that we build and never registered as a service: that
 * would put it under every other client of the application.
 *
 * <p>It sends each request once. A request with a body is not repeated on a stale connection either: whether its stream can be
 * opened again only the SDK's own retry knows.
 */
final class SdkTransport implements SdkHttpClient {
    /** What our transport writes itself. */
    private static final Set<String> FRAMING = Set.of(
            "content-length", "transfer-encoding", "connection", "expect", "te", "trailer", "upgrade", "keep-alive");

    private final HttpTransport transport;

    /** On this transport, which it closes in the end. */
    SdkTransport(HttpTransport transport) {
        this.transport = transport;
    }

    @Override
    public String clientName() {
        return "anystore";
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Exchange(transport, request);
    }

    @Override
    public void close() {
        transport.close();
    }

    /** One request, which another thread may abort at any time. */
    private static final class Exchange implements ExecutableHttpRequest {
        private final HttpTransport transport;
        private final HttpExecuteRequest request;
        private final Cancellation cancellation = new Cancellation();

        Exchange(HttpTransport transport, HttpExecuteRequest request) {
            this.transport = transport;
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            SdkHttpRequest http = request.httpRequest();
            String path = http.encodedPath().isEmpty() ? "/" : http.encodedPath();
            Origin origin = new Origin(http.protocol().equalsIgnoreCase("https"), http.host(), http.port());
            HttpRequest.Builder builder = HttpRequest.builder(
                            http.method().name(),
                            origin,
                            path,
                            http.encodedQueryParameters().orElse(null))
                    .cancellation(cancellation);
            http.forEachHeader((name, values) -> addHeader(builder, name, values));
            if (http.firstMatchingHeader("Expect")
                    .filter("100-continue"::equalsIgnoreCase)
                    .isPresent()) {
                builder.expectContinue();
            }
            ContentStreamProvider content = request.contentStreamProvider().orElse(null);
            if (content == null) {
                return answer(transport.send(builder.body(emptyBody(http)).build()));
            }
            try (InputStream in = content.newStream()) {
                return answer(transport.send(builder.body(body(http, in)).build()));
            }
        }

        private static void addHeader(HttpRequest.Builder builder, String name, List<String> values) {
            if (!FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
            }
        }

        private static HttpBody emptyBody(SdkHttpRequest http) {
            return switch (http.method()) {
                case PUT, POST, PATCH -> HttpBody.empty();
                default -> HttpBody.none();
            };
        }

        private static HttpBody body(SdkHttpRequest http, InputStream in) throws IOException {
            String length = http.firstMatchingHeader("Content-Length").orElse(null);
            if (length == null) {
                return HttpBody.chunked(in);
            }
            try {
                return HttpBody.stream(in, Long.parseLong(length.trim()));
            } catch (IllegalArgumentException e) {
                throw new IOException("the SDK's Content-Length is no length", e);
            }
        }

        private static HttpExecuteResponse answer(HttpResponse response) {
            SdkHttpFullResponse.Builder head = SdkHttpFullResponse.builder().statusCode(response.status());
            HttpHeaders headers = response.headers();
            for (int i = 0; i < headers.size(); i++) {
                head.appendHeader(headers.name(i), headers.value(i));
            }
            // Closing an answer that is half read ends its connection, unless little is left: that is an abort already.
            AbortableInputStream body = AbortableInputStream.create(response.body(), response::close);
            return HttpExecuteResponse.builder()
                    .response(head.build())
                    .responseBody(body)
                    .build();
        }

        @Override
        public void abort() {
            cancellation.cancel();
        }
    }
}
