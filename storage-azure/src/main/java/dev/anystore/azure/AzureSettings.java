package dev.anystore.azure;

import dev.anystore.spi.Setting;
import java.util.List;

/** The settings of the provider. */
final class AzureSettings {
    /**
     * Whatever the requests here need is in every version from 2021-12-02 on (the tier Cold, the latest of it); this one is
     * two years younger, and still one that all clouds, Azure Stack and emulators speak.
     */
    static final String SERVICE_VERSION_DEFAULT = "2023-11-03";

    static final Setting CONTAINER = Setting.of("container", Setting.Type.TEXT, "The container.")
            .inMaps("container_name", "bucket_name", "bucket")
            .variable("AZURE_CONTAINER_NAME")
            .variable("AZURE_CONTAINER")
            .beginning();

    static final Setting CONNECTION_STRING = Setting.of(
                    "connection-string",
                    Setting.Type.SECRET,
                    "Account and credentials in one text, as the portal shows it; UseDevelopmentStorage=true is the emulator on this machine.")
            .inMaps("connection_string")
            .variable("AZURE_STORAGE_CONNECTION_STRING");

    static final Setting ACCOUNT_URL = Setting.of(
                    "account-url",
                    Setting.Type.URI,
                    "Where the account is, such as https://example.blob.core.windows.net; made from the account if none is set.")
            .inMaps("account_url", "endpoint_url", "endpoint")
            .variable("AZURE_STORAGE_ACCOUNT_URL")
            .variable("AZURE_STORAGE_ENDPOINT");

    static final Setting ACCOUNT = Setting.of(
                    "account", Setting.Type.TEXT, "The storage account; by default the host of its URL says.")
            .inMaps("account_name")
            .variable("AZURE_STORAGE_ACCOUNT")
            .variable("AZURE_STORAGE_ACCOUNT_NAME")
            .variable("AZURE_ACCOUNT_NAME");

    static final Setting CREDENTIAL = Setting.of(
                    "credential", Setting.Type.SECRET, "The account's key or a SAS; which one it is, its form says.")
            .inMaps("credential")
            .variable("AZURE_STORAGE_CREDENTIAL");

    static final Setting ACCOUNT_KEY = Setting.of("account-key", Setting.Type.SECRET, "The account's key, Base64.")
            .inMaps("account_key")
            .variable("AZURE_STORAGE_KEY")
            .variable("AZURE_STORAGE_ACCOUNT_KEY")
            .variable("AZURE_ACCOUNT_KEY");

    static final Setting SAS_TOKEN = Setting.of(
                    "sas-token", Setting.Type.SECRET, "A shared access signature, with or without its question mark.")
            .inMaps("sas_token")
            .variable("AZURE_STORAGE_SAS_TOKEN")
            .variable("AZURE_ACCOUNT_SAS");

    static final Setting ANONYMOUS = Setting.of(
                    "anonymous", Setting.Type.BOOLEAN, "Sends requests without credentials, for public containers.")
            .inMaps("anonymous")
            .variable("AZURE_STORAGE_ANONYMOUS")
            .defaultsTo("false");

    static final Setting EMULATOR = Setting.of(
                    "use-emulator",
                    Setting.Type.BOOLEAN,
                    "Whether the account is the one of the emulator on this machine, port 10000.")
            .inMaps("use_emulator")
            .variable("AZURE_STORAGE_USE_EMULATOR")
            .defaultsTo("false");

    static final Setting TRUST_ENDPOINT = Setting.of(
                    "trust-endpoint",
                    Setting.Type.BOOLEAN,
                    "Lets tokens that were found by Azure's chain go to a host that is not Microsoft's.")
            .inMaps("trust_endpoint")
            .variable("AZURE_STORAGE_TRUST_ENDPOINT")
            .defaultsTo("false");

    static final Setting SERVICE_VERSION = Setting.of(
                    "service-version",
                    Setting.Type.TEXT,
                    "The version of the service's interface that requests ask for; 2021-12-02 or later.")
            .inMaps("service_version")
            .variable("AZURE_STORAGE_SERVICE_VERSION")
            .defaultsTo(SERVICE_VERSION_DEFAULT);

    static final Setting CHECKSUM = Setting.of(
                    "checksum",
                    Setting.Type.TEXT,
                    "The digest that the service checks bytes by: crc64, md5 or none; by default crc64, and md5 where the account stands in the path, as emulators have it.")
            .inMaps("checksum")
            .oneOf("crc64", "md5", "none")
            .variable("AZURE_STORAGE_CHECKSUM");

    static final Setting ACCESS_TIER = Setting.of(
                    "access-tier",
                    Setting.Type.TEXT,
                    "The tier of objects whose writer names none: Hot, Cool, Cold or Archive; by default the account says.")
            .inMaps("access_tier", "storage_class")
            .oneOf("Hot", "Cool", "Cold", "Archive", "Smart")
            .variable("AZURE_STORAGE_ACCESS_TIER");

    static final Setting PUBLIC_URL = Setting.of(
                    "public-url", Setting.Type.URI, "The base of public URLs, such as a custom domain or a CDN.")
            .inMaps("public_url")
            .variable("AZURE_STORAGE_PUBLIC_URL");

    private AzureSettings() {}

    /** All of them, in the order of the reference page. */
    static List<Setting> all() {
        return List.of(
                CONTAINER,
                CONNECTION_STRING,
                ACCOUNT_URL,
                CREDENTIAL,
                ACCOUNT,
                ACCOUNT_KEY,
                SAS_TOKEN,
                ANONYMOUS,
                EMULATOR,
                TRUST_ENDPOINT,
                SERVICE_VERSION,
                CHECKSUM,
                ACCESS_TIER,
                PUBLIC_URL);
    }
}
