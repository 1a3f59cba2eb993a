package dev.anystore.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.util.ConfigurationBuilder;
import com.azure.core.util.ConfigurationSource;
import com.azure.identity.DefaultAzureCredentialBuilder;
import dev.anystore.StorageException;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Call;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of Azure's own chain of credentials: environment, workload identity, managed identity, and who is signed in with
 * Azure's tools. It is in an artifact of its own, azure-identity, and sends through our transport.
 */
final class IdentityTokens implements Access.TokenSource {
    /** One for every cloud: https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory */
    private static final String SCOPE = "https://storage.azure.com/.default";
    /** Renewed so long before it ends. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    private final Map<String, String> environment;
    private final TransportOptions options;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Chain chain;
    private @Nullable Secret token;
    private Instant ends = Instant.EPOCH;

    private IdentityTokens(Map<String, String> environment, TransportOptions options, Clock clock) {
        this.environment = environment;
        this.options = options;
        this.clock = clock;
    }

    /** The chain, of which nothing is loaded before a token is wanted. */
    static IdentityTokens chain(ProviderSettings settings, TransportOptions options) {
        // Metadata services are link-local, and this is the one place where one is meant.
        TransportOptions anywhere = options.withResolver(host -> List.of(InetAddress.getAllByName(host)));
        return new IdentityTokens(settings.environment(), anywhere, Clock.systemUTC());
    }

    @Override
    public Secret token(Call call) {
        lock.lock();
        try {
            Secret known = token;
            if (known != null && clock.instant().plus(EARLY).isBefore(ends)) {
                return known;
            }
            call.check();
            Chain asked = chain;
            if (asked == null) {
                asked = Chain.of(environment, options);
                chain = asked;
            }
            AccessToken fresh = asked.token();
            Secret now = Secret.of(fresh.getToken());
            token = now;
            ends = fresh.getExpiresAt().toInstant();
            return now;
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        } finally {
            lock.unlock();
        }
    }

    private static StorageException missing(NoClassDefFoundError e) {
        if (!String.valueOf(e.getMessage()).contains("com/azure/identity")) {
            throw e;
        }
        return AzureProvider.noCredentials(
                "none are set, and Azure's chain of them is not on the class path",
                ", or add com.azure:azure-identity, without azure-core-http-netty, for managed identities and their kin");
    }

    @Override
    public void close() {
        lock.lock();
        try {
            token = null;
            if (chain != null) {
                chain.transport.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** In a class of its own, which is loaded with azure-identity. */
    private static final class Chain {
        private final TokenCredential credential;
        private final HttpTransport transport;

        private Chain(TokenCredential credential, HttpTransport transport) {
            this.credential = credential;
            this.transport = transport;
        }

        static Chain of(Map<String, String> environment, TransportOptions options) {
            ConfigurationSource none = prefix -> Map.of();
            ConfigurationSource ours = prefix -> environment;
            HttpTransport transport = new HttpTransport(options);
            TokenCredential credential = new DefaultAzureCredentialBuilder()
                    .httpClient(new SdkTransport(transport))
                    .configuration(new ConfigurationBuilder(none, none, ours).build())
                    .build();
            return new Chain(credential, transport);
        }

        AccessToken token() {
            try {
                AccessToken token = credential.getTokenSync(new TokenRequestContext().addScopes(SCOPE));
                if (token == null) {
                    throw refused(null);
                }
                return token;
            } catch (ClientAuthenticationException e) {
                throw refused(e);
            } catch (StorageException e) {
                throw e;
            } catch (RuntimeException e) {
                throw StorageException.builder(StorageException.Kind.UNAVAILABLE)
                        .message("Azure's chain of credentials failed: "
                                + AzureText.shown(String.valueOf(e.getMessage()), 300))
                        .cause(e)
                        .build();
            }
        }

        private static StorageException refused(@Nullable RuntimeException e) {
            return StorageException.builder(StorageException.Kind.UNAUTHENTICATED)
                    .message("nobody is signed in whom Azure's chain of credentials finds"
                            + (e == null ? "" : ": " + AzureText.shown(firstLine(e), 300)))
                    .fix("sign in with az login, give the machine a managed identity, or set "
                            + AzureSettings.CONNECTION_STRING.howToSet())
                    .cause(e)
                    .build();
        }

        private static String firstLine(RuntimeException e) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
    }
}
