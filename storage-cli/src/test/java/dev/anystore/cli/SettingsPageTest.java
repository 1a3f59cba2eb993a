package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code docs/settings.md} says what the declarations say. */
class SettingsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "settings.md");

    private static List<StorageProvider> providers() {
        List<StorageProvider> providers = new ArrayList<>();
        ServiceLoader.load(StorageProvider.class).forEach(providers::add);
        return providers;
    }

    @Test
    void thePageIsWhatTheDeclarationsSay() throws IOException {
        String page = SettingsPage.render(providers());
        if (Boolean.getBoolean("anystore.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/settings.md is stale; its first lines say how to write it anew")
                .isEqualTo(page);
    }

    @Test
    void eachSettingIsDeclaredOnceAndExplained() {
        for (StorageProvider provider : providers()) {
            List<Setting> all = new ArrayList<>(provider.settings());
            all.addAll(CommonSettings.ALL);
            Set<String> names = new HashSet<>();
            Set<String> variables = new HashSet<>();
            for (Setting setting : all) {
                String where = provider.id() + "." + setting.name();
                assertThat(setting.name()).as(where).matches("[a-z0-9]+(-[a-z0-9]+)*");
                assertThat(setting.sentence()).as(where).endsWith(".");
                Set<String> own = new HashSet<>(setting.mapNames());
                own.add(setting.name().replace('-', '_'));
                for (String name : own) {
                    assertThat(name).as(where).isEqualTo(name.toLowerCase(Locale.ROOT));
                    assertThat(names.add(name))
                            .as(where + " shares the name " + name)
                            .isTrue();
                }
                for (Setting.Variable variable : setting.variables()) {
                    assertThat(variables.add(variable.name()))
                            .as(where + " shares the variable " + variable.name())
                            .isTrue();
                }
            }
        }
    }
}
