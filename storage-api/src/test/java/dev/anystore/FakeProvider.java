package dev.anystore;

import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.StorageProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Providers as they are declared in their own modules, without what opens them. They follow the table of names that the
 * documentation promises, and check what each service needs.
 *
 * @param needs of each list one setting must be set
 */
record FakeProvider(
        String id,
        String displayName,
        List<String> aliases,
        List<String> uriSchemes,
        List<Setting> settings,
        List<List<String>> needs)
        implements StorageProvider {

    static final FakeProvider LOCAL = new FakeProvider(
            "local",
            "Local folder",
            List.of(),
            List.of("local", "file"),
            List.of(
                    Setting.of("path", Setting.Type.PATH, "The folder.")
                            .variable("LOCAL_STORAGE_PATH")
                            .variable("STORAGE_LOCAL_PATH")
                            .inMaps("path", "base_path")
                            .defaultsTo("storage-data"),
                    publicUrl("LOCAL_PUBLIC_URL")),
            List.of());

    static final FakeProvider S3 = new FakeProvider(
            "s3",
            "Amazon S3",
            List.of("aws", "aws_s3", "minio", "ceph"),
            List.of("s3"),
            List.of(
                    bucket(
                            "S3_BUCKET",
                            "AWS_S3_BUCKET_NAME",
                            "AWS_S3_BUCKET",
                            "AWS_BUCKET_NAME",
                            "AWS_BUCKET",
                            "AWS_STORAGE_BUCKET_NAME"),
                    keyId().variable("AWS_ACCESS_KEY_ID", "long").variable("AWS_ACCESS_KEY", "short"),
                    secret().variable("AWS_SECRET_ACCESS_KEY", "long").variable("AWS_SECRET_KEY", "short"),
                    Setting.of("session-token", Setting.Type.SECRET, "The token.")
                            .inMaps("session_token")
                            .inGroup("credentials")
                            .variable("AWS_SESSION_TOKEN", "long"),
                    Setting.of("region", Setting.Type.TEXT, "The region.")
                            .variable("AWS_REGION")
                            .variable("AWS_S3_REGION")
                            .yieldingVariable("AWS_DEFAULT_REGION", "AWS_REGION")
                            .variable("AWS_S3_REGION_NAME"),
                    Setting.of("endpoint-url", Setting.Type.URI, "The endpoint.")
                            .variable("AWS_ENDPOINT_URL_S3")
                            .yieldingVariable("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")
                            .variable("S3_ENDPOINT_URL"),
                    Setting.of("path-style", Setting.Type.BOOLEAN, "Path style.")
                            .variable("S3_PATH_STYLE")
                            .negatedVariable("AWS_VIRTUAL_HOSTED_STYLE_REQUEST"),
                    publicUrl("S3_PUBLIC_URL")),
            List.of(List.of("bucket")));

    static final FakeProvider R2 = new FakeProvider(
            "r2",
            "Cloudflare R2",
            List.of("cloudflare", "cloudflare_r2"),
            List.of("r2"),
            List.of(
                    bucket("R2_BUCKET_NAME", "R2_BUCKET", "CLOUDFLARE_R2_BUCKET"),
                    keyId().variable("R2_ACCESS_KEY_ID", "r2")
                            .variable("R2_ACCESS_KEY", "short")
                            .variable("CLOUDFLARE_R2_ACCESS_KEY", "cloudflare")
                            .beginning(),
                    secret().variable("R2_SECRET_ACCESS_KEY", "r2")
                            .variable("R2_SECRET_KEY", "short")
                            .variable("CLOUDFLARE_R2_SECRET_KEY", "cloudflare")
                            .beginning(),
                    Setting.of("account-id", Setting.Type.TEXT, "The account.")
                            .inMaps("account_id")
                            .variable("R2_ACCOUNT_ID")
                            .variable("CLOUDFLARE_R2_ACCOUNT_ID")
                            .beginning(),
                    endpoint("R2_ENDPOINT_URL"),
                    publicUrl("R2_PUBLIC_URL", "R2_CDN_DOMAIN").beginning()),
            List.of(
                    List.of("bucket"),
                    List.of("access-key-id"),
                    List.of("secret-access-key"),
                    List.of("account-id", "endpoint-url")));

    static final FakeProvider WASABI = new FakeProvider(
            "wasabi",
            "Wasabi",
            List.of(),
            List.of("wasabi"),
            List.of(
                    bucket("WASABI_BUCKET", "WASABI_BUCKET_NAME"),
                    keyId().variable("WASABI_ACCESS_KEY", "short")
                            .variable("WASABI_ACCESS_KEY_ID", "long")
                            .beginning(),
                    secret().variable("WASABI_SECRET_KEY", "short")
                            .variable("WASABI_SECRET_ACCESS_KEY", "long")
                            .beginning(),
                    region("WASABI_REGION"),
                    endpoint("WASABI_ENDPOINT_URL"),
                    publicUrl("WASABI_PUBLIC_URL").beginning()),
            credentialsAnd("region"));

    static final FakeProvider SPACES = new FakeProvider(
            "spaces",
            "DigitalOcean Spaces",
            List.of("do", "digitalocean"),
            List.of("spaces"),
            List.of(
                    bucket("DO_SPACES_NAME", "DO_SPACES_BUCKET"),
                    keyId().variable("DO_SPACES_KEY", "do")
                            .variable("SPACES_ACCESS_KEY_ID", "spaces")
                            .beginning(),
                    secret().variable("DO_SPACES_SECRET", "do")
                            .variable("SPACES_SECRET_ACCESS_KEY", "spaces")
                            .beginning(),
                    region("DO_SPACES_REGION"),
                    endpoint("DO_SPACES_ENDPOINT_URL"),
                    publicUrl("DO_SPACES_CDN_URL").beginning()),
            credentialsAnd("region"));

    static final FakeProvider B2 = new FakeProvider(
            "b2",
            "Backblaze B2",
            List.of("backblaze"),
            List.of("b2"),
            b2Settings(),
            List.of(List.of("bucket"), List.of("access-key-id"), List.of("secret-access-key")));

    static final FakeProvider B2_S3 = new FakeProvider(
            "b2-s3", "Backblaze B2 (S3 endpoint)", List.of(), List.of("b2-s3"), b2Settings(), credentialsAnd("region"));

    static final FakeProvider MEMORY = new FakeProvider(
            "memory",
            "Memory",
            List.of(),
            List.of("memory"),
            List.of(Setting.of("bucket", Setting.Type.TEXT, "The space.")
                    .inMaps("bucket_name")
                    .defaultsTo("memory")),
            List.of());

    /** What a class path has without the modules of B2, Google and Azure. */
    static final List<FakeProvider> USUAL = List.of(LOCAL, S3, R2, WASABI, SPACES, B2_S3, MEMORY);

    static Setting bucket(String... variables) {
        Setting setting = Setting.of("bucket", Setting.Type.TEXT, "The bucket.")
                .inMaps("bucket_name", "container_name")
                .beginning();
        for (String variable : variables) {
            setting = setting.variable(variable);
        }
        return setting;
    }

    private static Setting keyId() {
        return Setting.of("access-key-id", Setting.Type.TEXT, "The id.")
                .inMaps("access_key_id", "access_key", "key_id")
                .inGroup("credentials");
    }

    private static Setting secret() {
        return Setting.of("secret-access-key", Setting.Type.SECRET, "The secret.")
                .inMaps("secret_access_key", "secret_key", "application_key")
                .inGroup("credentials");
    }

    private static Setting region(String variable) {
        return Setting.of("region", Setting.Type.TEXT, "The region.")
                .variable(variable)
                .beginning();
    }

    private static Setting endpoint(String variable) {
        return Setting.of("endpoint-url", Setting.Type.URI, "The endpoint.")
                .variable(variable)
                .beginning();
    }

    private static Setting publicUrl(String... variables) {
        Setting setting = Setting.of("public-url", Setting.Type.URI, "The base of public URLs.");
        for (String variable : variables) {
            setting = setting.variable(variable);
        }
        return setting;
    }

    private static List<Setting> b2Settings() {
        return List.of(
                bucket("B2_BUCKET_NAME", "B2_BUCKET", "BACKBLAZE_BUCKET"),
                keyId().variable("B2_APPLICATION_KEY_ID", "b2")
                        .variable("B2_KEY_ID", "b2")
                        .variable("BACKBLAZE_KEY_ID", "backblaze")
                        .variable("B2_ACCOUNT_ID", "account")
                        .beginning(),
                secret().variable("B2_APPLICATION_KEY", "b2")
                        .variable("BACKBLAZE_APPLICATION_KEY", "backblaze")
                        .variable("B2_ACCOUNT_KEY", "account")
                        .beginning(),
                region("B2_REGION"),
                Setting.of("endpoint-url", Setting.Type.URI, "The endpoint.")
                        .variable("B2_S3_ENDPOINT_URL")
                        .variable("BACKBLAZE_ENDPOINT")
                        .beginning(),
                publicUrl("B2_PUBLIC_URL").beginning());
    }

    private static List<List<String>> credentialsAnd(String place) {
        return List.of(
                List.of("bucket"),
                List.of("access-key-id"),
                List.of("secret-access-key"),
                List.of(place, "endpoint-url"));
    }

    Setting setting(String name) {
        return settings.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private @org.jspecify.annotations.Nullable Setting maybe(String name) {
        return settings.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Destination describe(ProviderSettings values) {
        List<String> problems = new ArrayList<>();
        for (List<String> names : needs) {
            if (names.stream().noneMatch(name -> values.has(setting(name)))) {
                problems.add(setting(names.get(0)).howToSet() + " is not set");
            }
        }
        if (!problems.isEmpty()) {
            throw (InvalidConfiguration) StorageException.builder(StorageException.Kind.CONFIGURATION)
                    .provider(id)
                    .message(String.join("; ", problems))
                    .problems(problems)
                    .build();
        }
        Setting path = maybe("path");
        if (path != null) {
            Path folder = Path.of(values.text(path)).toAbsolutePath();
            return new Destination(
                    String.valueOf(folder.getFileName()), folder.toUri(), null, values.findUri(setting("public-url")));
        }
        Setting region = maybe("region");
        Setting endpoint = maybe("endpoint-url");
        Setting publicUrl = maybe("public-url");
        URI base = publicUrl == null ? null : values.findUri(publicUrl);
        return new Destination(
                values.text(setting("bucket")),
                endpoint == null ? null : values.findUri(endpoint),
                region == null ? null : values.find(region),
                base);
    }

    @Override
    public StorageBackend open(ProviderSettings values) {
        throw new UnsupportedOperationException(id);
    }
}
