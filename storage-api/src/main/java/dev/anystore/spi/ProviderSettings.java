package dev.anystore.spi;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The resolved settings of one provider: each value checked against its type, each with the place that it came from.
 * Immutable. Its text hides secrets.
 */
public final class ProviderSettings {
    private final String providerId;
    private final String requestedName;
    private final Map<String, Value> values;
    private final Map<String, String> environment;

    /**
     * A value and where it came from.
     *
     * @param text as it was set, trimmed; wrapped because it may be secret
     * @param origin such as {@code R2_BUCKET_NAME} or {@code default}
     */
    public record Value(Secret text, String origin) {}

    private ProviderSettings(
            String providerId, String requestedName, Map<String, Value> values, Map<String, String> environment) {
        this.providerId = Objects.requireNonNull(providerId);
        this.requestedName = Objects.requireNonNull(requestedName);
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.environment = Map.copyOf(environment);
    }

    /**
     * Resolved settings.
     *
     * @param providerId the id
     * @param requestedName the name by which the user chose it: the id or one of the aliases
     * @param values by the name of the setting
     * @param environment for the vendor's own chain of credentials and the proxy; the settings themselves are not in need
     *     of it
     */
    public static ProviderSettings of(
            String providerId, String requestedName, Map<String, Value> values, Map<String, String> environment) {
        return new ProviderSettings(providerId, requestedName, values, environment);
    }

    /** The id of the provider. */
    public String providerId() {
        return providerId;
    }

    /** The name by which the user chose it, such as {@code minio} for {@code s3}. */
    public String requestedName() {
        return requestedName;
    }

    /**
     * The environment that the vendor's own chain of credentials may look at. It is here even where the settings are
     * hermetic, because that chain stays; {@code AWS_*} is taken out for a provider that declares no such variable.
     */
    public Map<String, String> environment() {
        return environment;
    }

    /** Whether it is set, or has a default. */
    public boolean has(Setting setting) {
        return find(setting) != null;
    }

    /** Whether it is set, defaults apart. */
    public boolean isSet(Setting setting) {
        return values.containsKey(setting.name());
    }

    /** The same with one more value, or another one. */
    public ProviderSettings with(Setting setting, String text, String origin) {
        Map<String, Value> more = new LinkedHashMap<>(values);
        more.put(setting.name(), new Value(Secret.of(text), origin));
        return new ProviderSettings(providerId, requestedName, more, environment);
    }

    /** The text, or the default, or null. */
    public @Nullable String find(Setting setting) {
        Value value = values.get(setting.name());
        return value == null ? setting.defaultValue() : value.text().reveal();
    }

    /**
     * The text.
     *
     * @throws IllegalStateException if there is none: {@link StorageProvider#describe} has not checked
     */
    public String text(Setting setting) {
        String text = find(setting);
        if (text == null) {
            throw new IllegalStateException(setting.howToSet() + " is not set");
        }
        return text;
    }

    /** The secret, or null. */
    public @Nullable Secret findSecret(Setting setting) {
        String text = find(setting);
        return text == null ? null : Secret.of(text);
    }

    /** The switch; false without a value and a default. */
    public boolean flag(Setting setting) {
        String text = find(setting);
        return text != null && SettingValues.flag(text);
    }

    /** The number. */
    public int number(Setting setting) {
        return SettingValues.number(text(setting));
    }

    /** The number of bytes. */
    public long bytes(Setting setting) {
        return SettingValues.bytes(text(setting));
    }

    /** The duration. */
    public Duration duration(Setting setting) {
        return SettingValues.duration(text(setting));
    }

    /** The URI, or null. */
    public @Nullable URI findUri(Setting setting) {
        String text = find(setting);
        return text == null ? null : SettingValues.uri(text);
    }

    /** The path, or null. */
    public @Nullable Path findPath(Setting setting) {
        String text = find(setting);
        return text == null ? null : Path.of(text);
    }

    /** Where the value came from: a variable, a property, a map's name, or {@code default}; null if there is none. */
    public @Nullable String origin(Setting setting) {
        Value value = values.get(setting.name());
        return value != null ? value.origin() : setting.defaultValue() == null ? null : "default";
    }

    /** Where each set value came from, by the name of the setting. */
    public Map<String, String> origins() {
        Map<String, String> origins = new LinkedHashMap<>();
        values.forEach((name, value) -> origins.put(name, value.origin()));
        return Collections.unmodifiableMap(origins);
    }

    /** Whether provider, values and environment are the same, wherever they came from. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProviderSettings that
                && providerId.equals(that.providerId)
                && requestedName.equals(that.requestedName)
                && texts().equals(that.texts())
                && environment.equals(that.environment);
    }

    @Override
    public int hashCode() {
        return Objects.hash(providerId, requestedName, texts());
    }

    private Map<String, Secret> texts() {
        Map<String, Secret> texts = new HashMap<>();
        values.forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }

    /** Names and origins, no values. */
    @Override
    public String toString() {
        return "ProviderSettings[" + providerId + " " + origins() + "]";
    }
}
