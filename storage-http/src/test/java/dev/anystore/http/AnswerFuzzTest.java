package dev.anystore.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.anystore.http.HttpException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whatever bytes a server sends: the answer is the same however the network cuts them and the caller reads them; it is
 * refused in one of three ways or is what {@link ReferenceAnswer}, slow and plain, reads too; and it costs bounded memory.
 *
 * <p>The inputs that are kept are tried with all other tests. To look for new ones, for as long as one likes:
 *
 * <pre>JAZZER_FUZZ=1 mvn -pl storage-http -am test -Dtest=AnswerFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dconscrypt.skip=true</pre>
 */
class AnswerFuzzTest {
    private static final HttpRequest GET = HttpRequest.builder("GET", new Origin(true, "127.0.0.1", 1), "/", null)
            .build();
    private static final HttpRequest HEAD = HttpRequest.builder("HEAD", new Origin(true, "127.0.0.1", 1), "/", null)
            .build();
    private static final Set<Kind> REFUSALS = Set.of(Kind.PROTOCOL, Kind.TRUNCATED, Kind.NO_ANSWER);
    private static final ByteBuffer DIRECT = ByteBuffer.allocateDirect(9000);
    private static final String LONGER = "it is longer than it declares";

    /** What became of an answer: its parts as a text, and why it was refused if it was. */
    private record Outcome(
            String text, String body, @Nullable Kind refusal, String message) {}

    /** The first byte says how the rest, what a server sends, is asked for and cut. */
    @FuzzTest(maxDuration = "15s")
    void everyAnswerIsReadAsTheReferenceDoesOrRefused(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        HttpRequest request = (input[0] & 1) == 0 ? GET : HEAD;
        byte[] sent = Arrays.copyOfRange(input, 1, input.length);
        Outcome whole = read(request, sent, 0);
        Outcome cut = read(request, sent, 1 + (input[0] & 0xff));

        if (whole.refusal == null) {
            ReferenceAnswer reference = ReferenceAnswer.read(sent, request == HEAD);
            assertThat(whole.text).isEqualTo(reference.text());
            assertThat(whole.body).isEqualTo(reference.body());
        }
        if (whole.message.contains(LONGER)) {
            // In pieces, what is too much may come later than the last look.
            assertThat(cut.refusal == null || cut.message.contains(LONGER)).isTrue();
        } else {
            assertThat(cut.refusal).isEqualTo(whole.refusal);
            assertThat(cut.text).isEqualTo(whole.text);
            assertThat(cut.body).isEqualTo(whole.body);
        }
    }

    private static Outcome read(HttpRequest request, byte[] sent, int cuts) throws IOException {
        Pool pool = new Pool(TransportOptions.DEFAULT);
        Exchange exchange = new Exchange(request, TransportOptions.DEFAULT, pool);
        pool.lease(exchange);
        Connection connection = new Connection(1, request.origin, 0);
        pool.register(connection);
        String text = "";
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        try {
            exchange.attach(connection);
            connection.useTls(new PiecesSocket(sent, cuts));
            AnswerHead head = HttpTransport.readAnswer(exchange, connection);
            text = head.status() + "\n" + fields(head.headers());
            try (ResponseBody body = ResponseBody.of(exchange, connection, head, true, 64 << 10)) {
                readBody(body, got, cuts);
                text += "\n" + fields(body.trailers());
            }
            return new Outcome(text, got.toString(ISO_8859_1), null, "");
        } catch (HttpException e) {
            assertThat(e.kind()).isIn(REFUSALS);
            return new Outcome(text, got.toString(ISO_8859_1), e.kind(), String.valueOf(e.getMessage()));
        } finally {
            assertThat(connection.in.length).isLessThanOrEqualTo(2 * AnswerHead.MAX_BYTES);
            exchange.end(false);
            pool.close();
            assertThat(pool.openCount()).isZero();
        }
    }

    /** Reads to the end, in one of the ways that there are, with targets of another size each time. */
    private static void readBody(ResponseBody body, ByteArrayOutputStream got, int cuts) throws IOException {
        byte[] bytes = new byte[9000];
        ByteBuffer direct = DIRECT;
        for (int turn = 0; ; turn++) {
            int want = cuts == 0 ? bytes.length : 1 + (cuts * 31 + turn * 997) % bytes.length;
            int n;
            switch (cuts % 3) {
                case 0 -> n = body.read(bytes, 0, want);
                case 1 -> {
                    n = body.read();
                    bytes[0] = (byte) n;
                    n = n < 0 ? -1 : 1;
                }
                default -> {
                    n = body.read(direct.clear().limit(want));
                    direct.get(0, bytes, 0, Math.max(n, 0));
                }
            }
            if (n < 0) {
                return;
            }
            assertThat(n).as("no reader waits for nothing").isPositive();
            got.write(bytes, 0, n);
        }
    }

    private static String fields(HttpHeaders headers) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            lines.add(headers.name(i) + "=" + headers.value(i));
        }
        return String.join("\n", lines);
    }
}
