package dev.anystore.azure;

import dev.anystore.ByteRange;
import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.Limits;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.Verification;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.HttpTransport;
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
import dev.anystore.spi.Tags;
import dev.anystore.spi.Versions;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The verbs of one container. Each is one request, but where it says so. */
final class AzureBackend implements PoweredBackend {
    // https://learn.microsoft.com/azure/storage/blobs/scalability-targets
    private static final long MIB = 1L << 20;
    private static final long MAX_BLOCK = 4000 * MIB;
    private static final int MAX_BLOCKS = 50_000;
    private static final Limits LIMITS = Limits.builder()
            .objectBytes(MAX_BLOCK * MAX_BLOCKS)
            .ifAbsentBytes(MAX_BLOCK * MAX_BLOCKS)
            .singlePutBytes(5000 * MIB)
            .partBytes(1, MAX_BLOCK)
            .partCount(MAX_BLOCKS)
            .deleteBatch(AzureDeletes.MAX_BATCH)
            .listPage(5000)
            .singleCopyBytes(AzureCopy.MAX_BYTES)
            .metadataBytes(BlobHeaders.MAX_METADATA_BYTES)
            .build();

    private final AzureClient client;
    private final BlobHeaders headers;
    private final BlobBodies bodies;
    private final AzureListing listing;
    private final AzureDeletes deletes;
    private final AzurePresigner presigner;
    private final NativeClients natives;
    private final Capabilities capabilities;

    AzureBackend(AzureConfig config, HttpTransport transport, Access access, Clock clock) {
        this.client = new AzureClient(config, transport, access, clock);
        this.headers = new BlobHeaders(config.accessTier());
        this.bodies = new BlobBodies(config.checks());
        this.listing = new AzureListing(client);
        this.deletes = new AzureDeletes(client);
        this.presigner = new AzurePresigner(client);
        this.natives = new NativeClients(config, transport, access);
        Set<Capability> all = EnumSet.of(
                Capability.PUT_IF_ABSENT,
                Capability.PUT_IF_REVISION,
                Capability.COMPLETE_IF_ABSENT,
                Capability.COMPLETE_IF_REVISION,
                Capability.COPY_IF_ABSENT,
                Capability.COPY_IF_REVISION,
                Capability.DELETE_IF_REVISION,
                Capability.MULTIPART,
                Capability.TWIN_PARTS,
                Capability.SERVER_COPY,
                Capability.VERSIONS,
                Capability.TAGS,
                Capability.BUCKET_ADMIN);
        if (presigner.canSign()) {
            all.add(Capability.PRESIGN_GET);
            all.add(Capability.PRESIGN_PUT);
            all.add(Capability.PRESIGN_DELETE);
        }
        this.capabilities = Capabilities.of(all, LIMITS);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        AzureRequest put =
                AzureRequest.object("PUT", request.key(), Right.WRITE).header("x-ms-blob-type", "BlockBlob");
        headers.write(request.attributes(), put);
        condition(request.condition(), put);
        BlobBodies.Sent sent = bodies.attach(request.payload(), put);
        HttpResponse answer = client.sendForHead(put, call);
        boolean confirmed = sent.confirmed(answer) != null;
        return headers.written(
                        request.key(),
                        sent.length(),
                        request.attributes(),
                        request.attributes().metadata(),
                        answer)
                .verification(confirmed ? Verification.WHOLE : Verification.UNVERIFIED)
                .build();
    }

    /** One request; two for the last bytes, which Azure has no range for: the size is asked first, and then pinned. */
    @Override
    public GetResponse get(GetRequest request, Call call) {
        ByteRange range = request.range();
        if (range != null && range.isLast()) {
            GetResponse head = get(headOf(request), call);
            if (head.notModified()) {
                return head;
            }
            ObjectInfo info = head.info();
            if (range.lengthIn(info.size()) == 0) {
                throw unsatisfiable(info.size());
            }
            ByteRange plain = ByteRange.of(range.offsetIn(info.size()), range.lengthIn(info.size()));
            return one(new GetRequest(request.key(), false, plain, request.version(), info.revision(), null), call);
        }
        return one(request, call);
    }

    private static GetRequest headOf(GetRequest request) {
        return new GetRequest(
                request.key(), true, null, request.version(), request.ifRevision(), request.unlessRevision());
    }

    private GetResponse one(GetRequest request, Call call) {
        AzureRequest get = AzureRequest.object(request.headOnly() ? "HEAD" : "GET", request.key(), Right.READ);
        AzureVersions.name(request.version(), get);
        if (request.range() != null) {
            get.header("range", request.range().toHeader());
        }
        if (request.ifRevision() != null) {
            get.header("if-match", AzureText.quoted(request.ifRevision()));
        }
        if (request.unlessRevision() != null) {
            get.header("if-none-match", AzureText.quoted(request.unlessRevision()));
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

    private GetResponse response(GetRequest request, AzureRequest get, Answer answer) throws IOException {
        if (answer.status() == 304) {
            return GetResponse.unchanged();
        }
        long length = number(answer.header("content-length"));
        if (length < 0) {
            throw new XmlReader.MalformedXml("the answer does not say how long the object is");
        }
        if (request.headOnly()) {
            return GetResponse.head(
                    BlobHeaders.read(request.key(), length, answer.response()).build());
        }
        if (length == 0 && request.range() != null) {
            // Azurite's word for a range behind the end.
            throw unsatisfiable(-1);
        }
        if (answer.status() != 206) {
            // A server may ignore the range; the caller sees what it got.
            ObjectInfo info =
                    BlobHeaders.read(request.key(), length, answer.response()).build();
            return GetResponse.of(info, 0, length, body(answer, get, length));
        }
        ContentRange range = ContentRange.parse(answer.header("content-range"));
        if (range == null || range.last() - range.first() + 1 != length) {
            throw new XmlReader.MalformedXml("the answer is a range, but does not say which");
        }
        ObjectInfo info =
                BlobHeaders.read(request.key(), range.size(), answer.response()).build();
        return GetResponse.of(info, range.first(), length, body(answer, get, length));
    }

    private static StorageException unsatisfiable(long size) {
        return StorageException.builder(StorageException.Kind.RANGE_NOT_SATISFIABLE)
                .message("the range has no byte of the object")
                .objectSize(size)
                .build();
    }

    private InputStream body(Answer answer, AzureRequest get, long length) {
        return length == 0 ? InputStream.nullInputStream() : new AnswerBody(answer, client.errors(), get);
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
            long first = number(header.substring(6, dash));
            long last = number(header.substring(dash + 1, slash));
            long size = number(header.substring(slash + 1));
            return first < 0 || last < first || size <= last ? null : new ContentRange(first, last, size);
        }
    }

    /** A number from 0 on, or -1. */
    static long number(@Nullable String text) {
        if (text == null
                || text.isEmpty()
                || text.length() > 18
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        return listing.list(request, call);
    }

    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        return deletes.delete(request, call);
    }

    /** Adds the condition of a write. */
    static void condition(WriteCondition condition, AzureRequest request) {
        if (condition instanceof WriteCondition.IfAbsent) {
            request.header("if-none-match", "*");
        } else if (condition instanceof WriteCondition.IfRevision revision) {
            request.header("if-match", AzureText.quoted(revision.revision()));
        }
    }

    @Override
    public <T> @Nullable T extension(Class<T> power) {
        if (power == Multipart.class) {
            return power.cast(new AzureBlocks(client, headers, bodies));
        }
        if (power == ServerCopy.class) {
            return power.cast(new AzureCopy(client, headers));
        }
        if (power == Presigner.class) {
            return presigner.canSign() ? power.cast(presigner) : null;
        }
        if (power == BucketAdmin.class) {
            return power.cast(new AzureContainers(client));
        }
        if (power == Reachability.class) {
            return power.cast(new AzureReachability(client));
        }
        if (power == Versions.class) {
            return power.cast(new AzureVersions(client));
        }
        if (power == Tags.class) {
            return power.cast(new AzureTags(client));
        }
        return natives.find(power);
    }

    @Override
    public void close() {
        client.close();
    }
}
