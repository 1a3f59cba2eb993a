package dev.anystore.testkit.b2;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One answer.
 *
 * @param status of it
 * @param headers but those that frame the body
 * @param body of it
 */
record HttpReply(int status, Map<String, String> headers, Content body) {
    static HttpReply json(int status, Object value) throws IOException {
        Content.Taker taker = new Content.Taker(null);
        taker.write(Json.write(value).getBytes(StandardCharsets.UTF_8));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json;charset=UTF-8");
        headers.put("Cache-Control", "max-age=0, no-cache, no-store");
        return new HttpReply(status, headers, taker.content());
    }

    static HttpReply refusal(Refused refused) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("code", refused.code());
        document.put("message", refused.sentence());
        document.put("status", (long) refused.status());
        HttpReply reply = json(refused.status(), document);
        if (refused.status() == 429) {
            reply.headers().put("Retry-After", "1");
        }
        return reply;
    }

    /** Sends it; a fault may cut or spoil the body. */
    void send(OutputStream to, boolean headOnly, boolean keepAlive, B2Fault fault) throws IOException {
        OutputStream out = new BufferedOutputStream(to, 128 << 10);
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" x\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        // Backblaze's library compares it with its own clock.
        head.append("Date: ")
                .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .append("\r\n");
        head.append("Content-Length: ").append(body.length()).append("\r\n");
        head.append(keepAlive ? "" : "Connection: close\r\n").append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.UTF_8));
        if (!headOnly) {
            switch (fault) {
                case CUT_BODY -> body.slice(0, body.length() / 2).writeTo(out);
                case FLIP_BIT -> body.writeTo(new Flipping(out, body.length() / 2));
                default -> body.writeTo(out);
            }
        }
        out.flush();
        if (fault == B2Fault.CUT_BODY) {
            throw new IOException("cut, as the test asked");
        }
    }

    /** Turns one bit of one byte. */
    private static final class Flipping extends FilterOutputStream {
        private final long at;
        private long position;

        Flipping(OutputStream out, long at) {
            super(out);
            this.at = at;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(position++ == at ? b ^ 1 : b);
        }
    }
}
