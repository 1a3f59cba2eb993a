package dev.anystore.memory;

import dev.anystore.spi.Call;
import dev.anystore.spi.Tags;
import java.util.Map;

/** Tags of the current version of an object. They are not part of its revision. */
final class MemoryTags implements Tags {
    private final Service service;

    MemoryTags(Service service) {
        this.service = service;
    }

    @Override
    public Map<String, String> get(String key, Call call) {
        service.enter(key, call);
        MemorySpace space = service.space();
        return space.atomically(() -> space.get(key, null).tags());
    }

    @Override
    public void set(String key, Map<String, String> tags, Call call) {
        service.enter(key, call);
        MemorySpace space = service.space();
        space.change(() -> space.setTags(key, tags));
    }
}
