package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries are planted wherever a secret can stand, right or wrong; nothing that anybody can read may show one. */
class SecretsStaySecretTest {
    private static final String CANARY = "canary12345/secret+67890";

    private final StringBuilder seen = new StringBuilder();

    private void ask(Callable<?> question) {
        try {
            Object answer = question.call();
            seen.append(answer).append('\n');
            if (answer instanceof StorageConfig config) {
                seen.append(config.origins()).append(config.endpoint()).append(config.withBucket("other"));
                seen.append(config.options(StoreOptions.DEFAULT));
            }
        } catch (Exception e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            seen.append(trace);
            if (e instanceof InvalidConfiguration invalid) {
                seen.append(invalid.problems())
                        .append(invalid.reason())
                        .append(invalid.toBuilder().build());
            }
        }
    }

    @Test
    void noTextOfTheResolutionShowsOne(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), CANARY + "\nsecond line");
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            List<FakeProvider> providers = new ArrayList<>(FakeProvider.USUAL);
            providers.add(FakeProvider.B2);
            for (FakeProvider provider : providers) {
                Map<String, String> clean = new HashMap<>(Map.of("STORAGE_ENV_LENIENT", "true"));
                Map<String, String> dirty = new HashMap<>();
                Map<String, String> given = new HashMap<>(Map.of("provider_type", provider.id()));
                Map<String, String> properties = new HashMap<>();
                for (Setting setting : provider.settings()) {
                    boolean text = setting.type() == Setting.Type.TEXT || setting.secret();
                    for (Setting.Variable variable : setting.variables()) {
                        clean.put(
                                variable.name(), text ? (setting.secret() ? CANARY + variable.name() : "example") : "");
                        dirty.put(variable.name(), setting.secret() ? CANARY + "\n" + CANARY : "http:// " + CANARY);
                        dirty.put(variable.name() + "_FILE", setting.begins() ? CANARY : file.toString());
                    }
                    // A canary in the place of a name that is no secret is shown, so it stands where a check refuses
                    // it.
                    boolean refused = setting.secret() || setting.type() == Setting.Type.BOOLEAN;
                    given.put(setting.name(), refused ? " " + CANARY : "http:// " + CANARY.replace("/", "\n"));
                    properties.put(
                            "anystore." + provider.id() + "." + setting.name(),
                            refused ? CANARY + "\n\n" : CANARY.replace("/", "\0"));
                }
                for (Setting setting : dev.anystore.spi.CommonSettings.ALL) {
                    setting.variables().forEach(variable -> dirty.put(variable.name(), CANARY));
                }
                clean.put("STORAGE_PROXY", "http://user:" + CANARY + "@127.0.0.1:3128");
                for (Map<String, String> environment : List.of(clean, dirty)) {
                    StorageRegistry registry = StorageRegistry.of(environment).withProviders(providers);
                    ask(() -> registry);
                    ask(registry::getDefault);
                    ask(registry::listProviders);
                    ask(() -> registry.listProviders().stream()
                            .map(ProviderInfo::missing)
                            .toList());
                    ask(() -> registry.getProvider(provider.id()));
                    ask(() -> registry.findProvider(provider.id()));
                    ask(() -> registry.withSystemProperties(properties).getProvider(provider.id()));
                    ask(() -> registry.fromMap(given));
                    ask(() -> registry.builder(provider.id()).set("secret_access_key", CANARY));
                    ask(() -> registry.builder(provider.id())
                            .set("secret_access_key", CANARY)
                            .build());
                    ask(() -> registry.fromUri(
                            URI.create(provider.id() + "://" + "user:" + CANARY.replace("/", "") + "@example")));
                    ask(() -> registry.fromUri(URI.create(provider.id() + "://example?secret_key=" + CANARY)));
                    ask(() -> SettingsResolver.resolve(
                            InstalledProviders.Installed.of(provider),
                            provider.id(),
                            Sources.of(environment, Map.of())));
                    ask(() -> registry.getProvider(CANARY));
                    ask(() ->
                            StorageRegistry.of(Map.of("USE_R2_STORAGE", CANARY)).getDefault());
                    ask(() -> StorageRegistry.of(Map.of("STORAGE_PROVIDER", CANARY))
                            .getDefault());
                    ask(() -> registry.withSystemProperties(Map.of("anystore.provider", CANARY))
                            .getDefault());
                    ask(() -> Sources.given(given));
                    ask(() -> Sources.of(environment, properties));
                }
            }
        } finally {
            System.setErr(before);
        }
        String all = seen + log.toString(StandardCharsets.UTF_8);
        assertThat(all.contains("StorageConfig[") && all.contains("InvalidConfiguration"))
                .isTrue();
        assertThat(all.contains("WARN dev.anystore.config")).isTrue();
        assertThat(all.lines().filter(line -> line.contains("canary12345") || line.contains("secret+67890")))
                .isEmpty();
    }

    @Test
    void aProviderThatRepeatsASecretInItsProblemIsSilenced() {
        FakeProvider declared = FakeProvider.R2;
        dev.anystore.spi.StorageProvider indiscreet = new Indiscreet(declared);
        StorageRegistry registry = StorageRegistry.of(Map.of(
                        "R2_BUCKET_NAME", "example",
                        "R2_ACCESS_KEY_ID", "testaccess",
                        "R2_SECRET_ACCESS_KEY", CANARY,
                        "R2_ACCOUNT_ID", "exampleaccount"))
                .withProviders(List.of(indiscreet));
        ask(() -> registry.getProvider("r2"));
        assertThat(seen).contains("the secret *** is too short").doesNotContain("canary12345");
    }

    private record Indiscreet(FakeProvider declared) implements dev.anystore.spi.StorageProvider {
        @Override
        public String id() {
            return declared.id();
        }

        @Override
        public List<String> aliases() {
            return declared.aliases();
        }

        @Override
        public String displayName() {
            return declared.displayName();
        }

        @Override
        public List<String> uriSchemes() {
            return declared.uriSchemes();
        }

        @Override
        public List<Setting> settings() {
            return declared.settings();
        }

        @Override
        public Destination describe(ProviderSettings settings) {
            throw Problems.of("r2", "the secret " + CANARY + " is too short");
        }

        @Override
        public dev.anystore.spi.StorageBackend open(ProviderSettings settings) {
            return declared.open(settings);
        }
    }
}
