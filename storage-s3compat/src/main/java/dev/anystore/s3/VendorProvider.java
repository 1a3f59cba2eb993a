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
        return new S3Backend(
                config, new HttpTransport(transportOptions(settings)), credentials(config), Clock.systemUTC());
    }

    private static CredentialsSource credentials(S3Config config) {
        Credentials fixed = config.credentials();
        if (fixed != null || config.anonymous()) {
            return call -> fixed;
        }
        S3Settings names = config.vendor().settings();
        return call -> {
            throw StorageException.builder(StorageException.Kind.UNAUTHENTICATED)
                    .message("there are no credentials")
                    .fix("set " + names.id().howToSet() + " and "
                            + names.secret().howToSet()
                            + (names.anonymous() == null
                                    ? ""
                                    : ", or " + names.anonymous().howToSet() + "=true for a public bucket"))
                    .build();
        };
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
