package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.Capability;
import dev.anystore.Link;
import dev.anystore.PutOptions;
import dev.anystore.StorageException.Kind;
import dev.anystore.UnsupportedCapability;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Links that somebody without credentials fetches, and is not told more than the link says. */
interface LinkSentences extends Sentences {
    /** Headers that the client of the JDK sets by itself and lets nobody else set. */
    Set<String> SET_BY_CLIENT = Set.of("host", "content-length");

    private static <T> HttpResponse<T> send(
            Link link, HttpRequest.BodyPublisher body, HttpResponse.BodyHandler<T> handler) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(link.uri()).method(link.method(), body).timeout(Duration.ofSeconds(30));
        link.headers().forEach((name, value) -> {
            if (!SET_BY_CLIENT.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                request.header(name, value);
            }
        });
        return HttpClient.newHttpClient().send(request.build(), handler);
    }

    @Test
    default void aPresignedGetIsFetchedByAnyone() throws Exception {
        if (!it().has(Capability.PRESIGN_GET)) {
            assertThatThrownBy(() -> store().presignGet("k", Duration.ofMinutes(5)))
                    .isInstanceOf(UnsupportedCapability.class);
            return;
        }
        for (String key : List.of("k", "a b/c+d%2F~e", "caf\u00e9/\uD83D\uDE00", "a//b?c=d&e#f")) {
            byte[] bytes = random(10_000, key.length());
            it().put(key, bytes);
            Instant before = Instant.now();
            Link link = store().presignGet(key, Duration.ofMinutes(5));
            assertThat(link.method()).isEqualTo("GET");
            assertThat(link.isPublic()).isFalse();
            assertThat(link.expiresAt().orElseThrow())
                    .isBetween(before.plusSeconds(60), before.plus(Duration.ofMinutes(6)));
            assertThat(link.toString()).doesNotContain(link.uri().getRawQuery());
            HttpResponse<byte[]> answer = send(link, BodyPublishers.noBody(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as(key).isEqualTo(200);
            assertThat(answer.body()).as(key).isEqualTo(bytes);
        }
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
        HttpResponse<String> answer = send(link, BodyPublishers.ofString("sent"), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
        assertThat(it().text("k")).isEqualTo("sent");
        assertThat(store().head("k").contentType()).contains("text/plain");
    }

    @Test
    default void aPresignedLinkCannotBeBentToAnotherKey() throws Exception {
        if (!it().has(Capability.PRESIGN_GET)) {
            return;
        }
        it().put("k", "mine");
        it().put("secret", "not yours");
        Link link = store().presignGet("k", Duration.ofMinutes(5));
        String bent = link.uri().toString().replaceFirst("/k\\?", "/secret?");
        assertThat(bent).isNotEqualTo(link.uri().toString());
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(java.net.URI.create(bent))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain("not yours");
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
