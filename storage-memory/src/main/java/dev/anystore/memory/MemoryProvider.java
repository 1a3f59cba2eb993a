package dev.anystore.memory;

import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.StorageProvider;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Provider {@code memory}, chosen by name only. Stores opened with one bucket name in one process see the same objects, which
 * live until the process ends.
 */
public final class MemoryProvider implements StorageProvider {
    private static final Setting BUCKET = Setting.of(
                    "bucket", Setting.Type.TEXT, "The name of the space in memory that stores of this process share.")
            .variable("MEMORY_BUCKET")
            .inMaps("bucket_name", "container_name")
            .defaultsTo("memory");

    // Static, because a space is found by its name from anywhere in the process, and each registry loads a provider of
    // its
    // own. Nothing but a test asks for this provider; MemorySpace.clear() frees what is held.
    private static final ConcurrentMap<String, MemorySpace> SPACES = new ConcurrentHashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public MemoryProvider() {}

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public List<String> aliases() {
        return List.of();
    }

    @Override
    public String displayName() {
        return "Memory";
    }

    @Override
    public List<String> uriSchemes() {
        return List.of("memory");
    }

    @Override
    public List<Setting> settings() {
        return List.of(BUCKET);
    }

    @Override
    public Destination describe(ProviderSettings settings) {
        return new Destination(settings.text(BUCKET), null, null, null);
    }

    @Override
    public StorageBackend open(ProviderSettings settings) {
        MemorySpace space = SPACES.computeIfAbsent(settings.text(BUCKET), name -> MemoryStore.newSpace());
        return MemoryStore.builder().on(space).backend();
    }
}
