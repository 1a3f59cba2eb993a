package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.InstalledProviders.Installed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, families, files and types: how the values of one provider are found. */
class SettingsResolutionTest {
    private static Resolution resolve(FakeProvider provider, String... pairs) {
        return SettingsResolver.resolve(Installed.of(provider), provider.id(), Sources.of(map(pairs), Map.of()));
    }

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static Resolution s3(String... pairs) {
        String[] all = java.util.Arrays.copyOf(pairs, pairs.length + 2);
        all[pairs.length] = "S3_BUCKET";
        all[pairs.length + 1] = "example";
        return resolve(FakeProvider.S3, all);
    }

    private static @org.jspecify.annotations.Nullable String value(Resolution resolution, String setting) {
        return resolution.settings().find(((FakeProvider) resolution.installed().provider()).setting(setting));
    }

    @Test
    void theNameThatSaysMoreStaysWhenTheSameProviderIsAskedForById() {
        assertThat(s3("STORAGE_PROVIDER", "minio").settings().requestedName()).isEqualTo("minio");
        assertThat(s3("STORAGE_PROVIDER", "r2").settings().requestedName()).isEqualTo("s3");
        assertThat(s3().settings().requestedName()).isEqualTo("s3");
    }

    @Test
    void emptyAndBlankAreUnset() {
        assertThat(resolve(FakeProvider.R2, "R2_BUCKET_NAME", "", "R2_BUCKET", "  ")
                        .begunBy())
                .isNull();
        assertThat(value(s3("AWS_REGION", "", "AWS_S3_REGION", "eu-west-1"), "region"))
                .isEqualTo("eu-west-1");
    }

    @Test
    void namesAndUrlsAreTrimmed() {
        Resolution resolution = s3("AWS_REGION", " eu-west-1\n", "S3_PUBLIC_URL", " https://cdn.example ");
        assertThat(resolution.problems()).isEmpty();
        assertThat(value(resolution, "region")).isEqualTo("eu-west-1");
        assertThat(value(resolution, "public-url")).isEqualTo("https://cdn.example");
    }

    @Test
    void twoNamesWithDifferentValuesAreAnErrorThatNamesBoth() {
        Resolution resolution = s3("AWS_REGION", "eu-west-1", "AWS_S3_REGION", "us-east-1");
        assertThat(resolution.problems())
                .containsExactly("AWS_REGION and AWS_S3_REGION have different values; unset one of them");
        assertThat(s3("AWS_REGION", "eu-west-1", "AWS_S3_REGION", "eu-west-1").problems())
                .isEmpty();
        assertThat(s3("S3_BUCKET", "example", "AWS_BUCKET", "other").problems())
                .containsExactly("S3_BUCKET and AWS_BUCKET have different values; unset one of them");
    }

    @Test
    void oneValueWrittenInTwoWaysIsNoConflict() {
        assertThat(resolve(
                                FakeProvider.R2,
                                "R2_PUBLIC_URL",
                                "https://cdn.example/",
                                "R2_CDN_DOMAIN",
                                "cdn.example",
                                "R2_BUCKET_NAME",
                                "example",
                                "R2_ACCESS_KEY_ID",
                                "testaccess",
                                "R2_SECRET_ACCESS_KEY",
                                "testsecret12345",
                                "R2_ACCOUNT_ID",
                                "exampleaccount")
                        .problems())
                .isEmpty();
        assertThat(s3("S3_PATH_STYLE", "yes", "AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "FALSE")
                        .problems())
                .isEmpty();
    }

    @Test
    void leniencyLetsTheCanonicalNameWinWithAWarning() {
        Resolution resolution =
                s3("AWS_S3_REGION", "us-east-1", "AWS_REGION", "eu-west-1", "STORAGE_ENV_LENIENT", "true");
        assertThat(resolution.problems()).isEmpty();
        assertThat(value(resolution, "region")).isEqualTo("eu-west-1");
        assertThat(resolution.warnings()).singleElement().asString().contains("AWS_REGION and AWS_S3_REGION");
        assertThat(s3("STORAGE_ENV_LENIENT", "perhaps").problems())
                .singleElement()
                .asString()
                .startsWith("STORAGE_ENV_LENIENT (\"perhaps\") is neither true");
    }

    @Test
    void amazonsOwnPrecedenceIsNoConflict() {
        Resolution resolution = s3(
                "AWS_REGION", "eu-west-1",
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_ENDPOINT_URL_S3", "https://s3.example",
                "AWS_ENDPOINT_URL", "https://all.example");
        assertThat(resolution.problems()).isEmpty();
        assertThat(value(resolution, "region")).isEqualTo("eu-west-1");
        assertThat(value(resolution, "endpoint-url")).isEqualTo("https://s3.example");
        assertThat(value(s3("AWS_DEFAULT_REGION", "us-east-1"), "region")).isEqualTo("us-east-1");
        assertThat(s3("AWS_DEFAULT_REGION", "us-east-1", "AWS_S3_REGION", "eu-west-1")
                        .problems())
                .hasSize(1);
    }

    @Test
    void anIdNeverMeetsTheSecretOfAnotherFamily() {
        Resolution resolution = s3("AWS_ACCESS_KEY_ID", "testaccess", "AWS_SECRET_KEY", "testsecret12345");
        assertThat(resolution.problems())
                .containsExactly(
                        "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY; they come from one family of names");
        assertThat(resolve(FakeProvider.B2, "B2_KEY_ID", "testaccess", "BACKBLAZE_APPLICATION_KEY", "testsecret12345")
                        .problems())
                .anyMatch(problem -> problem.startsWith("B2_KEY_ID is set without B2_APPLICATION_KEY"));
    }

    @Test
    void halfAFamilyIsAnErrorEvenWhereNothingElseIsSet() {
        assertThat(s3("AWS_SECRET_KEY", "testsecret12345").problems())
                .containsExactly("AWS_SECRET_KEY is set without AWS_ACCESS_KEY; they come from one family of names");
    }

    @Test
    void theFirstWholeFamilyIsTaken() {
        Resolution resolution = s3(
                "AWS_ACCESS_KEY_ID", "testaccess",
                "AWS_ACCESS_KEY", "testaccess",
                "AWS_SECRET_KEY", "testsecret12345");
        assertThat(resolution.problems()).isEmpty();
        assertThat(resolution.settings().origins())
                .containsEntry("access-key-id", "AWS_ACCESS_KEY")
                .containsEntry("secret-access-key", "AWS_SECRET_KEY");
        assertThat(s3(
                                "AWS_ACCESS_KEY_ID", "testaccess",
                                "AWS_SECRET_ACCESS_KEY", "testsecret12345",
                                "AWS_ACCESS_KEY", "another",
                                "AWS_SECRET_KEY", "testsecret12345")
                        .problems())
                .containsExactly("AWS_ACCESS_KEY_ID and AWS_ACCESS_KEY have different values; unset one of them");
    }

    @Test
    void aTokenJoinsItsPairAndNoOther() {
        Resolution joined = s3(
                "AWS_ACCESS_KEY_ID", "testaccess",
                "AWS_SECRET_ACCESS_KEY", "testsecret12345",
                "AWS_SESSION_TOKEN", "testtoken");
        assertThat(joined.problems()).isEmpty();
        assertThat(value(joined, "session-token")).isEqualTo("testtoken");
        assertThat(value(s3("AWS_SESSION_TOKEN", "testtoken"), "session-token")).isNull();
        assertThat(value(
                        s3(
                                "AWS_ACCESS_KEY", "testaccess",
                                "AWS_SECRET_KEY", "testsecret12345",
                                "AWS_SESSION_TOKEN", "testtoken"),
                        "session-token"))
                .isNull();
    }

    @Test
    void twoNamesOfOneFamilyServeOnePair() {
        Resolution resolution = resolve(
                FakeProvider.B2,
                "B2_KEY_ID",
                "testaccess",
                "B2_APPLICATION_KEY",
                "testsecret12345",
                "B2_BUCKET",
                "example");
        assertThat(resolution.problems()).isEmpty();
        assertThat(value(resolution, "access-key-id")).isEqualTo("testaccess");
    }

    @ParameterizedTest
    @CsvSource({"1,true", "TRUE,true", "Yes,true", "oN,true", "0,false", "False,false", "no,false", "OFF,false"})
    void switchesAreReadInAnyCase(String written, boolean meant) {
        assertThat(value(s3("S3_PATH_STYLE", written), "path-style")).isEqualTo(Boolean.toString(meant));
        assertThat(value(s3("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", written), "path-style"))
                .isEqualTo(Boolean.toString(!meant));
    }

    @Test
    void aSwitchThatIsNeitherIsAnError() {
        assertThat(s3("S3_PATH_STYLE", "maybe").problems())
                .containsExactly("S3_PATH_STYLE (\"maybe\") is neither true (1, yes, on) nor false (0, no, off)");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        Resolution resolution = resolve(
                FakeProvider.R2,
                "R2_ACCESS_KEY_ID",
                "testaccess",
                "R2_ENDPOINT_URL",
                "ht tp://",
                "STORAGE_ATTEMPTS",
                "0",
                "STORAGE_PART_BYTES",
                "8MB",
                "STORAGE_STALL_TIMEOUT",
                "soon");
        assertThat(resolution.problems())
                .containsExactlyInAnyOrder(
                        "R2_ACCESS_KEY_ID is set without R2_SECRET_ACCESS_KEY; they come from one family of names",
                        "R2_ENDPOINT_URL is not a URL such as https://host",
                        "STORAGE_ATTEMPTS (\"0\") is outside 1 to 10000",
                        "STORAGE_PART_BYTES (\"8MB\") is not a size such as 8388608, 8MiB or 1GiB",
                        "STORAGE_STALL_TIMEOUT (\"soon\") is not a duration such as 20s, 500ms, 5m or PT20S",
                        "R2_BUCKET_NAME is not set",
                        "R2_ACCOUNT_ID is not set");
        assertThatThrownBy(() -> resolution.config(""))
                .isInstanceOfSatisfying(InvalidConfiguration.class, e -> assertThat(e.problems())
                        .hasSize(7)
                        .allSatisfy(problem -> assertThat(e).hasMessageContaining(problem)));
    }

    @Test
    void aSystemPropertyStandsAboveTheEnvironmentAndBelowNothingElse() {
        Map<String, String> environment =
                map("S3_BUCKET", "example", "AWS_REGION", "eu-west-1", "STORAGE_ATTEMPTS", "3");
        StorageRegistry registry = StorageRegistry.of(environment)
                .withProviders(List.of(FakeProvider.S3))
                .withSystemProperties(map(
                        "anystore.s3.region", "us-east-1",
                        "anystore.attempts", "7",
                        "anystore.s3.attempts", "9",
                        "unrelated", "x"));
        StorageConfig config = registry.getProvider("s3");
        assertThat(config.region()).contains("us-east-1");
        assertThat(config.origins()).containsEntry("region", "anystore.s3.region");
        assertThat(config.options(StoreOptions.DEFAULT).attempts()).hasValue(9);
        assertThat(registry.withSystemProperties(map("anystore.attempts", "7"))
                        .getProvider("s3")
                        .options(StoreOptions.DEFAULT)
                        .attempts())
                .hasValue(7);
        assertThatThrownBy(() -> registry.withSystemProperties(map("anystore.s3.regoin", "x"))
                        .getProvider("s3"))
                .hasMessageContaining("anystore.s3.regoin is not a setting of s3; did you mean region?");
    }

    @Test
    void aPairOfPropertiesLeavesThePairOfTheEnvironmentAlone() {
        Map<String, String> environment = map(
                "S3_BUCKET", "example",
                "AWS_ACCESS_KEY_ID", "testaccess",
                "AWS_SECRET_ACCESS_KEY", "testsecret12345",
                "AWS_SESSION_TOKEN", "testtoken");
        StorageRegistry registry = StorageRegistry.of(environment).withProviders(List.of(FakeProvider.S3));
        StorageConfig config = registry.withSystemProperties(
                        map("anystore.s3.access-key-id", "other", "anystore.s3.secret-access-key", "testsecret67890"))
                .getProvider("s3");
        assertThat(config.origins())
                .containsEntry("secret-access-key", "anystore.s3.secret-access-key")
                .doesNotContainKey("session-token");
        assertThatThrownBy(() -> registry.withSystemProperties(map("anystore.s3.access-key-id", "other"))
                        .getProvider("s3"))
                .hasMessageContaining("anystore.s3.access-key-id is set without secret_access_key");
    }

    @Test
    void amazonsCredentialsReachNobodyElse() {
        String[] amazon = {
            "AWS_ACCESS_KEY_ID", "testaccess",
            "AWS_SECRET_ACCESS_KEY", "testsecret12345",
            "AWS_SESSION_TOKEN", "testtoken",
            "AWS_REGION", "eu-west-1",
            "AWS_ENDPOINT_URL", "https://other.example",
            "AWS_PROFILE", "example",
            "HTTPS_PROXY", "http://127.0.0.1:3128",
        };
        for (FakeProvider provider : List.of(
                FakeProvider.R2, FakeProvider.WASABI, FakeProvider.SPACES, FakeProvider.B2, FakeProvider.B2_S3)) {
            Resolution resolution = resolve(provider, amazon);
            assertThat(resolution.begunBy()).as(provider.id()).isNull();
            assertThat(resolution.settings().origins()).as(provider.id()).isEmpty();
            assertThat(resolution.settings().environment()).containsOnlyKeys("HTTPS_PROXY");
        }
        assertThat(resolve(FakeProvider.S3, amazon).settings().environment()).containsKey("AWS_PROFILE");
    }

    @Test
    void aMountedSecretIsReadWithoutItsLineEnd(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "testsecret12345\n");
        Path id = Files.writeString(folder.resolve("id"), "testaccess\r\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), secret);
        Resolution resolution = s3("AWS_ACCESS_KEY_FILE", id.toString(), "AWS_SECRET_KEY_FILE", " " + link);
        assertThat(resolution.problems()).isEmpty();
        assertThat(value(resolution, "secret-access-key")).isEqualTo("testsecret12345");
        assertThat(value(resolution, "access-key-id")).isEqualTo("testaccess");
        assertThat(resolution.settings().origins()).containsEntry("secret-access-key", "AWS_SECRET_KEY_FILE");

        assertThat(s3(
                                "AWS_ACCESS_KEY", "testaccess",
                                "AWS_SECRET_KEY", "other",
                                "AWS_SECRET_KEY_FILE", secret.toString())
                        .problems())
                .containsExactly("AWS_SECRET_KEY and AWS_SECRET_KEY_FILE have different values; unset one of them");
    }

    @Test
    void aFileThatHoldsNoSecretIsAnErrorThatNamesItsVariable(@TempDir Path folder) throws Exception {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path large = Files.write(folder.resolve("large"), new byte[65537]);
        Map<String, String> problems = Map.of(
                binary.toString(),
                "names a file that is not UTF-8 text",
                empty.toString(),
                "names an empty file",
                large.toString(),
                "names a file of more than 64 KiB",
                folder.toString(),
                "does not name a regular file",
                folder.resolve("absent").toString(),
                "names a file that does not exist",
                "testsecret12345",
                "names a file that does not exist");
        problems.forEach((file, problem) -> assertThat(s3("AWS_ACCESS_KEY", "testaccess", "AWS_SECRET_KEY_FILE", file)
                        .problems())
                .as(file)
                .containsExactly("AWS_SECRET_KEY_FILE " + problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"test\nsecret", " testsecret", "testsecret ", "testsecret\n\n", "\ttestsecret", "test\0secret"})
    void aSecretWithABlankAroundOrALineEndInsideIsAnErrorThatDoesNotShowIt(String secret) throws Exception {
        Resolution resolution = s3("AWS_ACCESS_KEY_ID", "testaccess", "AWS_SECRET_ACCESS_KEY", secret);
        assertThat(resolution.problems())
                .singleElement()
                .asString()
                .startsWith("AWS_SECRET_ACCESS_KEY ")
                .doesNotContain("secret");
    }

    @Test
    void aSecretOfTheEnvironmentMayEndInOneLineEnd() {
        Resolution resolution = s3("AWS_ACCESS_KEY_ID", "testaccess", "AWS_SECRET_ACCESS_KEY", "testsecret12345\n");
        assertThat(resolution.problems()).isEmpty();
        assertThat(value(resolution, "secret-access-key")).isEqualTo("testsecret12345");
    }

    @Test
    void aProviderWhoseCheckFailsIsIncompleteAndHarmsNobody() {
        FakeProvider rude = new FakeProvider(
                "rude",
                "Rude",
                List.of(),
                List.of(),
                List.of(FakeProvider.bucket("RUDE_BUCKET")),
                List.of(List.of("a setting that it does not declare")));
        StorageRegistry registry = StorageRegistry.of(map("S3_BUCKET", "example", "RUDE_BUCKET", "example"))
                .withProviders(List.of(rude, FakeProvider.S3));
        assertThat(registry.getDefault().providerId()).isEqualTo("s3");
        assertThatThrownBy(() -> registry.getProvider("rude"))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining("NoSuchElementException");
    }

    @Test
    void textIsUtf8InFiles(@TempDir Path folder) throws Exception {
        Path secret = Files.write(folder.resolve("secret"), "pässword".getBytes(StandardCharsets.UTF_8));
        assertThat(value(
                        s3("AWS_ACCESS_KEY", "testaccess", "AWS_SECRET_KEY_FILE", secret.toString()),
                        "secret-access-key"))
                .isEqualTo("pässword");
    }
}
