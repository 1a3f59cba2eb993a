package dev.anystore.memory;

import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.ServerCopy;
import java.util.Objects;

/** Copies within a space. Source and target share their bytes; tags go along, as with S3. */
final class MemoryCopies implements ServerCopy {
    private final Service service;
    private final MemorySpace space;

    MemoryCopies(Service service) {
        this.service = service;
        this.space = service.space();
    }

    @Override
    public ObjectInfo copy(Copy request, Call call) {
        service.enter(request.from(), call);
        service.enter(request.to(), call);
        service.requireVersions(request.fromVersion());
        service.require(request.condition(), Capability.COPY_IF_ABSENT, Capability.COPY_IF_REVISION);
        Attributes replacing = request.replacing();
        if (replacing != null) {
            service.check(replacing);
        }
        return space.atomically(() -> {
            Stored source = space.get(request.from(), request.fromVersion());
            MemorySpace.requireRevision(request.fromRevision(), request.from(), source);
            Service.atMost("bytes in one copy", source.size(), service.limits().singleCopyBytes());
            space.require(request.condition(), request.to());
            Checksum crc32c = Objects.requireNonNull(source.crc32c());
            space.reserve(source.size());
            return space.write(
                            request.to(),
                            source.bytes(),
                            replacing == null ? source.attributes() : replacing,
                            source.tags(),
                            crc32c,
                            request.condition())
                    .info(request.to(), space.showsVersions(), Verification.UNVERIFIED);
        });
    }
}
