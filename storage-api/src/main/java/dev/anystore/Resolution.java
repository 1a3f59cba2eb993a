package dev.anystore;

import dev.anystore.InstalledProviders.Installed;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of one provider's settings.
 *
 * @param installed the provider
 * @param settings what was found and is right
 * @param destination where they lead; null if there are problems
 * @param begunBy what lets the provider take part in the automatic choice, such as {@code R2_BUCKET_NAME}; or null
 * @param problems each in one sentence, without any secret; empty if the configuration can be opened
 * @param warnings to be logged if it is opened
 */
record Resolution(
        Installed installed,
        ProviderSettings settings,
        @Nullable Destination destination,
        @Nullable String begunBy,
        List<String> problems,
        List<String> warnings) {

    boolean complete() {
        return problems.isEmpty();
    }

    /**
     * Whether anything of its own is set, where no name lets the provider take part in the automatic choice (a folder,
     * memory); without any variable there is nothing that could be set, and the answer is yes.
     */
    boolean spokenOf() {
        List<Setting> own = installed.settings();
        return own.stream().noneMatch(Setting::begins)
                && (own.stream().allMatch(setting -> setting.variables().isEmpty())
                        || own.stream().anyMatch(settings::isSet));
    }

    /**
     * The configuration.
     *
     * @throws InvalidConfiguration if there are problems
     */
    StorageConfig config(String prefix) {
        if (!complete()) {
            throw Problems.of(installed.id(), problems);
        }
        return new StorageConfig(installed, settings, Objects.requireNonNull(destination), prefix);
    }
}
