package dev.anystore.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anystore.InvalidConfiguration;
import dev.anystore.ProviderInfo;
import dev.anystore.StorageConfig;
import dev.anystore.StorageRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What settings lead to, and what is said of those that lead nowhere. */
class AzureConfigTest {
    private static final String KEY = TestServer.KEY;
    private static final String SAS =
            "sv=2022-11-02&ss=b&srt=co&sp=rl&se=2030-01-01T00:00:00Z&sig=c2VjcmV0LXNpZw%3D%3D";

    private static Map<String, String> env(String... pairs) {
        Map<String, String> env = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            env.put(pairs[i], pairs[i + 1]);
        }
        return env;
    }

    private static StorageConfig config(String... pairs) {
        return StorageRegistry.of(env(pairs)).getProvider("azure");
    }

    private static AzureConfig read(String... namesAndValues) {
        return AzureConfig.read(TestServer.providerSettings(env(namesAndValues)));
    }

    private static List<String> problems(String... namesAndValues) {
        InvalidConfiguration e = catchThrowableOfType(InvalidConfiguration.class, () -> read(namesAndValues));
        assertThat(e).as("no problem").isNotNull();
        assertThat(e.getMessage()).doesNotContain(KEY).doesNotContain("c2VjcmV0");
        return e.problems();
    }

    @Test
    void theEnvironmentOfAnApplicationResolvesUnchanged() {
        Map<String, String> block = env(
                "AZURE_STORAGE_ACCOUNT_URL", "https://example.blob.core.windows.net",
                "AZURE_STORAGE_CREDENTIAL", KEY,
                "AZURE_CONTAINER_NAME", "invoices",
                "GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json",
                "AWS_ACCESS_KEY", "testaccess",
                "AWS_SECRET_KEY", "testsecret12345");
        for (String name : List.of("azure", "azure_blob", "azblob")) {
            StorageConfig config = StorageRegistry.of(block).getProvider(name);
            assertThat(config.providerId()).isEqualTo("azure");
            assertThat(config.bucket()).isEqualTo("invoices");
            assertThat(config.endpoint()).hasToString("Optional[https://example.blob.core.windows.net]");
            assertThat(config.toString()).doesNotContain(KEY);
        }
        block.put("STORAGE_PROVIDER", "azure");
        assertThat(StorageRegistry.of(block).getDefault().providerId()).isEqualTo("azure");
    }

    @Test
    void aContainerLetsTheProviderTakePartAndNothingElseDoes() {
        Map<String, String> account = env("AZURE_STORAGE_ACCOUNT", "example", "AZURE_STORAGE_KEY", KEY);
        InvalidConfiguration none = catchThrowableOfType(
                InvalidConfiguration.class, () -> StorageRegistry.of(account).getDefault());
        assertThat(none.getMessage()).contains("no provider is configured");
        account.put("AZURE_CONTAINER", "invoices");
        assertThat(StorageRegistry.of(account).getDefault().providerId()).isEqualTo("azure");
    }

    /** What is known of a provider that is not there must be what it declares when it is. */
    @Test
    void withoutTheRoomTheSameVariablesMeanTheSame() {
        Set<String> begins = new TreeSet<>();
        Set<String> account = new TreeSet<>();
        AzureSettings.all().forEach(setting -> setting.variables().forEach(variable -> {
            if (setting.begins()) {
                begins.add(variable.name());
            }
        }));
        for (var setting : List.of(AzureSettings.ACCOUNT_URL, AzureSettings.CONNECTION_STRING, AzureSettings.ACCOUNT)) {
            setting.variables().forEach(variable -> account.add(variable.name()));
        }
        assertThat(begins).containsExactlyInAnyOrder("AZURE_CONTAINER_NAME", "AZURE_CONTAINER");
        assertThat(account)
                .containsExactlyInAnyOrder(
                        "AZURE_STORAGE_ACCOUNT_URL",
                        "AZURE_STORAGE_ENDPOINT",
                        "AZURE_STORAGE_CONNECTION_STRING",
                        "AZURE_STORAGE_ACCOUNT",
                        "AZURE_STORAGE_ACCOUNT_NAME",
                        "AZURE_ACCOUNT_NAME");
        // Complete by any of these, if the room is not there: then what is missing is the room alone.
        for (String variable : account) {
            Map<String, String> set = env("AZURE_CONTAINER", "invoices", variable, "x");
            assertThat(StorageRegistry.of(set).listProviders().stream()
                            .filter(info -> info.id().equals("azure"))
                            .map(ProviderInfo::id))
                    .containsExactly("azure");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // account-url, account, origin, base path, account
        "https://example.blob.core.windows.net, , https://example.blob.core.windows.net, '', example",
        "https://example.blob.core.windows.net/, example, https://example.blob.core.windows.net, '', example",
        "https://Example.Blob.Core.Windows.Net, , https://example.blob.core.windows.net, '', example",
        "https://example-secondary.blob.core.windows.net, , https://example-secondary.blob.core.windows.net, '', example",
        "https://example.blob.core.chinacloudapi.cn, , https://example.blob.core.chinacloudapi.cn, '', example",
        "https://example.blob.core.usgovcloudapi.net, , https://example.blob.core.usgovcloudapi.net, '', example",
        "https://example.z12.blob.storage.azure.net, , https://example.z12.blob.storage.azure.net, '', example",
        "http://127.0.0.1:10000/devstoreaccount1, , http://127.0.0.1:10000, /devstoreaccount1, devstoreaccount1",
        "https://blobs.example.com, example, https://blobs.example.com, '', example",
        ", example, https://example.blob.core.windows.net, '', example",
    })
    void anAccountIsFound(String url, String account, String origin, String base, String found) {
        Map<String, String> settings = env("container", "ctr", "account-key", KEY);
        if (url != null) {
            settings.put("account-url", url);
        }
        if (account != null) {
            settings.put("account", account);
        }
        AzureConfig config = AzureConfig.read(TestServer.providerSettings(settings));
        assertThat(config.origin()).hasToString(origin);
        assertThat(config.basePath()).isEqualTo(base);
        assertThat(config.account()).isEqualTo(found);
        assertThat(config.access())
                .isEqualTo(read("container", "ctr", "account", found, "account-key", KEY)
                        .access());
    }

    @Test
    void aConnectionStringHasAllThatIsNeeded() {
        String whole = "DefaultEndpointsProtocol=https;AccountName=example;AccountKey=" + KEY
                + ";EndpointSuffix=core.windows.net";
        AzureConfig config = read("container", "ctr", "connection-string", whole);
        assertThat(config.origin()).hasToString("https://example.blob.core.windows.net");
        assertThat(config.access()).isInstanceOf(Access.SharedKey.class);
        AzureConfig custom = read(
                "container",
                "ctr",
                "connection-string",
                "BlobEndpoint=https://blobs.example.com/;SharedAccessSignature=" + SAS);
        assertThat(custom.origin()).hasToString("https://blobs.example.com");
        assertThat(custom.access()).isInstanceOf(Access.Signature.class);
        assertThat(read("container", "ctr", "connection-string", "usedevelopmentstorage=TRUE;")
                        .where())
                .isEqualTo("127.0.0.1:10000/devstoreaccount1");
        assertThat(read("container", "ctr", "use-emulator", "true").where())
                .isEqualTo("127.0.0.1:10000/devstoreaccount1");
        assertThat(read("container", "ctr", "credential", whole).origin())
                .as("a connection string where a credential was asked for")
                .hasToString("https://example.blob.core.windows.net");
        assertThat(config("AZURE_CONTAINER_NAME", "ctr", "AZURE_STORAGE_CONNECTION_STRING", whole)
                        .toString())
                .doesNotContain(KEY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AccountName=example;EndpointSuffix=core.windows.net | neither AccountKey nor SharedAccessSignature",
                "AccountKey=dGVzdA==;EndpointSuffix=core.windows.net | has no AccountName",
                "AccountName=example;AccountKey=not base64! | is not Base64",
                "AccountName=example;AccountKey= | neither AccountKey nor SharedAccessSignature",
                "AccountName=example;AccountName=other;AccountKey=dGVzdA== | has accountname twice",
                "just some words | not of the form name=value",
                "AccountName=example;AccountKey=dGVzdA==;SharedAccessSignature=sig=x | both AccountKey and SharedAccessSignature",
                "AccountName=example;AccountKey=dGVzdA==;DefaultEndpointsProtocol=ftp | neither https nor http",
                "AccountName=example;AccountKey=dGVzdA==;DefaultEndpointsProtocol=http | plain http",
                "BlobEndpoint=https://169.254.169.254/;SharedAccessSignature=sv=1&sp=r&sig=x | link-local",
                "BlobEndpoint=https://blobs.example.com/;SharedAccessSignature=sv=1&sp=r | without its signature",
            })
    void aConnectionStringWithAMissingPartIsSaid(String text, String problem) {
        assertThat(problems("container", "ctr", "connection-string", text))
                .anySatisfy(each ->
                        assertThat(each).startsWith("connection-string ").contains(problem));
    }

    @Test
    void aCredentialIsRecognisedByItsForm() {
        String url = "https://example.blob.core.windows.net";
        assertThat(read("container", "ctr", "account-url", url, "credential", KEY)
                        .access())
                .isInstanceOf(Access.SharedKey.class);
        assertThat(read("container", "ctr", "account-url", url, "credential", SAS)
                        .access())
                .isInstanceOf(Access.Signature.class);
        assertThat(read("container", "ctr", "account-url", url, "credential", "?" + SAS)
                        .access())
                .isEqualTo(read("container", "ctr", "account-url", url, "sas-token", SAS)
                        .access());
        assertThat(read("container", "ctr", "account-url", url).access())
                .as("the chain is asked")
                .isNull();
        assertThat(read("container", "ctr", "account-url", url, "anonymous", "true")
                        .access())
                .isInstanceOf(Access.None.class);
        assertThat(problems("container", "ctr", "account-url", url, "credential", "eyJ0eXAiOiJKV1QifQ.e30.x"))
                .singleElement()
                .asString()
                .contains("token", "azure-identity");
        assertThat(problems("container", "ctr", "account-url", url, "credential", "my-secret-word"))
                .singleElement()
                .asString()
                .contains("is not Base64", "sig=")
                .doesNotContain("my-secret-word");
    }

    @Test
    void whatDoesNotFitTogetherIsRefusedAllAtOnce() {
        String url = "https://example.blob.core.windows.net";
        assertThat(problems()).hasSize(2);
        assertThat(problems("container", "Not A Container", "account", "UPPER")).hasSize(2);
        assertThat(problems("container", "ctr", "account-url", url, "account", "other"))
                .singleElement()
                .asString()
                .contains("another account");
        assertThat(problems("container", "ctr", "account-url", url, "account-key", KEY, "sas-token", SAS))
                .singleElement()
                .asString()
                .contains("account-key and sas-token are different credentials");
        assertThat(problems("container", "ctr", "account-url", url + "/ctr", "account-key", KEY))
                .singleElement()
                .asString()
                .contains("path");
        assertThat(problems("container", "ctr", "account-url", url + "/?" + SAS))
                .singleElement()
                .asString()
                .contains("AZURE_STORAGE_SAS_TOKEN");
        assertThat(problems("container", "ctr", "account-url", "https://blobs.example.com", "account-key", KEY))
                .singleElement()
                .asString()
                .contains("AZURE_STORAGE_ACCOUNT is not set");
        assertThat(problems("container", "ctr", "account", "example", "service-version", "2019-12-12"))
                .singleElement()
                .asString()
                .contains("2021-12-02");
        assertThat(problems("container", "ctr", "account", "example", "service-version", "newest"))
                .singleElement()
                .asString()
                .contains("no version");
        assertThat(problems(
                        "container", "ctr",
                        "account-url", "https://other.blob.core.windows.net",
                        "connection-string", "AccountName=example;AccountKey=" + KEY))
                .singleElement()
                .asString()
                .contains("leave one of them out");
    }

    @Test
    void emulatorsAreCheckedByMd5AndTheServiceByCrc64() {
        assertThat(read("container", "ctr", "account", "example", "account-key", KEY)
                        .checks())
                .isEqualTo(Checks.CRC64);
        assertThat(read("container", "ctr", "connection-string", "UseDevelopmentStorage=true")
                        .checks())
                .isEqualTo(Checks.MD5);
        assertThat(read("container", "ctr", "account", "example", "account-key", KEY, "checksum", "none")
                        .checks())
                .isEqualTo(Checks.NONE);
    }
}
