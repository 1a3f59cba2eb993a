package dev.anystore.azure;

import dev.anystore.StorageException;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.ProxySettings;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.StorageProvider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Azure Blob Storage, found by {@link java.util.ServiceLoader}. */
public final class AzureProvider implements StorageProvider {
    static final String ID = "azure";

    /** For the loader. */
    public AzureProvider() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<String> aliases() {
        return List.of("azure_blob", "azblob");
    }

    @Override
    public String displayName() {
        return "Azure Blob Storage";
    }

    @Override
    public List<String> uriSchemes() {
        return List.of("azure", "azblob");
    }

    @Override
    public List<Setting> settings() {
        return AzureSettings.all();
    }

    @Override
    public Destination describe(ProviderSettings settings) {
        return AzureConfig.read(settings).destination();
    }

    @Override
    public StorageBackend open(ProviderSettings settings) {
        AzureConfig config = AzureConfig.read(settings);
        TransportOptions options = transportOptions(settings);
        return new AzureBackend(
                config, new HttpTransport(options), access(config, settings, options), Clock.systemUTC());
    }

    /** What the user set; else what Azure's chain gives, to Microsoft's hosts and this machine. */
    private static Access access(AzureConfig config, ProviderSettings settings, TransportOptions options) {
        if (config.access() != null) {
            return config.access();
        }
        String host = config.origin().host();
        boolean trusted = EndpointRules.account(host) != null || EndpointRules.isLoopback(host);
        if (!trusted && !settings.flag(AzureSettings.TRUST_ENDPOINT)) {
            return new Access.Directory(call -> {
                throw noCredentials(
                        "tokens of Azure's chain go to Microsoft's own hosts only, and " + config.where() + " is none",
                        ", or " + AzureSettings.TRUST_ENDPOINT.howToSet() + "=true if it may have them");
            });
        }
        if (!config.origin().tls()) {
            return new Access.Directory(call -> {
                throw noCredentials("tokens of Azure's chain go over https only", "");
            });
        }
        return new Access.Directory(IdentityTokens.chain(settings, options));
    }

    /** Nothing opens the account. */
    static StorageException noCredentials(String why, String more) {
        return StorageException.builder(StorageException.Kind.UNAUTHENTICATED)
                .message("there are no credentials: " + why)
                .fix("set " + AzureSettings.CONNECTION_STRING.howToSet() + ", or "
                        + AzureSettings.CREDENTIAL.howToSet() + " (a key or a SAS), or "
                        + AzureSettings.ANONYMOUS.howToSet() + "=true for a public container" + more)
                .build();
    }

    private static TransportOptions transportOptions(ProviderSettings settings) {
        TransportOptions options = TransportOptions.DEFAULT
                .withMaxConnections(settings.number(CommonSettings.STORE_CONNECTIONS))
                .withNameTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withConnectTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withTlsTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withAnswerTimeout(settings.duration(CommonSettings.ANSWER_TIMEOUT))
                .withStallLimit(settings.duration(CommonSettings.STALL_TIMEOUT), 1024)
                .withResolver(AzureProvider::resolve);
        Path bundle = settings.findPath(CommonSettings.CA_BUNDLE);
        if (bundle != null) {
            options = options.withCaBundle(bundle);
        }
        String proxy = settings.find(CommonSettings.PROXY);
        return options.withProxy(
                proxy != null ? ProxySettings.of(proxy) : ProxySettings.fromEnvironment(settings.environment()));
    }

    /** A name that leads to a metadata service is refused like its address would be. */
    private static List<InetAddress> resolve(String host) throws UnknownHostException {
        List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
        for (InetAddress address : addresses) {
            String refusal = EndpointRules.refusal(address);
            if (refusal != null) {
                throw new UnknownHostException(host + " leads to " + refusal);
            }
        }
        return addresses;
    }
}
