package dev.anystore.gcs;

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

/** Google Cloud Storage. */
public final class GcsProvider implements StorageProvider {
    /** For {@link java.util.ServiceLoader}. */
    public GcsProvider() {}

    @Override
    public String id() {
        return "gcs";
    }

    @Override
    public List<String> aliases() {
        return List.of("gs", "google");
    }

    @Override
    public String displayName() {
        return "Google Cloud Storage";
    }

    @Override
    public List<String> uriSchemes() {
        return List.of("gcs", "gs");
    }

    @Override
    public List<Setting> settings() {
        return GcsSettings.ALL;
    }

    @Override
    public Destination describe(ProviderSettings settings) {
        return GcsConfig.read(settings).destination();
    }

    @Override
    public StorageBackend open(ProviderSettings settings) {
        GcsConfig config = GcsConfig.read(settings);
        TransportOptions options = transportOptions(settings);
        TokenSource tokens = config.sendsNoCredentials()
                ? TokenSource.NONE
                : new LateTokens(() -> new GoogleTokens(
                        config, settings.environment(), settings.flag(CommonSettings.ALLOW_HTTP), options));
        return new GcsBackend(config, options, tokens, Clock.systemUTC());
    }

    private static TransportOptions transportOptions(ProviderSettings settings) {
        TransportOptions options = TransportOptions.DEFAULT
                .withMaxConnections(settings.number(CommonSettings.STORE_CONNECTIONS))
                .withNameTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withConnectTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withTlsTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withAnswerTimeout(settings.duration(CommonSettings.ANSWER_TIMEOUT))
                .withStallLimit(settings.duration(CommonSettings.STALL_TIMEOUT), 1024)
                .withResolver(GcsProvider::resolve);
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
