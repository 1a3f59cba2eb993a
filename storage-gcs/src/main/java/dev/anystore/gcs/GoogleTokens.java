package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auth.ServiceAccountSigner;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.Origin;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tokens by Google's library over our transport. Looked for in this order: the file that the setting names; what {@code gcloud
 * auth application-default login} left; the account of the machine, by its metadata service. The environment is that of the
 * settings, not the process's.
 *
 * @see <a href="https://cloud.google.com/docs/authentication/application-default-credentials">the order</a>
 */
final class GoogleTokens implements TokenSource {
    // https://cloud.google.com/storage/docs/oauth-scopes: full control is needed for the bucket's own settings alone
    private static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/devstorage.full_control");

    private static final int MAX_FILE = 64 << 10;
    private static final Set<String> KINDS = Set.of(
            "service_account",
            "authorized_user",
            "impersonated_service_account",
            "external_account",
            "external_account_authorized_user",
            "gdch_service_account");

    private final GcsConfig config;
    private final Map<String, String> environment;
    private final HttpTransport transport;
    private final HttpTransport metadata;
    private final GoogleTransport google;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable GoogleCredentials credentials;

    GoogleTokens(GcsConfig config, Map<String, String> environment, boolean allowHttp, TransportOptions options) {
        this.config = config;
        this.environment = environment;
        // A pool of its own, so that a store whose connections are all busy can still renew its token.
        this.transport = new HttpTransport(options.withMaxConnections(4));
        this.metadata = new HttpTransport(
                options.withMaxConnections(2).withResolver(host -> List.of(InetAddress.getAllByName(host))));
        this.google = new GoogleTransport(transport, metadata, metadataHost(environment), allowHttp);
    }

    /** Where the metadata service is, if the environment says so, as all of Google's libraries read it. */
    private static @Nullable Origin metadataHost(Map<String, String> environment) {
        String host = environment.getOrDefault("GCE_METADATA_HOST", "").trim();
        if (host.isEmpty()) {
            return null;
        }
        try {
            return Origin.of(URI.create("http://" + host));
        } catch (IllegalArgumentException e) {
            throw StorageException.builder(Kind.CONFIGURATION)
                    .message("GCE_METADATA_HOST is no host:port")
                    .fix("correct it, or leave it out")
                    .build();
        }
    }

    @Override
    public Token get(Call call) {
        if (!config.trusted()) {
            throw StorageException.builder(Kind.UNAUTHENTICATED)
                    .message("tokens of Google go to Google's own hosts only, not to " + config.where())
                    .fix("set " + GcsSettings.TRUST_ENDPOINT.howToSet() + "=true if " + config.where()
                            + " may have them, or " + GcsSettings.ANONYMOUS.howToSet() + "=true for a public bucket")
                    .build();
        }
        GoogleCredentials found = found(call);
        return google.during(call, () -> {
            try {
                found.refreshIfExpired();
                return token(found);
            } catch (IOException e) {
                throw TokenErrors.of(e, call);
            }
        });
    }

    private static Token token(GoogleCredentials found) throws IOException {
        AccessToken token = found.getAccessToken();
        if (token == null) {
            throw new IOException("the credentials gave no token");
        }
        return new Token(
                "Bearer " + token.getTokenValue(),
                found.getQuotaProjectId(),
                token.getExpirationTime() == null
                        ? null
                        : token.getExpirationTime().toInstant());
    }

    @Override
    public boolean renew(Token refused, Call call) {
        GoogleCredentials found = found(call);
        lock.lock();
        try {
            AccessToken now = found.getAccessToken();
            if (now != null && !refused.authorization().equals("Bearer " + now.getTokenValue())) {
                return true; // another thread was first
            }
            return google.during(call, () -> {
                try {
                    found.refresh();
                    return true;
                } catch (IOException e) {
                    throw TokenErrors.of(e, call);
                }
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Signer signer(Call call) {
        if (!(found(call) instanceof ServiceAccountSigner signer)) {
            return null;
        }
        return new Signer() {
            @Override
            public String account() {
                return google.during(call, signer::getAccount);
            }

            @Override
            public boolean remote() {
                return !(signer instanceof ServiceAccountCredentials);
            }

            @Override
            public byte[] sign(byte[] bytes, Call forCall) {
                try {
                    return google.during(forCall, () -> signer.sign(bytes));
                } catch (ServiceAccountSigner.SigningException e) {
                    throw TokenErrors.ofSigning(e, forCall);
                }
            }
        };
    }

    @Override
    public GoogleCredentials credentials(Call call) {
        return found(call);
    }

    /** The transport that Google's libraries work over. */
    GoogleTransport transport() {
        return google;
    }

    private GoogleCredentials found(Call call) {
        GoogleCredentials found = credentials;
        if (found != null) {
            return found;
        }
        lock.lock();
        try {
            found = credentials;
            if (found == null) {
                found = google.during(call, this::find);
                credentials = found;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private GoogleCredentials find() {
        HttpTransportFactory factory = () -> google;
        Path file = config.credentials();
        if (file != null) {
            return read(file, GcsSettings.CREDENTIALS.howToSet(), factory);
        }
        Path left = leftByGcloud();
        if (left != null && Files.isRegularFile(left)) {
            return read(left, "the file that gcloud left, " + left + ",", factory);
        }
        return ComputeEngineCredentials.newBuilder()
                .setHttpTransportFactory(factory)
                .setScopes(SCOPES)
                .build();
    }

    /** Where gcloud keeps what it logged in with. */
    private @Nullable Path leftByGcloud() {
        String name = "application_default_credentials.json";
        String folder = environment.getOrDefault("CLOUDSDK_CONFIG", "");
        if (!folder.isBlank()) {
            return Path.of(folder.trim(), name);
        }
        String appData = environment.getOrDefault("APPDATA", "");
        if (!appData.isBlank()
                && System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows")) {
            return Path.of(appData.trim(), "gcloud", name);
        }
        String home = environment.getOrDefault("HOME", "");
        return home.isBlank() ? null : Path.of(home.trim(), ".config", "gcloud", name);
    }

    /** Reads a file; what is wrong with it is said here, because the library's own words may quote it. */
    private GoogleCredentials read(Path file, String name, HttpTransportFactory factory) {
        byte[] bytes = bytes(file, name);
        String type;
        String acting;
        try {
            JsonNode json = Json.read(bytes);
            type = Json.text(json, "type");
            acting = Json.text(json, "service_account_impersonation_url");
        } catch (IOException e) {
            throw wrong(name + " is no JSON object")
                    .fix(
                            "name the JSON file that Google's console gave for the account's key, not one in another format")
                    .build();
        }
        if (type == null || !KINDS.contains(type)) {
            throw wrong(name
                            + (type == null
                                    ? " is JSON, but no file of credentials: it says no type"
                                    : " holds credentials of the type " + GcsText.shown(type, 60)
                                            + ", which can't be used"))
                    .fix("name a file whose type is one of "
                            + KINDS.stream().sorted().toList())
                    .build();
        }
        try {
            if (acting != null) {
                google.actingHost(Origin.of(URI.create(acting)));
            }
            GoogleCredentials read = GoogleCredentials.fromStream(new ByteArrayInputStream(bytes), factory);
            return read.createScopedRequired() ? read.createScoped(SCOPES) : read;
        } catch (IOException | RuntimeException e) {
            // No cause: its message may hold what stands in the file.
            throw wrong(name + " is of the type " + type + ", but something of it is missing or can't be read ("
                            + e.getClass().getSimpleName() + ")")
                    .fix("make a new file for the account, and name it whole as it was given")
                    .build();
        }
    }

    private static byte[] bytes(Path file, String name) {
        try {
            if (Files.size(file) > MAX_FILE) {
                throw wrong(name + " is over 64 KiB, and so no file of credentials")
                        .build();
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw wrong(name + " names a file that is not there: " + file)
                    .fix("correct the path, which is taken from the folder of the process where it is not absolute")
                    .build();
        } catch (IOException e) {
            throw wrong(name + " names a file that can't be read: " + file)
                    .fix("let this process read it")
                    .cause(e)
                    .build();
        }
    }

    private static StorageException.Builder wrong(String message) {
        return StorageException.builder(Kind.CONFIGURATION).message(message);
    }

    @Override
    public void close() {
        transport.close();
        metadata.close();
    }
}
