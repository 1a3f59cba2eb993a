package dev.anystore.b2;

import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.StorageProvider;
import java.util.List;

/** Backblaze B2 by its own API, found by {@link java.util.ServiceLoader}. */
public final class B2Provider implements StorageProvider {
    /** For the loader. */
    public B2Provider() {}

    @Override
    public String id() {
        return "b2";
    }

    @Override
    public List<String> aliases() {
        return List.of("backblaze");
    }

    @Override
    public String displayName() {
        return "Backblaze B2";
    }

    @Override
    public List<String> uriSchemes() {
        return List.of("b2");
    }

    @Override
    public List<Setting> settings() {
        return B2Settings.ALL;
    }

    @Override
    public Destination describe(ProviderSettings settings) {
        return B2Config.read(settings).destination();
    }

    @Override
    public StorageBackend open(ProviderSettings settings) {
        return B2Backend.open(B2Config.read(settings), settings);
    }
}
