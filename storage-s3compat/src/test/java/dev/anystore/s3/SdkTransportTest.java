package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.TransportOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Our transport under the SDK's own S3 client, against a server that checks signatures. */
class SdkTransportTest {
    @SuppressWarnings("NullAway.Init") // set before the first test, like its neighbours
    private static S3ProxyServer server;

    @SuppressWarnings("NullAway.Init")
    private static HttpTransport transport;

    @SuppressWarnings("NullAway.Init")
    private static S3Client s3;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = S3ProxyServer.start(folder);
        transport = new HttpTransport(TransportOptions.DEFAULT);
        s3 = client(server.endpoint(), transport);
        s3.createBucket(b -> b.bucket("sdk"));
    }

    @AfterAll
    static void stop() {
        s3.close();
        transport.close();
        server.close();
    }

    private static S3Client client(URI endpoint, HttpTransport transport) {
        return S3Client.builder()
                .httpClient(new SdkTransport(transport))
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(TestServer.ID, TestServer.SECRET)))
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void objectsOfAllSizesComeBackAsTheyWent() {
        for (int size : new int[] {0, 1, 100_000, 3 << 20}) {
            byte[] bytes = random(size);
            s3.putObject(
                    r -> r.bucket("sdk").key("k").metadata(java.util.Map.of("a", "b")), RequestBody.fromBytes(bytes));
            assertThat(s3.getObjectAsBytes(r -> r.bucket("sdk").key("k")).asByteArray())
                    .isEqualTo(bytes);
            assertThat(s3.headObject(r -> r.bucket("sdk").key("k")).metadata()).containsEntry("a", "b");
        }
    }

    @Test
    void aStreamIsSentInTheSdksOwnChunks() {
        byte[] bytes = random(300_000);
        s3.putObject(
                r -> r.bucket("sdk").key("stream"),
                RequestBody.fromInputStream(new ByteArrayInputStream(bytes), bytes.length));
        assertThat(s3.getObjectAsBytes(r -> r.bucket("sdk").key("stream")).asByteArray())
                .isEqualTo(bytes);
    }

    @Test
    void keysThatNeedEncodingAndListingsWork() {
        String key = "a b/c+d%2F~e?f&g=h/\u00e9\uD83D\uDE00";
        s3.putObject(r -> r.bucket("sdk").key(key), RequestBody.fromString("x"));
        assertThat(s3.listObjectsV2(r -> r.bucket("sdk").prefix("a b/")).contents())
                .extracting(object -> object.key())
                .containsExactly(key);
        s3.deleteObject(r -> r.bucket("sdk").key(key));
        assertThatThrownBy(() -> s3.headObject(r -> r.bucket("sdk").key(key))).isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    void aRangeIsAPartOfTheObject() {
        byte[] bytes = random(100_000);
        s3.putObject(r -> r.bucket("sdk").key("range"), RequestBody.fromBytes(bytes));
        var part = s3.getObjectAsBytes(r -> r.bucket("sdk").key("range").range("bytes=1000-1999"));
        assertThat(part.response().contentRange()).isEqualTo("bytes 1000-1999/100000");
        assertThat(part.asByteArray()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 1000, 2000));
    }

    @Test
    void refusalsAreTheSdksOwnExceptions() {
        assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket("sdk").key("absent")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.listObjectsV2(r -> r.bucket("no-such-bucket")))
                .isInstanceOf(NoSuchBucketException.class);
        s3.putObject(r -> r.bucket("sdk").key("small"), RequestBody.fromString("x"));
        assertThatThrownBy(() ->
                        s3.getObjectAsBytes(r -> r.bucket("sdk").key("small").range("bytes=999999999-")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(416));
    }

    @Test
    void anAbortEndsAHalfReadAnswerAndItsConnection() throws IOException {
        s3.putObject(r -> r.bucket("sdk").key("large"), RequestBody.fromBytes(random(8 << 20)));
        try (HttpTransport own = new HttpTransport(TransportOptions.DEFAULT);
                S3Client client = client(server.endpoint(), own)) {
            ResponseInputStream<GetObjectResponse> body =
                    client.getObject(r -> r.bucket("sdk").key("large"), ResponseTransformer.toInputStream());
            assertThat(body.readNBytes(1000)).hasSize(1000);
            body.abort();
            assertThat(own.census().open()).isZero();
            assertThat(client.headObject(r -> r.bucket("sdk").key("large")).contentLength())
                    .isEqualTo(8L << 20);
        }
    }

    @Test
    void anAbortFromAnotherThreadEndsAWaitingRequest() throws Exception {
        try (ScriptedServer silent = new ScriptedServer(request -> {
                    try {
                        Thread.sleep(20_000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return ScriptedServer.HANG_UP;
                });
                SdkTransport sdk = new SdkTransport(new HttpTransport(TransportOptions.DEFAULT))) {
            ExecutableHttpRequest request = sdk.prepareRequest(request(silent.endpoint(), SdkHttpMethod.GET, null));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread waiting = new Thread(() -> {
                try {
                    request.call();
                } catch (IOException e) {
                    failure.set(e);
                }
            });
            waiting.start();
            while (silent.requests().isEmpty()) {
                Thread.onSpinWait();
            }
            request.abort();
            waiting.join(100_000);
            assertThat(failure.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anExpectationIsSentAndARefusalBeforeTheBodyIsSeen() throws IOException {
        String[] head = {""};
        try (java.net.ServerSocket listener = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SdkTransport sdk = new SdkTransport(new HttpTransport(TransportOptions.DEFAULT))) {
            Thread peer = new Thread(() -> refuseAfterHead(listener, head));
            peer.start();
            HttpExecuteRequest request = request(
                    URI.create("http://127.0.0.1:" + listener.getLocalPort()), SdkHttpMethod.PUT, new byte[1 << 20]);
            HttpExecuteResponse answer = sdk.prepareRequest(request).call();
            assertThat(answer.httpResponse().statusCode()).isEqualTo(403);
            assertThat(head[0])
                    .containsIgnoringCase("expect: 100-continue")
                    .containsIgnoringCase("content-length: 1048576");
        }
    }

    private static void refuseAfterHead(java.net.ServerSocket listener, String[] head) {
        try (java.net.Socket socket = listener.accept()) {
            StringBuilder text = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) in.read());
            }
            head[0] = text.toString();
            socket.getOutputStream()
                    .write("HTTP/1.1 403 no\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            head[0] = e.toString();
        }
    }

    @Test
    void aBodyOfUnknownLengthIsSentInChunks() throws IOException {
        AtomicReference<String> seen = new AtomicReference<>("");
        HttpServer chunks = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chunks.createContext("/", exchange -> {
            int length = exchange.getRequestBody().readAllBytes().length;
            seen.set(exchange.getRequestHeaders().getFirst("Transfer-Encoding") + " " + length);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        chunks.start();
        try (SdkTransport sdk = new SdkTransport(new HttpTransport(TransportOptions.DEFAULT))) {
            URI uri = URI.create("http://127.0.0.1:" + chunks.getAddress().getPort());
            SdkHttpFullRequest http = SdkHttpFullRequest.builder()
                    .method(SdkHttpMethod.POST)
                    .uri(uri)
                    .contentStreamProvider(() -> new ByteArrayInputStream(new byte[100_000]))
                    .build();
            HttpExecuteResponse answer = sdk.prepareRequest(HttpExecuteRequest.builder()
                            .request(http)
                            .contentStreamProvider(http.contentStreamProvider().orElseThrow())
                            .build())
                    .call();
            assertThat(answer.httpResponse().statusCode()).isEqualTo(204);
            assertThat(seen).hasValue("chunked 100000");
        } finally {
            chunks.stop(0);
        }
    }

    private static HttpExecuteRequest request(URI uri, SdkHttpMethod method, byte @Nullable [] body) {
        SdkHttpFullRequest.Builder http =
                SdkHttpFullRequest.builder().method(method).uri(uri);
        HttpExecuteRequest.Builder request = HttpExecuteRequest.builder();
        if (body != null) {
            http.putHeader("Content-Length", Integer.toString(body.length)).putHeader("Expect", "100-continue");
            request.contentStreamProvider(() -> new ByteArrayInputStream(body));
        }
        return request.request(http.build()).build();
    }

    @Test
    void aServerThatIsNotThereIsTheSdksClientException() {
        try (HttpTransport own = new HttpTransport(TransportOptions.DEFAULT);
                S3Client client = client(URI.create("http://127.0.0.1:1"), own)) {
            assertThatThrownBy(() -> client.headObject(r -> r.bucket("sdk").key("k")))
                    .isInstanceOf(SdkClientException.class);
        }
    }

    @Test
    void itIsNeverFoundByTheSdkItself() {
        assertThat(ServiceLoader.load(SdkHttpService.class))
                .noneMatch(service -> service.getClass().getName().startsWith("dev.anystore"));
    }
}
