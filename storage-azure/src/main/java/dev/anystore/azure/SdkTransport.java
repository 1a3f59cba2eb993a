package dev.anystore.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeader;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.core.util.FluxUtil;
import dev.anystore.http.HttpBody;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Our transport as Azure's library wants one. It is handed to the clients that we build and never registered as a service: that
 * would put it under every other client of the application. It sends each request once.
 */
final class SdkTransport implements HttpClient {
    /** What our transport writes itself. */
    private static final Set<String> FRAMING = Set.of(
            "content-length", "transfer-encoding", "connection", "expect", "te", "trailer", "upgrade", "keep-alive");

    private static final int MAX_WHOLE_BODY = 64 << 20;

    private final HttpTransport transport;

    SdkTransport(HttpTransport transport) {
        this.transport = transport;
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return Mono.fromCallable(() -> sendSync(request, Context.NONE));
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        try {
            URI uri = request.getUrl().toURI();
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            dev.anystore.http.HttpRequest.Builder builder = dev.anystore.http.HttpRequest.builder(
                            request.getHttpMethod().toString(), Origin.of(root(uri)), path, uri.getRawQuery())
                    .body(body(request));
            for (HttpHeader header : request.getHeaders()) {
                if (!FRAMING.contains(header.getName().toLowerCase(Locale.ROOT))) {
                    header.getValuesList().forEach(value -> builder.header(header.getName(), value));
                }
            }
            return new Received(request, transport.send(builder.build()));
        } catch (HttpException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the address of a request is none", e);
        }
    }

    private static URI root(URI uri) {
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }

    private static HttpBody body(HttpRequest request) {
        BinaryData data = request.getBodyAsBinaryData();
        if (data == null) {
            return switch (request.getHttpMethod()) {
                case PUT, POST, PATCH -> HttpBody.empty();
                default -> HttpBody.none();
            };
        }
        String length = request.getHeaders().getValue(HttpHeaderName.CONTENT_LENGTH);
        Long known = length != null ? Long.valueOf(length) : data.getLength();
        if (known == null) {
            return HttpBody.chunked(data.toStream());
        }
        return known == 0 ? HttpBody.empty() : HttpBody.stream(data.toStream(), known);
    }

    /** An answer whose body is read as it comes. */
    private static final class Received extends HttpResponse {
        private final dev.anystore.http.HttpResponse response;
        private final HttpHeaders headers = new HttpHeaders();

        Received(HttpRequest request, dev.anystore.http.HttpResponse response) {
            super(request);
            this.response = response;
            dev.anystore.http.HttpHeaders from = response.headers();
            for (int i = 0; i < from.size(); i++) {
                headers.add(HttpHeaderName.fromString(from.name(i)), from.value(i));
            }
        }

        @Override
        public int getStatusCode() {
            return response.status();
        }

        @Override
        @Deprecated
        public @Nullable String getHeaderValue(String name) {
            return response.header(name);
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.using(response::body, FluxUtil::toFluxByteBuffer, body -> response.close());
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.fromCallable(this::whole);
        }

        private byte[] whole() throws IOException {
            try (response) {
                return response.readAll(MAX_WHOLE_BODY);
            }
        }

        @Override
        public Mono<String> getBodyAsString() {
            return getBodyAsString(java.nio.charset.StandardCharsets.UTF_8);
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return getBodyAsByteArray().map(bytes -> new String(bytes, charset));
        }

        @Override
        public BinaryData getBodyAsBinaryData() {
            return BinaryData.fromStream(response.body());
        }

        @Override
        public InputStream getBodyAsInputStreamSync() {
            return response.body();
        }

        @Override
        public void close() {
            response.close();
        }
    }
}
