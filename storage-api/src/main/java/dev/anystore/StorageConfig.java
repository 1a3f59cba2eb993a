package dev.anystore;

import dev.anystore.InstalledProviders.Installed;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where objects are kept and with which credentials: one provider, one bucket, checked and complete. An immutable value;
 * nothing of it needs the network before a store is opened. Its text shows no secret.
 *
 * <p>The static methods ask the process: its environment variables and the system properties that begin with
 * {@code anystore.}. What they do is {@link StorageRegistry#process()}; tests and containers hold a registry of their own.
 *
 * <pre>{@code
 * try (ObjectStore store = StorageConfig.getDefault().open()) { … }
 * }</pre>
 */
public final class StorageConfig {
    private final Installed installed;
    private final ProviderSettings settings;
    private final Destination destination;
    private final String prefix;

    StorageConfig(Installed installed, ProviderSettings settings, Destination destination, String prefix) {
        this.installed = installed;
        this.settings = settings;
        this.destination = destination;
        this.prefix = prefix;
    }

    /**
     * The configuration that the environment leads to, in this order: {@link #setDefaultProvider}, the system property
     * {@code anystore.provider}, {@code STORAGE_PROVIDER}, {@code USE_R2_STORAGE} or {@code USE_S3_STORAGE}, {@code b2} if
     * it is complete, the one other provider that is complete. Where nothing at all is set it is the local folder
     * {@code ./storage-data}, and one line of level WARN says so.
     *
     * @throws InvalidConfiguration with all problems, if the provider is unknown, not on the class path or half
     *     configured, or if several are meant
     */
    public static StorageConfig getDefault() {
        return StorageRegistry.process().getDefault();
    }

    /**
     * The configuration of one provider.
     *
     * @param idOrAlias such as {@code r2} or {@code cloudflare}, in any case
     * @throws InvalidConfiguration with all problems, if it is unknown, not on the class path or not complete
     */
    public static StorageConfig getProvider(String idOrAlias) {
        return StorageRegistry.process().getProvider(idOrAlias);
    }

    /**
     * The configuration of one provider, if the environment speaks of it.
     *
     * @return empty if none of its own names is set
     * @throws InvalidConfiguration with all problems, if it is half configured, unknown, or not on the class path
     */
    public static Optional<StorageConfig> findProvider(String idOrAlias) {
        return StorageRegistry.process().findProvider(idOrAlias);
    }

    /**
     * Makes one provider the default of this process, above every variable. Whether it is complete shows when it is used.
     *
     * @param idOrAlias null lets the environment choose again
     * @throws InvalidConfiguration if no provider is called so
     */
    public static void setDefaultProvider(@Nullable String idOrAlias) {
        StorageRegistry.setProcessDefault(idOrAlias);
    }

    /** All providers that the library has or the class path brings, with what each is missing. */
    public static List<ProviderInfo> listProviders() {
        return StorageRegistry.process().listProviders();
    }

    /**
     * A configuration from settings alone; the environment is not looked at (the credential chain of a vendor's own
     * library is, where there is one).
     *
     * @param settings {@code provider_type}, {@code bucket_name}, {@code access_key_id}, …; null and empty values are unset
     * @throws InvalidConfiguration with all problems
     */
    public static StorageConfig of(Map<String, String> settings) {
        return StorageRegistry.process().fromMap(settings);
    }

    /**
     * A configuration from a URI such as {@code r2://bucket/prefix?account_id=…} or {@code local:///folder}, alone. A
     * prefix names a folder: it ends in a slash, whether the URI does or not. For credentials from the environment see
     * {@link #builder(URI)}.
     *
     * @throws InvalidConfiguration with all problems; one is a secret in the URI
     */
    public static StorageConfig of(URI uri) {
        return StorageRegistry.process().fromUri(uri);
    }

    /**
     * A configuration from a file of {@code name=value} lines in UTF-8 ({@link java.util.Properties}), alone.
     *
     * @throws InvalidConfiguration with all problems; one is a file that can't be read
     */
    public static StorageConfig load(Path properties) {
        return StorageRegistry.process().load(properties);
    }

    /** Begins a configuration of one provider. */
    public static Builder builder(String idOrAlias) {
        return StorageRegistry.process().builder(idOrAlias);
    }

    /** Begins a configuration with what a URI says. */
    public static Builder builder(URI uri) {
        return StorageRegistry.process().builder(uri);
    }

    /** The id of the provider, such as {@code r2}. */
    public String providerId() {
        return installed.id();
    }

    /** The provider's name for people. */
    public String displayName() {
        return installed.displayName();
    }

    /** The bucket, the container, or the name of the folder. */
    public String bucket() {
        return destination.bucket();
    }

    /** What stands before each key, literally; mostly empty. */
    public String prefix() {
        return prefix;
    }

    /** Where requests go; a local folder has a {@code file:} URI. Empty if only the vendor's library knows. */
    public Optional<URI> endpoint() {
        return Optional.ofNullable(destination.endpoint());
    }

    /** The region, where the provider has one. */
    public Optional<String> region() {
        return Optional.ofNullable(destination.region());
    }

    /** The base of public URLs, if one is configured. */
    public Optional<URI> publicBaseUri() {
        return Optional.ofNullable(destination.publicBase());
    }

    /** Which variable, property or name each value came from, by the name of the setting. Defaults are not in it. */
    public Map<String, String> origins() {
        return settings.origins();
    }

    /**
     * The same provider and credentials with another bucket.
     *
     * @throws InvalidConfiguration if the provider can't have a bucket of this name, or has no buckets
     */
    public StorageConfig withBucket(String bucket) {
        Setting setting = StorageUri.answering(installed, "bucket_name");
        if (setting == null) {
            throw Problems.of(providerId(), "it has no buckets; its folder is set by name");
        }
        Found found = Found.of(setting, "the bucket", Objects.requireNonNull(bucket), null);
        if (found.text() == null) {
            throw Problems.of(providerId(), found.problem() == null ? "the bucket is empty" : found.problem());
        }
        ProviderSettings changed = settings.with(setting, found.text(), "withBucket");
        return new StorageConfig(installed, changed, installed.provider().describe(changed), prefix);
    }

    /** The folder or the endpoint, for people. */
    String place() {
        URI endpoint = destination.endpoint();
        if (endpoint != null && "file".equals(endpoint.getScheme())) {
            return Path.of(endpoint).toString();
        }
        return bucket();
    }

    /** {@link #open(StoreOptions)} with what the settings say. */
    public ObjectStore open() {
        return open(StoreOptions.DEFAULT);
    }

    /**
     * Opens the store, without network I/O: whether the service answers shows {@link ObjectStore#check()}.
     *
     * @param options what they leave out is as the settings say
     * @return to be closed by the caller
     */
    public ObjectStore open(StoreOptions options) {
        // The provider's pool must be as large as the engine expects.
        ProviderSettings own = options.maxConnections().isEmpty()
                ? settings
                : settings.with(
                        CommonSettings.STORE_CONNECTIONS,
                        Integer.toString(options.maxConnections().getAsInt()),
                        "StoreOptions");
        return ObjectStore.open(installed.provider().open(own), providerId(), options(options), destination, prefix);
    }

    /** What the caller asks for, then what the settings say. */
    StoreOptions options(StoreOptions asked) {
        StoreOptions configured = StoreOptions.DEFAULT
                .withConnectionsPerTransfer(settings.number(CommonSettings.CONNECTIONS))
                .withMaxConnections(settings.number(CommonSettings.STORE_CONNECTIONS))
                .withAttempts(settings.number(CommonSettings.ATTEMPTS))
                .withDeadline(settings.duration(CommonSettings.OPERATION_TIMEOUT))
                .withJournal(settings.findPath(CommonSettings.JOURNAL_DIR));
        if (settings.has(CommonSettings.PART_BYTES)) {
            configured = configured.withPartBytes(settings.bytes(CommonSettings.PART_BYTES));
        }
        if (settings.has(CommonSettings.MEMORY_BYTES)) {
            configured = configured.withBufferBytes(settings.bytes(CommonSettings.MEMORY_BYTES));
        }
        return asked.orElse(configured);
    }

    /** Whether both were chosen by the same name and have the same settings, wherever these came from. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StorageConfig that && settings.equals(that.settings) && prefix.equals(that.prefix);
    }

    @Override
    public int hashCode() {
        return Objects.hash(settings, prefix);
    }

    /** Provider, place and where the values came from; no credential, no query. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        parts.add(providerId());
        parts.add("bucket=" + bucket());
        region().ifPresent(region -> parts.add("region=" + region));
        endpoint().ifPresent(uri -> parts.add("endpoint=" + withoutQuery(uri)));
        publicBaseUri().ifPresent(uri -> parts.add("publicBaseUri=" + withoutQuery(uri)));
        if (!prefix.isEmpty()) {
            parts.add("prefix=" + prefix);
        }
        parts.add("origins=" + origins());
        return "StorageConfig[" + String.join(", ", parts) + "]";
    }

    /** A signature may stand in the query of an endpoint, a password before its host. */
    private static String withoutQuery(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        return uri.getScheme() + "://" + host + (uri.getRawPath() == null ? "" : uri.getRawPath());
    }

    /** Collects settings of one provider; every method but {@link #build()} returns this builder. Not thread-safe. */
    public static final class Builder {
        private final StorageRegistry registry;
        private final @Nullable String name;
        private final @Nullable URI uri;
        private final List<Sources.Given> given = new ArrayList<>();
        private Map<String, String> environment = Map.of();

        Builder(StorageRegistry registry, @Nullable String name, @Nullable URI uri) {
            this.registry = registry;
            this.name = name;
            this.uri = uri;
        }

        /**
         * Sets one value.
         *
         * @param setting {@code bucket_name}, {@code region}, …, as in {@link StorageConfig#of(Map)}
         * @param value null or empty unsets it
         */
        public Builder set(String setting, @Nullable String value) {
            given.removeIf(other -> other.is(setting));
            if (value != null && !value.isEmpty()) {
                given.add(new Sources.Given(setting, value, setting));
            }
            return this;
        }

        /** Reads what is not set here from these variables, such as {@link System#getenv()}. */
        public Builder environment(Map<String, String> variables) {
            environment = variables;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws InvalidConfiguration with all problems
         */
        public StorageConfig build() {
            return registry.build(name, uri, given, environment);
        }

        /** Names only. */
        @Override
        public String toString() {
            return "StorageConfig.Builder[" + (name != null ? name : "a URI") + " " + given + "]";
        }
    }
}
