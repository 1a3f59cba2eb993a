package dev.anystore.local;

import static dev.anystore.local.Fixtures.delete;
import static dev.anystore.local.Fixtures.get;
import static dev.anystore.local.Fixtures.head;
import static dev.anystore.local.Fixtures.keys;
import static dev.anystore.local.Fixtures.open;
import static dev.anystore.local.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.PreconditionFailed;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that somebody put there, or changed, without the library. */
class ByHandTest {
    private final Path root;

    ByHandTest(@TempDir Path root) {
        this.root = root;
    }

    private String plainRevision(String name) throws IOException {
        FileTime time = Files.getLastModifiedTime(root.resolve(name));
        return Files.size(root.resolve(name)) + "-" + time.to(TimeUnit.NANOSECONDS);
    }

    /** A name that the encoder would make is decoded; another stands for itself. */
    @ParameterizedTest
    @CsvSource({
        "plain.txt, plain.txt",
        "a b, a b",
        "a%3Ab, a:b",
        "a:b, a:b",
        "%63on, con",
        "con, con",
        "%41, %41",
        "100%, 100%",
        "%zz, %zz",
        "\u00e9, \u00e9",
    })
    void aFileIsListedReadReplacedAndDeletedUnderItsKey(String name, String key) throws IOException {
        Files.writeString(root.resolve(name), "by hand");
        Files.createDirectories(root.resolve("deep/er"));
        Files.writeString(root.resolve("deep/er").resolve(name), "below");
        try (LocalBackend store = open(root)) {
            assertThat(keys(store)).containsExactlyInAnyOrder(key, "deep/er/" + key);
            assertThat(get(store, key)).isEqualTo("by hand");
            assertThat(get(store, "deep/er/" + key)).isEqualTo("below");
            assertThat(head(store, key).revision()).isEqualTo(plainRevision(name));
            assertThat(head(store, key).checksums()).isEmpty();

            put(store, key, "first", new WriteCondition.IfRevision(plainRevision(name)));
            assertThat(root.resolve(name)).as("the spelling that was found").hasContent("first");
            assertThat(keys(store)).containsExactlyInAnyOrder(key, "deep/er/" + key);
            assertThat(head(store, key).revision()).hasSize(16);
            assertThatThrownBy(() -> put(store, key, "x", WriteCondition.IF_ABSENT))
                    .isInstanceOf(PreconditionFailed.class);

            delete(store, key, "deep/er/" + key);
            assertThat(keys(store)).isEmpty();
            assertThat(root.resolve(name)).doesNotExist();
        }
    }

    @Test
    void ofTwoSpellingsTheCanonicalOneWinsAndADeleteTakesBoth() throws IOException {
        Files.writeString(root.resolve("con"), "as it stands");
        Files.writeString(root.resolve("%63on"), "canonical");
        Files.createDirectories(root.resolve("aux"));
        Files.createDirectories(root.resolve("%61ux"));
        Files.writeString(root.resolve("aux/a"), "as it stands");
        Files.writeString(root.resolve("%61ux/b"), "canonical");
        try (LocalBackend store = open(root)) {
            assertThat(keys(store)).containsExactly("aux/a", "aux/b", "con");
            assertThat(get(store, "con")).isEqualTo("canonical");
            assertThat(get(store, "aux/a")).isEqualTo("as it stands");
            assertThat(get(store, "aux/b")).isEqualTo("canonical");
            put(store, "con", "mine");
            assertThat(root.resolve("%63on")).hasContent("mine");
            assertThat(root.resolve("con")).hasContent("as it stands");
            delete(store, "con");
            assertThat(keys(store)).containsExactly("aux/a", "aux/b");
            assertThat(root.resolve("con")).doesNotExist();
        }
    }

    @Test
    void anObjectThatWasChangedByHandHasAnotherRevisionAndNoDigest() throws IOException {
        try (LocalBackend store = open(root)) {
            String revision = put(store, "k", "written by us").revision();
            Files.writeString(root.resolve("k"), "changed");
            assertThat(get(store, "k")).isEqualTo("changed");
            assertThat(head(store, "k").revision()).isEqualTo(plainRevision("k"));
            assertThat(head(store, "k").checksums()).isEmpty();
            assertThatThrownBy(() -> put(store, "k", "x", new WriteCondition.IfRevision(revision)))
                    .isInstanceOf(PreconditionFailed.class);
            assertThat(get(store, "k")).isEqualTo("changed");
        }
    }

    @Test
    void aSidecarOfOtherBytesIsIgnored() throws IOException {
        try (LocalBackend store = LocalBackend.open(root, new DiskChanges(false, false))) {
            put(store, "k", "written by us");
            assertThat(head(store, "k").revision()).hasSize(16);
            Files.writeString(root.resolve("k"), "written by me");
            assertThat(get(store, "k")).isEqualTo("written by me");
            assertThat(head(store, "k").revision()).isEqualTo(plainRevision("k"));
        }
    }

    @Test
    void emptyFoldersAreNoObjectsAndNoPrefixes() throws IOException {
        Files.createDirectories(root.resolve("empty/er/est"));
        Files.createDirectories(root.resolve("full"));
        Files.writeString(root.resolve("full/k"), "x");
        try (LocalBackend store = open(root)) {
            assertThat(keys(store)).containsExactly("full/k");
            assertThat(Fixtures.folded(store, "", null, "/", 10)).containsExactly("full/");
            put(store, "empty/er/k", "x");
            delete(store, "empty/er/k");
            assertThat(root.resolve("empty/er/est")).isDirectory();
        }
    }

    @Test
    void longSegmentsAreHashedAndKnownByTheirKeys() throws IOException {
        List<String> all = List.of("a/" + "l".repeat(500), "l".repeat(300) + "/" + "m".repeat(400) + "/k");
        for (boolean attributes : new boolean[] {true, false}) {
            Path here = root.resolve("" + attributes);
            try (LocalBackend store = LocalBackend.open(here, new DiskChanges(false, attributes))) {
                all.forEach(key -> put(store, key, key));
            }
            try (LocalBackend store = open(here)) {
                for (int size : new int[] {1, 10}) {
                    assertThat(keys(store, "", size)).isEqualTo(all);
                    assertThat(keys(store, "l".repeat(300) + "/", size)).containsExactly(all.get(1));
                }
                all.forEach(key -> assertThat(get(store, key)).isEqualTo(key));
                delete(store, all.toArray(new String[0]));
                assertThat(keys(store)).isEmpty();
            }
        }
    }
}
