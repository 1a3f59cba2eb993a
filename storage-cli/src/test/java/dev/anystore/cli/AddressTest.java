package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.StorageRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    private static final StorageRegistry REGISTRY = StorageRegistry.of(Map.of());

    private static Address parse(String text) {
        return Address.parse(text, REGISTRY);
    }

    @Test
    void aProviderAndAColonComeBeforeTheKey() {
        assertThat(parse("r2:a/b")).isEqualTo(new Address.Remote("r2", null, "a/b"));
        assertThat(parse("Cloudflare:a")).isEqualTo(new Address.Remote("Cloudflare", null, "a"));
        assertThat(parse("b2-s3:a")).isEqualTo(new Address.Remote("b2-s3", null, "a"));
    }

    @Test
    void aColonAloneMeansTheDefaultProvider() {
        assertThat(parse(":a")).isEqualTo(new Address.Remote(null, null, "a"));
        assertThat(parse(":")).isEqualTo(new Address.Remote(null, null, ""));
        assertThat(parse(":://x")).isEqualTo(new Address.Remote(null, null, "://x"));
    }

    @Test
    void twoSlashesNameABucket() {
        assertThat(parse("s3://data/a//b/")).isEqualTo(new Address.Remote("s3", "data", "a//b/"));
        assertThat(parse("s3://data")).isEqualTo(new Address.Remote("s3", "data", ""));
        assertThatThrownBy(() -> parse("s3:///a")).hasMessageContaining("names no bucket");
    }

    @Test
    void theKeyIsKeptByteForByte() {
        String odd = "%41 +?#&=\u00e4:\n\\.././..";
        assertThat(parse("s3:" + odd)).isEqualTo(new Address.Remote("s3", null, odd));
        assertThat(parse("s3://data/" + odd)).isEqualTo(new Address.Remote("s3", "data", odd));
        assertThat(parse("s3:/a")).isEqualTo(new Address.Remote("s3", null, "/a"));
    }

    @Test
    void anAddressIsWrittenAsItWasRead() {
        for (String text : new String[] {"r2:a", ":a", "s3://data/a", ":", "-", "./x", "s3://data/"}) {
            assertThat(parse(text).text()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.txt", "./s3:a", "/x/s3:a", "dir/s3:a", "C:\\x", "c:x", "my file: x", "..", "a b:c"})
    void anythingElseIsAPath(String text) {
        assertThat(parse(text)).isInstanceOf(Address.Local.class);
    }

    @Test
    void aDashIsAStandardStream() {
        assertThat(parse("-")).isInstanceOf(Address.Standard.class);
    }

    @Test
    void aWordThatIsNoProviderIsRefusedWithAGuess() {
        assertThatThrownBy(() -> parse("s33:a"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("there is no provider \"s33\"; did you mean s3:?");
        assertThatThrownBy(() -> parse("https://example.com/a")).hasMessageContaining("no provider \"https\"");
        assertThatThrownBy(() -> parse("2026-11-21T10:00")).hasMessageContaining("no provider");
    }

    @Test
    void theEmptyAddressIsRefused() {
        assertThatThrownBy(() -> parse("")).hasMessageContaining("empty");
    }
}
