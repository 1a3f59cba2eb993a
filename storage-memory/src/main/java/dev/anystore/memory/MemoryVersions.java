package dev.anystore.memory;

import dev.anystore.spi.Call;
import dev.anystore.spi.Versions;
import org.jspecify.annotations.Nullable;

/** Lists versions. While versioning was never on, each object has one, with the id {@value Stored#UNVERSIONED}. */
final class MemoryVersions implements Versions {
    private final Service service;

    MemoryVersions(Service service) {
        this.service = service;
    }

    @Override
    public Page list(String prefix, int pageSize, @Nullable String pageToken, Call call) {
        service.enter(call);
        MemoryBackend.checkPage(service, pageSize);
        MemorySpace space = service.space();
        return space.atomically(() -> Listings.versions(space.byKey(), prefix, pageSize, pageToken));
    }
}
