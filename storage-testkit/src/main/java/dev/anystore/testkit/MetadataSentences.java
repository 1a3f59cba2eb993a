package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.all;
import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Body;
import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectReader;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is stored beside the bytes comes back as it was, or is refused; it is never altered. */
interface MetadataSentences extends Sentences {
    /** Values that a header mangles, by the name of their row. */
    private static Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("plain", "value");
        values.put("empty", "");
        values.put("inner spaces", "a  b   c");
        values.put("outer spaces", "  a ");
        values.put("only a space", " ");
        values.put("latin", "caf\u00e9 na\u00efve");
        values.put("chinese", "\u5bf9\u8c61\u5b58\u50a8");
        values.put("emoji", "\uD83D\uDE00\uD83D\uDC69\u200D\uD83D\uDCBB");
        values.put("decomposed", "cafe\u0301");
        values.put("percent", "100%25 %2F %zz");
        values.put("plus", "a+b c");
        values.put("quotes", "\"a\" 'b' \\c");
        values.put("commas and semicolons", "a, b; c=d");
        values.put("an encoded word", "=?UTF-8?Q?caf=C3=A9?=");
        values.put("a broken encoded word", "=?utf-8?b?");
        values.put("json", "{\"a\":[1,\"\u00e9\"]}");
        values.put("300 characters", "0123456789".repeat(30));
        values.put("100 characters of three bytes", "\u5bf9".repeat(100));
        values.put("no-break space", "a\u00a0b");
        return values;
    }

    @Test
    default void aValueOfMetadataComesBackAsItWent() {
        all(values().entrySet().stream().map(entry -> it().row(entry.getKey(), () -> {
            Map<String, String> metadata = Map.of("name", entry.getValue());
            ObjectInfo put = store().put("k", Body.of(new byte[1]), PutOptions.DEFAULT.withMetadata(metadata));
            assertThat(put.metadata()).isEqualTo(metadata);
            assertThat(store().head("k").metadata()).isEqualTo(metadata);
            try (ObjectReader reader = store().get("k", GetOptions.DEFAULT)) {
                assertThat(reader.info().metadata()).isEqualTo(metadata);
            }
        })));
    }

    @Test
    default void aNameOfMetadataComesBackAsItWent() {
        all(Stream.of("a", "name", "two-words", "two_words", "9lives", "x-y_z-0", "n".repeat(60))
                .map(name -> it().row(name, () -> {
                    Map<String, String> metadata = Map.of(name, "v");
                    store().put("k", Body.of(new byte[1]), PutOptions.DEFAULT.withMetadata(metadata));
                    assertThat(store().head("k").metadata()).isEqualTo(metadata);
                })));
    }

    @Test
    default void manyMetadataComeBackSorted() {
        Map<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < 20; i++) {
            metadata.put("name" + i, "value " + i + " \u00fc");
        }
        store().put("k", Body.of(random(it().largeBytes(), 1)), it().inParts().withMetadata(metadata));
        assertThat(store().head("k").metadata()).isEqualTo(metadata);
        assertThat(List.copyOf(store().head("k").metadata().keySet())).isSorted();
    }

    @Test
    default void namesThatAreNotLowerCaseOrNotOursToGiveAreRefused() {
        for (String name : List.of(
                "", "Name", "na me", "na:me", "n\u00e4me", "a.b", "anystoretoken", "anystorecrc32c", "anystorepart")) {
            assertThatThrownBy(() ->
                            store().put("k", Body.of(new byte[1]), PutOptions.DEFAULT.withMetadata(Map.of(name, "v"))))
                    .as("name '%s'", name)
                    .isInstanceOfAny(IllegalArgumentException.class, StorageException.class);
        }
        for (String value : List.of("a\nb", "a\r", "\0", "\u007f", "\uD83D")) {
            assertThatThrownBy(() -> store().put(
                                    "k", Body.of(new byte[1]), PutOptions.DEFAULT.withMetadata(Map.of("name", value))))
                    .as("a value with a control character or half a character")
                    .isInstanceOfAny(IllegalArgumentException.class, StorageException.class);
        }
        assertThat(it().keys("")).isEmpty();
    }

    @Test
    default void moreMetadataThanTheStoreTakesAreRefusedBeforeAnythingIsWritten() {
        int limit = it().limits().metadataBytes();
        if (limit > 1 << 20) {
            return;
        }
        it().put("k", "old");
        Map<String, String> tooMuch = Map.of("name", "v".repeat(limit));
        for (int size : new int[] {1, it().largeBytes()}) {
            assertThatThrownBy(() -> store().put(
                                    "k",
                                    Body.of(random(size, 1)),
                                    it().inParts().withMetadata(tooMuch)))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT));
        }
        assertThat(it().text("k")).isEqualTo("old");
    }

    @Test
    default void theHeadersOfAnObjectComeBackAsTheyWent() {
        PutOptions options = PutOptions.DEFAULT
                .withContentType("text/html")
                .withContentEncoding("gzip")
                .withContentDisposition("attachment; filename=\"a b.html\"")
                .withCacheControl("public, max-age=60");
        byte[] notReallyGzip = random(5000, 1);
        store().put("k", Body.of(notReallyGzip), options);
        ObjectInfo head = store().head("k");
        assertThat(head.contentType()).contains("text/html");
        assertThat(head.contentEncoding()).contains("gzip");
        assertThat(head.contentDisposition()).contains("attachment; filename=\"a b.html\"");
        assertThat(head.cacheControl()).contains("public, max-age=60");
        assertThat(it().read("k")).as("nothing is decoded").isEqualTo(notReallyGzip);
        it().put("k", "plain");
        ObjectInfo plain = store().head("k");
        assertThat(plain.contentEncoding()).isEmpty();
        assertThat(plain.contentDisposition()).isEmpty();
        assertThat(plain.cacheControl()).isEmpty();
    }

    @Test
    default void aContentTypeKeepsItsParameters() {
        all(Stream.of("text/html; charset=utf-8", "text/plain;charset=UTF-8", "multipart/mixed; boundary=\"a b\"")
                .map(type -> it().row(type, () -> {
                    store().put("k", Body.of(new byte[1]), PutOptions.DEFAULT.withContentType(type));
                    assertThat(store().head("k").contentType()).contains(type);
                })));
    }

    @Test
    default void aLargeObjectCarriesWhatIsBesideItToo() {
        PutOptions options = it().inParts()
                .withContentType("application/x-model")
                .withContentDisposition("inline")
                .withCacheControl("no-store")
                .withMetadata(Map.of("author", "\u00dcn\u00ef"));
        store().put("k", Body.of(random(it().largeBytes(), 1)), options);
        ObjectInfo head = store().head("k");
        assertThat(head.contentType()).contains("application/x-model");
        assertThat(head.contentDisposition()).contains("inline");
        assertThat(head.cacheControl()).contains("no-store");
        assertThat(head.metadata()).isEqualTo(Map.of("author", "\u00dcn\u00ef"));
    }
}
