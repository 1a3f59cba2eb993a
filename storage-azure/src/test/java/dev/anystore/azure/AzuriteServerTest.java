package dev.anystore.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import dev.anystore.Body;
import dev.anystore.ByteRange;
import dev.anystore.Capability;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.Secret;
import dev.anystore.spi.Versions;
import dev.anystore.spi.WriteCondition;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is Azure's own, on Azurite. */
@Timeout(120)
class AzuriteServerTest {
    private final TestServer server = TestServer.azurite();

    private static StorageException failure(ThrowingCallable call) {
        StorageException e = catchThrowableOfType(StorageException.class, call);
        assertThat(e).as("no failure").isNotNull();
        assertThat(e.getMessage()).doesNotContain(TestServer.KEY);
        return e;
    }

    private static void put(PoweredBackend store, String key, String text) {
        store.put(new PutRequest(key, TestPayload.of(text), Attributes.NONE, WriteCondition.ALWAYS), Call.unbounded());
    }

    private static String text(PoweredBackend store, GetRequest request) throws Exception {
        try (var response = store.get(request, Call.unbounded())) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static BlobContainerClient client(PoweredBackend store) {
        return Objects.requireNonNull(store.extension(BlobContainerClient.class));
    }

    private static Multipart blocks(PoweredBackend store) {
        return Objects.requireNonNull(store.extension(Multipart.class));
    }

    private static Multipart.Upload begin(PoweredBackend store, String key) {
        Multipart.Begin begin = new Multipart.Begin(key, Attributes.NONE, WriteCondition.ALWAYS, 0);
        return new Multipart.Upload(key, blocks(store).begin(begin, Call.unbounded()));
    }

    @Test
    void azuresOwnClientSendsThroughTheStore() throws Exception {
        try (PoweredBackend store = server.openNewContainer()) {
            put(store, "k", "ours");
            assertThat(client(store).getBlobClient("k").downloadContent().toString())
                    .isEqualTo("ours");
            client(store).getBlobClient("theirs").upload(BinaryData.fromString("theirs"));
            assertThat(text(store, GetRequest.whole("theirs"))).isEqualTo("theirs");
            assertThat(store.extension(AzuriteServerTest.class)).isNull();
        }
    }

    @Test
    void twoWritersOfOneBlobDoNotMixTheirBlocks() throws Exception {
        try (PoweredBackend store = server.openNewContainer()) {
            Call call = Call.unbounded();
            Multipart blocks = blocks(store);
            Multipart.Upload one = begin(store, "k");
            Multipart.Upload other = begin(store, "k");
            Multipart.Part a1 = blocks.putPart(one, 1, TestPayload.of("a1"), call);
            Multipart.Part b1 = blocks.putPart(other, 1, TestPayload.of("b1"), call);
            Multipart.Part b2 = blocks.putPart(other, 2, TestPayload.of("b2"), call);
            Multipart.Part a2 = blocks.putPart(one, 2, TestPayload.of("a2"), call);
            assertThat(blocks.parts(one, 0, call).parts()).hasSize(2);
            assertThat(blocks.uploads("k", null, call).uploads())
                    .extracting(Multipart.Begun::upload)
                    .containsExactlyInAnyOrder(one, other);
            blocks.complete(
                    new Multipart.Complete(one, Attributes.NONE, List.of(a1, a2), 4, WriteCondition.ALWAYS, null),
                    call);
            assertThat(text(store, GetRequest.whole("k"))).isEqualTo("a1a2");
            StorageException lost = failure(() -> blocks.complete(
                    new Multipart.Complete(other, Attributes.NONE, List.of(b1, b2), 4, WriteCondition.ALWAYS, null),
                    call));
            assertThat(lost.kind()).isEqualTo(Kind.CONFLICT);
            assertThat(lost.getMessage()).contains("another writer published");
            assertThat(text(store, GetRequest.whole("k"))).isEqualTo("a1a2");
        }
    }

    @Test
    void aDroppedUploadIsGoneAndTakesAByteForEachPart() {
        try (PoweredBackend store = server.openNewContainer()) {
            Call call = Call.unbounded();
            Multipart blocks = blocks(store);
            Multipart.Upload dropped = begin(store, "k");
            Multipart.Upload stays = begin(store, "k");
            blocks.putPart(dropped, 1, TestPayload.of("x".repeat(5000)), call);
            blocks.putPart(stays, 1, TestPayload.of("stays"), call);
            blocks.abort(dropped, call);
            blocks.abort(dropped, call);
            assertThat(failure(() -> blocks.parts(dropped, 0, call)).kind()).isEqualTo(Kind.NOT_FOUND);
            assertThat(blocks.uploads("", null, call).uploads())
                    .extracting(Multipart.Begun::upload)
                    .containsExactly(stays);
            assertThat(blocks.parts(stays, 0, call).parts()).hasSize(1);
            assertThat(client(store)
                            .getBlobClient("k")
                            .getBlockBlobClient()
                            .listBlocks(com.azure.storage.blob.models.BlockListType.UNCOMMITTED)
                            .getUncommittedBlocks())
                    .allMatch(block -> block.getSizeLong() <= 5);
            assertThat(failure(() -> store.get(GetRequest.head("k"), call)).kind())
                    .isEqualTo(Kind.NOT_FOUND);
            blocks.abort(stays, call);
        }
    }

    @Test
    void ofSixtyFourCreatorsOneWins() throws Exception {
        try (PoweredBackend store = server.openNewContainer()) {
            ExecutorService threads = Executors.newFixedThreadPool(64);
            try {
                CountDownLatch together = new CountDownLatch(64);
                List<Future<Boolean>> outcomes = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    String mine = "writer " + i;
                    outcomes.add(threads.submit(() -> {
                        together.countDown();
                        together.await();
                        try {
                            store.put(
                                    new PutRequest(
                                            "k", TestPayload.of(mine), Attributes.NONE, WriteCondition.IF_ABSENT),
                                    Call.unbounded());
                            return true;
                        } catch (StorageException e) {
                            assertThat(e.kind()).isEqualTo(Kind.PRECONDITION_FAILED);
                            return false;
                        }
                    }));
                }
                int winners = 0;
                for (Future<Boolean> outcome : outcomes) {
                    winners += outcome.get(60, TimeUnit.SECONDS) ? 1 : 0;
                }
                assertThat(winners).isOne();
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void aLargeObjectCarriesItsDigestFromTheCommitOn() throws Exception {
        String container = TestServer.newContainerName();
        StorageConfig.Builder builder = StorageConfig.builder("azure");
        server.settings(container).forEach(builder::set);
        try (ObjectStore store = builder.set("part-bytes", "1MiB").build().open()) {
            store.unwrap(BucketAdmin.class).orElseThrow().create(Call.unbounded());
            byte[] bytes = TestPayload.pattern((20 << 20) + 5, 1);
            var put = store.put("large", Body.of(bytes), PutOptions.DEFAULT);
            assertThat(put.verification()).isEqualTo(Verification.PARTS);
            var head = store.head("large");
            assertThat(head.checksums()).isNotEmpty();
            assertThat(head.metadata()).isEmpty();
            Path to = java.nio.file.Files.createTempFile("anystore-azure", ".test");
            try {
                assertThat(store.download("large", to).verification()).isEqualTo(Verification.WHOLE);
                assertThat(to).hasBinaryContent(bytes);
            } finally {
                java.nio.file.Files.delete(to);
            }
        }
    }

    @Test
    void anAppendBlobIsListedAndReadAndNotWritten() throws Exception {
        try (PoweredBackend store = server.openNewContainer()) {
            var append = client(store).getBlobClient("log").getAppendBlobClient();
            append.create();
            append.appendBlock(new java.io.ByteArrayInputStream("line".getBytes(StandardCharsets.UTF_8)), 4);
            client(store).getBlobClient("disk").getPageBlobClient().create(512);
            Call call = Call.unbounded();
            assertThat(store.list(new ListRequest("", null, null, 10, null), call)
                            .objects())
                    .extracting(dev.anystore.ListEntry::key)
                    .containsExactly("disk", "log");
            assertThat(text(store, GetRequest.whole("log"))).isEqualTo("line");
            assertThat(text(store, GetRequest.range("disk", ByteRange.last(512))))
                    .hasSize(512);
            assertThat(blocks(store).uploads("", null, call).uploads()).isEmpty();
            StorageException e = failure(() -> begin(store, "log"));
            assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
            assertThat(e.getMessage()).contains("append or page blob", "another key");
            assertThat(store.delete(DeleteRequest.of("log"), call)).isEmpty();
        }
    }

    @Test
    void aLeaseOfSomebodyElseIsSaid() {
        try (PoweredBackend store = server.openNewContainer()) {
            put(store, "k", "mine");
            new BlobLeaseClientBuilder()
                    .blobClient(client(store).getBlobClient("k"))
                    .buildClient()
                    .acquireLease(60);
            StorageException e = failure(() -> put(store, "k", "other"));
            assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
            assertThat(e.getMessage()).contains("lease", "break");
        }
    }

    @Test
    void anArchivedObjectSaysWhatToDo() {
        try (PoweredBackend store = server.openNewContainer()) {
            put(store, "k", "cold");
            client(store).getBlobClient("k").setAccessTier(AccessTier.ARCHIVE);
            StorageException e = failure(() -> text(store, GetRequest.whole("k")));
            assertThat(e.kind()).isEqualTo(Kind.ARCHIVED);
            assertThat(e.getMessage()).contains("Hot, Cool or Cold");
            assertThat(store.get(GetRequest.head("k"), Call.unbounded()).info().storageClass())
                    .contains("Archive");
        }
    }

    @Test
    void aTierIsWhatTheWriterOrTheStoreSays() {
        Map<String, String> settings = server.settings(TestServer.newContainerName());
        settings.put("access-tier", "Cool");
        try (PoweredBackend store = TestServer.open(settings)) {
            Call call = Call.unbounded();
            Objects.requireNonNull(store.extension(BucketAdmin.class)).create(call);
            put(store, "cool", "x");
            Attributes cold = new Attributes(null, null, null, null, "Cold", Map.of());
            store.put(new PutRequest("cold", TestPayload.of("x"), cold, WriteCondition.ALWAYS), call);
            assertThat(store.list(new ListRequest("", null, null, 10, null), call)
                            .objects())
                    .extracting(entry -> entry.storageClass().orElse(""))
                    .containsExactly("Cold", "Cool");
        }
    }

    @Test
    void snapshotsAreReadAndKeepTheirObject() throws Exception {
        try (PoweredBackend store = server.openNewContainer()) {
            put(store, "k", "first");
            client(store).getBlobClient("k").createSnapshot();
            put(store, "k", "second");
            Call call = Call.unbounded();
            List<Versions.Version> all = Objects.requireNonNull(store.extension(Versions.class))
                    .list("k", 10, null, call)
                    .versions();
            assertThat(all).hasSize(2);
            assertThat(all.get(0).current()).isTrue();
            assertThat(all.get(1).versionId()).startsWith("snapshot:");
            assertThat(text(store, GetRequest.whole("k").withVersion(all.get(1).versionId())))
                    .isEqualTo("first");
            StorageException e = store.delete(DeleteRequest.of("k"), call)
                    .values()
                    .iterator()
                    .next();
            assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
            assertThat(e.getMessage()).contains("snapshots");
            DeleteRequest.Target snapshot =
                    new DeleteRequest.Target("k", all.get(1).versionId(), null);
            assertThat(store.delete(new DeleteRequest(List.of(snapshot)), call)).isEmpty();
            assertThat(store.delete(DeleteRequest.of("k"), call)).isEmpty();
        }
    }

    @Test
    void aSignatureDoesWhatItAllowsAndNoMore() throws Exception {
        try (PoweredBackend whole = server.openNewContainer()) {
            put(whole, "k", "mine");
            BlobContainerSasPermission rights =
                    new BlobContainerSasPermission().setReadPermission(true).setListPermission(true);
            String sas = client(whole)
                    .generateSas(new BlobServiceSasSignatureValues(
                            OffsetDateTime.now(java.time.ZoneOffset.UTC).plusHours(1), rights));
            Map<String, String> settings = server.settings(client(whole).getBlobContainerName());
            settings.remove("account-key");
            settings.put("sas-token", sas);
            try (PoweredBackend store = TestServer.open(settings)) {
                assertThat(text(store, GetRequest.whole("k"))).isEqualTo("mine");
                assertThat(store.list(new ListRequest("", null, null, 10, null), Call.unbounded())
                                .objects())
                        .hasSize(1);
                assertThat(store.capabilities().has(Capability.PRESIGN_GET)).isFalse();
                assertThat(store.extension(Presigner.class)).isNull();
                StorageException e = failure(() -> put(store, "k", "theirs"));
                assertThat(e.kind()).isEqualTo(Kind.ACCESS_DENIED);
                assertThat(e.getMessage()).contains("needs write (w)");
            }
        }
    }

    @Test
    void aSignatureThatMayDeleteDeletesManyToo() {
        try (PoweredBackend whole = server.openNewContainer()) {
            for (int i = 0; i < 5; i++) {
                put(whole, "k" + i, "x");
            }
            BlobContainerSasPermission rights =
                    new BlobContainerSasPermission().setDeletePermission(true).setListPermission(true);
            String sas = client(whole)
                    .generateSas(new BlobServiceSasSignatureValues(
                            OffsetDateTime.now(java.time.ZoneOffset.UTC).plusHours(1), rights));
            Map<String, String> settings = server.settings(client(whole).getBlobContainerName());
            settings.remove("account-key");
            settings.put("credential", sas);
            try (PoweredBackend store = TestServer.open(settings)) {
                List<DeleteRequest.Target> targets = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    targets.add(new DeleteRequest.Target("k" + i, null, null));
                }
                assertThat(store.delete(new DeleteRequest(targets), Call.unbounded()))
                        .isEmpty();
                assertThat(store.list(new ListRequest("", null, null, 10, null), Call.unbounded())
                                .objects())
                        .isEmpty();
            }
        }
    }

    @Test
    void aWrongKeyAndAMissingContainerAreSaid() {
        Map<String, String> settings = server.settings(TestServer.newContainerName());
        try (PoweredBackend store = TestServer.open(settings)) {
            StorageException e = failure(() -> put(store, "k", "x"));
            assertThat(e.kind()).isEqualTo(Kind.BUCKET_NOT_FOUND);
            assertThat(e.getMessage()).contains("create it");
        }
        settings.put("account-key", Base64.getEncoder().encodeToString("wrong".getBytes(StandardCharsets.UTF_8)));
        try (PoweredBackend store = TestServer.open(settings)) {
            StorageException e = failure(() -> put(store, "k", "x"));
            assertThat(e.kind()).isIn(Kind.UNAUTHENTICATED, Kind.ACCESS_DENIED);
        }
    }

    @Test
    void aLinkToCreateDoesNotOverwrite() throws Exception {
        try (PoweredBackend store = server.openNewContainer()) {
            Presigner presigner = Objects.requireNonNull(store.extension(Presigner.class));
            Presigner.Signed link = presigner.presign(
                    new Presigner.Presign(
                            "PUT", "k", null, Duration.ofMinutes(5), Attributes.NONE, WriteCondition.IF_ABSENT),
                    Call.unbounded());
            assertThat(status(link, true)).isEqualTo(201);
            // Without the condition that came with the link: its right alone does not let it.
            assertThat(status(link, false)).isBetween(400, 499);
        }
    }

    private static int status(Presigner.Signed link, boolean condition) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(link.uri()).PUT(HttpRequest.BodyPublishers.ofString("bytes"));
        link.headers().forEach((name, value) -> {
            if (condition || !name.equals("if-none-match")) {
                request.header(name, value);
            }
        });
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** A token that Azurite takes: it looks at who and until when, not at the signature. */
    private static Secret token() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        long now = Instant.now().getEpochSecond();
        String claims =
                ("{\"aud\":\"https://storage.azure.com\",\"iss\":\"https://sts.windows.net/00000000-0000-0000-0000-000000000001/\","
                                + "\"iat\":%d,\"nbf\":%d,\"exp\":%d,\"oid\":\"00000000-0000-0000-0000-000000000002\","
                                + "\"tid\":\"00000000-0000-0000-0000-000000000001\",\"ver\":\"1.0\"}")
                        .formatted(now - 600, now - 600, now + 3600);
        return Secret.of(base64.encodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + '.' + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".c2ln");
    }

    @Test
    void whoeverIsSignedInReadsWritesAndLinks() throws Exception {
        TestServer tls = TestServer.azuriteTls();
        String container = TestServer.newContainerName();
        AzureConfig config = AzureConfig.read(TestServer.providerSettings(tls.settings(container)));
        TransportOptions options =
                TransportOptions.DEFAULT.withCaBundle(Path.of(Objects.requireNonNull(tls.caBundle())));
        Access access = new Access.Directory(call -> token());
        try (PoweredBackend store = new AzureBackend(config, new HttpTransport(options), access, Clock.systemUTC())) {
            Objects.requireNonNull(store.extension(BucketAdmin.class)).create(Call.unbounded());
            put(store, "k", "mine");
            assertThat(text(store, GetRequest.whole("k"))).isEqualTo("mine");
            assertThat(client(store).getBlobClient("k").downloadContent().toString())
                    .isEqualTo("mine");
            Presigner presigner = Objects.requireNonNull(store.extension(Presigner.class));
            Presigner.Signed link = presigner.presign(
                    new Presigner.Presign(
                            "GET", "k", null, Duration.ofMinutes(5), Attributes.NONE, WriteCondition.ALWAYS),
                    Call.unbounded());
            URI uri = link.uri();
            assertThat(uri.getRawQuery()).contains("skoid=", "ske=", "sig=");
            try (HttpTransport stranger = new HttpTransport(options)) {
                var answer = stranger.send(dev.anystore.http.HttpRequest.builder(
                                "GET",
                                dev.anystore.http.Origin.of(URI.create("https://" + uri.getRawAuthority())),
                                uri.getRawPath(),
                                uri.getRawQuery())
                        .build());
                assertThat(answer.status()).isEqualTo(200);
                assertThat(new String(answer.readAll(100), StandardCharsets.UTF_8))
                        .isEqualTo("mine");
            }
        }
    }
}
