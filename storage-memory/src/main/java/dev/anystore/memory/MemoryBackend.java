package dev.anystore.memory;

import dev.anystore.ByteRange;
import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.Tags;
import dev.anystore.spi.Versions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The verbs. Bytes are received outside the lock of the space and become visible within it, whole. */
final class MemoryBackend implements PoweredBackend {
    private final Service service;
    private final MemorySpace space;

    MemoryBackend(MemorySpace space, Capabilities capabilities) {
        this.service = new Service(space, capabilities);
        this.space = space;
    }

    @Override
    public Capabilities capabilities() {
        return service.capabilities();
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        service.enter(request.key(), call);
        service.check(request.attributes());
        service.require(request.condition(), Capability.PUT_IF_ABSENT, Capability.PUT_IF_REVISION);
        if (request.payload().length() == Payload.UNKNOWN) {
            service.require(Capability.STREAMING_PUT);
        }
        // Refused before the bytes are taken, as a service would; asked again when they are there.
        space.change(() -> space.require(request.condition(), request.key()));
        long most = Math.min(service.limits().singlePutBytes(), service.limits().objectBytes());
        Receiver.Received received = Receiver.receiveWhole(space, request.payload(), call, most);
        boolean stored = false;
        try {
            service.enter(call);
            ObjectInfo info = space.atomically(() -> space.write(
                            request.key(),
                            received.content(),
                            request.attributes(),
                            Map.of(),
                            received.crc32c(),
                            request.condition())
                    .info(
                            request.key(),
                            space.showsVersions(),
                            received.verified() ? Verification.WHOLE : Verification.UNVERIFIED));
            stored = true;
            return info;
        } finally {
            if (!stored) {
                space.release(received.content().size());
            }
        }
    }

    @Override
    public GetResponse get(GetRequest request, Call call) {
        service.enter(request.key(), call);
        service.requireVersions(request.version());
        return space.atomically(() -> {
            Stored stored = space.get(request.key(), request.version());
            MemorySpace.requireRevision(request.ifRevision(), request.key(), stored);
            if (stored.revision().equals(request.unlessRevision())) {
                return GetResponse.unchanged();
            }
            ObjectInfo info = stored.info(request.key(), space.showsVersions(), Verification.UNVERIFIED);
            return request.headOnly() ? GetResponse.head(info) : body(stored, info, request.range(), call);
        });
    }

    private GetResponse body(Stored stored, ObjectInfo info, @Nullable ByteRange range, Call call) {
        Content content = stored.bytes();
        if (range == null) {
            return GetResponse.of(info, 0, content.size(), new ContentStream(content, call, service::closed))
                    .withBodyChecksum(stored.crc32c());
        }
        long offset = range.offsetIn(content.size());
        if (offset < 0) {
            throw StorageException.builder(Kind.RANGE_NOT_SATISFIABLE)
                    .key(info.key())
                    .objectSize(content.size())
                    .message(range + " has no byte of an object of " + content.size() + " bytes")
                    .build();
        }
        long length = range.lengthIn(content.size());
        Content slice = content.slice(offset, length);
        return GetResponse.of(info, offset, length, new ContentStream(slice, call, service::closed));
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        service.enter(call);
        checkPage(service, request.pageSize());
        return space.atomically(() -> Listings.page(space.byKey(), request));
    }

    static void checkPage(Service service, int pageSize) {
        if (pageSize < 1 || pageSize > service.limits().listPage()) {
            throw Service.invalid("a page has 1 to " + service.limits().listPage() + " entries, not " + pageSize);
        }
    }

    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        service.enter(call);
        Service.atMost(
                "keys in one request",
                request.targets().size(),
                service.limits().deleteBatch());
        for (DeleteRequest.Target target : request.targets()) {
            service.enter(target.key(), call);
            service.requireVersions(target.version());
            if (target.ifRevision() != null) {
                service.require(Capability.DELETE_IF_REVISION);
            }
        }
        Map<DeleteRequest.Target, StorageException> failures = new LinkedHashMap<>();
        space.change(() -> {
            space.requireBucket();
            for (DeleteRequest.Target target : request.targets()) {
                try {
                    space.delete(target);
                } catch (StorageException e) {
                    failures.put(target, e);
                }
            }
        });
        return failures;
    }

    @Override
    public <T> @Nullable T extension(Class<T> power) {
        Object found = null;
        if (power == Multipart.class && has(Capability.MULTIPART)) {
            found = new MemoryUploads(service);
        } else if (power == ServerCopy.class && has(Capability.SERVER_COPY)) {
            found = new MemoryCopies(service);
        } else if (power == Versions.class && has(Capability.VERSIONS)) {
            found = new MemoryVersions(service);
        } else if (power == Tags.class && has(Capability.TAGS)) {
            found = new MemoryTags(service);
        } else if (power == BucketAdmin.class && has(Capability.BUCKET_ADMIN)) {
            found = new MemoryBucket(service);
        } else if (power == MemorySpace.class) {
            found = space;
        }
        return power.cast(found);
    }

    private boolean has(Capability capability) {
        return capabilities().has(capability);
    }

    @Override
    public void close() {
        service.close();
    }

    @Override
    public String toString() {
        return "MemoryBackend[" + space + "]";
    }
}
