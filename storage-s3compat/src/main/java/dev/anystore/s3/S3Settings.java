package dev.anystore.s3;

import dev.anystore.spi.Setting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one vendor, by the role that they play. A role that the vendor does not have is null.
 *
 * @param bucket the bucket
 * @param id the access key id
 * @param secret the secret access key
 * @param region the region
 * @param endpoint where the service is
 * @param publicUrl the base of public URLs
 * @param token of a session
 * @param account whose host it is
 * @param jurisdiction of the account's host
 * @param pathStyle whether the bucket stands in the path
 * @param profile the row of {@link Profile}
 * @param checksum the digest that is sent
 * @param anonymous whether requests go unsigned
 * @param trustEndpoint whether credentials of the chain may go to any endpoint
 * @param objects what every object gets
 */
record S3Settings(
        Setting bucket,
        Setting id,
        Setting secret,
        @Nullable Setting region,
        Setting endpoint,
        Setting publicUrl,
        @Nullable Setting token,
        @Nullable Setting account,
        @Nullable Setting jurisdiction,
        @Nullable Setting pathStyle,
        @Nullable Setting profile,
        @Nullable Setting checksum,
        @Nullable Setting anonymous,
        @Nullable Setting trustEndpoint,
        @Nullable ObjectSettings objects) {
    /** Values of these settings come from one family of variables. */
    private static final String PAIR = "credentials";

    /** Amazon S3, and any other endpoint under its names. */
    static final S3Settings S3 = new S3Settings(
            newBucket("The bucket.")
                    .variable("S3_BUCKET")
                    .variable("AWS_S3_BUCKET_NAME")
                    .variable("AWS_S3_BUCKET")
                    .variable("AWS_BUCKET_NAME")
                    .variable("AWS_BUCKET")
                    .variable("AWS_STORAGE_BUCKET_NAME")
                    .beginning(),
            newId().variable("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID").variable("AWS_ACCESS_KEY", "AWS_ACCESS_KEY"),
            newSecret()
                    .variable("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")
                    .variable("AWS_SECRET_KEY", "AWS_ACCESS_KEY"),
            newRegion("The region of the bucket; us-east-1 if none is set.")
                    .variable("AWS_REGION")
                    .variable("AWS_S3_REGION")
                    .yieldingVariable("AWS_DEFAULT_REGION", "AWS_REGION")
                    .variable("AWS_S3_REGION_NAME"),
            newEndpoint("Where the service is; Amazon's own host of the region if none is set.")
                    .variable("AWS_ENDPOINT_URL_S3")
                    .yieldingVariable("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")
                    .variable("S3_ENDPOINT_URL")
                    .variable("AWS_S3_ENDPOINT_URL")
                    .variable("AWS_ENDPOINT"),
            newPublicUrl().variable("S3_PUBLIC_URL").variable("AWS_S3_CUSTOM_DOMAIN"),
            Setting.of("session-token", Setting.Type.SECRET, "The token of temporary credentials.")
                    .inMaps("session_token")
                    .inGroup(PAIR)
                    .variable("AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID"),
            null,
            null,
            Setting.of(
                            "path-style",
                            Setting.Type.BOOLEAN,
                            "Whether the bucket stands in the path instead of the host name; by default the profile says.")
                    .inMaps("path_style")
                    .variable("S3_PATH_STYLE")
                    .negatedVariable("AWS_VIRTUAL_HOSTED_STYLE_REQUEST"),
            Setting.of(
                            "profile",
                            Setting.Type.TEXT,
                            "How the server behaves: aws, r2, wasabi, spaces, b2-s3, minio, ceph, versitygw or generic; by default the provider's name and the endpoint's host say.")
                    .inMaps("profile")
                    .oneOf(Profile.ALL.stream().map(Profile::name).toArray(String[]::new))
                    .variable("S3_PROFILE"),
            Setting.of(
                            "checksum",
                            Setting.Type.TEXT,
                            "The digest that is sent with the bytes: crc32c, crc32c-parts, md5 or none; by default the profile says.")
                    .inMaps("checksum")
                    .oneOf("crc32c", "crc32c-parts", "md5", "none")
                    .variable("S3_CHECKSUM"),
            Setting.of("anonymous", Setting.Type.BOOLEAN, "Sends requests without a signature, for public buckets.")
                    .inMaps("anonymous")
                    .variable("S3_ANONYMOUS")
                    .variable("AWS_SKIP_SIGNATURE")
                    .defaultsTo("false"),
            Setting.of(
                            "trust-endpoint",
                            Setting.Type.BOOLEAN,
                            "Lets credentials that were found by a profile or a role go to an endpoint that is not Amazon's.")
                    .inMaps("trust_endpoint")
                    .variable("S3_TRUST_ENDPOINT")
                    .defaultsTo("false"),
            ObjectSettings.S3);

    /** Cloudflare R2. */
    static final S3Settings R2 = new S3Settings(
            newBucket("The bucket.")
                    .variable("R2_BUCKET_NAME")
                    .variable("R2_BUCKET")
                    .variable("CLOUDFLARE_R2_BUCKET")
                    .beginning(),
            newId().variable("R2_ACCESS_KEY_ID", "R2_ACCESS_KEY_ID")
                    .variable("R2_ACCESS_KEY", "R2_ACCESS_KEY")
                    .variable("CLOUDFLARE_R2_ACCESS_KEY", "CLOUDFLARE_R2_ACCESS_KEY")
                    .beginning(),
            newSecret()
                    .variable("R2_SECRET_ACCESS_KEY", "R2_ACCESS_KEY_ID")
                    .variable("R2_SECRET_KEY", "R2_ACCESS_KEY")
                    .variable("CLOUDFLARE_R2_SECRET_KEY", "CLOUDFLARE_R2_ACCESS_KEY")
                    .beginning(),
            null,
            newEndpoint("Where the service is; made from the account if none is set.")
                    .variable("R2_ENDPOINT_URL")
                    .beginning(),
            newPublicUrl().variable("R2_PUBLIC_URL").variable("R2_CDN_DOMAIN").beginning(),
            null,
            Setting.of("account-id", Setting.Type.TEXT, "The account, which is part of the endpoint's host.")
                    .inMaps("account_id")
                    .variable("R2_ACCOUNT_ID")
                    .variable("CLOUDFLARE_R2_ACCOUNT_ID")
                    .beginning(),
            Setting.of(
                            "jurisdiction",
                            Setting.Type.TEXT,
                            "The jurisdiction of the bucket: eu or fedramp; none by default.")
                    .inMaps("jurisdiction")
                    .oneOf("eu", "fedramp")
                    .variable("R2_JURISDICTION")
                    .beginning(),
            null,
            null,
            null,
            null,
            null,
            null);

    /** Wasabi. */
    static final S3Settings WASABI = new S3Settings(
            newBucket("The bucket.")
                    .variable("WASABI_BUCKET")
                    .variable("WASABI_BUCKET_NAME")
                    .beginning(),
            newId().variable("WASABI_ACCESS_KEY", "WASABI_ACCESS_KEY")
                    .variable("WASABI_ACCESS_KEY_ID", "WASABI_ACCESS_KEY_ID")
                    .beginning(),
            newSecret()
                    .variable("WASABI_SECRET_KEY", "WASABI_ACCESS_KEY")
                    .variable("WASABI_SECRET_ACCESS_KEY", "WASABI_ACCESS_KEY_ID")
                    .beginning(),
            newRegion("The region of the bucket.").variable("WASABI_REGION").beginning(),
            newEndpoint("Where the service is; made from the region if none is set.")
                    .variable("WASABI_ENDPOINT_URL")
                    .beginning(),
            newPublicUrl().variable("WASABI_PUBLIC_URL").beginning(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);

    /** DigitalOcean Spaces. */
    static final S3Settings SPACES = new S3Settings(
            newBucket("The Space.")
                    .variable("DO_SPACES_NAME")
                    .variable("DO_SPACES_BUCKET")
                    .beginning(),
            newId().variable("DO_SPACES_KEY", "DO_SPACES_KEY")
                    .variable("SPACES_ACCESS_KEY_ID", "SPACES_ACCESS_KEY_ID")
                    .beginning(),
            newSecret()
                    .variable("DO_SPACES_SECRET", "DO_SPACES_KEY")
                    .variable("SPACES_SECRET_ACCESS_KEY", "SPACES_ACCESS_KEY_ID")
                    .beginning(),
            newRegion("The region of the Space, such as nyc3.")
                    .variable("DO_SPACES_REGION")
                    .beginning(),
            newEndpoint("Where the service is; made from the region if none is set.")
                    .variable("DO_SPACES_ENDPOINT_URL")
                    .beginning(),
            newPublicUrl().variable("DO_SPACES_CDN_URL").beginning(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);

    /** Backblaze B2 by its S3 endpoint. */
    static final S3Settings B2 = new S3Settings(
            newBucket("The bucket.")
                    .variable("B2_BUCKET_NAME")
                    .variable("B2_BUCKET")
                    .variable("BACKBLAZE_BUCKET")
                    .beginning(),
            newId().variable("B2_APPLICATION_KEY_ID", "B2_APPLICATION_KEY")
                    .variable("B2_KEY_ID", "B2_APPLICATION_KEY")
                    .variable("BACKBLAZE_KEY_ID", "BACKBLAZE_APPLICATION_KEY")
                    .variable("B2_ACCOUNT_ID", "B2_ACCOUNT_KEY")
                    .beginning(),
            newSecret()
                    .variable("B2_APPLICATION_KEY", "B2_APPLICATION_KEY")
                    .variable("BACKBLAZE_APPLICATION_KEY", "BACKBLAZE_APPLICATION_KEY")
                    .variable("B2_ACCOUNT_KEY", "B2_ACCOUNT_KEY")
                    .beginning(),
            newRegion("The region of the bucket, such as us-west-004.")
                    .variable("B2_REGION")
                    .beginning(),
            newEndpoint("Where the service is; made from the region if none is set.")
                    .variable("B2_S3_ENDPOINT_URL")
                    .variable("BACKBLAZE_ENDPOINT")
                    .beginning(),
            newPublicUrl().variable("B2_PUBLIC_URL").beginning(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);

    /** All that the vendor has, in the order of the reference page. */
    List<Setting> all() {
        List<Setting> all = new ArrayList<>();
        for (Setting setting : new @Nullable Setting[] {
            bucket,
            id,
            secret,
            token,
            account,
            jurisdiction,
            region,
            endpoint,
            publicUrl,
            pathStyle,
            profile,
            checksum,
            anonymous,
            trustEndpoint
        }) {
            if (setting != null) {
                all.add(setting);
            }
        }
        if (objects != null) {
            all.addAll(objects.all());
        }
        return List.copyOf(all);
    }

    private static Setting newBucket(String sentence) {
        return Setting.of("bucket", Setting.Type.TEXT, sentence).inMaps("bucket_name", "container_name");
    }

    private static Setting newId() {
        return Setting.of("access-key-id", Setting.Type.TEXT, "The id of the access key.")
                .inMaps("access_key_id", "access_key", "key_id")
                .inGroup(PAIR);
    }

    private static Setting newSecret() {
        return Setting.of("secret-access-key", Setting.Type.SECRET, "The secret of the access key.")
                .inMaps("secret_access_key", "secret_key", "application_key")
                .inGroup(PAIR);
    }

    private static Setting newRegion(String sentence) {
        return Setting.of("region", Setting.Type.TEXT, sentence).inMaps("region");
    }

    private static Setting newEndpoint(String sentence) {
        return Setting.of("endpoint-url", Setting.Type.URI, sentence).inMaps("endpoint_url", "endpoint");
    }

    private static Setting newPublicUrl() {
        return Setting.of("public-url", Setting.Type.URI, "The base of public URLs, such as a custom domain or a CDN.")
                .inMaps("public_url");
    }
}
