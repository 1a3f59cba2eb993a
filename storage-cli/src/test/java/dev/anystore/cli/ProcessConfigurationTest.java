package dev.anystore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.InvalidConfiguration;
import dev.anystore.ObjectStore;
import dev.anystore.ProviderInfo;
import dev.anystore.StorageConfig;
import dev.anystore.StoreOptions;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The static door: the providers that are really on the class path, opened. */
class ProcessConfigurationTest {
    @AfterEach
    void letTheEnvironmentChooseAgain() {
        StorageConfig.setDefaultProvider(null);
    }

    @Test
    void theDefaultOfTheProcessStandsAboveTheEnvironment() {
        StorageConfig.setDefaultProvider("Memory");
        assertThat(StorageConfig.getDefault().providerId()).isEqualTo("memory");
        assertThatThrownBy(() -> StorageConfig.setDefaultProvider("memroy"))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining("did you mean memory?");
        assertThat(StorageConfig.getDefault().providerId()).isEqualTo("memory");
    }

    @Test
    void allModulesOfTheCommandAreFoundAndNoneIsBroken() {
        assertThat(StorageConfig.listProviders())
                .filteredOn(ProviderInfo::installed)
                .extracting(ProviderInfo::id)
                .contains("local", "s3", "r2", "wasabi", "spaces", "b2", "b2-s3", "memory");
        assertThat(StorageConfig.listProviders())
                .noneMatch(info -> info.broken().isPresent());
    }

    @Test
    void aPrefixOfTheUriStandsBeforeEachKey() {
        String space = "space-" + UUID.randomUUID();
        StorageConfig below = StorageConfig.of(URI.create("memory://" + space + "/models/v1"));
        StorageConfig whole = StorageConfig.of(Map.of("provider_type", "memory", "bucket_name", space));
        try (ObjectStore store = below.open(StoreOptions.DEFAULT.withMaxConnections(2));
                ObjectStore all = whole.open()) {
            store.put("a.txt", Body.of("hello".getBytes(UTF_8)));
            assertThat(new String(all.getBytes("models/v1/a.txt"), UTF_8)).isEqualTo("hello");
            assertThat(store.exists("a.txt")).isTrue();
            assertThat(all.exists("a.txt")).isFalse();
        }
    }
}
