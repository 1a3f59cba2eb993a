package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.Capability;
import dev.anystore.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/s3-profiles.md} says what the two tables say, and the tables fit together. */
class ProfilesPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "s3-profiles.md");

    @Test
    void thePageSaysWhatTheTablesSay() throws IOException {
        String page = page();
        if (Boolean.getBoolean("anystore.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/s3-profiles.md is stale; its first lines say how to write it anew")
                .isEqualTo(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Services that speak S3

                Generated from the tables in storage-s3compat: change those, then run
                `mvn -pl storage-s3compat -am test -Dtest=ProfilesPageTest -Dsurefire.failIfNoSpecifiedTests=false -Danystore.docs.write=true`.

                No request was sent to a live service for these tables. A value that is marked **unverified** is hearsay, set on the
                safe side; what a service is not known to do is left out, and its use is refused before anything is sent.

                ## How a service is named

                | Provider | Other names | Service | Host | Region if none is set | Profile |
                |---|---|---|---|---|---|
                """);
        for (Vendor vendor : Vendor.ALL) {
            page.append("| `%s` | %s | %s | `%s` | %s | `%s` |%n"
                    .formatted(
                            vendor.id(),
                            vendor.aliases().stream().map(a -> "`" + a + "`").collect(Collectors.joining(", ")),
                            vendor.displayName(),
                            vendor.hostTemplate(),
                            vendor.defaultRegion() == null ? "must be set" : "`" + vendor.defaultRegion() + "`",
                            vendor.profile()));
        }
        page.append("""

                Any endpoint can be given. How the server there behaves is chosen by the setting `S3_PROFILE`, else by the name
                that was used for the provider (`STORAGE_PROVIDER=minio`), else by the end of the endpoint's host, else it is `generic`.
                """);
        for (Profile profile : Profile.ALL) {
            page.append("%n## `%s`: %s%n%n| What | Value | Source |%n|---|---|---|%n"
                    .formatted(profile.name(), profile.displayName()));
            for (Profile.Fact fact : profile.facts()) {
                page.append("| %s | %s | %s%s |%n"
                        .formatted(
                                fact.name(),
                                fact.value(),
                                fact.source().verified() ? "" : "**unverified**: ",
                                fact.source().text()));
            }
        }
        return page.toString().replace("\r\n", "\n");
    }

    @Test
    void everyRowFitsTogether() {
        assertThat(Profile.ALL).extracting(Profile::name).doesNotHaveDuplicates();
        for (Profile profile : Profile.ALL) {
            Limits limits = profile.capabilities().limits();
            assertThat(limits.singlePutBytes()).as(profile.name()).isLessThanOrEqualTo(limits.objectBytes());
            assertThat(limits.ifAbsentBytes() > 0)
                    .as(profile.name())
                    .isEqualTo(profile.capabilities().has(Capability.PUT_IF_ABSENT));
            assertThat(limits.objectBytes())
                    .as(profile.name() + " holds what it can take in parts at least")
                    .isLessThanOrEqualTo(limits.partMaxBytes() * limits.partCount());
            assertThat(limits.deleteBatch()).isEqualTo(1000);
            assertThat(profile.facts()).extracting(f -> f.source().text()).allSatisfy(text -> assertThat(text)
                    .isNotBlank());
        }
    }

    @Test
    void whatIsUnverifiedIsNeverDeclaredAsACondition() {
        List<String> conditions = List.of(
                "PUT_IF_ABSENT",
                "PUT_IF_REVISION",
                "COMPLETE_IF_ABSENT",
                "COMPLETE_IF_REVISION",
                "COPY_IF_ABSENT",
                "COPY_IF_REVISION",
                "DELETE_IF_REVISION");
        for (Profile profile : Profile.ALL) {
            assertThat(profile.facts())
                    .filteredOn(fact -> conditions.contains(fact.name()))
                    .allSatisfy(fact -> assertThat(fact.source().verified())
                            .as(profile + " " + fact)
                            .isTrue());
        }
    }
}
