package dev.anystore.gcs;

import dev.anystore.StorageException;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import dev.anystore.spi.Setting;
import dev.anystore.spi.SettingValues;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one store, read, checked and derived.
 *
 * @param bucket its bucket
 * @param endpoint where requests go, scheme, host and port alone
 * @param emulator whether that is an emulator, which gets no credentials
 * @param trusted whether tokens may go to the endpoint
 * @param json whether bytes travel by the JSON API
 * @param credentials the file of credentials, or null
 * @param project of new buckets, or null
 * @param anonymous whether requests go without credentials
 * @param publicBase of public URLs
 * @param objects what every object gets
 */
record GcsConfig(
        String bucket,
        URI endpoint,
        boolean emulator,
        boolean trusted,
        boolean json,
        @Nullable Path credentials,
        @Nullable String project,
        boolean anonymous,
        @Nullable URI publicBase,
        ObjectDefaults objects) {
    static final URI GOOGLE = URI.create("https://storage.googleapis.com");

    // https://cloud.google.com/storage/docs/buckets#naming: names with dots may have 222 characters
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
    private static final Pattern KMS_KEY =
            Pattern.compile("projects/[^/\\s]+/locations/[^/\\s]+/keyRings/[^/\\s]+/cryptoKeys/[^/\\s]+");
    private static final Pattern HEADER = Pattern.compile("[!-~]+");

    /**
     * Reads the settings.
     *
     * @throws dev.anystore.InvalidConfiguration with all problems at once
     */
    static GcsConfig read(ProviderSettings settings) {
        Reader reader = new Reader(settings);
        GcsConfig config = reader.read();
        if (!reader.problems.isEmpty()) {
            throw StorageException.builder(StorageException.Kind.CONFIGURATION)
                    .provider("gcs")
                    .message(String.join("; ", reader.problems))
                    .problems(reader.problems)
                    .build();
        }
        return config;
    }

    /** Whether requests go without credentials. */
    boolean sendsNoCredentials() {
        return emulator || anonymous;
    }

    /** Host and port, for messages. */
    String where() {
        return endpoint.getHost() + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
    }

    Destination destination() {
        return new Destination(bucket, endpoint, null, publicBase);
    }

    /** Collects the problems. */
    private static final class Reader {
        private final ProviderSettings settings;
        private final List<String> problems = new ArrayList<>();

        Reader(ProviderSettings settings) {
            this.settings = settings;
        }

        GcsConfig read() {
            String bucket = bucket();
            URI emulator = emulator();
            URI named = uri(GcsSettings.ENDPOINT);
            if (emulator != null && named != null) {
                problems.add(origin(GcsSettings.EMULATOR) + " and " + origin(GcsSettings.ENDPOINT)
                        + " are both set; leave one of them out");
            }
            URI endpoint = checked(emulator != null ? emulator : named, emulator != null);
            boolean anonymous = flag(GcsSettings.ANONYMOUS);
            if (anonymous && settings.isSet(GcsSettings.CREDENTIALS)) {
                problem(
                        GcsSettings.ANONYMOUS,
                        "is true, but " + origin(GcsSettings.CREDENTIALS)
                                + " names credentials; leave one of them out");
            }
            String api = settings.find(GcsSettings.API);
            String host = endpoint.getHost();
            return new GcsConfig(
                    bucket,
                    endpoint,
                    emulator != null,
                    EndpointRules.isGoogle(host) || EndpointRules.isLoopback(host) || flag(GcsSettings.TRUST_ENDPOINT),
                    api == null ? emulator != null : api.equals("json"),
                    settings.findPath(GcsSettings.CREDENTIALS),
                    word(GcsSettings.PROJECT),
                    anonymous,
                    uri(GcsSettings.PUBLIC_URL),
                    objects(endpoint));
        }

        private ObjectDefaults objects(URI endpoint) {
            String kmsKey = settings.find(GcsSettings.KMS_KEY);
            if (kmsKey != null && !KMS_KEY.matcher(kmsKey).matches()) {
                problem(GcsSettings.KMS_KEY, "is no name of a key: projects/P/locations/L/keyRings/R/cryptoKeys/K");
            }
            Secret text = settings.findSecret(GcsSettings.CUSTOMER_KEY);
            ObjectDefaults.CustomerKey customerKey = text == null ? null : ObjectDefaults.CustomerKey.of(text);
            if (text != null && customerKey == null) {
                problem(GcsSettings.CUSTOMER_KEY, "is not the Base64 of 32 bytes; make one: openssl rand -base64 32");
            }
            if (customerKey != null && kmsKey != null) {
                problem(GcsSettings.CUSTOMER_KEY, "and " + GcsSettings.KMS_KEY.howToSet() + " exclude each other");
            }
            if (customerKey != null
                    && !endpoint.getScheme().equals("https")
                    && !EndpointRules.isLoopback(endpoint.getHost())) {
                problem(GcsSettings.CUSTOMER_KEY, "would go over plain http; it needs an endpoint of https");
            }
            return new ObjectDefaults(
                    word(GcsSettings.STORAGE_CLASS), kmsKey, customerKey, word(GcsSettings.USER_PROJECT));
        }

        private String bucket() {
            String bucket = settings.find(GcsSettings.BUCKET);
            if (bucket == null) {
                problems.add(GcsSettings.BUCKET.howToSet() + " is not set: name the bucket");
                return "none";
            }
            if (!BUCKET.matcher(bucket).matches()) {
                problem(
                        GcsSettings.BUCKET,
                        "is no name of a bucket: lower-case letters, digits, dots, - and _ alone, without slashes or gs://");
                return "none";
            }
            return bucket;
        }

        /** Emulators are named without a scheme as often as with one, and none speaks TLS by itself. */
        private @Nullable URI emulator() {
            String text = settings.find(GcsSettings.EMULATOR);
            if (text == null) {
                return null;
            }
            try {
                URI uri = SettingValues.uri(text.contains("://") ? text : "http://" + text);
                String path = uri.getRawPath();
                // Some write the path of the API behind it, as other clients want it.
                boolean apiPath = path != null && path.matches("/?|/storage/v1/?");
                return apiPath ? bare(uri) : uri;
            } catch (IllegalArgumentException e) {
                problem(GcsSettings.EMULATOR, String.valueOf(e.getMessage()));
                return null;
            }
        }

        private URI checked(@Nullable URI endpoint, boolean emulator) {
            if (endpoint == null) {
                return GOOGLE;
            }
            Setting setting = emulator ? GcsSettings.EMULATOR : GcsSettings.ENDPOINT;
            String problem = EndpointRules.problem(endpoint, settings.flag(CommonSettings.ALLOW_HTTP));
            if (problem != null) {
                problem(setting, problem);
                return GOOGLE;
            }
            return bare(endpoint);
        }

        /** Scheme, host and port alone, in lower case. */
        private static URI bare(URI uri) {
            try {
                return new URI(
                        uri.getScheme().toLowerCase(Locale.ROOT),
                        null,
                        uri.getHost().toLowerCase(Locale.ROOT),
                        uri.getPort(),
                        null,
                        null,
                        null);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("a host that was a host", e);
            }
        }

        private @Nullable String word(Setting setting) {
            String text = settings.find(setting);
            if (text != null && !HEADER.matcher(text).matches()) {
                problem(setting, "has a blank or a character that no header may have");
                return null;
            }
            return text;
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
