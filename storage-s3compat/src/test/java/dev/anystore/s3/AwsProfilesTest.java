package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/** The files of profiles, read as AWS's own reader reads them. */
class AwsProfilesTest {
    private static final List<String> LINES = List.of(
            "[default]",
            "[profile default]",
            "[profile  spaced ]",
            "[ profile blank]",
            "[profile a] ; with words",
            "[profile a]",
            "[a]",
            "[b]# words",
            "[profile b b]",
            "[sso-session corp]",
            "[services local]",
            "[profile \u00e4]",
            "# a comment",
            "; another",
            "",
            "   ",
            "aws_access_key_id = testaccess",
            "aws_access_key_id=other ; words",
            "aws_secret_access_key = test=secret#12345",
            "aws_secret_access_key=test;secret",
            "Region = eu-central-1 # words",
            "role_arn =",
            "role_arn = arn:aws:iam::123456789012:role/r",
            "source_profile =\ta\t",
            "sso_session = corp",
            "s3 =",
            "  max_concurrent_requests = 20",
            "\tcontinued");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before the first test
    Path folder;

    private static Map<String, Map<String, String>> byAws(Path configuration, Path credentials) {
        ProfileFile both = ProfileFile.aggregator()
                .addFile(ProfileFile.builder()
                        .content(credentials)
                        .type(ProfileFile.Type.CREDENTIALS)
                        .build())
                .addFile(ProfileFile.builder()
                        .content(configuration)
                        .type(ProfileFile.Type.CONFIGURATION)
                        .build())
                .build();
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (Map.Entry<String, Profile> entry : both.profiles().entrySet()) {
            all.put(entry.getKey(), withoutNested(entry.getValue().properties()));
        }
        return all;
    }

    /** Properties of several lines mean nothing to credentials, and are not read. */
    private static Map<String, String> withoutNested(Map<String, String> properties) {
        Map<String, String> own = new TreeMap<>(properties);
        own.keySet().removeIf(name -> name.indexOf('.') >= 0);
        own.replaceAll((name, value) -> value.lines().findFirst().orElse("").trim());
        return own;
    }

    @Test
    void randomFilesAreReadAsAwsReadsThem() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path configuration = folder.resolve("config");
        Path credentials = folder.resolve("credentials");
        int read = 0;
        for (int i = 0; i < 2000; i++) {
            write(configuration, random);
            write(credentials, random);
            Map<String, Map<String, String>> expected;
            try {
                expected = byAws(configuration, credentials);
            } catch (IllegalArgumentException e) {
                continue; // a file that AWS's reader refuses as a whole: ours goes on with what it understands
            }
            read++;
            Map<String, Map<String, String>> actual = new TreeMap<>();
            AwsProfiles.read(configuration, credentials)
                    .profiles()
                    .forEach((name, properties) -> actual.put(name, withoutNested(properties)));
            assertThat(actual)
                    .as(
                            "seed %d, %s%n-- and --%n%s",
                            seed, Files.readString(configuration), Files.readString(credentials))
                    .isEqualTo(expected);
        }
        assertThat(read).isGreaterThan(200);
    }

    private static void write(Path file, Random random) throws IOException {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "[profile first]\n" : "[first]\n");
        text.append("region = x\n");
        for (int i = random.nextInt(10); i > 0; i--) {
            text.append(LINES.get(random.nextInt(LINES.size()))).append(random.nextInt(9) == 0 ? "\r\n" : "\n");
        }
        Files.writeString(file, text);
    }

    @Test
    void filesThatAreNotThereHaveNoProfiles() {
        AwsProfiles none = AwsProfiles.read(folder.resolve("no"), folder.resolve("neither"));
        assertThat(none.profiles()).isEmpty();
        assertThat(none.sessions()).isEmpty();
    }

    @Test
    void sessionsOfSingleSignOnAreNoProfiles() throws IOException {
        Path configuration = folder.resolve("config");
        Files.writeString(configuration, "[sso-session corp]\nsso_region = eu-west-1\n");
        AwsProfiles profiles = AwsProfiles.read(configuration, folder.resolve("no"));
        assertThat(profiles.profiles()).isEmpty();
        assertThat(profiles.sessions()).isEqualTo(Map.of("corp", Map.of("sso_region", "eu-west-1")));
    }
}
