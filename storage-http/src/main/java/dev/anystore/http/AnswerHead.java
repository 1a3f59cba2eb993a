package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer, read strictly (RFC 9112): lines end in CR LF, nothing is folded, names are tokens, and what
 * breaks a bound or a rule is refused rather than guessed at.
 */
record AnswerHead(int minor, int status, HttpHeaders headers) {
    static final int MAX_BYTES = 64 << 10;
    static final int MAX_FIELDS = 200;

    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};

    /** Reads one head from the connection, whose buffer then holds what came behind it. */
    static AnswerHead read(Exchange exchange, Connection connection) throws IOException {
        int end = readBlock(exchange, connection, true);
        byte[] in = connection.in;
        int start = connection.inPos;
        // "HTTP/1.1 200" and then a blank and a reason, or the line's end
        int minor = in[start + 7] - '0';
        int status = status(exchange, in, start + 8);
        int lineEnd = lineEnd(in, start, end);
        int reason = start + 12;
        if ((minor != 0 && minor != 1) || lineEnd < reason || (lineEnd > reason && in[reason] != ' ')) {
            throw malformed(exchange, "its status line is malformed");
        }
        for (int i = reason; i < lineEnd; i++) {
            if (!HttpField.isValue(in[i] & 0xff)) {
                throw malformed(exchange, "its status line is malformed");
            }
        }
        HttpHeaders headers = fields(exchange, in, lineEnd + 2, end);
        connection.inPos = end;
        return new AnswerHead(minor, status, headers);
    }

    /** Reads the fields behind the last chunk. */
    static HttpHeaders readTrailers(Exchange exchange, Connection connection) throws IOException {
        int end = readBlock(exchange, connection, false);
        HttpHeaders trailers = fields(exchange, connection.in, connection.inPos, end);
        connection.inPos = end;
        return trailers;
    }

    /** Reads until an empty line is in the buffer: the index behind it. */
    private static int readBlock(Exchange exchange, Connection connection, boolean head) throws IOException {
        int scan = connection.inPos;
        while (true) {
            byte[] in = connection.in;
            int start = connection.inPos;
            if (head && connection.inEnd > start) {
                exchange.answerSeen = true;
                checkVersion(exchange, in, start, connection.inEnd);
            } else if (!head && connection.inEnd - start >= 2 && in[start] == '\r' && in[start + 1] == '\n') {
                return start + 2;
            }
            for (; scan < connection.inEnd; scan++) {
                if (in[scan] == '\n'
                        && scan - start >= 3
                        && in[scan - 1] == '\r'
                        && in[scan - 2] == '\n'
                        && in[scan - 3] == '\r') {
                    if (scan + 1 - start > MAX_BYTES) {
                        throw malformed(exchange, "its headers are over 64 KiB");
                    }
                    return scan + 1;
                }
            }
            if (connection.inEnd - start > MAX_BYTES) {
                throw malformed(exchange, "its headers are over 64 KiB");
            }
            scan -= start;
            readMore(exchange, connection);
            scan += connection.inPos;
        }
    }

    /** Appends to the buffer, making room first. */
    private static void readMore(Exchange exchange, Connection connection) throws IOException {
        int held = connection.inEnd - connection.inPos;
        if (held == 0) {
            connection.inPos = 0;
        } else if (connection.inEnd == connection.in.length) {
            byte[] room = held > connection.in.length / 2 ? new byte[connection.in.length * 2] : connection.in;
            System.arraycopy(connection.in, connection.inPos, room, 0, held);
            connection.in = room;
            connection.inPos = 0;
        }
        connection.inEnd = connection.inPos + held;
        int n = connection.read(exchange, connection.in, connection.inEnd, connection.in.length - connection.inEnd);
        if (n < 0) {
            throw held == 0 && !exchange.answerSeen
                    ? exchange.failure(Kind.NO_ANSWER, null)
                    : exchange.failure(Kind.TRUNCATED, "the answer ended inside its headers", null);
        }
        connection.inEnd += n;
    }

    /** Looks at each byte that is there, so that a server that speaks something else is not waited for. */
    private static void checkVersion(Exchange exchange, byte[] in, int start, int end) throws HttpException {
        for (int i = 0; i < VERSION.length && start + i < end; i++) {
            if (in[start + i] != VERSION[i]) {
                boolean tlsAlert = in[start] == 0x15 && (start + 1 == end || in[start + 1] == 3);
                throw malformed(
                        exchange,
                        tlsAlert ? "the server speaks TLS: use https" : "the server speaks something else than HTTP/1");
            }
        }
    }

    private static int status(Exchange exchange, byte[] in, int at) throws HttpException {
        int status = 0;
        if (in[at] != ' ') {
            throw malformed(exchange, "its status line is malformed");
        }
        for (int i = at + 1; i < at + 4; i++) {
            if (in[i] < '0' || in[i] > '9') {
                throw malformed(exchange, "its status line is malformed");
            }
            status = status * 10 + in[i] - '0';
        }
        if (status < 100 || status > 599) {
            throw malformed(exchange, "its status is outside 100 to 599");
        }
        return status;
    }

    private static HttpHeaders fields(Exchange exchange, byte[] in, int from, int end) throws HttpException {
        if (from >= end - 2) {
            return HttpHeaders.NONE;
        }
        byte[] copy = Arrays.copyOfRange(in, from, end - 2);
        int[] bounds = new int[64];
        int count = 0;
        for (int line = 0; line < copy.length; ) {
            int lineEnd = lineEnd(copy, line, copy.length);
            if (count == MAX_FIELDS) {
                throw malformed(exchange, "it has over 200 headers");
            }
            if (bounds.length == 4 * count) {
                bounds = Arrays.copyOf(bounds, 8 * count);
            }
            int colon = line;
            while (colon < lineEnd && HttpField.isToken(copy[colon])) {
                colon++;
            }
            if (colon == line || colon == lineEnd || copy[colon] != ':') {
                throw malformed(exchange, "one of its headers is malformed");
            }
            int valueStart = colon + 1;
            int valueEnd = lineEnd;
            for (int i = valueStart; i < valueEnd; i++) {
                if (!HttpField.isValue(copy[i] & 0xff)) {
                    throw malformed(exchange, "one of its headers is malformed");
                }
            }
            while (valueStart < valueEnd && isBlank(copy[valueStart])) {
                valueStart++;
            }
            while (valueEnd > valueStart && isBlank(copy[valueEnd - 1])) {
                valueEnd--;
            }
            bounds[4 * count] = line;
            bounds[4 * count + 1] = colon;
            bounds[4 * count + 2] = valueStart;
            bounds[4 * count + 3] = valueEnd;
            count++;
            line = lineEnd + 2;
        }
        return new HttpHeaders(copy, bounds, count);
    }

    /** The index of the next CR LF; a line feed or carriage return alone stays in the line and is refused there. */
    private static int lineEnd(byte[] in, int from, int end) {
        for (int i = from; i + 1 < end; i++) {
            if (in[i] == '\r' && in[i + 1] == '\n') {
                return i;
            }
        }
        return end; // not reached: every block ends in CR LF
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static HttpException malformed(Exchange exchange, @Nullable String what) {
        return exchange.failure(Kind.PROTOCOL, "the answer is not valid HTTP: " + what, null);
    }
}
