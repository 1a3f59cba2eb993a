package dev.anystore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.spi.GetRequest;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import dev.anystore.spi.StorageProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class MemoryProviderTest {
    private static PoweredBackend open(String bucket) {
        // A provider of its own each time, as each registry loads one.
        StorageProvider provider = ServiceLoader.load(StorageProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.id().equals("memory"))
                .findFirst()
                .orElseThrow();
        ProviderSettings settings = ProviderSettings.of(
                "memory",
                "memory",
                Map.of("bucket", new ProviderSettings.Value(Secret.of(bucket), "bucket_name")),
                Map.of());
        assertThat(provider.describe(settings).bucket()).isEqualTo(bucket);
        return (PoweredBackend) provider.open(settings);
    }

    @Test
    void storesOfOneNameShareTheirObjectsAndOthersDoNot() throws Exception {
        PoweredBackend one = open("shared");
        MemoryBackendTest.put(one, "k", "hello");
        one.close();
        assertThat(MemoryBackendTest.read(open("shared"), GetRequest.whole("k")))
                .asString()
                .isEqualTo("hello");
        assertThat(MemoryBackendTest.power(open("other"), MemorySpace.class).objects())
                .isZero();
        MemoryBackendTest.power(open("shared"), MemorySpace.class).clear();
    }
}
