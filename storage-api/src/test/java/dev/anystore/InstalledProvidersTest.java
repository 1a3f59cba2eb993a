package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.StorageProvider;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers are found in two class loaders, and a broken one harms nobody. */
class InstalledProvidersTest {
    /** Works. */
    public static class Sound extends Provider {
        public Sound() {
            super("sound");
        }
    }

    /** Has the id of another. */
    public static class Twin extends Provider {
        public Twin() {
            super("sound");
        }
    }

    /** Fails in its constructor. */
    public static class Throwing extends Provider {
        public Throwing() {
            super("throwing");
            throw new IllegalStateException("on purpose");
        }
    }

    /** Lacks a class of its vendor. */
    public static class Linkless extends Provider {
        public Linkless() {
            super("linkless");
        }

        @Override
        public List<Setting> settings() {
            throw new NoClassDefFoundError("com/example/Sdk");
        }
    }

    /** Has an id that can't be typed. */
    public static class Nameless extends Provider {
        public Nameless() {
            super("No Id!");
        }
    }

    /** Fails while its class is set up. */
    public static class Static extends Provider {
        static final int VALUE = fail();

        public Static() {
            super("static");
        }

        private static int fail() {
            throw new IllegalArgumentException("on purpose");
        }
    }

    private abstract static class Provider implements StorageProvider {
        private final String id;

        Provider(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public List<String> aliases() {
            return List.of("alias-of-" + id);
        }

        @Override
        public String displayName() {
            return id;
        }

        @Override
        public List<String> uriSchemes() {
            return List.of(id);
        }

        @Override
        public List<Setting> settings() {
            return List.of();
        }

        @Override
        public Destination describe(ProviderSettings settings) {
            return new Destination("example", null, null, null);
        }

        @Override
        public StorageBackend open(ProviderSettings settings) {
            throw new UnsupportedOperationException();
        }
    }

    private static <T> T withServices(Path folder, List<String> classes, Callable<T> question) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(services.resolve(StorageProvider.class.getName()), classes);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            return question.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void brokenProvidersAreListedWithTheirCauseAndHarmNobody(@TempDir Path folder) throws Exception {
        List<String> classes = List.of(
                "com.example.Absent",
                Throwing.class.getName(),
                Linkless.class.getName(),
                Static.class.getName(),
                Nameless.class.getName(),
                InstalledProvidersTest.class.getName(),
                Sound.class.getName(),
                Twin.class.getName());
        StorageRegistry registry = StorageRegistry.of(Map.of("STORAGE_PROVIDER", "sound"));
        withServices(folder, classes, () -> {
            assertThat(registry.getDefault().providerId()).isEqualTo("sound");
            assertThat(registry.getProvider("Alias_Of_Sound").providerId()).isEqualTo("sound");
            List<ProviderInfo> broken = registry.listProviders().stream()
                    .filter(info -> info.broken().isPresent())
                    .toList();
            assertThat(broken)
                    .extracting(ProviderInfo::id)
                    .containsExactly(
                            "com.example.Absent",
                            Throwing.class.getName(),
                            Linkless.class.getName(),
                            Static.class.getName(),
                            Nameless.class.getName(),
                            InstalledProvidersTest.class.getName());
            assertThat(broken).allSatisfy(info -> {
                assertThat(info.installed()).isFalse();
                assertThat(info.configured()).isFalse();
                assertThat(info.missing()).singleElement().asString().startsWith("it failed to load: ");
            });
            assertThat(broken.get(2).broken().orElseThrow()).isInstanceOf(NoClassDefFoundError.class);
            assertThatThrownBy(() -> registry.getProvider("gcs"))
                    .hasMessageContaining("dev.anystore:storage-gcs")
                    .hasMessageContaining("com.example.Absent failed to load");
            return null;
        });
        assertThat(registry.listProviders()).noneMatch(info -> info.broken().isPresent());
    }

    @Test
    void aServiceFileThatCanNotBeReadHarmsNobody(@TempDir Path folder) throws Exception {
        withServices(folder, List.of("not a class name", Sound.class.getName()), () -> {
            List<ProviderInfo> list = StorageRegistry.of(Map.of()).listProviders();
            assertThat(list).anyMatch(info -> info.broken().isPresent());
            return null;
        });
    }

    @Test
    void withoutAContextLoaderTheOwnOneIsEnough() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(null);
            assertThat(StorageRegistry.of(Map.of()).listProviders()).hasSizeGreaterThanOrEqualTo(10);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void noStaticFieldHoldsAClassLoaderOrAProvider() {
        for (Class<?> type : List.of(
                StorageRegistry.class,
                StorageConfig.class,
                InstalledProviders.class,
                ProviderDirectory.class,
                ProviderChoice.class,
                KnownProvider.class)) {
            assertThat(Arrays.stream(type.getDeclaredFields())
                            .filter(field -> Modifier.isStatic(field.getModifiers()))
                            .filter(field -> ClassLoader.class.isAssignableFrom(field.getType())
                                    || StorageProvider.class.isAssignableFrom(field.getType())
                                    || StorageRegistry.class.isAssignableFrom(field.getType())
                                    || StorageConfig.class.isAssignableFrom(field.getType())
                                    || java.util.ServiceLoader.class.isAssignableFrom(field.getType())))
                    .isEmpty();
        }
    }

    @Test
    void theFirstOfTwoWithOneIdStays() throws IOException {
        InstalledProviders providers = InstalledProviders.of(List.of(new Sound(), new Twin()));
        assertThat(providers.all()).singleElement().satisfies(installed -> assertThat(installed.provider())
                .isInstanceOf(Sound.class));
    }
}
