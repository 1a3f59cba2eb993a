package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.ByteRange;
import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.PreconditionFailed;
import dev.anystore.RangeNotSatisfiable;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.Tags;
import dev.anystore.spi.Versions;
import dev.anystore.spi.WriteCondition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the backend does with a real server, verb by verb, below the engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class S3BackendContract {
    private static final int MIB = 1 << 20;

    private TestServer server;
    private PoweredBackend store;

    /** The server, or an aborted test. */
    abstract TestServer server();

    /** Keys that this server can't hold, with the reason beside them in the subclass. */
    List<String> refusedKeys() {
        return List.of();
    }

    /** Keys that this server takes and then keeps under another name, or loses; each a defect of its own. */
    List<String> lostKeys() {
        return List.of();
    }

    /** A media type that this server returns as it got it. */
    String contentType() {
        return "text/plain; charset=utf-8";
    }

    /** Whether the server lists parts page by page. */
    boolean pagesParts() {
        return true;
    }

    /** Whether the server knows that an upload is over, or that a bucket of a delete is not there. */
    boolean noticesWhatIsGone() {
        return true;
    }

    @BeforeEach
    void open() {
        server = server();
        store = server.openNewBucket();
    }

    @AfterEach
    void empty() {
        if (store == null) {
            return;
        }
        try {
            String token = null;
            do {
                ListPage page = store.list(new ListRequest("", null, null, 1000, token), Call.unbounded());
                if (!page.objects().isEmpty()) {
                    assertThat(store.delete(
                                    new DeleteRequest(page.objects().stream()
                                            .map(e -> new DeleteRequest.Target(e.key(), null, null))
                                            .toList()),
                                    Call.unbounded()))
                            .isEmpty();
                }
                token = page.nextPageToken().orElse(null);
            } while (token != null);
            admin().delete(Call.unbounded());
        } finally {
            store.close();
        }
    }

    private BucketAdmin admin() {
        return Objects.requireNonNull(store.extension(BucketAdmin.class));
    }

    private Multipart multipart() {
        return Objects.requireNonNull(store.extension(Multipart.class));
    }

    private ObjectInfo put(String key, String text) {
        return put(key, text, Attributes.NONE, WriteCondition.ALWAYS);
    }

    private ObjectInfo put(String key, String text, Attributes attributes, WriteCondition condition) {
        return store.put(new PutRequest(key, TestPayload.of(text), attributes, condition), Call.unbounded());
    }

    private byte[] read(GetRequest request) {
        try (GetResponse response = store.get(request, Call.unbounded())) {
            byte[] bytes = response.body().readAllBytes();
            assertThat(bytes).hasSize((int) response.length());
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(String key) {
        return new String(read(GetRequest.whole(key)), StandardCharsets.UTF_8);
    }

    private static ListRequest all(String prefix) {
        return new ListRequest(prefix, null, null, 1000, null);
    }

    private boolean can(Capability capability) {
        return store.capabilities().has(capability);
    }

    @Test
    void whatIsPutIsReadBackAndItsRevisionIsThatOfHeadAndList() {
        ObjectInfo put = put("a/b.txt", "hello");
        assertThat(put.verification()).isEqualTo(Verification.WHOLE);
        ObjectInfo head =
                store.get(GetRequest.head("a/b.txt"), Call.unbounded()).info();
        ListEntry listed = store.list(all(""), Call.unbounded()).objects().get(0);
        assertThat(text("a/b.txt")).isEqualTo("hello");
        assertThat(head.size()).isEqualTo(5);
        assertThat(put.revision()).isNotEmpty().isEqualTo(head.revision()).isEqualTo(listed.revision());
        assertThat(head.lastModified())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(listed.size()).isEqualTo(5);
    }

    @Test
    void everyKindOfPayloadArrivesAsItIs(@TempDir Path folder) throws IOException {
        byte[] bytes = TestPayload.pattern(3 * MIB + 17, 1);
        Path file = Files.write(folder.resolve("f"), bytes);
        List<TestPayload> payloads = List.of(
                TestPayload.of(bytes),
                TestPayload.stream(bytes, true),
                TestPayload.stream(bytes, false),
                TestPayload.file(file, 0, bytes.length));
        for (TestPayload payload : payloads) {
            Call call = Call.unbounded();
            ObjectInfo info = store.put(new PutRequest("k", payload, Attributes.NONE, WriteCondition.ALWAYS), call);
            assertThat(read(GetRequest.whole("k"))).isEqualTo(bytes);
            assertThat(call.sentBytes()).isEqualTo(bytes.length);
            assertThat(info.verification())
                    .isEqualTo(payload.repeatable() ? Verification.WHOLE : Verification.UNVERIFIED);
        }
        store.put(
                new PutRequest("k", TestPayload.file(file, 100, 1000), Attributes.NONE, WriteCondition.ALWAYS),
                Call.unbounded());
        assertThat(read(GetRequest.whole("k"))).isEqualTo(java.util.Arrays.copyOfRange(bytes, 100, 1100));
    }

    @Test
    void anEmptyObjectIsAnObject() {
        put("empty", "");
        assertThat(text("empty")).isEmpty();
        assertThat(store.get(GetRequest.head("empty"), Call.unbounded()).info().size())
                .isZero();
    }

    @Test
    void rangesAreWhatWasAskedFor() {
        put("r", "0123456789");
        try (GetResponse response = store.get(GetRequest.range("r", ByteRange.of(2, 3)), Call.unbounded())) {
            assertThat(response.offset()).isEqualTo(2);
            assertThat(response.length()).isEqualTo(3);
            assertThat(response.info().size()).isEqualTo(10);
        }
        assertThat(read(GetRequest.range("r", ByteRange.of(2, 3)))).isEqualTo("234".getBytes(StandardCharsets.UTF_8));
        assertThat(read(GetRequest.range("r", ByteRange.from(7)))).isEqualTo("789".getBytes(StandardCharsets.UTF_8));
        assertThat(read(GetRequest.range("r", ByteRange.last(4)))).isEqualTo("6789".getBytes(StandardCharsets.UTF_8));
        assertThat(read(GetRequest.range("r", ByteRange.of(8, 100)))).isEqualTo("89".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> store.get(GetRequest.range("r", ByteRange.from(10)), Call.unbounded()))
                .isInstanceOf(RangeNotSatisfiable.class);
    }

    @Test
    void aHalfReadBodyIsClosedAtOnceAndTheNextRequestWorks() throws IOException {
        byte[] bytes = TestPayload.pattern(8 * MIB, 2);
        store.put(
                new PutRequest("big", TestPayload.of(bytes), Attributes.NONE, WriteCondition.ALWAYS), Call.unbounded());
        try (GetResponse response = store.get(GetRequest.whole("big"), Call.unbounded())) {
            assertThat(response.body().readNBytes(1000)).isEqualTo(java.util.Arrays.copyOf(bytes, 1000));
        }
        assertThat(read(GetRequest.range("big", ByteRange.last(10)))).hasSize(10);
    }

    @Test
    void anAbsentObjectAnAbsentBucketAndAWrongSecretAreThreeThings() {
        for (GetRequest request : List.of(GetRequest.head("no"), GetRequest.whole("no"))) {
            assertThatThrownBy(() -> store.get(request, Call.unbounded())).isInstanceOf(ObjectNotFound.class);
        }
        try (PoweredBackend other = server.open("anystore-absent-bucket")) {
            for (GetRequest request : List.of(GetRequest.head("no"), GetRequest.whole("no"))) {
                assertKind(() -> other.get(request, Call.unbounded()), Kind.BUCKET_NOT_FOUND);
            }
            assertKind(() -> other.list(all(""), Call.unbounded()), Kind.BUCKET_NOT_FOUND);
            assertKind(
                    () -> other.put(
                            new PutRequest("k", TestPayload.of("x"), Attributes.NONE, WriteCondition.ALWAYS),
                            Call.unbounded()),
                    Kind.BUCKET_NOT_FOUND);
            if (noticesWhatIsGone()) {
                assertKind(() -> other.delete(DeleteRequest.of("k"), Call.unbounded()), Kind.BUCKET_NOT_FOUND);
            }
            assertThat(Objects.requireNonNull(other.extension(BucketAdmin.class))
                            .exists(Call.unbounded()))
                    .isFalse();
        }
        assertThat(admin().exists(Call.unbounded())).isTrue();
        Map<String, String> wrong = new TreeMap<>(server.settings("anystore-any"));
        wrong.put("secret-access-key", "wrongsecret12345");
        try (PoweredBackend other = TestServer.open(wrong)) {
            for (GetRequest request : List.of(GetRequest.head("no"), GetRequest.whole("no"))) {
                assertKind(() -> other.get(request, Call.unbounded()), Kind.UNAUTHENTICATED);
            }
        }
        wrong.put("access-key-id", "nosuchaccess");
        try (PoweredBackend other = TestServer.open(wrong)) {
            assertKind(() -> other.get(GetRequest.head("no"), Call.unbounded()), Kind.UNAUTHENTICATED);
        }
    }

    static void assertKind(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Kind kind) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
            assertThat(e.getMessage()).doesNotContain(TestServer.SECRET, "wrongsecret12345");
        });
    }

    @Test
    void attributesAndUnicodeMetadataComeBackAsTheyWere() {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("plain", "value with blanks");
        metadata.put("unicode", "Grüße, 世界 🌍");
        metadata.put("long", "ü".repeat(200));
        metadata.put("looks-like-a-word", "=?UTF-8?B?aGk=?=");
        metadata.put("empty", "");
        metadata.put("blanks", "  around  and  within ");
        metadata.put("anystoretoken", "0123456789abcdef0123456789abcdef");
        Attributes attributes = new Attributes(contentType(), "identity-x", "attachment", "max-age=60", null, metadata);
        put("m", "x", attributes, WriteCondition.ALWAYS);
        ObjectInfo head = store.get(GetRequest.head("m"), Call.unbounded()).info();
        assertThat(head.metadata()).isEqualTo(metadata);
        assertThat(head.contentType()).contains(contentType());
        assertThat(head.contentEncoding()).contains("identity-x");
        assertThat(head.contentDisposition()).contains("attachment");
        assertThat(head.cacheControl()).contains("max-age=60");
    }

    @Test
    void metadataOverTheLimitIsRefusedBeforeAnythingIsSent() {
        int most = store.capabilities().limits().metadataBytes();
        Attributes fits = Attributes.NONE.withMetadata(Map.of("m", "x".repeat(most - 12)));
        Attributes tooMuch = Attributes.NONE.withMetadata(Map.of("m", "x".repeat(most - 11)));
        put("k", "x", fits, WriteCondition.ALWAYS);
        assertThat(store.get(GetRequest.head("k"), Call.unbounded()).info().metadata())
                .isEqualTo(fits.metadata());
        assertKind(() -> put("k", "y", tooMuch, WriteCondition.ALWAYS), Kind.INVALID_ARGUMENT);
        assertThat(text("k")).isEqualTo("x");
    }

    @Test
    void conditionsOfAReadAreHonoured() {
        ObjectInfo first = put("c", "one");
        GetRequest get = GetRequest.whole("c");
        assertThat(read(get.withIfRevision(first.revision()))).hasSize(3);
        try (GetResponse unchanged = store.get(get.withUnlessRevision(first.revision()), Call.unbounded())) {
            assertThat(unchanged.notModified()).isTrue();
        }
        ObjectInfo second = put("c", "two!");
        assertThat(second.revision()).isNotEqualTo(first.revision());
        assertThatThrownBy(() -> store.get(get.withIfRevision(first.revision()), Call.unbounded()))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(read(get.withUnlessRevision(first.revision()))).hasSize(4);
    }

    @Test
    void conditionsOfAPutAreHonouredWhereTheyAreDeclared() {
        if (can(Capability.PUT_IF_ABSENT)) {
            ObjectInfo first = put("k", "first", Attributes.NONE, WriteCondition.IF_ABSENT);
            assertThatThrownBy(() -> put("k", "second", Attributes.NONE, WriteCondition.IF_ABSENT))
                    .isInstanceOf(PreconditionFailed.class);
            assertThat(text("k")).isEqualTo("first");
            if (can(Capability.PUT_IF_REVISION)) {
                put("k", "third", Attributes.NONE, new WriteCondition.IfRevision(first.revision()));
                assertThatThrownBy(() ->
                                put("k", "fourth", Attributes.NONE, new WriteCondition.IfRevision(first.revision())))
                        .isInstanceOf(PreconditionFailed.class);
                assertThat(text("k")).isEqualTo("third");
            }
        }
        if (can(Capability.DELETE_IF_REVISION)) {
            ObjectInfo info = put("d", "x");
            DeleteRequest.Target wrong = new DeleteRequest.Target("d", null, "0".repeat(32));
            assertThat(store.delete(new DeleteRequest(List.of(wrong)), Call.unbounded()))
                    .hasSize(1)
                    .hasEntrySatisfying(wrong, e -> assertThat(e.kind()).isEqualTo(Kind.PRECONDITION_FAILED));
            assertThat(store.delete(
                            new DeleteRequest(List.of(new DeleteRequest.Target("d", null, info.revision()))),
                            Call.unbounded()))
                    .isEmpty();
        }
    }

    static List<String> oddKeys() {
        return List.of(
                "plain",
                "with blank",
                " leading and trailing ",
                "a+b=c&d",
                "50%",
                "%2F",
                "%25",
                "ä/ö/ü.txt",
                "e\u0301 and \u00e9",
                "日本語",
                "🌍/🦄",
                "'quotes\"",
                "back\\slash",
                "a<b>c",
                "semi;colon:colon",
                "q?u#e",
                "tilde~._-",
                "tab\there",
                "line\nfeed",
                "carriage\rreturn",
                "\u0001control",
                "\u007fdelete",
                "\u2028separator",
                "*!()@,$",
                "a//b",
                "./dot",
                "a/../b",
                "/leading",
                "trailing/",
                "x".repeat(200) + "/" + "y".repeat(200));
    }

    @Test
    void oddKeysAreKeptByteForByteOrRefused() {
        List<String> refused = refusedKeys();
        List<String> kept = new ArrayList<>();
        Map<String, String> surprises = new TreeMap<>();
        for (String key : oddKeys()) {
            if (lostKeys().contains(key)) {
                continue;
            }
            try {
                put(key, key);
                kept.add(key);
                if (refused.contains(key)) {
                    surprises.put(key, "is taken");
                }
            } catch (StorageException e) {
                if (!refused.contains(key)) {
                    surprises.put(key, e.getMessage());
                }
            }
        }
        assertThat(surprises).isEmpty();
        for (String key : kept) {
            assertThat(text(key)).isEqualTo(key);
        }
        List<String> listed = store.list(all(""), Call.unbounded()).objects().stream()
                .map(ListEntry::key)
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(store.delete(
                        new DeleteRequest(kept.stream()
                                .map(k -> new DeleteRequest.Target(k, null, null))
                                .toList()),
                        Call.unbounded()))
                .isEmpty();
        assertThat(store.list(all(""), Call.unbounded()).objects()).isEmpty();
    }

    @Test
    void aListingOfPagesOfTwoFindsEveryKeyOnceAndInOrder() {
        List<String> keys = Stream.of("a", "b/1", "b/2", "b/3", "c", "d/1", "e f", "g+h", "ü")
                .toList();
        keys.forEach(key -> put(key, key));
        assertThat(paged("", null, null)).isEqualTo(keys);
        assertThat(paged("b/", null, null)).containsExactly("b/1", "b/2", "b/3");
        assertThat(paged("", "c", null)).containsExactly("d/1", "e f", "g+h", "ü");
        assertThat(paged("", null, "/")).containsExactly("a", "b/", "c", "d/", "e f", "g+h", "ü");
        assertThat(paged("nothing", null, null)).isEmpty();
    }

    private List<String> paged(String prefix, @Nullable String startAfter, @Nullable String delimiter) {
        List<String> found = new ArrayList<>();
        String token = null;
        for (int page = 0; page < 20; page++) {
            ListPage next = store.list(new ListRequest(prefix, startAfter, delimiter, 2, token), Call.unbounded());
            List<String> both = new ArrayList<>(next.prefixes());
            next.objects().forEach(entry -> both.add(entry.key()));
            both.sort(dev.anystore.Keys.UTF8_ORDER);
            found.addAll(both);
            token = next.nextPageToken().orElse(null);
            if (token == null) {
                return found;
            }
        }
        throw new AssertionError("the listing has no end: " + found);
    }

    @Test
    void aBatchDeletesWhatIsThereAndDoesNotMindWhatIsNot() {
        List<DeleteRequest.Target> targets = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            if (i % 2 == 0) {
                put("del/" + i + " &<>", "x");
            }
            targets.add(new DeleteRequest.Target("del/" + i + " &<>", null, null));
        }
        assertThat(store.delete(new DeleteRequest(targets), Call.unbounded())).isEmpty();
        assertThat(store.list(all("del/"), Call.unbounded()).objects()).isEmpty();
        assertThat(store.delete(DeleteRequest.of("del/0 &<>"), Call.unbounded()))
                .isEmpty();
    }

    private static byte[] concat(byte[]... all) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] one : all) {
            out.writeBytes(one);
        }
        return out.toByteArray();
    }

    @Test
    void anUploadInPartsIsOneObjectOnlyWhenItIsComplete() {
        byte[] one = TestPayload.pattern(5 * MIB, 3);
        byte[] two = TestPayload.pattern(MIB + 1, 4);
        Attributes attributes =
                new Attributes("video/mp4", null, null, null, null, Map.of("anystorepart", Integer.toString(5 * MIB)));
        String key = "parts/ü b";
        String id = multipart()
                .begin(new Multipart.Begin(key, attributes, WriteCondition.ALWAYS, 5 * MIB), Call.unbounded());
        Multipart.Upload upload = new Multipart.Upload(key, id);
        Multipart.Part second = multipart().putPart(upload, 2, TestPayload.of(two), Call.unbounded());
        Multipart.Part first = multipart().putPart(upload, 1, TestPayload.of(one), Call.unbounded());
        assertThatThrownBy(() -> store.get(GetRequest.head(key), Call.unbounded()))
                .isInstanceOf(ObjectNotFound.class);
        Multipart.PartPage listed = multipart().parts(upload, 0, Call.unbounded());
        assertThat(listed.more()).isFalse();
        assertThat(listed.parts()).extracting(Multipart.Part::number).containsExactly(1, 2);
        assertThat(listed.parts()).extracting(Multipart.Part::bytes).containsExactly((long) one.length, (long)
                two.length);
        assertThat(listed.parts()).extracting(Multipart.Part::tag).containsExactly(first.tag(), second.tag());
        if (pagesParts()) {
            assertThat(multipart().parts(upload, 1, Call.unbounded()).parts()).hasSize(1);
        }
        assertThat(multipart().uploads(key, null, Call.unbounded()).uploads())
                .extracting(Multipart.Begun::upload)
                .containsExactly(upload);
        Checksum whole = TestPayload.checksum(Checksum.Algorithm.CRC32C, concat(one, two));
        ObjectInfo info = multipart()
                .complete(
                        new Multipart.Complete(
                                upload,
                                attributes,
                                List.of(first, second),
                                one.length + two.length,
                                WriteCondition.ALWAYS,
                                whole),
                        Call.unbounded());
        boolean wholeIsChecked = Checksums.CRC32C
                == Objects.requireNonNull(Profile.named(server.profile())).checksums();
        assertThat(info.verification()).isEqualTo(wholeIsChecked ? Verification.WHOLE : Verification.PARTS);
        ObjectInfo head = store.get(GetRequest.head(key), Call.unbounded()).info();
        assertThat(head.size()).isEqualTo(one.length + two.length);
        assertThat(head.revision()).isEqualTo(info.revision());
        assertThat(head.contentType()).contains("video/mp4");
        assertThat(head.metadata()).isEqualTo(attributes.metadata());
        if (wholeIsChecked) {
            assertThat(head.checksum(Checksum.Algorithm.CRC32C)).contains(whole);
        }
        assertThat(read(GetRequest.whole(key))).isEqualTo(concat(one, two));
        assertThat(multipart().uploads(key, null, Call.unbounded()).uploads()).isEmpty();
    }

    @Test
    void anAbortedUploadLeavesNothingAndMayBeAbortedTwice() {
        String id = multipart()
                .begin(new Multipart.Begin("ab", Attributes.NONE, WriteCondition.ALWAYS, 0), Call.unbounded());
        Multipart.Upload upload = new Multipart.Upload("ab", id);
        multipart().putPart(upload, 1, TestPayload.of("x"), Call.unbounded());
        multipart().abort(upload, Call.unbounded());
        multipart().abort(upload, Call.unbounded());
        assertThat(multipart().uploads("ab", null, Call.unbounded()).uploads()).isEmpty();
        if (noticesWhatIsGone()) {
            assertThatThrownBy(() -> multipart().parts(upload, 0, Call.unbounded()))
                    .isInstanceOf(ObjectNotFound.class);
        }
    }

    @Test
    void aConditionOfACompletionIsHonouredWhereItIsDeclared() {
        Assumptions.assumeTrue(can(Capability.COMPLETE_IF_ABSENT), "not declared");
        put("k", "there");
        String id = multipart()
                .begin(new Multipart.Begin("k", Attributes.NONE, WriteCondition.IF_ABSENT, 0), Call.unbounded());
        Multipart.Upload upload = new Multipart.Upload("k", id);
        Multipart.Part part = multipart().putPart(upload, 1, TestPayload.of("parts"), Call.unbounded());
        assertThatThrownBy(() -> complete(upload, part, WriteCondition.IF_ABSENT))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(text("k")).isEqualTo("there");
        if (can(Capability.COMPLETE_IF_REVISION)) {
            String revision =
                    store.get(GetRequest.head("k"), Call.unbounded()).info().revision();
            assertThatThrownBy(() -> complete(upload, part, new WriteCondition.IfRevision("0".repeat(32))))
                    .isInstanceOf(PreconditionFailed.class);
            complete(upload, part, new WriteCondition.IfRevision(revision));
            assertThat(text("k")).isEqualTo("parts");
        } else {
            multipart().abort(upload, Call.unbounded());
        }
    }

    private ObjectInfo complete(Multipart.Upload upload, Multipart.Part part, WriteCondition condition) {
        return multipart()
                .complete(
                        new Multipart.Complete(upload, Attributes.NONE, List.of(part), part.bytes(), condition, null),
                        Call.unbounded());
    }

    @Test
    void tagsAreReplacedAndRemoved() {
        Tags tags = store.extension(Tags.class);
        assertThat(tags != null).isEqualTo(can(Capability.TAGS));
        Assumptions.assumeTrue(tags != null, "not declared");
        Objects.requireNonNull(tags);
        put("t", "x");
        assertThat(tags.get("t", Call.unbounded())).isEmpty();
        tags.set("t", Map.of("team", "blue + green", "stage", "test"), Call.unbounded());
        assertThat(tags.get("t", Call.unbounded())).isEqualTo(Map.of("team", "blue + green", "stage", "test"));
        tags.set("t", Map.of(), Call.unbounded());
        assertThat(tags.get("t", Call.unbounded())).isEmpty();
    }

    @Test
    void versionsAreListedReadAndDeleted() {
        Versions versions = store.extension(Versions.class);
        assertThat(versions != null).isEqualTo(can(Capability.VERSIONS));
        Assumptions.assumeTrue(versions != null, "not declared");
        Objects.requireNonNull(versions);
        assertThat(admin().versioning(Call.unbounded())).isFalse();
        admin().setVersioning(true, Call.unbounded());
        assertThat(admin().versioning(Call.unbounded())).isTrue();
        String key = "v/ü +";
        String first = put(key, "first").versionId().orElseThrow();
        put(key, "second");
        assertThat(store.delete(DeleteRequest.of(key), Call.unbounded())).isEmpty();
        assertThatThrownBy(() -> store.get(GetRequest.head(key), Call.unbounded()))
                .isInstanceOf(ObjectNotFound.class);
        assertThat(read(GetRequest.whole(key).withVersion(first))).isEqualTo("first".getBytes(StandardCharsets.UTF_8));
        List<Versions.Version> all = new ArrayList<>();
        String token = null;
        do {
            Versions.Page page = versions.list("v/", 2, token, Call.unbounded());
            all.addAll(page.versions());
            token = page.nextPageToken();
        } while (token != null);
        assertThat(all).extracting(Versions.Version::key).containsExactly(key, key, key);
        assertThat(all).extracting(Versions.Version::deleteMarker).containsExactly(true, false, false);
        assertThat(all).extracting(Versions.Version::current).containsExactly(true, false, false);
        assertThat(all.get(2).versionId()).isEqualTo(first);
        assertThat(store.delete(
                        new DeleteRequest(all.stream()
                                .map(v -> new DeleteRequest.Target(v.key(), v.versionId(), null))
                                .toList()),
                        Call.unbounded()))
                .isEmpty();
        assertThat(versions.list("v/", 10, null, Call.unbounded()).versions()).isEmpty();
    }

    @Test
    void aServerSideCopyKeepsOrReplacesWhatIsBesideTheBytes() {
        Attributes attributes = Attributes.NONE.withMetadata(Map.of("a", "1"));
        ObjectInfo from = put("from ü+", "bytes", attributes, WriteCondition.ALWAYS);
        ServerCopy copies = Objects.requireNonNull(store.extension(ServerCopy.class));
        ObjectInfo copy = copies.copy(
                new ServerCopy.Copy("from ü+", null, from.revision(), "to", null, WriteCondition.ALWAYS),
                Call.unbounded());
        assertThat(copy.size()).isEqualTo(5);
        ObjectInfo head = store.get(GetRequest.head("to"), Call.unbounded()).info();
        assertThat(head.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(head.revision()).isEqualTo(copy.revision());
        copies.copy(
                new ServerCopy.Copy(
                        "from ü+",
                        null,
                        null,
                        "to",
                        Attributes.NONE.withMetadata(Map.of("b", "ü")),
                        WriteCondition.ALWAYS),
                Call.unbounded());
        assertThat(store.get(GetRequest.head("to"), Call.unbounded()).info().metadata())
                .isEqualTo(Map.of("b", "ü"));
        assertThat(text("to")).isEqualTo("bytes");
        assertThatThrownBy(() -> copies.copy(
                        new ServerCopy.Copy("from ü+", null, "0".repeat(32), "to", null, WriteCondition.ALWAYS),
                        Call.unbounded()))
                .isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> copies.copy(
                        new ServerCopy.Copy("absent", null, null, "to", null, WriteCondition.ALWAYS), Call.unbounded()))
                .isInstanceOf(ObjectNotFound.class);
    }

    @Test
    void partsAreCopiedFromAnObjectThatIsThere() {
        byte[] source = TestPayload.pattern(6 * MIB, 5);
        ObjectInfo from = store.put(
                new PutRequest("src", TestPayload.of(source), Attributes.NONE, WriteCondition.ALWAYS),
                Call.unbounded());
        String id = multipart()
                .begin(
                        new Multipart.Begin("dst", Attributes.NONE, WriteCondition.ALWAYS, 5 * MIB, true),
                        Call.unbounded());
        Multipart.Upload upload = new Multipart.Upload("dst", id);
        List<Multipart.Part> parts = List.of(
                multipart()
                        .copyPart(
                                upload,
                                1,
                                new Multipart.Source("src", null, from.revision(), ByteRange.of(0, 5 * MIB)),
                                Call.unbounded()),
                multipart()
                        .copyPart(
                                upload,
                                2,
                                new Multipart.Source("src", null, from.revision(), ByteRange.of(5 * MIB, MIB)),
                                Call.unbounded()));
        assertThatThrownBy(() -> multipart()
                        .copyPart(
                                upload,
                                3,
                                new Multipart.Source("src", null, "0".repeat(32), ByteRange.of(0, 10)),
                                Call.unbounded()))
                .isInstanceOf(PreconditionFailed.class);
        multipart()
                .complete(
                        new Multipart.Complete(
                                upload, Attributes.NONE, parts, source.length, WriteCondition.ALWAYS, null),
                        Call.unbounded());
        assertThat(read(GetRequest.whole("dst"))).isEqualTo(source);
    }

    @Test
    void aPresignedLinkIsGoodForWhoHasNoCredentials() throws IOException {
        put("link ü+.txt", "linked");
        Presigner presigner = Objects.requireNonNull(store.extension(Presigner.class));
        Presigner.Signed get = presigner.presign(
                new Presigner.Presign(
                        "GET",
                        "link ü+.txt",
                        null,
                        Duration.ofMinutes(1),
                        new Attributes("text/x-test", null, "attachment; filename=\"a.txt\"", null, null, Map.of()),
                        WriteCondition.ALWAYS),
                Call.unbounded());
        assertThat(get.expiresAt())
                .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(61));
        assertThat(get.toString()).doesNotContain("Signature");
        HttpURLConnection connection = connect(get);
        assertThat(connection.getResponseCode()).isEqualTo(200);
        assertThat(connection.getHeaderField("content-type")).isEqualTo("text/x-test");
        assertThat(connection.getInputStream().readAllBytes()).isEqualTo("linked".getBytes(StandardCharsets.UTF_8));

        Presigner.Signed put = presigner.presign(
                new Presigner.Presign(
                        "PUT",
                        "by link",
                        null,
                        Duration.ofMinutes(1),
                        new Attributes("text/plain", null, null, null, null, Map.of("m", "ü")),
                        WriteCondition.ALWAYS),
                Call.unbounded());
        HttpURLConnection upload = connect(put);
        upload.setRequestMethod("PUT");
        upload.setDoOutput(true);
        upload.getOutputStream().write("sent".getBytes(StandardCharsets.UTF_8));
        assertThat(upload.getResponseCode()).isEqualTo(200);
        ObjectInfo head =
                store.get(GetRequest.head("by link"), Call.unbounded()).info();
        assertThat(head.contentType()).contains("text/plain");
        assertThat(head.metadata()).isEqualTo(Map.of("m", "ü"));

        HttpURLConnection tampered = (HttpURLConnection) java.net
                .URI
                .create(get.uri().toString().replace("link%20", "lonk%20"))
                .toURL()
                .openConnection();
        assertThat(tampered.getResponseCode()).isEqualTo(403);
    }

    private HttpURLConnection connect(Presigner.Signed signed) throws IOException {
        Assumptions.assumeTrue(server.caBundle() == null, "the JVM's own client does not trust the test's authority");
        HttpURLConnection connection = (HttpURLConnection) signed.uri().toURL().openConnection();
        signed.headers().forEach(connection::setRequestProperty);
        return connection;
    }
}
