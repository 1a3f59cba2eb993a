package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2TestMode;
import dev.anystore.StorageException;
import dev.anystore.http.Origin;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import dev.anystore.spi.Setting;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one store, read, checked and derived.
 *
 * @param bucket its name
 * @param keyId of the application key
 * @param key the application key
 * @param api where accounts are authorised
 * @param apiIsSet whether the user named it
 * @param region if it is known
 * @param s3Endpoint of the bucket, for other tools, if it is known
 * @param publicBase of public URLs
 * @param testMode that the service is asked for, or null
 * @param encrypts whether every file is to be encrypted with the service's keys
 * @param customerKey that every file is encrypted with, or null
 * @param allowHttp whether plain http may leave this machine
 */
record B2Config(
        String bucket,
        String keyId,
        Secret key,
        URI api,
        boolean apiIsSet,
        @Nullable String region,
        @Nullable URI s3Endpoint,
        @Nullable URI publicBase,
        @Nullable B2TestMode testMode,
        boolean encrypts,
        @Nullable CustomerKey customerKey,
        boolean allowHttp) {
    // https://www.backblaze.com/docs/cloud-storage-buckets has narrower rules, which the service judges; this is what
    // can
    // stand in a path as it is.
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,254}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern S3_HOST = Pattern.compile("(?:.+\\.)?s3\\.([a-z0-9-]+)\\.backblazeb2\\.com");
    private static final Pattern PLACEHOLDER = Pattern.compile("[<>{}$]|%7B|%3C", Pattern.CASE_INSENSITIVE);

    /**
     * Reads the settings.
     *
     * @throws dev.anystore.InvalidConfiguration with all problems at once
     */
    static B2Config read(ProviderSettings settings) {
        Reader reader = new Reader(settings);
        B2Config config = reader.read();
        if (!reader.problems.isEmpty()) {
            throw StorageException.builder(StorageException.Kind.CONFIGURATION)
                    .provider("b2")
                    .message(String.join("; ", reader.problems))
                    .problems(reader.problems)
                    .build();
        }
        return config;
    }

    /** Where it leads: what the user named, else the S3 endpoint of a region that is known, for other tools. */
    Destination destination() {
        URI endpoint = apiIsSet || s3Endpoint == null ? api : s3Endpoint;
        return new Destination(bucket, endpoint, region, publicBase);
    }

    /** Host and port of the API, for messages. */
    String where() {
        return Origin.of(api).hostHeader();
    }

    /** Collects problems while it reads, and goes on behind each with a value that does no harm. */
    private static final class Reader {
        private final ProviderSettings settings;
        private final List<String> problems = new ArrayList<>();

        Reader(ProviderSettings settings) {
            this.settings = settings;
        }

        B2Config read() {
            boolean allowHttp = settings.flag(CommonSettings.ALLOW_HTTP);
            String bucket = bucket();
            URI s3 = s3Endpoint();
            String region = region(s3);
            if (s3 == null && region != null) {
                s3 = URI.create("https://s3." + region + ".backblazeb2.com");
            }
            URI api = api(allowHttp);
            String mode = settings.find(B2Settings.TEST_MODE);
            return new B2Config(
                    bucket,
                    keyId(),
                    key(),
                    api,
                    settings.isSet(B2Settings.API_URL),
                    region,
                    s3,
                    uri(B2Settings.PUBLIC_URL),
                    mode == null ? null : B2TestMode.valueOf(mode.toUpperCase(Locale.ROOT)),
                    settings.has(B2Settings.ENCRYPTION),
                    customerKey(api),
                    allowHttp);
        }

        private String bucket() {
            String bucket = settings.find(B2Settings.BUCKET);
            if (bucket == null) {
                problems.add(B2Settings.BUCKET.howToSet() + " is not set: name the bucket");
                return "none";
            }
            if (!BUCKET.matcher(bucket).matches()) {
                problem(
                        B2Settings.BUCKET,
                        "is no name of a bucket: letters, digits, dots and - alone, without slashes or a scheme");
                return "none";
            }
            return bucket;
        }

        private String keyId() {
            String id = settings.find(B2Settings.KEY_ID);
            String key = settings.find(B2Settings.KEY);
            if (id == null && key == null) {
                problems.add(B2Settings.KEY_ID.howToSet() + " and " + B2Settings.KEY.howToSet()
                        + " are not set: name the application key");
            } else if (id == null || key == null) {
                Setting missing = id == null ? B2Settings.KEY_ID : B2Settings.KEY;
                Setting present = id == null ? B2Settings.KEY : B2Settings.KEY_ID;
                problems.add(
                        origin(present) + " is set, but " + missing.howToSet() + " is not: id and key belong together");
            }
            if (id != null && id.chars().anyMatch(c -> c <= ' ' || c > '~' || c == ':')) {
                problem(B2Settings.KEY_ID, "has a character that no key id has");
            }
            return id == null ? "none" : id;
        }

        private Secret key() {
            Secret key = settings.findSecret(B2Settings.KEY);
            return key == null ? Secret.of("none") : key;
        }

        private URI api(boolean allowHttp) {
            URI none = URI.create("https://unknown.invalid");
            URI api = uri(B2Settings.API_URL);
            if (api == null) {
                return none;
            }
            String path = api.getRawPath();
            String problem = path != null && !path.isEmpty() && !path.equals("/")
                    ? "has a path; write https://host"
                    : api.getRawQuery() != null ? "has a query; write https://host" : Hosts.problem(api, allowHttp);
            if (problem != null) {
                problem(B2Settings.API_URL, problem);
                return none;
            }
            String port = api.getPort() < 0 ? "" : ":" + api.getPort();
            return URI.create(api.getScheme().toLowerCase(Locale.ROOT) + "://"
                    + api.getHost().toLowerCase(Locale.ROOT) + port);
        }

        private @Nullable URI s3Endpoint() {
            String text = settings.find(B2Settings.S3_ENDPOINT);
            if (text != null && PLACEHOLDER.matcher(text).find()) {
                problem(B2Settings.S3_ENDPOINT, "still has a placeholder in it; put your own value there");
                return null;
            }
            return uri(B2Settings.S3_ENDPOINT);
        }

        private @Nullable String region(@Nullable URI s3) {
            Matcher matcher = S3_HOST.matcher(s3 == null ? "" : s3.getHost().toLowerCase(Locale.ROOT));
            String ofHost = matcher.matches() ? matcher.group(1) : null;
            String region = settings.find(B2Settings.REGION);
            if (region == null) {
                return ofHost;
            }
            if (!REGION.matcher(region.toLowerCase(Locale.ROOT)).matches()) {
                problem(B2Settings.REGION, "is no region; one looks like us-west-004");
                return null;
            }
            String lower = region.toLowerCase(Locale.ROOT);
            if (ofHost != null && !ofHost.equals(lower)) {
                problem(
                        B2Settings.REGION,
                        "is " + lower + ", but " + origin(B2Settings.S3_ENDPOINT) + " is a host of " + ofHost
                                + "; leave one of them out");
            }
            return lower;
        }

        private @Nullable CustomerKey customerKey(URI api) {
            Secret text = settings.findSecret(B2Settings.CUSTOMER_KEY);
            if (text == null) {
                return null;
            }
            CustomerKey key = CustomerKey.of(text);
            if (key == null) {
                problem(B2Settings.CUSTOMER_KEY, "is not the Base64 of 32 bytes; make one: openssl rand -base64 32");
            } else if (!api.getScheme().equals("https") && !Hosts.isLoopback(api.getHost())) {
                problem(B2Settings.CUSTOMER_KEY, "would go over plain http; it needs an API of https");
            }
            if (settings.has(B2Settings.ENCRYPTION)) {
                problem(B2Settings.CUSTOMER_KEY, "and " + B2Settings.ENCRYPTION.howToSet() + " exclude each other");
            }
            return key;
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
