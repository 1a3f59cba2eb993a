package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.all;
import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Capability;
import dev.anystore.Link;
import dev.anystore.PutOptions;
import dev.anystore.StorageException.Kind;
import dev.anystore.UnsupportedCapability;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links that somebody without credentials fetches, and is not told more than the link says. */
interface LinkSentences extends Sentences {
    @Test
    default void aPresignedGetIsFetchedByAnyone() {
        if (!it().has(Capability.PRESIGN_GET)) {
            assertThatThrownBy(() -> store().presignGet("k", Duration.ofMinutes(5)))
                    .isInstanceOf(UnsupportedCapability.class);
            return;
        }
        all(Stream.of("k", "a b/c+d%2F~e", "caf\u00e9/\uD83D\uDE00", "a?b=c&d=e#f", "a*b(c)'d!e;f,g@h:i$j=k")
                .map(key -> it().row(key, () -> {
                    byte[] bytes = random(10_000, key.length());
                    it().put(key, bytes);
                    Instant before = Instant.now();
                    Link link = store().presignGet(key, Duration.ofMinutes(5));
                    assertThat(link.method()).isEqualTo("GET");
                    assertThat(link.isPublic()).isFalse();
                    assertThat(link.expiresAt().orElseThrow())
                            .isBetween(before.plusSeconds(60), before.plus(Duration.ofMinutes(6)));
                    assertThat(link.toString()).doesNotContain(link.uri().getRawQuery());
                    LinkFetch answer = LinkFetch.of(it().harness(), link.uri(), "GET", link.headers(), null);
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                    assertThat(answer.bytes()).isEqualTo(bytes);
                })));
    }

    @Test
    default void aPresignedPutIsUsedByAnyone() throws Exception {
        if (!it().has(Capability.PRESIGN_PUT)) {
            assertThatThrownBy(() -> store().presignPut("k", Duration.ofMinutes(5)))
                    .isInstanceOf(UnsupportedCapability.class);
            return;
        }
        Link link = store().presignPut("k", Duration.ofMinutes(5), PutOptions.DEFAULT.withContentType("text/plain"));
        assertThat(link.method()).isEqualTo("PUT");
        byte[] bytes = random(1000, 1);
        LinkFetch answer = LinkFetch.of(it().harness(), link.uri(), "PUT", link.headers(), bytes);
        assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
        assertThat(it().read("k")).isEqualTo(bytes);
        assertThat(store().head("k").contentType()).contains("text/plain");
    }

    @Test
    default void aPresignedLinkCannotBeBent() throws Exception {
        if (!it().has(Capability.PRESIGN_GET)) {
            return;
        }
        it().put("k", "mine");
        it().put("secret", "not yours");
        Link link = store().presignGet("k", Duration.ofMinutes(5));
        String bent = link.uri().toString().replaceFirst("/k\\?", "/secret?");
        assertThat(bent).isNotEqualTo(link.uri().toString());
        LinkFetch other = LinkFetch.of(it().harness(), URI.create(bent), "GET", link.headers(), null);
        assertThat(other.status()).isBetween(400, 499);
        assertThat(other.text()).doesNotContain("not yours");
        LinkFetch write = LinkFetch.of(it().harness(), link.uri(), "PUT", link.headers(), new byte[] {1});
        assertThat(write.status()).isBetween(400, 499);
        assertThat(it().text("k")).isEqualTo("mine");
    }

    @Test
    default void aLinkLivesSevenDaysAtMost() {
        if (!it().has(Capability.PRESIGN_GET)) {
            return;
        }
        for (Duration duration : List.of(Duration.ofDays(8), Duration.ZERO, Duration.ofSeconds(-1))) {
            assertKind(Kind.INVALID_ARGUMENT, () -> store().presignGet("k", duration));
        }
    }
}
