package dev.anystore.azure;

import dev.anystore.StorageException;
import dev.anystore.http.Origin;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import dev.anystore.spi.Setting;
import dev.anystore.spi.SettingValues;
import java.net.URI;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one store, read, checked and derived.
 *
 * @param container its container
 * @param origin host and port of the account
 * @param basePath the account as a path begins with it; empty where it stands in the host name
 * @param account its name; empty where nothing needs it
 * @param access what opens it; null: Azure's chain of credentials is asked
 * @param serviceVersion of the interface
 * @param checks what is sent with bytes
 * @param accessTier of objects whose writer names none, or null
 * @param publicBase of public URLs, or null
 */
record AzureConfig(
        String container,
        Origin origin,
        String basePath,
        String account,
        @Nullable Access access,
        String serviceVersion,
        Checks checks,
        @Nullable String accessTier,
        @Nullable URI publicBase) {
    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    private static final Pattern CONTAINER = Pattern.compile("[a-z0-9](?:-?[a-z0-9]){2,62}|\\$root|\\$web|\\$logs");
    // Three to twenty-four by the same page; emulators take any.
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}");
    private static final LocalDate OLDEST = LocalDate.of(2021, 12, 2);

    /**
     * Reads the settings.
     *
     * @throws dev.anystore.InvalidConfiguration with all problems at once
     */
    static AzureConfig read(ProviderSettings settings) {
        Reader reader = new Reader(settings);
        AzureConfig config = reader.read();
        if (!reader.problems.isEmpty()) {
            throw StorageException.builder(StorageException.Kind.CONFIGURATION)
                    .provider(AzureProvider.ID)
                    .message(String.join("; ", reader.problems))
                    .problems(reader.problems)
                    .build();
        }
        return config;
    }

    /** Where it leads. */
    Destination destination() {
        return new Destination(container, URI.create(origin + basePath), null, publicBase);
    }

    /** Host and port, for messages. */
    String where() {
        return origin.hostHeader() + basePath;
    }

    /** Collects problems while it reads, and goes on behind each with a value that does no harm. */
    private static final class Reader {
        private static final String NOWHERE = "https://unknown.invalid";

        private final ProviderSettings settings;
        private final List<String> problems = new ArrayList<>();

        Reader(ProviderSettings settings) {
            this.settings = settings;
        }

        AzureConfig read() {
            String container = container();
            ConnectionString whole = connectionString();
            URI url = endpoint(whole);
            String account = account(whole, url);
            Access access = access(whole, account);
            String base = url == null || url.getRawPath() == null ? "" : url.getRawPath();
            while (base.endsWith("/")) {
                base = base.substring(0, base.length() - 1);
            }
            Origin origin = Origin.of(bare(url == null ? URI.create(NOWHERE) : url));
            return new AzureConfig(
                    container,
                    origin,
                    base,
                    account,
                    access,
                    serviceVersion(),
                    checks(base),
                    settings.find(AzureSettings.ACCESS_TIER),
                    uri(AzureSettings.PUBLIC_URL));
        }

        private String container() {
            String container = settings.find(AzureSettings.CONTAINER);
            if (container == null) {
                problems.add(AzureSettings.CONTAINER.howToSet() + " is not set: name the container");
                return "none";
            }
            if (!CONTAINER.matcher(container).matches()) {
                problem(
                        AzureSettings.CONTAINER,
                        "is no name of a container: 3 to 63 lower-case letters, digits and single -, without slashes or a scheme");
                return "none";
            }
            return container;
        }

        private @Nullable ConnectionString connectionString() {
            String text = settings.find(AzureSettings.CONNECTION_STRING);
            boolean emulator = flag(AzureSettings.EMULATOR);
            if (text == null) {
                return emulator ? ConnectionString.EMULATOR : credentialAsConnectionString();
            }
            List<String> broken = new ArrayList<>();
            ConnectionString whole = ConnectionString.parse(text, broken);
            broken.forEach(each -> problem(AzureSettings.CONNECTION_STRING, each));
            if (emulator && whole != null && !ConnectionString.EMULATOR.equals(whole)) {
                problem(
                        AzureSettings.EMULATOR,
                        "and a connection string of another account are both set; leave one out");
            }
            for (Setting other :
                    List.of(AzureSettings.CREDENTIAL, AzureSettings.ACCOUNT_KEY, AzureSettings.SAS_TOKEN)) {
                String secret = settings.find(other);
                if (secret != null
                        && whole != null
                        && !secret.equals(whole.key())
                        && !secret.equals(whole.sas())
                        && !secret.equals(text)) {
                    problem(
                            other,
                            "is another credential than that in " + origin(AzureSettings.CONNECTION_STRING)
                                    + "; leave one of them out");
                }
            }
            return whole;
        }

        /** Whoever has a connection string, and a variable called credential, puts the one into the other. */
        private @Nullable ConnectionString credentialAsConnectionString() {
            String text = settings.find(AzureSettings.CREDENTIAL);
            if (text == null || !ConnectionString.isMeant(text)) {
                return null;
            }
            List<String> broken = new ArrayList<>();
            ConnectionString whole = ConnectionString.parse(text, broken);
            broken.forEach(each -> problem(AzureSettings.CREDENTIAL, each));
            return whole;
        }

        private @Nullable URI endpoint(@Nullable ConnectionString whole) {
            URI set = uri(AzureSettings.ACCOUNT_URL);
            URI url = set == null ? null : checked(AzureSettings.ACCOUNT_URL, set);
            if (whole != null && whole.endpoint() != null) {
                Setting from = settings.has(AzureSettings.CONNECTION_STRING)
                        ? AzureSettings.CONNECTION_STRING
                        : settings.has(AzureSettings.CREDENTIAL) ? AzureSettings.CREDENTIAL : AzureSettings.EMULATOR;
                URI ofString;
                try {
                    ofString = SettingValues.uri(whole.endpoint());
                } catch (IllegalArgumentException e) {
                    problem(from, "leads to an endpoint that " + e.getMessage());
                    return url;
                }
                URI its = checked(from, ofString);
                if (url != null && its != null && !same(url, its)) {
                    problem(
                            AzureSettings.ACCOUNT_URL,
                            "leads to another account than " + origin(from) + "; leave one of them out");
                }
                return its;
            }
            if (url != null) {
                return url;
            }
            String account = settings.find(AzureSettings.ACCOUNT);
            if (account != null && ACCOUNT.matcher(account).matches()) {
                return URI.create("https://" + account + ".blob.core.windows.net");
            }
            String credential = settings.find(AzureSettings.CREDENTIAL);
            boolean given = set != null
                    || account != null
                    || settings.has(AzureSettings.CONNECTION_STRING)
                    || (credential != null && ConnectionString.isMeant(credential));
            if (!given) {
                problems.add(AzureSettings.CONNECTION_STRING.howToSet() + ", "
                        + AzureSettings.ACCOUNT_URL.howToSet() + " and " + AzureSettings.ACCOUNT.howToSet()
                        + " are not set: one of them leads to the account");
            }
            return null;
        }

        private @Nullable URI checked(Setting setting, URI uri) {
            String problem = EndpointRules.problem(uri, settings.flag(CommonSettings.ALLOW_HTTP));
            if (problem != null) {
                problem(setting, problem);
                return null;
            }
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            if (path.replaceFirst("/+$", "").lastIndexOf('/') > 0
                    || (EndpointRules.account(uri.getHost()) != null && path.length() > 1)) {
                problem(
                        setting,
                        "has the path " + AzureText.shown(path, 60)
                                + "; leave it out, the container has a setting of its own");
                return null;
            }
            return uri;
        }

        private static boolean same(URI one, URI other) {
            return bare(one).equals(bare(other))
                    && one.getRawPath()
                            .replaceFirst("/+$", "")
                            .equals(other.getRawPath().replaceFirst("/+$", ""));
        }

        private String account(@Nullable ConnectionString whole, @Nullable URI url) {
            String set = settings.find(AzureSettings.ACCOUNT);
            if (set != null && !ACCOUNT.matcher(set).matches()) {
                problem(AzureSettings.ACCOUNT, "is no name of an account: 3 to 24 lower-case letters and digits");
                return "none";
            }
            String implied =
                    whole != null && whole.account() != null ? whole.account() : url == null ? null : ofUrl(url);
            if (set != null && implied != null && !set.equals(implied)) {
                problem(
                        AzureSettings.ACCOUNT,
                        "is another account than the one that "
                                + (whole != null ? "the connection string" : origin(AzureSettings.ACCOUNT_URL))
                                + " leads to; leave one of them out");
            }
            return implied != null ? implied : set != null ? set : "";
        }

        /** The account of a host of Microsoft's own, or the first segment of the path, as emulators have it. */
        private static @Nullable String ofUrl(URI url) {
            String ofHost = EndpointRules.account(url.getHost());
            String path = url.getRawPath() == null ? "" : url.getRawPath().replace("/", "");
            return ofHost != null ? ofHost : path.isEmpty() ? null : path;
        }

        private @Nullable Access access(@Nullable ConnectionString whole, String account) {
            if (flag(AzureSettings.ANONYMOUS)) {
                return new Access.None();
            }
            if (whole != null) {
                Setting from = settings.has(AzureSettings.CONNECTION_STRING)
                        ? AzureSettings.CONNECTION_STRING
                        : AzureSettings.CREDENTIAL;
                return whole.key() != null
                        ? sharedKey(from, account, whole.key(), "has an AccountKey that ")
                        : whole.sas() != null ? sas(from, whole.sas()) : null;
            }
            if (settings.has(AzureSettings.CONNECTION_STRING)) {
                return null; // broken, and said already
            }
            List<Access> found = new ArrayList<>();
            List<String> from = new ArrayList<>();
            for (Setting setting :
                    List.of(AzureSettings.CREDENTIAL, AzureSettings.ACCOUNT_KEY, AzureSettings.SAS_TOKEN)) {
                Secret secret = settings.findSecret(setting);
                Access access = secret == null ? null : access(setting, account, secret.reveal());
                if (access != null) {
                    from.add(origin(setting));
                    if (!found.contains(access)) {
                        found.add(access);
                    }
                }
            }
            if (found.size() > 1) {
                problems.add(String.join(" and ", from) + " are different credentials; leave all but one out");
            }
            return found.isEmpty() ? null : found.get(0);
        }

        private @Nullable Access access(Setting setting, String account, String text) {
            if (setting.equals(AzureSettings.SAS_TOKEN)) {
                return sas(setting, text);
            }
            if (setting.equals(AzureSettings.ACCOUNT_KEY)) {
                return sharedKey(setting, account, text, "");
            }
            if (ConnectionString.isMeant(text)) {
                return null; // broken, and said already
            }
            if (Sas.isMeant(text)) {
                return sas(setting, text);
            }
            if (text.startsWith("eyJ")) {
                problem(
                        setting,
                        "looks like a token, which ends within the hour; use a key or a SAS, or leave it out and add"
                                + " com.azure:azure-identity, which renews tokens");
                return null;
            }
            return sharedKey(setting, account, text, "");
        }

        private @Nullable Access sas(Setting setting, String text) {
            try {
                return new Access.Signature(Sas.parse(text));
            } catch (IllegalArgumentException e) {
                problem(setting, String.valueOf(e.getMessage()));
                return null;
            }
        }

        private @Nullable Access sharedKey(Setting setting, String account, String key, String which) {
            try {
                if (Base64.getDecoder().decode(key).length == 0) {
                    throw new IllegalArgumentException("empty");
                }
            } catch (IllegalArgumentException e) {
                problem(
                        setting,
                        which
                                + "is not Base64: a key has letters, digits, + and /, 88 characters with == at the end; copy all of it"
                                + (setting.equals(AzureSettings.CREDENTIAL) ? ". A SAS has sig= in it" : ""));
                return null;
            }
            if (account.isEmpty()) {
                if (!problems.isEmpty()) {
                    return null; // what leads to the account is wrong, and said already
                }
                problems.add(AzureSettings.ACCOUNT.howToSet()
                        + " is not set: a key signs with the account's name, which the host does not tell here");
                return null;
            }
            return new Access.SharedKey(account, Secret.of(key));
        }

        private String serviceVersion() {
            String text = settings.text(AzureSettings.SERVICE_VERSION);
            try {
                if (LocalDate.parse(text).isBefore(OLDEST)) {
                    problem(
                            AzureSettings.SERVICE_VERSION,
                            "is before " + OLDEST + ", since which there is all that is needed");
                }
            } catch (DateTimeParseException e) {
                problem(
                        AzureSettings.SERVICE_VERSION,
                        "is no version such as " + AzureSettings.SERVICE_VERSION_DEFAULT);
            }
            return text;
        }

        private Checks checks(String basePath) {
            String text = settings.find(AzureSettings.CHECKSUM);
            if (text != null) {
                return Checks.valueOf(text.toUpperCase(Locale.ROOT));
            }
            // Azurite reads no CRC64, and would store other bytes than were sent.
            return basePath.isEmpty() ? Checks.CRC64 : Checks.MD5;
        }

        private boolean flag(Setting setting) {
            try {
                return settings.flag(setting);
            } catch (IllegalArgumentException e) {
                problem(setting, String.valueOf(e.getMessage()));
                return false;
            }
        }

        private @Nullable URI uri(Setting setting) {
            try {
                return settings.findUri(setting);
            } catch (IllegalArgumentException e) {
                problem(setting, String.valueOf(e.getMessage()));
                return null;
            }
        }

        /** Scheme, host and port alone, in lower case. */
        private static URI bare(URI uri) {
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://"
                    + uri.getHost().toLowerCase(Locale.ROOT) + port);
        }

        private void problem(Setting setting, String what) {
            problems.add(origin(setting) + ' ' + what);
        }

        /** Where the value came from; the canonical name if it is not known. */
        private String origin(Setting setting) {
            String origin = settings.origin(setting);
            return origin == null || origin.equals("default") ? setting.howToSet() : origin;
        }
    }
}
