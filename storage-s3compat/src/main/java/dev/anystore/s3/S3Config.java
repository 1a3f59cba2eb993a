package dev.anystore.s3;

import dev.anystore.Capability;
import dev.anystore.StorageException;
import dev.anystore.http.Origin;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import dev.anystore.spi.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one store, read, checked and derived.
 *
 * @param vendor who was chosen
 * @param bucket its bucket
 * @param endpoint where requests go, scheme, host and port alone
 * @param endpointIsSet whether the user named it
 * @param region that signs
 * @param profile how the server behaves
 * @param checksums what is sent
 * @param pathStyle whether the bucket stands in the path
 * @param credentials null: requests go unsigned, or the chain is asked
 * @param anonymous whether requests go unsigned
 * @param publicBase of public URLs
 * @param objects what every object gets
 */
record S3Config(
        Vendor vendor,
        String bucket,
        URI endpoint,
        boolean endpointIsSet,
        String region,
        Profile profile,
        Checksums checksums,
        boolean pathStyle,
        @Nullable Credentials credentials,
        boolean anonymous,
        @Nullable URI publicBase,
        ObjectDefaults objects) {
    // Services differ in what they allow; this is what can stand in a path as it is. The service judges the rest.
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, without dots: TLS wildcards cover
    // one label
    private static final Pattern HOST_LABEL = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern PLACEHOLDER = Pattern.compile("[<>{}$]|%7B|%3C", Pattern.CASE_INSENSITIVE);

    /**
     * Reads the settings.
     *
     * @throws dev.anystore.InvalidConfiguration with all problems at once
     */
    static S3Config read(Vendor vendor, ProviderSettings settings) {
        Reader reader = new Reader(vendor, settings);
        S3Config config = reader.read();
        if (!reader.problems.isEmpty()) {
            throw StorageException.builder(StorageException.Kind.CONFIGURATION)
                    .provider(vendor.id())
                    .message(String.join("; ", reader.problems))
                    .problems(reader.problems)
                    .build();
        }
        return config;
    }

    /** Where it leads. */
    Destination destination() {
        return new Destination(bucket, endpoint, region, publicBase);
    }

    /** Whether the bucket can stand in the host name. */
    boolean bucketFitsHost() {
        return HOST_LABEL.matcher(bucket).matches();
    }

    /** Host and port, for messages. */
    String where() {
        return Origin.of(endpoint).hostHeader();
    }

    /** Collects problems while it reads, and goes on behind each with a value that does no harm. */
    private static final class Reader {
        private final Vendor vendor;
        private final S3Settings roles;
        private final ProviderSettings settings;
        private final List<String> problems = new ArrayList<>();

        Reader(Vendor vendor, ProviderSettings settings) {
            this.vendor = vendor;
            this.roles = vendor.settings();
            this.settings = settings;
        }

        S3Config read() {
            String bucket = bucket();
            String account = label(roles.account(), "the account id is the hexadecimal number in R2's dashboard");
            String jurisdiction = label(roles.jurisdiction(), "write eu or fedramp");
            URI set = endpoint();
            String region = region(set);
            URI endpoint = set != null ? set : derived(region, account, jurisdiction);
            if (set != null) {
                checkAgreement(set, bucket, account);
            }
            boolean anonymous = flag(roles.anonymous());
            Profile profile = profile(endpoint, set != null);
            return new S3Config(
                    vendor,
                    bucket,
                    endpoint,
                    set != null,
                    region,
                    profile,
                    checksums(profile),
                    pathStyle(profile),
                    credentials(anonymous),
                    anonymous,
                    uri(roles.publicUrl()),
                    objects(profile, endpoint));
        }

        private ObjectDefaults objects(Profile profile, URI endpoint) {
            ObjectSettings names = roles.objects();
            if (names == null) {
                return ObjectDefaults.NONE;
            }
            String encryption = settings.find(names.encryption());
            ObjectDefaults objects = new ObjectDefaults(
                    encryption,
                    header(names.keyId()),
                    context(names.context()),
                    settings.has(names.bucketKey()) ? flag(names.bucketKey()) : null,
                    customerKey(names.customerKey(), endpoint),
                    customerKey(names.previousKey(), endpoint),
                    flag(names.requesterPays()),
                    header(names.storageClass()));
            for (Setting ofKms : List.of(names.keyId(), names.context(), names.bucketKey())) {
                if (settings.has(ofKms) && !objects.usesKms()) {
                    problem(
                            ofKms,
                            "is of the key management; set "
                                    + names.encryption().howToSet() + "=aws:kms");
                }
            }
            if (encryption != null && objects.customerKey() != null) {
                problem(names.customerKey(), "and " + names.encryption().howToSet() + " exclude each other");
            }
            for (Capability needed : objects.needed()) {
                if (!profile.capabilities().has(needed)) {
                    problem(
                            setting(needed, names),
                            "needs " + needed + ", which " + profile.displayName()
                                    + " is not known to have; leave it out, or correct "
                                    + (roles.profile() == null
                                            ? "the endpoint"
                                            : roles.profile().howToSet()));
                }
            }
            return objects;
        }

        private Setting setting(Capability needed, ObjectSettings names) {
            return switch (needed) {
                case REQUESTER_PAYS -> names.requesterPays();
                case ENCRYPTION_CUSTOMER_KEY ->
                    settings.has(names.customerKey()) ? names.customerKey() : names.previousKey();
                default -> names.encryption();
            };
        }

        private @Nullable String header(Setting setting) {
            String text = settings.find(setting);
            if (text != null && text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                problem(setting, "has a character that no header may have");
                return null;
            }
            return text;
        }

        /** As the header has it: the Base64 of a JSON object. */
        private @Nullable String context(Setting setting) {
            String text = settings.find(setting);
            if (text == null) {
                return null;
            }
            Map<String, String> pairs = new LinkedHashMap<>();
            for (String pair : text.split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    problem(setting, "is not of the form name=value,name=value");
                    return null;
                }
                pairs.put(
                        pair.substring(0, equals).trim(),
                        pair.substring(equals + 1).trim());
            }
            return Base64.getEncoder().encodeToString(FlatJson.write(pairs).getBytes(StandardCharsets.UTF_8));
        }

        private ObjectDefaults.@Nullable CustomerKey customerKey(Setting setting, URI endpoint) {
            Secret text = settings.findSecret(setting);
            if (text == null) {
                return null;
            }
            ObjectDefaults.CustomerKey key = ObjectDefaults.CustomerKey.of(text);
            if (key == null) {
                problem(setting, "is not the Base64 of 32 bytes; make one: openssl rand -base64 32");
            } else if (!endpoint.getScheme().equals("https")) {
                problem(setting, "would go over plain http; it needs an endpoint of https");
            }
            return key;
        }

        private String bucket() {
            String bucket = settings.find(roles.bucket());
            if (bucket == null) {
                problems.add(roles.bucket().howToSet() + " is not set: name the bucket");
                return "none";
            }
            if (!BUCKET.matcher(bucket).matches()) {
                problem(
                        roles.bucket(),
                        "is no name of a bucket: letters, digits, dots, - and _ alone, without slashes or a scheme");
                return "none";
            }
            return bucket;
        }

        private @Nullable String label(@Nullable Setting setting, String hint) {
            String text = setting == null ? null : settings.find(setting);
            if (setting == null || text == null) {
                return null;
            }
            if (PLACEHOLDER.matcher(text).find()) {
                problem(setting, "still has a placeholder in it; " + hint);
                return null;
            }
            if (!LABEL.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
                problem(setting, "is not a part of a host name; " + hint);
                return null;
            }
            return text.toLowerCase(Locale.ROOT);
        }

        private @Nullable URI endpoint() {
            Setting setting = roles.endpoint();
            String text = settings.find(setting);
            if (text == null) {
                return null;
            }
            if (PLACEHOLDER.matcher(text).find()) {
                problem(setting, "still has a placeholder in it; put your own value there");
                return null;
            }
            URI uri = uri(setting);
            if (uri == null) {
                return null;
            }
            String problem = EndpointRules.problem(uri, settings.flag(CommonSettings.ALLOW_HTTP));
            if (problem != null) {
                problem(setting, problem);
                return null;
            }
            return bare(uri);
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

        private String region(@Nullable URI endpoint) {
            String region = label(roles.region(), "a region looks like " + example());
            String ofHost = endpoint == null ? null : regionOf(endpoint.getHost());
            if (region == null) {
                region = ofHost;
            } else if (ofHost != null && !ofHost.equals(region) && roles.region() != null) {
                problem(
                        roles.region(),
                        "is " + region + ", but " + origin(roles.endpoint()) + " is a host of " + ofHost
                                + "; leave one of them out");
            }
            if (region != null) {
                return region;
            }
            if (vendor.defaultRegion() != null) {
                return vendor.defaultRegion();
            }
            if (endpoint == null && roles.region() != null && !settings.has(roles.region())) {
                problems.add(
                        roles.region().howToSet() + " is not set: name the region of the bucket, such as " + example());
            }
            return "us-east-1";
        }

        private String example() {
            return vendor.regions().isEmpty() ? "us-east-1" : vendor.regions().get(0);
        }

        /** The region in a host of the vendor's own, or null. */
        private @Nullable String regionOf(String host) {
            if (!vendor.hostTemplate().contains("{region}")) {
                return null;
            }
            String[] around = vendor.hostTemplate().split("\\{region}", -1);
            // Amazon has s3.dualstack. and s3-fips. as well.
            Matcher matcher = Pattern.compile("(?:.*\\.)?" + Pattern.quote(around[0]) + "(?:dualstack\\.)?([a-z0-9-]+)"
                            + Pattern.quote(around[1]) + "(?:\\.cn)?")
                    .matcher(host);
            return matcher.matches() ? matcher.group(1) : null;
        }

        private URI derived(String region, @Nullable String account, @Nullable String jurisdiction) {
            if (vendor.hostTemplate().contains("{account}") && account == null) {
                if (problems.isEmpty() || !settings.has(roles.endpoint())) {
                    Setting setting = roles.account() == null ? roles.endpoint() : roles.account();
                    if (!settings.has(setting)) {
                        problems.add(setting.howToSet() + " is not set, nor is "
                                + roles.endpoint().howToSet() + ": one of them leads to the service");
                    }
                }
                return URI.create("https://unknown.invalid");
            }
            return URI.create("https://" + vendor.host(region, account, jurisdiction));
        }

        private void checkAgreement(URI endpoint, String bucket, @Nullable String account) {
            String host = endpoint.getHost();
            if (host.startsWith(bucket.toLowerCase(Locale.ROOT) + ".") && Profile.ofHost(host) != null) {
                problem(
                        roles.endpoint(),
                        "begins with the bucket's name; write https://" + host.substring(bucket.length() + 1));
            }
            if (account != null
                    && roles.account() != null
                    && vendor.profile().owns(host)
                    && !host.startsWith(account + ".")) {
                problem(
                        roles.account(),
                        "is another account than that of " + origin(roles.endpoint()) + "; leave one of them out");
            }
            Profile owner = Profile.ofHost(host);
            if (!vendor.equals(Vendor.S3) && owner != null && owner != vendor.profile()) {
                problem(roles.endpoint(), "is a host of " + owner.displayName() + ", not of " + vendor.displayName());
            }
        }

        /** The setting, else the name by which the provider was chosen, else the endpoint's host, else the safest. */
        private Profile profile(URI endpoint, boolean endpointIsSet) {
            String name = roles.profile() == null ? null : settings.find(roles.profile());
            if (roles.profile() != null && name != null) {
                Profile named = Profile.named(name);
                if (named != null) {
                    return named;
                }
                problem(
                        roles.profile(),
                        "is none of "
                                + String.join(
                                        ", ",
                                        Profile.ALL.stream().map(Profile::name).toList()));
            }
            Profile ofAlias = Profile.named(settings.requestedName());
            if (ofAlias != null && ofAlias != Profile.AWS) {
                return ofAlias;
            }
            if (!vendor.equals(Vendor.S3)) {
                return vendor.profile();
            }
            Profile ofHost = Profile.ofHost(endpoint.getHost());
            return ofHost != null ? ofHost : endpointIsSet ? Profile.GENERIC : vendor.profile();
        }

        private Checksums checksums(Profile profile) {
            String value = roles.checksum() == null ? null : settings.find(roles.checksum());
            if (roles.checksum() == null || value == null) {
                return profile.checksums();
            }
            Checksums named = Checksums.named(value);
            if (named == null) {
                problem(roles.checksum(), "is none of crc32c, crc32c-parts, md5, none");
                return profile.checksums();
            }
            return named;
        }

        private boolean pathStyle(Profile profile) {
            Setting setting = roles.pathStyle();
            return (setting != null && settings.has(setting)) ? flag(setting) : profile.pathStyle();
        }

        private @Nullable Credentials credentials(boolean anonymous) {
            String id = settings.find(roles.id());
            Secret secret = settings.findSecret(roles.secret());
            Secret token = roles.token() == null ? null : settings.findSecret(roles.token());
            if (anonymous) {
                return null;
            }
            if (id != null && secret != null) {
                if (id.chars().anyMatch(c -> c <= ' ' || c > '~' || c == '/' || c == ',')) {
                    problem(roles.id(), "has a character that no access key id has");
                    return null;
                }
                return new Credentials(id, secret, token, null);
            }
            if (id != null || secret != null) {
                Setting missing = id == null ? roles.id() : roles.secret();
                Setting present = id == null ? roles.secret() : roles.id();
                problems.add(origin(present) + " is set, but " + missing.howToSet()
                        + " is not: id and secret belong together");
            } else if (!vendor.equals(Vendor.S3)) {
                problems.add(roles.id().howToSet() + " and " + roles.secret().howToSet()
                        + " are not set: name the access key");
            }
            return null;
        }

        private boolean flag(@Nullable Setting setting) {
            if (setting == null) {
                return false;
            }
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
