package dev.anystore.local;

import static dev.anystore.local.Fixtures.delete;
import static dev.anystore.local.Fixtures.folded;
import static dev.anystore.local.Fixtures.get;
import static dev.anystore.local.Fixtures.getBytes;
import static dev.anystore.local.Fixtures.head;
import static dev.anystore.local.Fixtures.keys;
import static dev.anystore.local.Fixtures.open;
import static dev.anystore.local.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.ByteRange;
import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.PreconditionFailed;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.WriteCondition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBackendTest {
    private final Path root;

    LocalBackendTest(@TempDir Path root) {
        this.root = root;
    }

    @Test
    void whatWasPutIsReadBackAndIsAFileUnderItsKey() throws Exception {
        try (LocalBackend store = open(root)) {
            ObjectInfo put = put(store, "a/b.txt", "hello");
            assertThat(get(store, "a/b.txt")).isEqualTo("hello");
            assertThat(root.resolve("a/b.txt")).hasContent("hello");
            assertThat(head(store, "a/b.txt").revision())
                    .isEqualTo(put.revision())
                    .hasSize(16);
            assertThat(head(store, "a/b.txt").checksum(Checksum.Algorithm.CRC32C))
                    .contains(new Checksum(Checksum.Algorithm.CRC32C, Fixtures.crc32c(Fixtures.bytes("hello"))));
        }
    }

    @Test
    void rangesAreExact() throws Exception {
        try (LocalBackend store = open(root)) {
            put(store, "k", "0123456789");
            try (GetResponse part = store.get(GetRequest.range("k", ByteRange.of(2, 3)), Call.unbounded())) {
                assertThat(part.offset()).isEqualTo(2);
                assertThat(part.length()).isEqualTo(3);
                assertThat(new String(part.body().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("234");
            }
        }
    }

    @Test
    void metadataIsKeptWithTheBytes() {
        Attributes attributes = new Attributes(
                "text/plain; charset=utf-8",
                "gzip",
                "attachment",
                "no-cache",
                null,
                Map.of("a", "v%1\u00e9 \ud83d\ude00", "anystoretoken", "00112233445566778899aabbccddeeff"));
        try (LocalBackend store = open(root)) {
            put(store, "k", Fixtures.bytes("x"), attributes, WriteCondition.ALWAYS);
            ObjectInfo info = head(store, "k");
            assertThat(info.metadata()).containsAllEntriesOf(attributes.metadata());
            assertThat(info.contentType()).contains("text/plain; charset=utf-8");
            assertThat(info.contentEncoding()).contains("gzip");
            assertThat(info.contentDisposition()).contains("attachment");
            assertThat(info.cacheControl()).contains("no-cache");
        }
    }

    @Test
    void aSecondCreateIsRefusedAndTheFirstObjectStays() {
        try (LocalBackend store = open(root)) {
            put(store, "k", "first", WriteCondition.IF_ABSENT);
            assertThatThrownBy(() -> put(store, "k", "second", WriteCondition.IF_ABSENT))
                    .isInstanceOf(PreconditionFailed.class);
            assertThat(get(store, "k")).isEqualTo("first");
        }
    }

    @Test
    void listingIsInTheOrderOfKeysAndFolds() {
        List<String> all = List.of("a", "a-b", "a/", "a//x", "a/b", "a/b/c", "a0", "b/c/d", "\uffee", "\ud83d\ude00");
        try (LocalBackend store = open(root)) {
            all.forEach(key -> put(store, key, key));
            for (int size : new int[] {1, 2, 3, 1000}) {
                assertThat(keys(store, "", size)).isEqualTo(all);
                assertThat(folded(store, "", null, "/", size))
                        .containsExactly("a", "a-b", "a/", "a0", "b/", "\uffee", "\ud83d\ude00");
                assertThat(folded(store, "a/", null, "/", size)).containsExactly("a/", "a//", "a/b", "a/b/");
                assertThat(keys(store, "a/b", size)).containsExactly("a/b", "a/b/c");
            }
            all.forEach(key -> assertThat(get(store, key)).isEqualTo(key));
            delete(store, all.toArray(new String[0]));
            assertThat(keys(store)).isEmpty();
            assertThat(getNames()).containsExactly(".anystore");
        }
        assertThat(root.resolve(".anystore/tmp")).isEmptyDirectory();
    }

    private List<String> getNames() {
        String[] names = root.toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    @Test
    void anAbsentObjectIsNotFound() {
        try (LocalBackend store = open(root.resolve("later"))) {
            assertThatThrownBy(() -> getBytes(store, "k"))
                    .isInstanceOf(ObjectNotFound.class)
                    .hasMessageContaining("not there yet");
            put(store, "k", "v");
            assertThatThrownBy(() -> getBytes(store, "other")).isInstanceOf(ObjectNotFound.class);
            assertThat(Files.exists(root.resolve("later/k"))).isTrue();
        }
    }
}
