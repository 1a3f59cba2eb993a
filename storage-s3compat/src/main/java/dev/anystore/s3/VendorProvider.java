package dev.anystore.s3;

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

/** What the providers of this module share: all but their row. */
abstract class VendorProvider implements StorageProvider {
    private final Vendor vendor;

    VendorProvider(Vendor vendor) {
        this.vendor = vendor;
    }

    @Override
    public final String id() {
        return vendor.id();
    }

    @Override
    public final List<String> aliases() {
        return vendor.aliases();
    }

    @Override
    public final String displayName() {
        return vendor.displayName();
    }

    @Override
    public final List<String> uriSchemes() {
        return vendor.schemes();
    }

    @Override
    public final List<Setting> settings() {
        return vendor.settings().all();
    }

    @Override
    public final Destination describe(ProviderSettings settings) {
        return S3Config.read(vendor, settings).destination();
    }

    @Override
    public final StorageBackend open(ProviderSettings settings) {
        S3Config config = S3Config.read(vendor, settings);
        Clock clock = Clock.systemUTC();
        return new S3Backend(
                config, new HttpTransport(transportOptions(settings)), credentials(config, settings, clock), clock);
    }

    /** What the user set; else, for Amazon's own provider, what profiles, roles and metadata services give. */
    static CredentialsSource credentials(S3Config config, ProviderSettings settings, Clock clock) {
        Credentials fixed = config.credentials();
        if (fixed != null || config.anonymous()) {
            return call -> fixed;
        }
        S3Settings names = config.vendor().settings();
        String host = config.endpoint().getHost();
        boolean trusted = EndpointRules.isAmazon(host)
                || EndpointRules.isLoopback(host)
                || (names.trustEndpoint() != null && settings.flag(names.trustEndpoint()));
        if (!config.vendor().equals(Vendor.S3) || !trusted) {
            return call -> {
                throw untrusted(config);
            };
        }
        CredentialsChain chain = new CredentialsChain(
                settings.environment(),
                config.region(),
                settings.flag(CommonSettings.ALLOW_HTTP),
                transportOptions(settings),
                clock);
        return new RenewedCredentials(chain, clock);
    }

    /** Credentials that nobody set for this endpoint stay at home. */
    private static StorageException untrusted(S3Config config) {
        S3Settings names = config.vendor().settings();
        StringBuilder fix = new StringBuilder("set ")
                .append(names.id().howToSet())
                .append(" and ")
                .append(names.secret().howToSet());
        if (names.anonymous() != null) {
            fix.append(", or ").append(names.anonymous().howToSet()).append("=true for a public bucket");
        }
        if (names.trustEndpoint() != null) {
            fix.append(", or ")
                    .append(names.trustEndpoint().howToSet())
                    .append("=true if ")
                    .append(config.where())
                    .append(" may have the credentials of your profile or role");
        }
        return StorageException.builder(StorageException.Kind.UNAUTHENTICATED)
                .message("there are no credentials for " + config.where()
                        + "; those of a profile or a role go to Amazon's own hosts only")
                .fix(fix.toString())
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
                .withResolver(VendorProvider::resolve);
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
