package dev.anystore.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Names of blocks. */
class BlockIdTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private static BlockId parsed(String name) {
        return java.util.Objects.requireNonNull(BlockId.parse(name), "a name of ours");
    }

    @Test
    void allNamesHaveOneLengthAndTellWhoseTheyAre() {
        BlockId.Upload upload = BlockId.Upload.begin(TOKEN, NOW);
        Set<String> names = new HashSet<>();
        for (int number : new int[] {BlockId.DROPPED, 1, 9, 10, 50_000, BlockId.BEGUN}) {
            String name = upload.block(number);
            assertThat(name).hasSize(48);
            assertThat(names.add(name)).isTrue();
            BlockId id = parsed(name);
            assertThat(id.upload()).isEqualTo(upload);
            assertThat(id.number()).isEqualTo(number);
            assertThat(id.token()).isEqualTo(TOKEN);
            assertThat(id.begun()).isEqualTo(Instant.parse("2026-11-21T12:00:00.123Z"));
        }
        assertThat(parsed(upload.block(1)).isPart()).isTrue();
        assertThat(parsed(upload.block(BlockId.BEGUN)).isPart()).isFalse();
        assertThat(parsed(upload.block(BlockId.DROPPED)).isPart()).isFalse();
    }

    @Test
    void twoUploadsShareNoName() {
        BlockId.Upload one = BlockId.Upload.begin(null, NOW);
        BlockId.Upload other = BlockId.Upload.begin(null, NOW);
        assertThat(one.block(1)).isNotEqualTo(other.block(1));
        assertThat(BlockId.Upload.begin(TOKEN, NOW).block(1))
                .isNotEqualTo(BlockId.Upload.begin(TOKEN, NOW.plusSeconds(1)).block(1));
    }

    @Test
    void anIdComesBackAndNothingElseIsTakenForOne() {
        BlockId.Upload upload = BlockId.Upload.begin(TOKEN, NOW);
        assertThat(BlockId.Upload.parse(upload.id())).isEqualTo(upload);
        for (String id : List.of(
                "",
                TOKEN,
                TOKEN + "-",
                upload.id() + "0",
                upload.id().toUpperCase(java.util.Locale.ROOT),
                "x".repeat(49))) {
            assertThat(BlockId.Upload.parse(id)).as(id).isNull();
        }
    }

    @Test
    void blocksOfOthersAreNotOurs() {
        byte[] uuid = "8f14e45f-ceea-467f-a0e6-6f2b5e0b9e11".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (String name : List.of(
                "",
                "AAAA",
                "no Base64!",
                Base64.getEncoder().encodeToString(uuid),
                Base64.getEncoder().encodeToString(new byte[36]))) {
            assertThat(BlockId.parse(name)).as(name).isNull();
        }
    }

    @Test
    void aTokenThatIsNoneIsReplaced() {
        assertThat(BlockId.Upload.begin("not a token", NOW).token()).matches("[0-9a-f]{32}");
    }
}
