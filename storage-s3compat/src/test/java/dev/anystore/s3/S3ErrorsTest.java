package dev.anystore.s3;

import static dev.anystore.s3.ScriptedServer.answer;
import static dev.anystore.s3.ScriptedServer.answering;
import static dev.anystore.s3.ScriptedServer.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.ByteRange;
import dev.anystore.Checksum;
import dev.anystore.RangeNotSatisfiable;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.Verification;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.Secret;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What refusals, broken answers and lost connections become, and what is mended on the way. */
@Timeout(240)
class S3ErrorsTest {
    private static final String SECRET = "canary-secret-value";
    private static final ListRequest LIST = new ListRequest("", null, null, 1000, null);
    private static final byte[] NO_OBJECTS = answer(200, "", "<ListBucketResult></ListBucketResult>");

    private static PoweredBackend open(URI endpoint, String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bucket", "bkt");
        settings.put("endpoint-url", endpoint.toString());
        settings.put("access-key-id", "canary-id");
        settings.put("secret-access-key", SECRET);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return TestServer.open(settings);
    }

    private static PutRequest put(WriteCondition condition) {
        return new PutRequest("k", TestPayload.of("bytes"), Attributes.NONE, condition);
    }

    private static StorageException failure(ThrowingCallable call) {
        StorageException e = catchThrowableOfType(StorageException.class, call);
        assertThat(e).as("no failure").isNotNull();
        for (Throwable t = e; t != null; t = t.getCause()) {
            assertThat(String.valueOf(t.getMessage())).doesNotContain(SECRET).doesNotContain("canary-id");
        }
        return e;
    }

    @ParameterizedTest
    @CsvSource({
        // status, code, kind, retryable, may have happened
        "404, NoSuchKey, NOT_FOUND, false, false",
        "404, NoSuchUpload, NOT_FOUND, false, false",
        "404, NoSuchBucket, BUCKET_NOT_FOUND, false, false",
        "403, AccessDenied, ACCESS_DENIED, false, false",
        "403, SignatureDoesNotMatch, UNAUTHENTICATED, false, false",
        "403, InvalidAccessKeyId, UNAUTHENTICATED, false, false",
        "400, ExpiredToken, UNAUTHENTICATED, false, false",
        "400, InvalidToken, UNAUTHENTICATED, false, false",
        "403, RequestTimeTooSkewed, CLOCK_SKEW, false, false",
        "412, PreconditionFailed, PRECONDITION_FAILED, false, false",
        "409, ConditionalRequestConflict, CONFLICT, true, false",
        "409, OperationAborted, CONFLICT, true, false",
        "416, InvalidRange, RANGE_NOT_SATISFIABLE, false, false",
        "503, SlowDown, THROTTLED, true, false",
        "400, RequestRateLimitExceeded, THROTTLED, true, false",
        "429, '', THROTTLED, true, false",
        "429, TooManyRequests, THROTTLED, true, false",
        "503, ServiceUnavailable, UNAVAILABLE, true, true",
        "503, '', UNAVAILABLE, true, true",
        "500, InternalError, UNAVAILABLE, true, true",
        "502, '', UNAVAILABLE, true, true",
        "504, '', UNAVAILABLE, true, true",
        "522, '', UNAVAILABLE, true, true",
        "400, RequestTimeout, UNAVAILABLE, true, false",
        "400, IncompleteBody, UNAVAILABLE, true, false",
        "408, '', TIMEOUT, true, false",
        "403, InvalidObjectState, ARCHIVED, false, false",
        "403, QuotaExceeded, QUOTA, false, false",
        "507, XMinioStorageFull, QUOTA, false, false",
        "400, BadDigest, INTEGRITY, true, false",
        "400, XAmzContentSHA256Mismatch, INTEGRITY, true, false",
        "501, NotImplemented, UNSUPPORTED, false, false",
        "405, MethodNotAllowed, UNSUPPORTED, false, false",
        "400, KeyTooLongError, INVALID_KEY, false, false",
        "400, XMinioInvalidObjectName, INVALID_KEY, false, false",
        "400, XMinioInvalidResourceName, INVALID_KEY, false, false",
        "400, EntityTooLarge, INVALID_ARGUMENT, false, false",
        "400, MetadataTooLarge, INVALID_ARGUMENT, false, false",
        "400, SomethingNew, INVALID_ARGUMENT, false, false",
        "403, SomethingNew, ACCESS_DENIED, false, false",
        "401, '', UNAUTHENTICATED, false, false",
        "404, '', NOT_FOUND, false, false",
        "301, PermanentRedirect, CONFIGURATION, false, false",
        "307, TemporaryRedirect, CONFIGURATION, false, false",
        "302, '', CONFIGURATION, false, false",
    })
    void aRefusalOfAPutBecomesItsKind(int status, String code, Kind kind, boolean retryable, boolean mayHaveHappened) {
        byte[] answer = code.isEmpty() ? answer(status, "", "<html>oops</html>") : error(status, code);
        try (ScriptedServer server = answering(answer);
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.put(put(WriteCondition.ALWAYS), Call.unbounded()));
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
            assertThat(e.retryable()).isEqualTo(retryable);
            assertThat(e.mayHaveHappened()).isEqualTo(mayHaveHappened);
            assertThat(e.status()).hasValue(status);
            if (!code.isEmpty()) {
                assertThat(e.getMessage()).contains(code);
                assertThat(e.requestId()).contains("REQ1");
            }
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void fixesNameTheSettings() {
        assertThat(fix(403, "SignatureDoesNotMatch")).isEqualTo("check AWS_SECRET_ACCESS_KEY");
        assertThat(fix(403, "InvalidAccessKeyId")).startsWith("check AWS_ACCESS_KEY_ID");
        assertThat(fix(404, "NoSuchBucket")).isEqualTo("create it, or correct S3_BUCKET");
    }

    private static String fix(int status, String code) {
        try (ScriptedServer server = answering(error(status, code));
                PoweredBackend store = open(server.endpoint())) {
            return failure(() -> store.list(LIST, Call.unbounded())).fix().orElse("");
        }
    }

    @Test
    void theWaitThatAServiceAsksForIsPassedOn() {
        try (ScriptedServer server = answering(answer(503, "retry-after: 7\r\n", ""));
                PoweredBackend store = open(server.endpoint())) {
            assertThat(failure(() -> store.list(LIST, Call.unbounded())).retryAfter())
                    .contains(Duration.ofSeconds(7));
        }
    }

    @Test
    void aServiceThatQuotesOurCredentialsDoesNotGetThemPrinted() {
        byte[] quoting = answer(
                403,
                "",
                "<Error><Code>SignatureDoesNotMatch</Code><Message>key canary-id secret " + SECRET
                        + "\u0085\u202e</Message><AWSAccessKeyId>canary-id</AWSAccessKeyId></Error>");
        try (ScriptedServer server = answering(quoting);
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.getMessage())
                    .contains("key *** secret ***")
                    .doesNotContain("\u0085")
                    .doesNotContain("\u202e");
        }
    }

    @Test
    void aHeadThatIsRefusedIsExplainedByAGetOfOneByte() {
        try (ScriptedServer server =
                        new ScriptedServer(request -> request.method().equals("HEAD")
                                ? answer(404, "content-length: 99\r\n", new byte[0])
                                : error(404, "NoSuchBucket"));
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.get(GetRequest.head("k"), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.BUCKET_NOT_FOUND);
            assertThat(server.requests()).hasSize(2);
            assertThat(server.requests().get(1).header("range")).isEqualTo("bytes=0-0");
        }
    }

    @Test
    void aHeadOfAnAbsentObjectCostsOneRequestOnceTheBucketWasSeen() {
        try (ScriptedServer server =
                        new ScriptedServer(request -> request.method().equals("HEAD")
                                ? answer(404, "content-length: 99\r\n", new byte[0])
                                : request.path().equals("/bkt") ? NO_OBJECTS : error(404, "NoSuchKey"));
                PoweredBackend store = open(server.endpoint())) {
            assertThat(failure(() -> store.get(GetRequest.head("k"), Call.unbounded()))
                            .kind())
                    .isEqualTo(Kind.NOT_FOUND);
            assertThat(server.requests()).hasSize(2);
            assertThat(failure(() -> store.get(GetRequest.head("k"), Call.unbounded()))
                            .kind())
                    .isEqualTo(Kind.NOT_FOUND);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   \n ", "<", "<ListBucketResult>", "<html><body>Welcome</body></html>", "hello"})
    void aListingThatIsNoneIsAFailureThatMayBeTriedAgain(String body) {
        try (ScriptedServer server = answering(answer(200, "", body));
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.PROTOCOL);
            assertThat(e.retryable()).isTrue();
            assertThat(e.mayHaveHappened()).isFalse();
            assertThat(e.fix()).contains("check AWS_ENDPOINT_URL_S3");
        }
    }

    @Test
    void aListingThatDoesNotAdvanceIsNotFollowed() {
        for (String body : List.of(
                "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
                "<ListBucketResult><IsTruncated>true</IsTruncated><NextMarker>t</NextMarker></ListBucketResult>")) {
            try (ScriptedServer server = answering(answer(200, "", body));
                    PoweredBackend store = open(server.endpoint())) {
                ListRequest next = new ListRequest("", null, null, 1000, "after:t");
                assertThat(failure(() -> store.list(next, Call.unbounded())).kind())
                        .isEqualTo(Kind.PROTOCOL);
            }
        }
    }

    private static Multipart multipart(PoweredBackend store) {
        return Objects.requireNonNull(store.extension(Multipart.class));
    }

    private static Multipart.Complete completion(WriteCondition condition) {
        Checksum crc = TestPayload.checksum(Checksum.Algorithm.CRC32C, new byte[1]);
        return new Multipart.Complete(
                new Multipart.Upload("k", "id"),
                Attributes.NONE,
                List.of(new Multipart.Part(1, 1, "tag", crc)),
                1,
                condition,
                crc);
    }

    @Test
    void aSuccessWithAnErrorInItsBodyIsAnError() {
        byte[] error = answer(200, "", "  \n<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>");
        try (ScriptedServer server =
                        new ScriptedServer(request -> request.method().equals("HEAD")
                                ? answer(200, "etag: \"e\"\r\ncontent-length: 1\r\n", new byte[0])
                                : error);
                PoweredBackend store = open(server.endpoint())) {
            List<ThrowingCallable> calls = List.of(
                    () -> multipart(store).complete(completion(WriteCondition.ALWAYS), Call.unbounded()),
                    () -> Objects.requireNonNull(store.extension(ServerCopy.class))
                            .copy(
                                    new ServerCopy.Copy("a", null, null, "b", null, WriteCondition.ALWAYS),
                                    Call.unbounded()),
                    () -> multipart(store)
                            .copyPart(
                                    new Multipart.Upload("k", "id"),
                                    1,
                                    new Multipart.Source("a", null, null, ByteRange.of(0, 1)),
                                    Call.unbounded()),
                    () -> store.delete(
                            new DeleteRequest(List.of(
                                    new DeleteRequest.Target("a", null, null),
                                    new DeleteRequest.Target("b", null, null))),
                            Call.unbounded()));
            for (ThrowingCallable call : calls) {
                StorageException e = failure(call);
                assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(e.retryable()).isTrue();
                assertThat(e.mayHaveHappened()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<CompleteMultipartUploadResult>",
                "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>",
                "<CompleteMultipartUploadResult><ETag>\"x\"</ETag>"
            })
    void aCompletionWhoseDocumentIsCutOrEmptyIsNoSuccess(String body) {
        try (ScriptedServer server = answering(answer(200, "", body));
                PoweredBackend store = open(server.endpoint())) {
            StorageException e =
                    failure(() -> multipart(store).complete(completion(WriteCondition.ALWAYS), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.PROTOCOL);
            assertThat(e.mayHaveHappened()).isTrue();
            assertThat(e.retryable()).isTrue();
        }
    }

    @Test
    void aWholeDigestThatComesBackOtherwiseIsAnIntegrityFailure() {
        byte[] answer = answer(
                200,
                "",
                "<CompleteMultipartUploadResult><ETag>\"x-1\"</ETag><ChecksumCRC32C>AAAAAA==</ChecksumCRC32C></CompleteMultipartUploadResult>");
        try (ScriptedServer server = answering(answer);
                PoweredBackend store = open(server.endpoint(), "profile", "minio")) {
            assertThat(failure(() -> multipart(store).complete(completion(WriteCondition.ALWAYS), Call.unbounded()))
                            .kind())
                    .isEqualTo(Kind.INTEGRITY);
        }
    }

    @Test
    void aPutIsOnlyCalledVerifiedIfTheServiceSaysWhichDigestItStored() {
        String crc = Checksums.base64(
                TestPayload.checksum(Checksum.Algorithm.CRC32C, "bytes".getBytes(StandardCharsets.UTF_8)));
        Map<String, Verification> cases = Map.of(
                "etag: \"x\"\r\nx-amz-checksum-crc32c: " + crc + "\r\n",
                Verification.WHOLE,
                "etag: \"x\"\r\n",
                Verification.UNVERIFIED);
        cases.forEach((headers, verification) -> {
            try (ScriptedServer server = answering(answer(200, headers, ""));
                    PoweredBackend store = open(server.endpoint(), "profile", "aws", "path-style", "true")) {
                assertThat(store.put(put(WriteCondition.ALWAYS), Call.unbounded())
                                .verification())
                        .isEqualTo(verification);
                assertThat(server.requests().get(0).header("x-amz-checksum-crc32c"))
                        .isEqualTo(crc);
            }
        });
        try (ScriptedServer server = answering(answer(200, "etag: \"x\"\r\nx-amz-checksum-crc32c: AAAAAA==\r\n", ""));
                PoweredBackend store = open(server.endpoint(), "profile", "aws", "path-style", "true")) {
            assertThat(failure(() -> store.put(put(WriteCondition.ALWAYS), Call.unbounded()))
                            .kind())
                    .isEqualTo(Kind.INTEGRITY);
        }
        for (String checksum : List.of("md5", "none")) {
            try (ScriptedServer server = answering(answer(200, "etag: \"x\"\r\n", ""));
                    PoweredBackend store = open(server.endpoint(), "checksum", checksum)) {
                assertThat(store.put(put(WriteCondition.ALWAYS), Call.unbounded())
                                .verification())
                        .isEqualTo(checksum.equals("md5") ? Verification.WHOLE : Verification.UNVERIFIED);
                assertThat(server.requests().get(0).header("content-md5") != null)
                        .isEqualTo(checksum.equals("md5"));
            }
        }
    }

    @Test
    void aBatchNamesWhatFailedAndTakesAbsentForGone() {
        byte[] answer = answer(
                200,
                "",
                "<DeleteResult><Deleted><Key>a</Key></Deleted>"
                        + "<Error><Key>b</Key><Code>AccessDenied</Code><Message>m</Message></Error>"
                        + "<Error><Key>c</Key><Code>NoSuchKey</Code></Error>"
                        + "<Error><Key>d</Key><Code>SlowDown</Code></Error></DeleteResult>");
        List<DeleteRequest.Target> targets = List.of("a", "b", "c", "d").stream()
                .map(key -> new DeleteRequest.Target(key, null, null))
                .toList();
        try (ScriptedServer server = answering(answer);
                PoweredBackend store = open(server.endpoint())) {
            Map<DeleteRequest.Target, StorageException> failures =
                    store.delete(new DeleteRequest(targets), Call.unbounded());
            assertThat(failures).containsOnlyKeys(targets.get(1), targets.get(3));
            assertThat(Objects.requireNonNull(failures.get(targets.get(1))).kind())
                    .isEqualTo(Kind.ACCESS_DENIED);
            assertThat(Objects.requireNonNull(failures.get(targets.get(3))).retryable())
                    .isTrue();
            assertThat(server.requests().get(0).header("content-md5")).isNotNull();
        }
    }

    @Test
    void aBatchThatFailsForAKeyThatWasNotAskedForIsNoSuccess() {
        byte[] answer = answer(
                200, "", "<DeleteResult><Error><Key>other</Key><Code>AccessDenied</Code></Error></DeleteResult>");
        try (ScriptedServer server = answering(answer);
                PoweredBackend store = open(server.endpoint())) {
            assertThatThrownBy(() -> store.delete(
                            new DeleteRequest(List.of(
                                    new DeleteRequest.Target("a", null, null),
                                    new DeleteRequest.Target("b", null, null))),
                            Call.unbounded()))
                    .isInstanceOf(StorageException.class);
        }
    }

    @Test
    void aWrongRegionIsMendedOnceAtTheSameEndpoint() {
        byte[] malformed = error(400, "AuthorizationHeaderMalformed", "<Region>eu-test-1</Region>");
        try (ScriptedServer server = answering(malformed, NO_OBJECTS);
                PoweredBackend store = open(server.endpoint())) {
            store.list(LIST, Call.unbounded());
            store.list(LIST, Call.unbounded());
            assertThat(server.requests()).hasSize(3);
            assertThat(server.requests())
                    .extracting(r ->
                            Objects.requireNonNull(r.header("authorization")).split("/", -1)[2])
                    .containsExactly("us-east-1", "eu-test-1", "eu-test-1");
        }
        try (ScriptedServer server =
                        answering(malformed, error(400, "AuthorizationHeaderMalformed", "<Region>eu-test-2</Region>"));
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
            assertThat(e.fix().orElse("")).contains("AWS_REGION=eu-test-2");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void aRedirectOfAnEndpointThatTheUserChoseIsReportedAndNeverFollowed() {
        try (ScriptedServer trap = answering(NO_OBJECTS);
                ScriptedServer server = answering(answer(
                        301,
                        "location: " + trap.endpoint() + "/bkt\r\nx-amz-bucket-region: eu-west-1\r\n",
                        "<Error><Code>PermanentRedirect</Code><Endpoint>127.0.0.1:" + trap.port()
                                + "</Endpoint></Error>"));
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
            assertThat(e.fix().orElse("")).contains("AWS_REGION=eu-west-1");
            assertThat(trap.requests()).isEmpty();
        }
    }

    /** A store whose endpoint is the vendor's own host, played by a server on this machine. */
    private static S3Backend atVendorsHost(ScriptedServer server, Clock clock) {
        S3Config config = new S3Config(
                Vendor.S3,
                "bkt",
                URI.create("http://s3.us-east-1.amazonaws.com:" + server.port()),
                false,
                "us-east-1",
                Profile.AWS,
                Checksums.CRC32C,
                false,
                new Credentials("canary-id", Secret.of(SECRET), null, null),
                false,
                null,
                ObjectDefaults.NONE);
        TransportOptions options =
                TransportOptions.DEFAULT.withResolver(host -> List.of(InetAddress.getLoopbackAddress()));
        return new S3Backend(config, new HttpTransport(options), call -> config.credentials(), clock);
    }

    @Test
    void aWrongRegionIsMendedWithinTheVendorsHosts() {
        try (ScriptedServer server = answering(
                        answer(301, "x-amz-bucket-region: eu-west-1\r\ncontent-length: 0\r\n", new byte[0]),
                        answer(200, "etag: \"e\"\r\ncontent-length: 5\r\n", new byte[0]));
                S3Backend store = atVendorsHost(server, Clock.systemUTC())) {
            assertThat(store.get(GetRequest.head("k"), Call.unbounded()).info().size())
                    .isEqualTo(5);
            assertThat(server.requests())
                    .extracting(r -> r.header("host"))
                    .containsExactly(
                            "bkt.s3.us-east-1.amazonaws.com:" + server.port(),
                            "bkt.s3.eu-west-1.amazonaws.com:" + server.port());
        }
    }

    @Test
    void aRegionThatWouldLeadToAnotherHostIsNotBelieved() {
        for (String region : List.of("evil.com/", "x.evil.com", "a@b", "")) {
            try (ScriptedServer server = answering(answer(301, "x-amz-bucket-region: " + region + "\r\n", ""));
                    S3Backend store = atVendorsHost(server, Clock.systemUTC())) {
                failure(() -> store.list(LIST, Call.unbounded()));
                assertThat(server.requests()).hasSize(1);
            }
        }
    }

    @Test
    void aWrongClockIsMendedOnceWithTheServicesTime() {
        Instant wrong = Instant.parse("2020-01-01T00:00:00Z");
        byte[] skewed = error(403, "RequestTimeTooSkewed", "<ServerTime>2026-11-21T12:00:00Z</ServerTime>");
        try (ScriptedServer server = answering(skewed, NO_OBJECTS);
                S3Backend store = atVendorsHost(server, Clock.fixed(wrong, ZoneOffset.UTC))) {
            store.list(LIST, Call.unbounded());
            store.list(LIST, Call.unbounded());
            assertThat(server.requests())
                    .extracting(r -> r.header("x-amz-date"))
                    .containsExactly("20200101T000000Z", "20261121T120000Z", "20261121T120000Z");
        }
        try (ScriptedServer server = answering(skewed);
                S3Backend store = atVendorsHost(server, Clock.fixed(wrong, ZoneOffset.UTC))) {
            assertThat(failure(() -> store.list(LIST, Call.unbounded())).kind()).isEqualTo(Kind.CLOCK_SKEW);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void aBodyThatCanBeReadOnceIsNotSentTwice() {
        byte[] skewed = error(403, "RequestTimeTooSkewed", "<ServerTime>2026-11-21T12:00:00Z</ServerTime>");
        try (ScriptedServer server = answering(skewed);
                PoweredBackend store = open(server.endpoint())) {
            PutRequest once = new PutRequest(
                    "k", TestPayload.stream(new byte[10], false), Attributes.NONE, WriteCondition.ALWAYS);
            assertThat(failure(() -> store.put(once, Call.unbounded())).kind()).isEqualTo(Kind.CLOCK_SKEW);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aLostAnswerOfAWriteMayHaveHappenedAndThatOfAReadHasNot() {
        try (ScriptedServer server = answering(ScriptedServer.HANG_UP);
                PoweredBackend store = open(server.endpoint())) {
            StorageException put = failure(() -> store.put(put(WriteCondition.IF_ABSENT), Call.unbounded()));
            assertThat(put.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(put.mayHaveHappened()).isTrue();
            StorageException get = failure(() -> store.get(GetRequest.whole("k"), Call.unbounded()));
            assertThat(get.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(get.mayHaveHappened()).isFalse();
        }
    }

    @Test
    void aPortThatRefusesSurelyDidNothing() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (PoweredBackend store = open(URI.create("http://127.0.0.1:" + port))) {
            StorageException e = failure(() -> store.put(put(WriteCondition.ALWAYS), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(e.mayHaveHappened()).isFalse();
            assertThat(e.fix().orElse("")).contains("127.0.0.1:" + port, "AWS_ENDPOINT_URL_S3");
        }
    }

    @Test
    void aNameThatLeadsNowhereIsNamed() {
        try (PoweredBackend store = open(URI.create("https://no-such-host.invalid"))) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(e.getMessage()).contains("no-such-host.invalid");
            assertThat(e.fix().orElse("")).contains("AWS_ENDPOINT_URL_S3");
        }
    }

    @Test
    void tlsToAServerThatSpeaksNoneIsNamedAndNotTriedAgain() throws IOException {
        // Not the scripted server: it may close before it has read the whole greeting, and the reset overtakes the
        // answer.
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                PoweredBackend store = open(URI.create("https://127.0.0.1:" + listener.getLocalPort()))) {
            Thread server = new Thread(() -> answerInPlainText(listener), "plain-server");
            server.setDaemon(true);
            server.start();
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.PROTOCOL);
            assertThat(e.retryable()).isFalse();
            assertThat(e.fix().orElse("")).contains("http://");
        }
    }

    private static void answerInPlainText(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            int greeting = socket.getInputStream().read(new byte[16 << 10]);
            assertThat(greeting).isPositive();
            socket.getOutputStream().write(answer(400, "", ""));
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The client went away; what it made of the answer is what the test looks at.
        }
    }

    @Test
    void aServerThatSpeaksSomethingElseIsNamed() {
        try (ScriptedServer server = answering("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.PROTOCOL);
            assertThat(e.fix().orElse("")).contains("leads to an S3 service");
        }
    }

    @Test
    void aBodyThatIsCutThrowsAndNeverEndsEarly() throws IOException {
        byte[] cut = answer(200, "etag: \"e\"\r\ncontent-length: 100\r\n", new byte[40]);
        try (ScriptedServer server = answering(cut);
                PoweredBackend store = open(server.endpoint());
                GetResponse response = store.get(GetRequest.whole("k"), Call.unbounded())) {
            assertThat(response.length()).isEqualTo(100);
            assertThatThrownBy(() -> response.body().readAllBytes())
                    .isInstanceOfSatisfying(StorageIOException.class, e -> {
                        assertThat(e.storageException().kind()).isEqualTo(Kind.UNAVAILABLE);
                        assertThat(e.storageException().retryable()).isTrue();
                    });
        }
    }

    @Test
    void aRangeThatIsIgnoredIsSeenAndOneThatIsWrongIsRefused() throws IOException {
        byte[] whole = answer(200, "etag: \"e\"\r\ncontent-length: 10\r\n", new byte[10]);
        try (ScriptedServer server = answering(whole);
                PoweredBackend store = open(server.endpoint());
                GetResponse response = store.get(GetRequest.range("k", ByteRange.of(2, 3)), Call.unbounded())) {
            assertThat(response.offset()).isZero();
            assertThat(response.length()).isEqualTo(10);
        }
        for (String range :
                List.of("", "bytes 2-4/*", "bytes 2-5/10", "bytes 4-2/10", "2-4/10", "bytes 2-4/3", "bytes x-y/z")) {
            byte[] wrong = answer(
                    206,
                    "etag: \"e\"\r\ncontent-length: 3\r\n"
                            + (range.isEmpty() ? "" : "content-range: " + range + "\r\n"),
                    new byte[3]);
            try (ScriptedServer server = answering(wrong);
                    PoweredBackend store = open(server.endpoint())) {
                assertThat(failure(() -> store.get(GetRequest.range("k", ByteRange.of(2, 3)), Call.unbounded()))
                                .kind())
                        .as(range)
                        .isEqualTo(Kind.PROTOCOL);
            }
        }
    }

    @Test
    void aRangeBehindTheEndTellsTheSize() {
        try (ScriptedServer server = answering(answer(416, "content-range: bytes */123\r\n", ""));
                PoweredBackend store = open(server.endpoint())) {
            assertThatThrownBy(() -> store.get(GetRequest.range("k", ByteRange.from(200)), Call.unbounded()))
                    .isInstanceOfSatisfying(
                            RangeNotSatisfiable.class, e -> assertThat(e.size()).isEqualTo(123));
        }
    }

    @Test
    void aFailureOfTheCallersOwnBytesPassesAsItIs() {
        StorageException changed = StorageException.builder(Kind.SOURCE_CHANGED)
                .message("the file changed")
                .build();
        Payload broken = new ForwardingPayload(TestPayload.stream(new byte[100_000], false)) {
            @Override
            public InputStream open() {
                return new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new StorageIOException(changed);
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        throw new StorageIOException(changed);
                    }
                };
            }
        };
        try (ScriptedServer server = answering(NO_OBJECTS);
                PoweredBackend store = open(server.endpoint())) {
            assertThatThrownBy(() -> store.put(
                            new PutRequest("k", broken, Attributes.NONE, WriteCondition.ALWAYS), Call.unbounded()))
                    .isSameAs(changed);
        }
    }

    @Test
    void aCallThatIsCancelledComesBackAtOnce() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(request -> {
                    asked.countDown();
                    try {
                        over.await(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return ScriptedServer.HANG_UP;
                });
                PoweredBackend store = open(server.endpoint())) {
            Call call = Call.unbounded();
            Thread canceller = new Thread(() -> {
                try {
                    asked.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                call.cancel();
            });
            canceller.start();
            assertThat(failure(() -> store.list(LIST, call)).kind()).isEqualTo(Kind.CANCELLED);
            canceller.join();
            over.countDown();
        }
    }

    @Test
    void aCallWhoseTimeIsOverIsATimeout() {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(request -> {
                    try {
                        over.await(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return ScriptedServer.HANG_UP;
                });
                PoweredBackend store = open(server.endpoint())) {
            Call call = Call.until(System.nanoTime() + Duration.ofMillis(200).toNanos());
            assertThat(failure(() -> store.list(LIST, call)).kind()).isEqualTo(Kind.TIMEOUT);
            over.countDown();
        }
    }

    @Test
    void withoutCredentialsNothingIsSentUnlessThatIsWanted() {
        try (ScriptedServer server = answering(NO_OBJECTS)) {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("bucket", "bkt");
            settings.put("endpoint-url", server.endpoint().toString());
            try (PoweredBackend store = TestServer.open(settings)) {
                StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
                assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
                assertThat(e.fix().orElse("")).contains("AWS_ACCESS_KEY_ID", "S3_ANONYMOUS");
                assertThat(server.requests()).isEmpty();
            }
            settings.put("anonymous", "true");
            try (PoweredBackend store = TestServer.open(settings)) {
                store.list(LIST, Call.unbounded());
                assertThat(server.requests().get(0).header("authorization")).isNull();
            }
        }
    }

    @Test
    void namesOfAnInvalidKindNeverBecomeHeaders() {
        try (ScriptedServer server = answering(NO_OBJECTS);
                PoweredBackend store = open(server.endpoint())) {
            for (Attributes attributes : List.of(
                    Attributes.NONE.withMetadata(Map.of("Upper", "x")),
                    Attributes.NONE.withMetadata(Map.of("a:b", "x")),
                    Attributes.NONE.withMetadata(Map.of("", "x")),
                    new Attributes("text/plain\r\nx-amz-acl: public-read", null, null, null, null, Map.of()),
                    new Attributes(null, null, "attachment; filename=\"ü\"", null, null, Map.of()))) {
                assertThat(failure(() -> store.put(
                                        new PutRequest("k", TestPayload.of("x"), attributes, WriteCondition.ALWAYS),
                                        Call.unbounded()))
                                .kind())
                        .isEqualTo(Kind.INVALID_ARGUMENT);
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    /** A payload that is another one but for what a test overrides. */
    private static class ForwardingPayload implements Payload {
        private final Payload inner;

        ForwardingPayload(Payload inner) {
            this.inner = inner;
        }

        @Override
        public long length() {
            return inner.length();
        }

        @Override
        public boolean repeatable() {
            return inner.repeatable();
        }

        @Override
        public InputStream open() throws IOException {
            return inner.open();
        }

        @Override
        public @Nullable FileRegion file() {
            return inner.file();
        }

        @Override
        public @Nullable ByteBuffer buffer() {
            return inner.buffer();
        }

        @Override
        public Checksum checksum(Checksum.Algorithm algorithm) throws IOException {
            return inner.checksum(algorithm);
        }

        @Override
        public @Nullable Checksum knownChecksum(Checksum.Algorithm algorithm) {
            return inner.knownChecksum(algorithm);
        }
    }
}
