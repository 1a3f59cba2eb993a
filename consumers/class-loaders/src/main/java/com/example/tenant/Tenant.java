package com.example.tenant;

import dev.anystore.Body;
import dev.anystore.InvalidConfiguration;
import dev.anystore.ObjectStore;
import dev.anystore.ProviderInfo;
import dev.anystore.StorageConfig;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The application of one tenant, loaded by a class loader of its own; the host knows it as a function alone. */
public final class Tenant implements Function<String, String> {
    /** For the host. */
    public Tenant() {}

    /** Writes and reads in a folder; returns the ids of the providers that it found, or the refusal. */
    @Override
    public String apply(String folder) {
        String providers = StorageConfig.listProviders().stream()
                .filter(ProviderInfo::installed)
                .map(ProviderInfo::id)
                .sorted()
                .collect(Collectors.joining(" "));
        StorageConfig config;
        try {
            config = StorageConfig.of(Map.of("provider_type", "local", "base_path", folder));
        } catch (InvalidConfiguration e) {
            return "refused: " + e.getMessage();
        }
        try (ObjectStore store = config.open()) {
            byte[] bytes = ("of " + folder).getBytes(StandardCharsets.UTF_8);
            store.put("tenant", Body.of(bytes));
            String back = new String(store.getBytes("tenant"), StandardCharsets.UTF_8);
            return back.equals("of " + folder) ? providers : "read back: " + back;
        }
    }
}
