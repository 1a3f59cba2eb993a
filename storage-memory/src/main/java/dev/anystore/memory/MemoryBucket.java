package dev.anystore.memory;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import java.util.List;

/** The bucket of a space. Its lifecycle rules act when {@link MemorySpace#runLifecycle()} is called. */
final class MemoryBucket implements BucketAdmin {
    private final Service service;
    private final MemorySpace space;

    MemoryBucket(Service service) {
        this.service = service;
        this.space = service.space();
    }

    @Override
    public void create(Call call) {
        service.enter(call);
        space.change(() -> space.setBucket(true));
    }

    @Override
    public void delete(Call call) {
        service.enter(call);
        space.change(() -> {
            if (!space.byKey().isEmpty() || !space.uploadsById().isEmpty()) {
                throw StorageException.builder(Kind.CONFLICT)
                        .retryable(false)
                        .message("the bucket is not empty")
                        .fix("delete its objects, their older versions and its unfinished uploads first")
                        .build();
            }
            space.setBucket(false);
        });
    }

    @Override
    public boolean exists(Call call) {
        service.enter(call);
        return space.atomically(space::bucket);
    }

    @Override
    public List<CorsRule> cors(Call call) {
        service.enter(call);
        return space.atomically(() -> {
            space.requireBucket();
            return space.cors();
        });
    }

    @Override
    public void setCors(List<CorsRule> rules, Call call) {
        service.enter(call);
        space.change(() -> {
            space.requireBucket();
            space.setCors(rules);
        });
    }

    @Override
    public List<LifecycleRule> lifecycle(Call call) {
        service.enter(call);
        return space.atomically(() -> {
            space.requireBucket();
            return space.lifecycle();
        });
    }

    @Override
    public void setLifecycle(List<LifecycleRule> rules, Call call) {
        service.enter(call);
        space.change(() -> {
            space.requireBucket();
            space.setLifecycle(rules);
        });
    }

    @Override
    public boolean versioning(Call call) {
        service.enter(call);
        return space.atomically(() -> {
            space.requireBucket();
            return space.versioning() == MemorySpace.Versioning.ON;
        });
    }

    @Override
    public void setVersioning(boolean enabled, Call call) {
        service.enter(call);
        space.change(() -> {
            space.requireBucket();
            space.setVersioning(enabled);
        });
    }
}
