package dev.anystore.azure;

import static dev.anystore.azure.ScriptedServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.Reachability;
import dev.anystore.spi.WriteCondition;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What refusals, broken answers and lost connections become, and what is mended on the way. */
@Timeout(60)
class AzureErrorsTest {
    private static final String SAS = "sv=2022-11-02&sr=c&sp=rl&se=2030-01-01T00:00:00Z&sig=c2VjcmV0LXNpZw%3D%3D";
    private static final ListRequest LIST = new ListRequest("", null, null, 1000, null);

    private static PoweredBackend open(URI endpoint, String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("container", "ctr");
        settings.put("account-url", endpoint + "/example");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        if (!settings.containsKey("sas-token")) {
            settings.put("account-key", TestServer.KEY);
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
            assertThat(String.valueOf(t.getMessage()))
                    .doesNotContain(TestServer.KEY)
                    .doesNotContain("c2VjcmV0");
        }
        return e;
    }

    private static byte[] error(int status, String code, String more) {
        return answer(
                status,
                "x-ms-request-id: REQ1\r\nx-ms-error-code: " + code + "\r\n",
                "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code
                        + "</Code><Message>words\nRequestId:REQ1\nTime:now</Message>" + more + "</Error>");
    }

    @ParameterizedTest
    @CsvSource({
        // status, code, kind, retryable, may have happened, a word of the fix or of the message
        "404, BlobNotFound, NOT_FOUND, false, false, no such object",
        "404, ContainerNotFound, BUCKET_NOT_FOUND, false, false, create it",
        "409, ContainerBeingDeleted, CONFLICT, true, false, half a minute",
        "403, AuthenticationFailed, UNAUTHENTICATED, false, false, check the account's key",
        "403, AuthorizationFailure, ACCESS_DENIED, false, false, firewall",
        "403, KeyBasedAuthenticationNotPermitted, ACCESS_DENIED, false, false, azure-identity",
        "412, ConditionNotMet, PRECONDITION_FAILED, false, false, condition",
        "409, BlobAlreadyExists, PRECONDITION_FAILED, false, false, condition",
        "412, LeaseIdMissing, CONFLICT, false, false, az storage blob lease break",
        "409, LeaseIdMismatchWithBlobOperation, CONFLICT, false, false, lease",
        "409, InvalidBlobType, CONFLICT, false, false, append or page blob",
        "400, InvalidBlockList, CONFLICT, false, false, another writer published",
        "400, InvalidBlobOrBlock, CONFLICT, false, false, another length",
        "409, SnapshotsPresent, CONFLICT, false, false, snapshots first",
        "409, BlobArchived, ARCHIVED, false, false, 'Hot, Cool or Cold'",
        "409, BlobBeingRehydrated, ARCHIVED, false, false, wait",
        "409, BlobImmutableDueToPolicy, CONFLICT, false, false, policy",
        "503, ServerBusy, THROTTLED, true, false, slow down",
        "500, InternalError, UNAVAILABLE, true, true, failed",
        "500, OperationTimedOut, UNAVAILABLE, true, true, failed",
        "400, Md5Mismatch, INTEGRITY, true, false, not what was sent",
        "400, Crc64Mismatch, INTEGRITY, true, false, not what was sent",
        "404, '', NOT_FOUND, false, false, no such object",
        "403, '', ACCESS_DENIED, false, false, may not",
        "429, '', THROTTLED, true, false, slow down",
        "502, '', UNAVAILABLE, true, true, failed",
    })
    void eachRefusalIsAnErrorOfItsOwn(
            int status, String code, Kind kind, boolean retryable, boolean happened, String words) {
        try (ScriptedServer server = ScriptedServer.answering(error(status, code, ""));
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.put(put(WriteCondition.ALWAYS), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.retryable()).isEqualTo(retryable);
            assertThat(e.mayHaveHappened()).isEqualTo(happened);
            assertThat(e.getMessage()).contains(words);
            assertThat(e.getMessage()).doesNotContain("Time:now");
            assertThat(e.requestId()).contains("REQ1");
            assertThat(e.status()).hasValue(status);
        }
    }

    @Test
    void anAnswerToHeadTellsTheCodeWithoutABody() {
        try (ScriptedServer server =
                        ScriptedServer.answering(answer(404, "x-ms-error-code: ContainerNotFound\r\n", ""));
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.get(GetRequest.head("k"), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.BUCKET_NOT_FOUND);
            assertThat(e.getMessage()).contains("ctr", "AZURE_CONTAINER_NAME");
        }
    }

    @Test
    void aSignatureThatIsTooNarrowSaysWhichRightIsMissing() {
        try (ScriptedServer server = ScriptedServer.answering(error(403, "AuthorizationPermissionMismatch", ""));
                PoweredBackend store = open(server.endpoint(), "sas-token", SAS)) {
            StorageException writes = failure(() -> store.put(put(WriteCondition.ALWAYS), Call.unbounded()));
            assertThat(writes.kind()).isEqualTo(Kind.ACCESS_DENIED);
            assertThat(writes.getMessage()).contains("the SAS allows sp=rl, and this needs write (w)");
            StorageException deletes = failure(
                    () -> Objects.requireNonNull(store.delete(DeleteRequest.of("k"), Call.unbounded()).values().stream()
                            .findFirst()
                            .map(e -> {
                                throw e;
                            })
                            .orElse(null)));
            assertThat(deletes.getMessage()).contains("delete (d)");
            assertThat(server.requests()).allSatisfy(request -> {
                assertThat(request.target()).contains("sig=c2VjcmV0LXNpZw%3D%3D");
                assertThat(request.header("authorization")).isNull();
            });
        }
    }

    @Test
    void aSignatureThatEndedSaysWhen() {
        String ended = SAS.replace("2030", "2020");
        try (ScriptedServer server = ScriptedServer.answering(
                        error(
                                403,
                                "AuthenticationFailed",
                                "<AuthenticationErrorDetail>Signature not valid in the specified time frame</AuthenticationErrorDetail>"));
                PoweredBackend store = open(server.endpoint(), "sas-token", ended)) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
            assertThat(e.getMessage())
                    .contains("the SAS ended at 2020-01-01T00:00:00Z", "make a new SAS", "time frame");
        }
    }

    @Test
    void aClockThatIsWrongIsMendedByTheServicesTime() {
        Instant theirs = Instant.now().plusSeconds(7200);
        String date = "date: " + HttpDates.format(theirs) + "\r\n";
        byte[] refused = answer(403, date + "x-ms-error-code: AuthenticationFailed\r\n", "");
        byte[] taken = answer(201, date + "etag: \"1\"\r\n", "");
        try (ScriptedServer server = ScriptedServer.answering(refused, taken);
                PoweredBackend store = open(server.endpoint())) {
            assertThat(store.put(put(WriteCondition.ALWAYS), Call.unbounded()).revision())
                    .isEqualTo("1");
            assertThat(server.requests()).hasSize(2);
            Instant signed = HttpDates.parse(server.requests().get(1).header("x-ms-date"));
            assertThat(signed).isBetween(theirs.minusSeconds(60), theirs.plusSeconds(60));
        }
        try (ScriptedServer server = ScriptedServer.answering(refused);
                PoweredBackend store = open(server.endpoint())) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(server.requests()).hasSize(2);
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        }
    }

    @Test
    void anAccountThatDoesNotResolveIsSaid() {
        try (PoweredBackend store = TestServer.open(Map.of(
                "container",
                "ctr",
                "account-url",
                "https://nobody.blob.example.invalid",
                "account",
                "nobody",
                "account-key",
                TestServer.KEY))) {
            StorageException e = failure(() -> store.list(LIST, Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(e.getMessage()).contains("nobody.blob.example.invalid", "AZURE_STORAGE_ACCOUNT");
        }
    }

    @Test
    void anotherLengthOrDigestThanWasSentIsNoSuccess() {
        try (ScriptedServer server = ScriptedServer.answering(
                        answer(201, "etag: \"1\"\r\nx-ms-content-crc64: AAAAAAAAAAA=\r\n", ""));
                PoweredBackend store = open(server.endpoint(), "checksum", "crc64")) {
            StorageException e = failure(() -> store.put(put(WriteCondition.ALWAYS), Call.unbounded()));
            assertThat(e.kind()).isEqualTo(Kind.INTEGRITY);
            assertThat(e.mayHaveHappened()).isTrue();
            assertThat(server.requests().get(0).header("x-ms-content-crc64")).isNotNull();
        }
    }

    @Test
    void blocksThatAnotherWriterDroppedAreAConditionThatDoesNotHold() {
        try (ScriptedServer server =
                        new ScriptedServer(request -> request.method().equals("HEAD")
                                ? answer(200, "etag: \"2\"\r\n", "")
                                : error(400, "InvalidBlockList", ""));
                PoweredBackend store = open(server.endpoint())) {
            Multipart blocks = Objects.requireNonNull(store.extension(Multipart.class));
            BlockId.Upload ours = BlockId.Upload.begin(null, Instant.now());
            Multipart.Upload upload = new Multipart.Upload("k", ours.id());
            Multipart.Part part = new Multipart.Part(1, 5, ours.block(1), null);
            for (WriteCondition condition : List.of(WriteCondition.IF_ABSENT, new WriteCondition.IfRevision("1"))) {
                Multipart.Complete complete =
                        new Multipart.Complete(upload, Attributes.NONE, List.of(part), 5, condition, null);
                assertThat(failure(() -> blocks.complete(complete, Call.unbounded()))
                                .kind())
                        .isEqualTo(Kind.PRECONDITION_FAILED);
            }
            Multipart.Complete always =
                    new Multipart.Complete(upload, Attributes.NONE, List.of(part), 5, WriteCondition.ALWAYS, null);
            assertThat(failure(() -> blocks.complete(always, Call.unbounded())).kind())
                    .isEqualTo(Kind.CONFLICT);
        }
    }

    @Test
    void aBatchThatASignatureMayNotSendGoesOneByOneFromThereOn() {
        try (ScriptedServer server = new ScriptedServer(request ->
                        request.has("comp") ? error(403, "AuthorizationPermissionMismatch", "") : answer(202, "", ""));
                PoweredBackend store = open(server.endpoint(), "sas-token", SAS)) {
            DeleteRequest three = new DeleteRequest(List.of(
                    new DeleteRequest.Target("a", null, null),
                    new DeleteRequest.Target("b", null, null),
                    new DeleteRequest.Target("c", null, null)));
            assertThat(store.delete(three, Call.unbounded())).isEmpty();
            assertThat(server.requests()).hasSize(4);
            assertThat(store.delete(three, Call.unbounded())).isEmpty();
            assertThat(server.requests()).hasSize(7);
            assertThat(server.requests().stream().skip(1))
                    .allMatch(request -> request.method().equals("DELETE"));
        }
    }

    @Test
    void aBatchThatLeavesAnAnswerOutIsNoSuccess() {
        String mixed =
                "--b\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n--b--\r\n";
        try (ScriptedServer server =
                        ScriptedServer.answering(answer(202, "content-type: multipart/mixed; boundary=b\r\n", mixed));
                PoweredBackend store = open(server.endpoint())) {
            DeleteRequest two = new DeleteRequest(
                    List.of(new DeleteRequest.Target("a", null, null), new DeleteRequest.Target("b", null, null)));
            assertThat(failure(() -> store.delete(two, Call.unbounded())).kind())
                    .isEqualTo(Kind.PROTOCOL);
        }
    }

    @Test
    void aRefusalThatQuotesTheCredentialsIsCleaned() {
        String detail =
                "<AuthenticationErrorDetail>The MAC signature found in the HTTP request 'QUJDREVGR0hJSktMTU5P' is not the same as any computed signature. "
                        + TestServer.KEY + "</AuthenticationErrorDetail>";
        try (ScriptedServer server = ScriptedServer.answering(error(403, "AuthenticationFailed", detail));
                PoweredBackend store = open(server.endpoint())) {
            assertThat(failure(() -> store.list(LIST, Call.unbounded())).getMessage())
                    .contains("***");
        }
    }

    @Test
    void aWrongAnswerIsNoEmptyListing() {
        for (String body : List.of("", "<html>hello</html>", "<EnumerationResults><Blobs>", "<Other/>")) {
            try (ScriptedServer server = ScriptedServer.answering(answer(200, "", body));
                    PoweredBackend store = open(server.endpoint())) {
                assertThat(failure(() -> store.list(LIST, Call.unbounded())).kind())
                        .as(body)
                        .isEqualTo(Kind.PROTOCOL);
            }
        }
    }

    @Test
    void theWayIsGoneStepByStep() {
        try (ScriptedServer server =
                        ScriptedServer.answering(answer(404, "date: " + HttpDates.format(Instant.now()) + "\r\n", ""));
                PoweredBackend store = open(server.endpoint())) {
            Reachability way = Objects.requireNonNull(store.extension(Reachability.class));
            for (Reachability.Step step : way.steps()) {
                assertThat(step.take(Call.unbounded()))
                        .as(step.name())
                        .isNotBlank()
                        .doesNotContain(TestServer.KEY);
            }
            assertThat(server.requests()).hasSize(1);
        }
    }
}
