package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.anystore.ByteRange;
import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.Limits;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpHeaders;
import dev.anystore.http.TransportOptions;
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
import dev.anystore.spi.Reachability;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The verbs of one bucket. Each is one request, but where it says so. */
final class GcsBackend implements PoweredBackend {
    // https://cloud.google.com/storage/quotas
    private static final long OBJECT_BYTES = 5L << 40;
    private static final long PART_MIN_BYTES = 5L << 20;
    private static final long PART_MAX_BYTES = 5L << 30;
    private static final int PARTS = 10_000;

    private final GcsClient client;
    private final ObjectDefaults defaults;
    private final ObjectHeaders headers;
    private final JsonPuts jsonPuts;
    private final XmlPuts xmlPuts;
    private final GcsListing listing;
    private final GcsDeletes deletes;
    private final GcsBuckets buckets;
    private final Capabilities capabilities;

    GcsBackend(GcsConfig config, TransportOptions options, TokenSource tokens, Clock clock) {
        this.client = new GcsClient(config, options, tokens, clock);
        this.defaults = config.objects();
        this.headers = new ObjectHeaders(defaults);
        this.jsonPuts = new JsonPuts(client);
        this.xmlPuts = new XmlPuts(client, headers, jsonPuts);
        this.listing = new GcsListing(client);
        this.deletes = new GcsDeletes(client);
        this.buckets = new GcsBuckets(client);
        this.capabilities = capabilities(config);
    }

    private static Capabilities capabilities(GcsConfig config) {
        EnumSet<Capability> can = EnumSet.of(
                Capability.PUT_IF_ABSENT,
                Capability.PUT_IF_REVISION,
                Capability.COPY_IF_ABSENT,
                Capability.COPY_IF_REVISION,
                Capability.DELETE_IF_REVISION,
                Capability.SERVER_COPY,
                Capability.VERSIONS,
                Capability.BUCKET_ADMIN,
                Capability.ENCRYPTION_MANAGED_KEY,
                Capability.ENCRYPTION_CUSTOMER_KEY,
                Capability.REQUESTER_PAYS);
        if (config.json()) {
            can.add(Capability.STREAMING_PUT);
        } else {
            can.add(Capability.MULTIPART);
            can.add(Capability.COMPLETE_IF_ABSENT);
            can.add(Capability.COMPLETE_IF_REVISION);
        }
        // Nothing signs without credentials; and whoever had a link to what a customer's key encrypts would need the
        // key too.
        if (!config.sendsNoCredentials() && config.objects().customerKey() == null) {
            can.add(Capability.PRESIGN_GET);
            can.add(Capability.PRESIGN_PUT);
            can.add(Capability.PRESIGN_DELETE);
            if (!config.json()) {
                can.add(Capability.PRESIGN_PART);
            }
        }
        Limits.Builder limits = Limits.builder()
                .objectBytes(OBJECT_BYTES)
                .ifAbsentBytes(OBJECT_BYTES)
                .singlePutBytes(OBJECT_BYTES)
                .deleteBatch(GcsDeletes.BATCH)
                .listPage(1000)
                .singleCopyBytes(OBJECT_BYTES)
                .metadataBytes(ObjectHeaders.METADATA_BYTES);
        if (!config.json()) {
            limits.partBytes(PART_MIN_BYTES, PART_MAX_BYTES).partCount(PARTS);
        }
        return Capabilities.of(can, limits.build());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        return client.config().json() ? jsonPuts.put(request, call) : xmlPuts.put(request, call);
    }

    /** One request, but two where the caller has a revision and the object another by now. */
    @Override
    public GetResponse get(GetRequest request, Call call) {
        if (request.version() != null && !GcsText.isNumber(request.version())) {
            throw StorageException.builder(Kind.NOT_FOUND)
                    .message("there is no such version")
                    .build();
        }
        if (request.headOnly() || request.unlessRevision() != null) {
            // The XML API knows only entity tags here, the JSON API generations.
            GetResponse head = head(request, call);
            if (head.notModified() || request.headOnly()) {
                return head;
            }
        }
        return media(request, call);
    }

    private GetResponse head(GetRequest request, Call call) {
        GcsRequest get = GcsRequest.jsonObject("GET", client.bucket(), request.key())
                .query("fields", ObjectJson.FIELDS)
                .queryIfPresent("generation", request.version());
        if (request.ifRevision() != null) {
            get.query("ifGenerationMatch", Conditions.revision(request.ifRevision()));
        }
        if (GcsText.isNumber(request.unlessRevision())) {
            get.queryIfPresent("ifGenerationNotMatch", request.unlessRevision());
        }
        defaults.onAccess(get);
        JsonNode json = client.findJson(get, call);
        if (json == null) {
            return GetResponse.unchanged();
        }
        try {
            ObjectInfo info = ObjectJson.read(request.key(), json).build();
            checkRevision(request, info);
            return info.revision().equals(request.unlessRevision()) ? GetResponse.unchanged() : GetResponse.head(info);
        } catch (IOException e) {
            throw client.errors().of(e, get);
        }
    }

    /** What the service should have compared, for emulators that do not. */
    private static void checkRevision(GetRequest request, ObjectInfo info) {
        if (request.ifRevision() != null && !info.revision().equals(request.ifRevision())) {
            throw Conditions.failed("the object has another revision by now");
        }
    }

    private GetResponse media(GetRequest request, Call call) {
        GcsRequest get;
        if (client.config().json()) {
            get = GcsRequest.json(
                            "GET", request.key(), "/download" + GcsRequest.jsonPath(client.bucket(), request.key()))
                    .query("alt", "media");
            if (request.ifRevision() != null) {
                get.query("ifGenerationMatch", Conditions.revision(request.ifRevision()));
            }
        } else {
            get = GcsRequest.xmlObject("GET", client.bucket(), request.key());
            if (request.ifRevision() != null) {
                Conditions.ofRead(request.ifRevision(), get);
            }
        }
        get.queryIfPresent("generation", request.version());
        // Else the service unpacks what is stored packed: https://cloud.google.com/storage/docs/transcoding
        get.header("accept-encoding", "gzip");
        defaults.onAccess(get);
        ByteRange range = request.range();
        if (range != null) {
            get.header("range", range.toHeader());
        }
        Answer answer = client.send(get, call);
        boolean handed = false;
        try {
            GetResponse response = response(request, get, answer);
            handed = response.length() > 0;
            return response;
        } catch (IOException e) {
            throw client.errors().of(e, get);
        } finally {
            if (!handed) {
                answer.close();
            }
        }
    }

    private GetResponse response(GetRequest request, GcsRequest get, Answer answer) throws IOException {
        HttpHeaders fields = answer.response().headers();
        long length = GcsText.number(fields.first("content-length"));
        if (length < 0 || isTranscoded(fields)) {
            throw new Json.Malformed(
                    length < 0
                            ? "the answer does not say how long the object is"
                            : "the answer is packed otherwise than the object is stored");
        }
        if (length == 0 && request.range() != null) {
            throw StorageException.builder(Kind.RANGE_NOT_SATISFIABLE)
                    .message("the range has no byte of the object")
                    .objectSize(0)
                    .build();
        }
        long offset = 0;
        long size = length;
        if (answer.status() == 206) {
            ContentRange range = ContentRange.parse(fields.first("content-range"));
            if (range == null || range.last() - range.first() + 1 != length) {
                throw new Json.Malformed("the answer is a range, but does not say which");
            }
            offset = range.first();
            size = range.size();
        }
        ObjectInfo info = headers.read(request.key(), size, fields).build();
        checkRevision(request, info);
        InputStream body = length == 0 ? InputStream.nullInputStream() : new AnswerBody(answer, client.errors(), get);
        return GetResponse.of(info, offset, length, body);
    }

    /** Whether somebody on the way packed or unpacked the bytes: their number and digest are not the object's then. */
    private static boolean isTranscoded(HttpHeaders fields) {
        String stored = fields.first("x-goog-stored-content-encoding");
        if (stored == null) {
            return fields.first("x-guploader-response-body-transformations") != null;
        }
        String sent = fields.first("content-encoding");
        String normal = sent == null || sent.isEmpty() ? "identity" : sent;
        return !normal.equals(stored) && (normal.equals("gzip") || stored.equals("gzip"));
    }

    /** The value of a {@code Content-Range}. */
    private record ContentRange(long first, long last, long size) {
        static @Nullable ContentRange parse(@Nullable String header) {
            if (header == null || !header.startsWith("bytes ")) {
                return null;
            }
            int dash = header.indexOf('-');
            int slash = header.indexOf('/');
            if (dash < 0 || slash < dash) {
                return null;
            }
            long first = GcsText.number(header.substring(6, dash));
            long last = GcsText.number(header.substring(dash + 1, slash));
            long size = GcsText.number(header.substring(slash + 1));
            return first < 0 || last < first || size <= last ? null : new ContentRange(first, last, size);
        }
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        return listing.list(request, call);
    }

    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        return deletes.delete(request, call);
    }

    @Override
    public <T> @Nullable T extension(Class<T> power) {
        if (power == Multipart.class) {
            return capabilities.has(Capability.MULTIPART) ? power.cast(new GcsMultipart(client, headers)) : null;
        }
        if (power == ServerCopy.class) {
            return power.cast(new GcsCopy(client));
        }
        if (power == Presigner.class) {
            return capabilities.has(Capability.PRESIGN_GET) ? power.cast(new GcsPresigner(client, headers)) : null;
        }
        if (power == BucketAdmin.class) {
            return power.cast(buckets);
        }
        if (power == Reachability.class) {
            return power.cast(new GcsReachability(client));
        }
        if (power == Versions.class) {
            return power.cast(listing);
        }
        if (power == GcsObjects.class) {
            return power.cast(new ObjectDetails(client));
        }
        return null;
    }

    @Override
    public void close() {
        buckets.close();
        client.close();
    }
}
