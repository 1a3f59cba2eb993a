package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which provider is chosen, in the order that the documentation promises. */
class ProviderChoiceTest {
    private static final Map<String, String> S3 = Map.of("S3_BUCKET", "example");
    private static final Map<String, String> R2 = Map.of(
            "R2_BUCKET_NAME", "example",
            "R2_ACCESS_KEY_ID", "testaccess",
            "R2_SECRET_ACCESS_KEY", "testsecret12345",
            "R2_ACCOUNT_ID", "exampleaccount");
    private static final Map<String, String> B2 = Map.of(
            "B2_BUCKET_NAME", "example",
            "B2_APPLICATION_KEY_ID", "testaccess",
            "B2_APPLICATION_KEY", "testsecret12345");

    @SafeVarargs
    private static Map<String, String> all(Map<String, String>... maps) {
        Map<String, String> all = new HashMap<>();
        for (Map<String, String> map : maps) {
            all.putAll(map);
        }
        return all;
    }

    private static StorageRegistry registry(Map<String, String> environment) {
        return StorageRegistry.of(environment).withProviders(FakeProvider.USUAL);
    }

    private static StorageRegistry withB2(Map<String, String> environment) {
        List<FakeProvider> providers = new ArrayList<>(FakeProvider.USUAL);
        providers.add(FakeProvider.B2);
        return StorageRegistry.of(environment).withProviders(providers);
    }

    private static Choice choice(Map<String, String> environment, List<FakeProvider> providers) {
        Sources sources = Sources.of(environment, Map.of());
        return new ProviderChoice(new ProviderDirectory(InstalledProviders.of(providers), sources), sources, null)
                .byDefault();
    }

    @Test
    void eachStepOfTheOrderWinsOverTheNext() {
        Map<String, String> environment = new HashMap<>(all(S3, R2, B2));
        environment.put("WASABI_BUCKET", "example");
        environment.put("WASABI_ACCESS_KEY", "testaccess");
        environment.put("WASABI_SECRET_KEY", "testsecret12345");
        environment.put("WASABI_REGION", "eu-central-1");
        assertThat(withB2(environment).getDefault().providerId()).isEqualTo("b2");
        environment.put("USE_R2_STORAGE", "yes");
        assertThat(withB2(environment).getDefault().providerId()).isEqualTo("r2");
        environment.put("STORAGE_PROVIDER", "wasabi");
        assertThat(withB2(environment).getDefault().providerId()).isEqualTo("wasabi");
        StorageRegistry property = withB2(environment).withSystemProperties(Map.of("anystore.provider", "aws"));
        assertThat(property.getDefault().providerId()).isEqualTo("s3");
        assertThat(property.withDefaultProvider("local").getDefault().providerId())
                .isEqualTo("local");
        assertThat(property.withDefaultProvider("local")
                        .withDefaultProvider(null)
                        .getDefault()
                        .providerId())
                .isEqualTo("s3");
    }

    @Test
    void b2IsRecommendedAndTheOthersAreNamedInAWarning() {
        List<FakeProvider> providers = List.of(FakeProvider.B2, FakeProvider.R2, FakeProvider.S3);
        assertThat(choice(B2, providers).warnings()).isEmpty();
        Choice choice = choice(all(B2, R2, S3), providers);
        assertThat(choice.resolution().installed().id()).isEqualTo("b2");
        assertThat(choice.warnings()).singleElement().asString().contains("s3 (S3_BUCKET)", "r2 (", "STORAGE_PROVIDER");
    }

    @Test
    void theOneOtherThatIsCompleteIsTaken() {
        assertThat(registry(R2).getDefault().providerId()).isEqualTo("r2");
        // Half of another one does not stand in its way.
        assertThat(registry(all(R2, Map.of("WASABI_REGION", "eu-central-1")))
                        .getDefault()
                        .providerId())
                .isEqualTo("r2");
        // An incomplete b2 is not recommended.
        assertThat(withB2(all(S3, Map.of("B2_BUCKET_NAME", "example")))
                        .getDefault()
                        .providerId())
                .isEqualTo("s3");
    }

    @Test
    void severalAreAnErrorThatListsThem() {
        assertThatThrownBy(() -> registry(all(R2, S3)).getDefault())
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining("s3 (S3_BUCKET)")
                .hasMessageContaining("r2 (R2_BUCKET_NAME)")
                .hasMessageContaining("set STORAGE_PROVIDER");
    }

    @Test
    void aHalfConfiguredCloudNeverTurnsIntoLocal() {
        for (String name : R2.keySet()) {
            assertThatThrownBy(() ->
                            registry(Map.of(name, R2.getOrDefault(name, ""))).getDefault())
                    .as(name)
                    .isInstanceOf(InvalidConfiguration.class)
                    .hasMessageContaining("r2 is begun by " + name);
        }
        assertThatThrownBy(() -> registry(Map.of("R2_BUCKET_NAME", "example")).getDefault())
                .hasMessageContaining("R2_ACCESS_KEY_ID is not set")
                .hasMessageContaining("R2_SECRET_ACCESS_KEY is not set")
                .hasMessageContaining("R2_ACCOUNT_ID is not set");
    }

    @ParameterizedTest
    @CsvSource({
        "GCS_BUCKET_NAME, storage-gcs",
        "GOOGLE_BUCKET, storage-gcs",
        "AZURE_CONTAINER, storage-azure",
        "B2_KEY_ID, storage-b2",
        "BACKBLAZE_APPLICATION_KEY_FILE, storage-b2"
    })
    void aCloudWhoseModuleIsAbsentNeverTurnsIntoLocal(String variable, String artifact) {
        assertThatThrownBy(() -> registry(Map.of(variable, "example")).getDefault())
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining("dev.anystore:" + artifact)
                .hasMessageContaining(variable);
    }

    @Test
    void nothingAtAllIsTheLocalFolderWithOneWarning() {
        Choice choice = choice(Map.of("HOME", "/home/example"), FakeProvider.USUAL);
        assertThat(choice.resolution().installed().id()).isEqualTo("local");
        String folder = java.nio.file.Path.of("storage-data").toAbsolutePath().toString();
        assertThat(choice.warnings()).singleElement().asString().contains(folder, "LOCAL_STORAGE_PATH");
    }

    @Test
    void aLocalFolderThatIsSetNeedsNoWarningAndNeverCompetes() {
        Choice choice = choice(Map.of("LOCAL_STORAGE_PATH", "/srv/objects"), FakeProvider.USUAL);
        assertThat(choice.resolution().installed().id()).isEqualTo("local");
        assertThat(choice.warnings()).isEmpty();
        assertThat(registry(all(R2, Map.of("LOCAL_STORAGE_PATH", "/srv/objects")))
                        .getDefault()
                        .providerId())
                .isEqualTo("r2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_REGION",
                "AWS_PROFILE",
                "AWS_ENDPOINT_URL",
                "GOOGLE_APPLICATION_CREDENTIALS",
                "GOOGLE_CLOUD_PROJECT",
                "AZURE_STORAGE_ACCOUNT_URL",
                "AZURE_STORAGE_CONNECTION_STRING",
                "AZURE_CLIENT_ID"
            })
    void whatLaptopsAndCloudMachinesCarryNeverCountsAlone(String variable) {
        assertThat(registry(Map.of(variable, "https://example")).getDefault().providerId())
                .isEqualTo("local");
    }

    @Test
    void theFlagsOfR2AndS3ChooseOrBar() {
        assertThat(registry(all(R2, S3, Map.of("USE_S3_STORAGE", "on")))
                        .getDefault()
                        .providerId())
                .isEqualTo("s3");
        assertThat(registry(all(R2, S3, Map.of("USE_R2_STORAGE", "0")))
                        .getDefault()
                        .providerId())
                .isEqualTo("s3");
        assertThat(registry(all(R2, Map.of("USE_R2_STORAGE", "off")))
                        .getDefault()
                        .providerId())
                .isEqualTo("local");
        // Empty is unset, and a provider that is named makes the flags meaningless.
        assertThat(registry(all(R2, Map.of("USE_R2_STORAGE", " "))).getDefault().providerId())
                .isEqualTo("r2");
        assertThat(registry(all(R2, S3, Map.of("USE_R2_STORAGE", "true", "STORAGE_PROVIDER", "s3")))
                        .getDefault()
                        .providerId())
                .isEqualTo("s3");
        assertThatThrownBy(() -> registry(Map.of("USE_R2_STORAGE", "true", "USE_S3_STORAGE", "1"))
                        .getDefault())
                .hasMessageContaining("USE_R2_STORAGE and USE_S3_STORAGE are both true");
        assertThatThrownBy(() -> registry(Map.of("USE_R2_STORAGE", "maybe")).getDefault())
                .hasMessageContaining("USE_R2_STORAGE (\"maybe\") is neither true");
        assertThatThrownBy(() -> registry(Map.of("USE_R2_STORAGE", "true")).getDefault())
                .hasMessageContaining("R2_BUCKET_NAME is not set");
    }

    @ParameterizedTest
    @CsvSource({
        "s33, s3",
        "wasaby, wasabi",
        "clodflare, cloudflare",
        "locla, local",
        "azure_blobs, azure_blob",
        "bakblaze, backblaze"
    })
    void anUnknownProviderGetsAGuess(String written, String meant) {
        assertThatThrownBy(() -> registry(Map.of("STORAGE_PROVIDER", written)).getDefault())
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining("unknown provider \"" + written + "\" in STORAGE_PROVIDER")
                .hasMessageContaining("did you mean " + meant + "?");
        assertThatThrownBy(() -> registry(Map.of()).withDefaultProvider(written))
                .hasMessageContaining("did you mean " + meant + "?");
    }

    @Test
    void anUnknownProviderThatResemblesNoneGetsTheList() {
        assertThatThrownBy(() -> registry(Map.of()).getProvider("xyzzy-plugh"))
                .hasMessageContaining("there are local, s3, r2, wasabi, spaces, b2, b2-s3, gcs, azure, memory")
                .hasMessageNotContaining("did you mean");
    }

    @Test
    void b2WithoutItsModuleGoesByItsS3EndpointWhereTheRegionIsKnown() {
        Choice choice = choice(all(B2, Map.of("B2_REGION", "us-west-004")), FakeProvider.USUAL);
        assertThat(choice.resolution().installed().id()).isEqualTo("b2-s3");
        assertThat(choice.infos()).singleElement().asString().contains("b2-s3", "dev.anystore:storage-b2");
        assertThat(registry(all(B2, Map.of("B2_REGION", "us-west-004")))
                        .getProvider("backblaze")
                        .providerId())
                .isEqualTo("b2-s3");
        // With both modules b2 is b2, and its stand-in does not compete.
        assertThat(withB2(all(B2, Map.of("B2_REGION", "us-west-004")))
                        .getDefault()
                        .providerId())
                .isEqualTo("b2");
        assertThatThrownBy(() -> registry(B2).getDefault())
                .hasMessageContaining("dev.anystore:storage-b2 is not on the class path")
                .hasMessageContaining("set B2_REGION");
        assertThatThrownBy(() -> registry(B2).getProvider("b2")).hasMessageContaining("set B2_REGION");
        assertThatThrownBy(() -> StorageRegistry.of(B2)
                        .withProviders(List.of(FakeProvider.LOCAL))
                        .getProvider("b2"))
                .hasMessageContaining("dev.anystore:storage-b2")
                .hasMessageNotContaining("B2_REGION");
    }

    @Test
    void aConfiguredProviderIsFoundAnUntouchedOneIsNotAndHalfOfOneThrows() {
        assertThat(registry(R2).findProvider("r2")).isPresent();
        assertThat(registry(R2).findProvider("wasabi")).isEmpty();
        assertThat(registry(R2).findProvider("gcs")).isEmpty();
        assertThat(registry(R2).findProvider("local")).isEmpty();
        assertThat(registry(R2).findProvider("memory")).isPresent();
        assertThat(registry(Map.of("AWS_ACCESS_KEY_ID", "testaccess")).findProvider("s3"))
                .isEmpty();
        assertThatThrownBy(() -> registry(Map.of("R2_BUCKET", "example")).findProvider("r2"))
                .isInstanceOf(InvalidConfiguration.class);
        assertThatThrownBy(() -> registry(Map.of("GCS_BUCKET_NAME", "example")).findProvider("gcs"))
                .hasMessageContaining("dev.anystore:storage-gcs");
        assertThatThrownBy(() -> registry(R2).findProvider("r22")).hasMessageContaining("did you mean r2?");
    }

    @Test
    void theListTellsOfEachProviderWhatItIsMissing() {
        List<ProviderInfo> list = registry(R2).listProviders();
        assertThat(list)
                .extracting(ProviderInfo::id)
                .containsExactly("local", "s3", "r2", "wasabi", "spaces", "b2", "b2-s3", "gcs", "azure", "memory");
        assertThat(list)
                .filteredOn(ProviderInfo::recommended)
                .extracting(ProviderInfo::id)
                .containsExactly("b2");
        assertThat(list)
                .filteredOn(info -> !info.installed())
                .extracting(ProviderInfo::id)
                .containsExactly("b2", "gcs", "azure");
        ProviderInfo r2 = list.get(2);
        assertThat(r2.configured()).isTrue();
        assertThat(r2.missing()).isEmpty();
        assertThat(r2.aliases()).containsExactly("cloudflare", "cloudflare_r2");
        ProviderInfo wasabi = list.get(3);
        assertThat(wasabi.configured()).isFalse();
        assertThat(wasabi.missing())
                .containsExactly(
                        "WASABI_BUCKET is not set",
                        "WASABI_ACCESS_KEY is not set",
                        "WASABI_SECRET_KEY is not set",
                        "WASABI_REGION is not set");
        ProviderInfo azure = list.get(8);
        assertThat(azure.missing())
                .containsExactly(
                        "dev.anystore:storage-azure is not on the class path: add it",
                        "AZURE_CONTAINER_NAME is not set",
                        "AZURE_STORAGE_ACCOUNT_URL is not set");
    }

    @Test
    void aProviderOfSomebodyElseTakesPartWithItsOwnNames() {
        FakeProvider theirs = new FakeProvider(
                "attic",
                "Attic",
                List.of(),
                List.of("attic"),
                List.of(FakeProvider.bucket("ATTIC_BUCKET")),
                List.of(List.of("bucket")));
        StorageRegistry registry = StorageRegistry.of(Map.of("ATTIC_BUCKET", "example"))
                .withProviders(List.of(theirs, FakeProvider.LOCAL));
        assertThat(registry.getDefault().providerId()).isEqualTo("attic");
        assertThat(registry.listProviders()).extracting(ProviderInfo::id).endsWith("memory", "attic");
    }

    @Test
    void withoutEvenTheLocalModuleTheErrorNamesIt() {
        assertThatThrownBy(() ->
                        StorageRegistry.of(Map.of()).withProviders(List.of()).getDefault())
                .hasMessageContaining("dev.anystore:storage-local is not on the class path");
    }
}
