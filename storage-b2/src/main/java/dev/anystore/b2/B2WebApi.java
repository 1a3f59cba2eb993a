package dev.anystore.b2;

import com.backblaze.b2.client.contentHandlers.B2ContentSink;
import com.backblaze.b2.client.contentSources.B2Headers;
import com.backblaze.b2.client.exceptions.B2Exception;
import com.backblaze.b2.client.webApiClients.B2WebApiClient;
import dev.anystore.http.HttpBody;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Our transport as the SDK wants one, for one call of ours, whose deadline and cancellation hold for it. Each method sends one
 * request. What fails is thrown as ours, past the SDK.
 */
final class B2WebApi implements B2WebApiClient {
    /** What the transport writes itself. The SDK asks for consent before each upload, which costs a round trip each. */
    private static final Set<String> FRAMING = Set.of("content-length", "expect");
    /** Calls that only look. */
    private static final Set<String> READING =
            Set.of("b2_authorize_account", "b2_get_file_info", "b2_get_download_authorization");
    /** Calls that copy or join bytes before they answer. */
    private static final Set<String> SLOW = Set.of("b2_finish_large_file", "b2_copy_file", "b2_copy_part");

    private final B2Client client;
    private final Call call;

    B2WebApi(B2Client client, Call call) {
        this.client = client;
        this.call = call;
    }

    @Override
    public <R> R postJsonReturnJson(String url, @Nullable B2Headers headers, Object document, Class<R> type) {
        B2Request request = request("POST", url, headers).body(HttpBody.of(Documents.write(document)));
        request.header("Content-Type", "application/json");
        return read(request, type);
    }

    @Override
    public <R> R postDataReturnJson(
            String url, @Nullable B2Headers headers, InputStream content, long length, Class<R> type) {
        return read(request("POST", url, headers).body(HttpBody.stream(content, length)), type);
    }

    private <R> R read(B2Request request, Class<R> type) {
        try (Answer answer = client.send(request, call)) {
            return Documents.read(answer.response().readAll(Documents.MAX_BYTES), type);
        } catch (IOException e) {
            throw client.errors().of(e, request);
        }
    }

    @Override
    public void getContent(String url, @Nullable B2Headers headers, B2ContentSink sink) throws B2Exception {
        B2Request request = request("GET", url, headers).onlyReads();
        try (Answer answer = client.send(request, call)) {
            sink.readContent(AnswerHeaders.of(answer), answer.response().body());
        } catch (IOException e) {
            throw client.errors().of(e, request);
        }
    }

    @Override
    public B2Headers head(String url, @Nullable B2Headers headers) {
        try (Answer answer = client.send(request("HEAD", url, headers).onlyReads(), call)) {
            return AnswerHeaders.of(answer);
        }
    }

    private B2Request request(String method, String url, @Nullable B2Headers headers) {
        B2Address address = B2Address.of(url, client.config().allowHttp());
        String operation = address.operation();
        B2Request request = new B2Request(method, operation, address, null);
        if (headers != null) {
            for (String name : headers.getNames()) {
                String value = headers.getValueOrNull(name);
                if (value != null && !FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                    request.header(name, value);
                }
            }
        }
        if (READING.contains(operation) || operation.startsWith("b2_list_")) {
            request.onlyReads();
        }
        return SLOW.contains(operation) ? request.slow() : request;
    }

    /** Nothing of its own: the transport is the store's. */
    @Override
    public void close() {}
}
