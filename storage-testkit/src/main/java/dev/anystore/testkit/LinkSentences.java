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
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.WriteCondition;
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
    default void aPresignedDeleteIsUsedByAnyoneAndForNothingElse() throws Exception {
        if (!it().has(Capability.PRESIGN_DELETE)) {
            return;
        }
        it().put("k", "mine");
        it().put("other", "stays");
        Presigner presigner = store().unwrap(Presigner.class).orElseThrow();
        Presigner.Signed link =
                presigner.presign(Presigner.Presign.delete("k", null, Duration.ofMinutes(5)), Call.unbounded());
        LinkFetch read = LinkFetch.of(it().harness(), link.uri(), "GET", link.headers(), null);
        assertThat(read.status()).isBetween(400, 499);
        assertThat(read.text()).doesNotContain("mine");
        LinkFetch answer = LinkFetch.of(it().harness(), link.uri(), "DELETE", link.headers(), null);
        assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
        assertThat(store().exists("k")).isFalse();
        assertThat(it().text("other")).isEqualTo("stays");
    }

    @Test
    default void aPresignedPartIsPutByAnyone() throws Exception {
        if (!it().has(Capability.PRESIGN_PART)) {
            return;
        }
        Presigner presigner = store().unwrap(Presigner.class).orElseThrow();
        Multipart uploads = store().unwrap(Multipart.class).orElseThrow();
        Call call = Call.unbounded();
        byte[] bytes = random(1000, 1);
        // Begun as for parts of unknown digests: a stranger sends none.
        Multipart.Begin begin =
                new Multipart.Begin("k", Attributes.NONE, WriteCondition.ALWAYS, it().partBytes(), true);
        Multipart.Upload upload = new Multipart.Upload("k", uploads.begin(begin, call));
        try {
            Presigner.Signed link = presigner.presign(Presigner.Presign.part(upload, 1, Duration.ofMinutes(5)), call);
            LinkFetch answer = LinkFetch.of(it().harness(), link.uri(), "PUT", link.headers(), bytes);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            List<Multipart.Part> parts = uploads.parts(upload, 0, call).parts();
            assertThat(parts).hasSize(1);
            uploads.complete(
                    new Multipart.Complete(upload, Attributes.NONE, parts, bytes.length, WriteCondition.ALWAYS, null),
                    call);
            assertThat(it().read("k")).isEqualTo(bytes);
        } finally {
            uploads.abort(upload, call);
        }
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
