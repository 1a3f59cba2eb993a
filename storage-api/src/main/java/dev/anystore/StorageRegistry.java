package dev.anystore;

import dev.anystore.InstalledProviders.Installed;
import dev.anystore.Sources.Given;
import dev.anystore.spi.StorageProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers which providers there are and what the environment says about each. Immutable; an instance made with
 * {@link #of(Map)} looks at nothing but what it was given, so that tests and containers never touch the process.
 *
 * <p>Providers are looked up by {@link java.util.ServiceLoader} at each question, from the library's class loader and then
 * from the thread's context loader, so that no class loader is held. One that fails to load is listed as broken and harms
 * nobody.
 */
public final class StorageRegistry {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.config");

    /** More than any settings need; a larger file is another one. */
    private static final int MAX_FILE_BYTES = 1 << 20;

    /** The one piece of mutable state: what {@link StorageConfig#setDefaultProvider} set for the process. */
    private static final AtomicReference<@Nullable String> PROCESS_DEFAULT = new AtomicReference<>();

    private final Map<String, String> environment;
    private final Map<String, String> properties;
    private final @Nullable List<StorageProvider> providers;
    private final @Nullable String defaultProvider;

    private StorageRegistry(
            Map<String, String> environment,
            Map<String, String> properties,
            @Nullable List<StorageProvider> providers,
            @Nullable String defaultProvider) {
        this.environment = environment;
        this.properties = properties;
        this.providers = providers;
        this.defaultProvider = defaultProvider;
    }

    /** A registry that reads these variables, no system properties, and the providers on the class path. */
    public static StorageRegistry of(Map<String, String> environment) {
        return new StorageRegistry(copy(environment), Map.of(), null, null);
    }

    /** The registry of the process as it is now: its environment, its system properties, its default provider. */
    public static StorageRegistry process() {
        Map<String, String> properties = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith(SettingsResolver.PROPERTY_PREFIX)) {
                properties.put(name, System.getProperty(name, ""));
            }
        }
        return new StorageRegistry(copy(System.getenv()), copy(properties), null, PROCESS_DEFAULT.get());
    }

    static void setProcessDefault(@Nullable String idOrAlias) {
        PROCESS_DEFAULT.set(process().withDefaultProvider(idOrAlias).defaultProvider);
    }

    private static Map<String, String> copy(Map<String, String> values) {
        Map<String, String> set = new HashMap<>();
        values.forEach((name, value) -> {
            if (value != null && !value.isEmpty()) {
                set.put(name, value);
            }
        });
        return Map.copyOf(set);
    }

    /**
     * The same with another default provider, above every variable; null lets the environment choose again.
     *
     * @throws InvalidConfiguration if no provider is called so
     */
    public StorageRegistry withDefaultProvider(@Nullable String idOrAlias) {
        if (idOrAlias != null) {
            directory().requireKnown(idOrAlias, "setDefaultProvider");
        }
        return new StorageRegistry(environment, properties, providers, idOrAlias);
    }

    /** The same with these providers and no others, instead of those on the class path. */
    public StorageRegistry withProviders(Collection<? extends StorageProvider> only) {
        return new StorageRegistry(environment, properties, List.copyOf(only), defaultProvider);
    }

    /** The same with these system properties; those that do not begin with {@code anystore.} are not looked at. */
    public StorageRegistry withSystemProperties(Map<String, String> values) {
        Map<String, String> own = new HashMap<>(values);
        own.keySet().removeIf(name -> !name.startsWith(SettingsResolver.PROPERTY_PREFIX));
        return new StorageRegistry(environment, copy(own), providers, defaultProvider);
    }

    /** See {@link StorageConfig#getDefault()}. */
    public StorageConfig getDefault() {
        return chosen(new ProviderChoice(directory(), environmentSources(), defaultProvider).byDefault());
    }

    /** See {@link StorageConfig#getProvider(String)}. */
    public StorageConfig getProvider(String idOrAlias) {
        return chosen(directory().byName(idOrAlias, "getProvider"));
    }

    /** See {@link StorageConfig#findProvider(String)}. */
    public Optional<StorageConfig> findProvider(String idOrAlias) {
        ProviderDirectory directory = directory();
        directory.requireKnown(idOrAlias, "findProvider");
        return directory.speaksOf(idOrAlias)
                ? Optional.of(chosen(directory.byName(idOrAlias, "findProvider")))
                : Optional.empty();
    }

    /** See {@link StorageConfig#listProviders()}. */
    public List<ProviderInfo> listProviders() {
        return directory().list();
    }

    /** Whether a provider has this id or alias; it need not be on the class path. */
    public boolean knows(String idOrAlias) {
        return directory().knows(idOrAlias);
    }

    /** The id or alias that is nearest to what somebody wrote, for messages; empty if none is near. */
    public Optional<String> nearestName(String written) {
        return Optional.ofNullable(directory().nearest(written));
    }

    /** See {@link StorageConfig#of(Map)}. */
    public StorageConfig fromMap(Map<String, String> settings) {
        return fromGiven(Sources.given(settings), "the settings");
    }

    /** See {@link StorageConfig#of(URI)}. */
    public StorageConfig fromUri(URI uri) {
        return builder(uri).build();
    }

    /** See {@link StorageConfig#load(Path)}. */
    public StorageConfig load(Path file) {
        List<Given> given = new ArrayList<>();
        for (Given one : Sources.given(read(file))) {
            given.add(new Given(one.name(), one.value(), one.name() + " in " + file.getFileName()));
        }
        return fromGiven(given, file.toString());
    }

    /** See {@link StorageConfig#builder(String)}. */
    public StorageConfig.Builder builder(String idOrAlias) {
        return new StorageConfig.Builder(this, Objects.requireNonNull(idOrAlias), null);
    }

    /** See {@link StorageConfig#builder(URI)}. */
    public StorageConfig.Builder builder(URI uri) {
        return new StorageConfig.Builder(this, null, Objects.requireNonNull(uri));
    }

    private StorageConfig fromGiven(List<Given> given, String where) {
        List<Given> names = given.stream()
                .filter(one -> SettingsResolver.PROVIDER_NAMES.contains(one.plainName()))
                .filter(one -> !one.value().isBlank())
                .toList();
        if (names.isEmpty()) {
            throw Problems.of(null, "provider_type is not set in " + where);
        }
        Given name = names.get(0);
        if (names.size() > 1 && !names.get(1).value().equals(name.value())) {
            throw Problems.of(null, name.origin() + " and " + names.get(1).origin() + " have different values");
        }
        return build(name.value(), null, given, Map.of(), name.origin());
    }

    StorageConfig build(@Nullable String name, @Nullable URI uri, List<Given> given, Map<String, String> variables) {
        return build(name, uri, given, variables, "the builder");
    }

    private StorageConfig build(
            @Nullable String name, @Nullable URI uri, List<Given> given, Map<String, String> variables, String origin) {
        List<Given> all = new ArrayList<>(given);
        List<String> problems = new ArrayList<>();
        String prefix = "";
        InstalledProviders installed = installed();
        String provider = name;
        if (uri != null) {
            String scheme = uri.getScheme();
            if (scheme == null) {
                throw Problems.of(null, "the URI has no scheme that names a provider, such as r2://bucket/prefix");
            }
            Installed byScheme = installed.byScheme(scheme);
            if (byScheme != null) {
                StorageUri read = StorageUri.of(uri, byScheme);
                // What is set by name stands above the URI.
                read.given().stream()
                        .filter(one -> given.stream().noneMatch(other -> other.is(one.name())))
                        .forEach(all::add);
                problems.addAll(read.problems());
                prefix = read.prefix();
            }
            provider = byScheme == null || byScheme.answersTo(scheme) ? scheme : byScheme.id();
        }
        for (Given one : given) {
            if (one.is(SettingsResolver.PREFIX)) {
                prefix = one.value();
                String problem = StorageUri.prefixProblem(prefix);
                if (problem != null) {
                    problems.add(one.origin() + " " + problem);
                }
            }
        }
        Map<String, String> own = copy(variables);
        Sources sources = new Sources(all, Map.of(), own, own.isEmpty() ? environment : own);
        Choice choice = new ProviderDirectory(installed, sources)
                .byName(Objects.requireNonNull(provider), uri == null ? origin : "the URI's scheme");
        problems.addAll(choice.resolution().problems());
        if (!problems.isEmpty()) {
            throw Problems.of(choice.resolution().installed().id(), problems);
        }
        return chosen(choice, prefix);
    }

    private static Map<String, String> read(Path file) {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_FILE_BYTES + 1);
        } catch (IOException e) {
            throw Problems.of(null, file + " can't be read (" + e.getClass().getSimpleName() + ")");
        }
        if (content.length > MAX_FILE_BYTES) {
            throw Problems.of(null, file + " has more than 1 MiB");
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(new String(content, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            // Not the cause: it may repeat a line of the file.
            throw Problems.of(null, file + " is not a file of properties: it has a malformed \\u escape");
        }
        Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name, "")));
        return values;
    }

    private Sources environmentSources() {
        return Sources.of(environment, properties);
    }

    private ProviderDirectory directory() {
        return new ProviderDirectory(installed(), environmentSources());
    }

    private InstalledProviders installed() {
        return providers == null ? InstalledProviders.load() : InstalledProviders.of(providers);
    }

    private static StorageConfig chosen(Choice choice) {
        return chosen(choice, "");
    }

    private static StorageConfig chosen(Choice choice, String prefix) {
        StorageConfig config = choice.resolution().config(prefix);
        choice.infos().forEach(LOG::info);
        choice.warnings().forEach(LOG::warn);
        LOG.debug("configured {}", config);
        return config;
    }

    /** Names only. */
    @Override
    public String toString() {
        return "StorageRegistry[environment of %d, default %s]".formatted(environment.size(), defaultProvider);
    }
}
