package dev.anystore.s3;

import dev.anystore.ByteRange;
import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The verbs of one bucket. Each is one request, but where it says so. */
final class S3Backend implements PoweredBackend {
    private final S3Client client;
    private final Profile profile;
    private final ObjectHeaders headers;
    private final S3Bodies bodies;
    private final S3Listing listing;
    private final S3Deletes deletes;
    private final Capabilities capabilities;

    S3Backend(S3Config config, HttpTransport transport, CredentialsSource credentials, Clock clock) {
        this.client = new S3Client(config, transport, credentials, clock);
        this.profile = config.profile();
        this.headers = new ObjectHeaders(profile, config.objects());
        this.bodies = new S3Bodies(config.checksums());
        this.listing = new S3Listing(client);
        this.deletes = new S3Deletes(client);
        Capabilities all = profile.capabilities();
        if (config.anonymous() || config.objects().customerKey() != null) {
            // Nothing signs; or whoever has a link would need the key too.
            all = all.without(
                    Capability.PRESIGN_GET, Capability.PRESIGN_PUT, Capability.PRESIGN_DELETE, Capability.PRESIGN_PART);
        }
        this.capabilities = config.objects().tagsFollowContent() ? all : all.without(Capability.TWIN_PARTS);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        S3Request put = S3Request.object("PUT", request.key());
        headers.write(request.attributes(), put);
        condition(request.condition(), put);
        S3Bodies.Sent sent = bodies.attach(request.payload(), put);
        try (Answer answer = client.send(put, call)) {
            String tag = S3Text.unquoted(answer.header("etag"));
            client.checkEncrypted(answer, request.key(), answer.header("x-amz-version-id"), tag, call);
            return sent.confirm(
                            headers.written(request.key(), sent.length(), request.attributes(), tag, answer), answer)
                    .build();
        }
    }

    @Override
    public GetResponse get(GetRequest request, Call call) {
        return headers.defaults().reading(objects -> get(request, objects, call));
    }

    private GetResponse get(GetRequest request, ObjectDefaults objects, Call call) {
        S3Request get = S3Request.object(request.headOnly() ? "HEAD" : "GET", request.key())
                .queryIfPresent("versionId", request.version());
        objects.onAccess(get);
        ByteRange range = request.range();
        if (range != null) {
            get.header("range", range.toHeader());
        } else if (profile.asksForChecksums()) {
            get.header("x-amz-checksum-mode", "ENABLED");
        }
        if (request.ifRevision() != null) {
            get.header("if-match", S3Text.quoted(request.ifRevision()));
        }
        if (request.unlessRevision() != null) {
            get.header("if-none-match", S3Text.quoted(request.unlessRevision()));
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

    private GetResponse response(GetRequest request, S3Request get, Answer answer) throws IOException {
        if (answer.status() == 304) {
            return GetResponse.unchanged();
        }
        long length = number(answer.header("content-length"));
        if (length < 0) {
            throw new XmlReader.MalformedXml("the answer does not say how long the object is");
        }
        if (request.headOnly()) {
            return GetResponse.head(headers.read(request.key(), length, answer).build());
        }
        if (length == 0 && request.range() != null) {
            // MinIO's word for a range of an empty object is 206, versitygw's is 200.
            throw StorageException.builder(StorageException.Kind.RANGE_NOT_SATISFIABLE)
                    .message("the range has no byte of the object")
                    .objectSize(0)
                    .build();
        }
        if (answer.status() != 206) {
            // A service may ignore the range; the caller sees what it got.
            ObjectInfo info = headers.read(request.key(), length, answer).build();
            return GetResponse.of(info, 0, length, body(answer, get, length));
        }
        ContentRange range = ContentRange.parse(answer.header("content-range"));
        if (range == null || range.last() - range.first() + 1 != length) {
            throw new XmlReader.MalformedXml("the answer is a range, but does not say which");
        }
        ObjectInfo info = headers.read(request.key(), range.size(), answer).build();
        return GetResponse.of(info, range.first(), length, body(answer, get, length));
    }

    private InputStream body(Answer answer, S3Request get, long length) {
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

    private static long number(@Nullable String text) {
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

    /** Adds the condition of a write. Conditions that are not declared never come here. */
    static void condition(WriteCondition condition, S3Request request) {
        if (condition instanceof WriteCondition.IfAbsent) {
            request.header("if-none-match", "*");
        } else if (condition instanceof WriteCondition.IfRevision revision) {
            request.header("if-match", S3Text.quoted(revision.revision()));
        }
    }

    @Override
    public <T> @Nullable T extension(Class<T> power) {
        if (power == Multipart.class) {
            return power.cast(new S3Multipart(client, headers, bodies));
        }
        if (power == ServerCopy.class) {
            return power.cast(new S3Copy(client, headers));
        }
        if (power == Presigner.class) {
            return !capabilities.has(Capability.PRESIGN_GET) ? null : power.cast(new S3Presigner(client, headers));
        }
        if (power == BucketAdmin.class) {
            return power.cast(new S3Buckets(client));
        }
        if (power == Reachability.class) {
            return power.cast(new S3Reachability(client));
        }
        if (power == Versions.class && capabilities.has(Capability.VERSIONS)) {
            return power.cast(new S3Versions(client));
        }
        if (power == Tags.class && capabilities.has(Capability.TAGS)) {
            return power.cast(new S3Tags(client));
        }
        return null;
    }

    @Override
    public void close() {
        client.close();
    }
}
