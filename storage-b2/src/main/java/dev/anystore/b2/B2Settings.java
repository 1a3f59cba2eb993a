package dev.anystore.b2;

import dev.anystore.spi.Setting;
import java.util.List;

/** The settings of the provider. */
final class B2Settings {
    /** Values of these settings come from one family of variables. */
    private static final String PAIR = "credentials";

    static final Setting BUCKET = Setting.of("bucket", Setting.Type.TEXT, "The bucket.")
            .inMaps("bucket_name", "container_name")
            .variable("B2_BUCKET_NAME")
            .variable("B2_BUCKET")
            .variable("BACKBLAZE_BUCKET")
            .beginning();

    static final Setting KEY_ID = Setting.of("access-key-id", Setting.Type.TEXT, "The id of the application key.")
            .inMaps("access_key_id", "access_key", "key_id")
            .inGroup(PAIR)
            .variable("B2_APPLICATION_KEY_ID", "B2_APPLICATION_KEY")
            .variable("B2_KEY_ID", "B2_APPLICATION_KEY")
            .variable("BACKBLAZE_KEY_ID", "BACKBLAZE_APPLICATION_KEY")
            .variable("B2_ACCOUNT_ID", "B2_ACCOUNT_KEY")
            .beginning();

    static final Setting KEY = Setting.of("secret-access-key", Setting.Type.SECRET, "The application key itself.")
            .inMaps("secret_access_key", "secret_key", "application_key")
            .inGroup(PAIR)
            .variable("B2_APPLICATION_KEY", "B2_APPLICATION_KEY")
            .variable("BACKBLAZE_APPLICATION_KEY", "BACKBLAZE_APPLICATION_KEY")
            .variable("B2_ACCOUNT_KEY", "B2_ACCOUNT_KEY")
            .beginning();

    static final Setting REGION = Setting.of(
                    "region",
                    Setting.Type.TEXT,
                    "The region, such as us-west-004. The API finds it by itself; it is reported, for other tools.")
            .inMaps("region")
            .variable("B2_REGION")
            .beginning();

    static final Setting S3_ENDPOINT = Setting.of(
                    "endpoint-url",
                    Setting.Type.URI,
                    "The S3 endpoint of the bucket, which b2-s3 uses. The API does not; the region is read from it and reported.")
            .inMaps("endpoint_url", "endpoint")
            .variable("B2_S3_ENDPOINT_URL")
            .variable("BACKBLAZE_ENDPOINT")
            .beginning();

    static final Setting API_URL = Setting.of(
                    "api-url",
                    Setting.Type.URI,
                    "Where accounts are authorised: for tests and clusters of one's own. All other addresses come from there.")
            .inMaps("api_url")
            .variable("B2_API_URL")
            .defaultsTo("https://api.backblazeb2.com")
            .beginning();

    static final Setting PUBLIC_URL = Setting.of(
                    "public-url", Setting.Type.URI, "The base of public URLs, such as a custom domain or a CDN.")
            .inMaps("public_url")
            .variable("B2_PUBLIC_URL")
            .beginning();

    static final Setting TEST_MODE = Setting.of(
                    "test-mode",
                    Setting.Type.TEXT,
                    "Has the service fail on purpose, by X-Bz-Test-Mode: fail_some_uploads, expire_some_account_authorization_tokens or force_cap_exceeded.")
            .inMaps("test_mode")
            .oneOf("fail_some_uploads", "expire_some_account_authorization_tokens", "force_cap_exceeded")
            .variable("B2_TEST_MODE");

    static final Setting ENCRYPTION = Setting.of(
                    "encryption",
                    Setting.Type.TEXT,
                    "AES256 has the service encrypt every file with keys of its own, whatever the bucket's default is.")
            .inMaps("encryption")
            .oneOf("AES256")
            .variable("B2_ENCRYPTION");

    static final Setting CUSTOMER_KEY = Setting.of(
                    "encryption-customer-key",
                    Setting.Type.SECRET,
                    "A key of your own that every file is encrypted with, as the Base64 of 32 bytes. The service does not keep it.")
            .inMaps("encryption_customer_key")
            .variable("B2_ENCRYPTION_CUSTOMER_KEY");

    /** All, in the order of the reference page. */
    static final List<Setting> ALL =
            List.of(BUCKET, KEY_ID, KEY, REGION, S3_ENDPOINT, API_URL, PUBLIC_URL, TEST_MODE, ENCRYPTION, CUSTOMER_KEY);

    private B2Settings() {}
}
