package dev.anystore.http;

import static dev.anystore.http.Calls.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.anystore.http.HttpException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class HostileAnswerTest {
    private static final int ROUNDS = 3000;
    private static final List<String> SEEDS = List.of(
            "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nuntil the end",
            "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=100\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n00a\r\n0123456789\r\n0\r\nx: y\r\n\r\n");
    private static final String MATERIAL = "\r\n\r\n\r\n:;, \t0123456789abcdefAFHTTP/1.1 chunked\u0000\u007f\u00ff-+\"";

    private volatile String next = "";

    /** A seed with a few of its characters changed, moved, doubled or lost. */
    private static String mutated(Random random) {
        StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> text.insert(at, MATERIAL.charAt(random.nextInt(MATERIAL.length())));
                case 1 -> text.setLength(at);
                case 2 -> text.insert(at, SEEDS.get(random.nextInt(SEEDS.size())));
                case 3 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
                default -> {
                    if (at < text.length()) {
                        text.setCharAt(at, MATERIAL.charAt(random.nextInt(MATERIAL.length())));
                    }
                }
            }
        }
        return text.toString();
    }

    @Test
    void whateverComesIsAnAnswerOrARefusalAndLeavesNothingOpen() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int answers = 0;
        try (ScriptedServer server = ScriptedServer.plain(peer -> {
                    peer.needHead();
                    peer.out.write(next.getBytes(StandardCharsets.ISO_8859_1));
                });
                HttpTransport transport = new HttpTransport(TransportOptions.DEFAULT)) {
            for (int i = 0; i < ROUNDS; i++) {
                String bytes = mutated(random);
                next = bytes;
                try (HttpResponse response =
                        transport.send(get(server).neverResend().build())) {
                    assertThat(response.status()).isBetween(200, 599);
                    assertThat(response.readAll(1 << 20).length).isLessThanOrEqualTo(bytes.length());
                    answers++;
                } catch (HttpException e) {
                    assertThat(e.kind())
                            .as("seed %d: %s", seed, bytes)
                            .isIn(Set.of(Kind.PROTOCOL, Kind.TRUNCATED, Kind.NO_ANSWER));
                } catch (RuntimeException e) {
                    fail("seed %d: %s".formatted(seed, bytes), e);
                }
            }
            assertThat(answers).as("seed %d: some still are answers", seed).isBetween(ROUNDS / 20, ROUNDS - 1);
        }
    }
}
