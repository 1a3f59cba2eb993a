package dev.anystore.gcs;

import dev.anystore.spi.Setting;
import java.util.List;

/** The settings of this provider, each declared once. */
final class GcsSettings {
    static final Setting BUCKET = Setting.of("bucket", Setting.Type.TEXT, "The bucket.")
            .inMaps("bucket_name", "container_name")
            .variable("GCS_BUCKET_NAME")
            .variable("GS_BUCKET_NAME")
            .variable("GOOGLE_BUCKET_NAME")
            .variable("GOOGLE_BUCKET")
            .beginning();

    static final Setting CREDENTIALS = Setting.of(
                    "credentials",
                    Setting.Type.PATH,
                    "The JSON file of a service account, an impersonation or a workload identity federation; by default what gcloud left, then the machine's own account.")
            .inMaps("credential", "credentials_file")
            .variable("GOOGLE_APPLICATION_CREDENTIALS");

    static final Setting PROJECT = Setting.of(
                    "project", Setting.Type.TEXT, "The project that a new bucket belongs to; nothing else needs it.")
            .inMaps("project", "project_id")
            .variable("GOOGLE_CLOUD_PROJECT")
            .variable("GCLOUD_PROJECT")
            .variable("GOOGLE_PROJECT_ID");

    static final Setting EMULATOR = Setting.of(
                    "emulator-host",
                    Setting.Type.TEXT,
                    "An emulator of the service as http://host:port; no credentials are looked for or sent then.")
            .inMaps("emulator_host")
            .variable("STORAGE_EMULATOR_HOST");

    static final Setting ENDPOINT = Setting.of(
                    "endpoint-url",
                    Setting.Type.URI,
                    "Where the service is; https://storage.googleapis.com if none is set.")
            .inMaps("endpoint_url", "endpoint")
            .variable("GCS_ENDPOINT_URL");

    static final Setting PUBLIC_URL = Setting.of(
                    "public-url", Setting.Type.URI, "The base of public URLs, such as a custom domain or a CDN.")
            .inMaps("public_url")
            .variable("GCS_PUBLIC_URL");

    static final Setting API = Setting.of(
                    "api",
                    Setting.Type.TEXT,
                    "How bytes travel: xml (large objects in parallel parts) or json (one session an object, for emulators that know no more); xml, but json for an emulator.")
            .inMaps("api")
            .oneOf("xml", "json")
            .variable("GCS_API");

    static final Setting ANONYMOUS = Setting.of(
                    "anonymous", Setting.Type.BOOLEAN, "Sends requests without credentials, for public buckets.")
            .inMaps("anonymous")
            .variable("GCS_ANONYMOUS")
            .defaultsTo("false");

    static final Setting TRUST_ENDPOINT = Setting.of(
                    "trust-endpoint",
                    Setting.Type.BOOLEAN,
                    "Lets tokens of Google go to an endpoint that is neither Google's nor loopback.")
            .inMaps("trust_endpoint")
            .variable("GCS_TRUST_ENDPOINT")
            .defaultsTo("false");

    static final Setting USER_PROJECT = Setting.of(
                    "user-project",
                    Setting.Type.TEXT,
                    "The project that pays, where the bucket makes the requester pay.")
            .inMaps("user_project")
            .variable("GCS_USER_PROJECT");

    static final Setting STORAGE_CLASS = Setting.of(
                    "storage-class",
                    Setting.Type.TEXT,
                    "The storage class of objects whose writer names none; by default the bucket's.")
            .inMaps("storage_class")
            .variable("GCS_STORAGE_CLASS");

    static final Setting KMS_KEY = Setting.of(
                    "kms-key",
                    Setting.Type.TEXT,
                    "The key of the key management that objects are encrypted with, as projects/.../cryptoKeys/name.")
            .inMaps("kms_key")
            .variable("GCS_KMS_KEY");

    static final Setting CUSTOMER_KEY = Setting.of(
                    "customer-key",
                    Setting.Type.SECRET,
                    "The Base64 of 32 bytes that the service encrypts with and forgets; without it nobody reads the objects again.")
            .inMaps("customer_key")
            .variable("GCS_CUSTOMER_KEY");

    /** All of them, in the order of the reference page. */
    static final List<Setting> ALL = List.of(
            BUCKET,
            CREDENTIALS,
            PROJECT,
            EMULATOR,
            ENDPOINT,
            PUBLIC_URL,
            API,
            ANONYMOUS,
            TRUST_ENDPOINT,
            USER_PROJECT,
            STORAGE_CLASS,
            KMS_KEY,
            CUSTOMER_KEY);

    private GcsSettings() {}
}
