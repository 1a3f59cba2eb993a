package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer, for one reader. It ends only where the answer's framing says so: a connection that ends
 * earlier is a {@link HttpException.Kind#TRUNCATED}, and bytes behind the declared end fail the read that would
 * have given the last ones. As a channel it reads into direct buffers without a copy on plain connections.
 *
 * <p>With its last byte the connection goes back to the pool. {@link #close} before that reads on only if little is left
 * and already there; else it ends the connection. It never blocks, and frees a reader in another thread.
 */
public final class ResponseBody extends InputStream implements ReadableByteChannel {
    private static final int SMALL_READ = 4 << 10; // shorter reads go through the connection's buffer
    private static final int MAX_CHUNK_DIGITS = 15; // so that a size fits a long
    private static final int MAX_CHUNK_LINE = 4 << 10; // extensions are read over

    private enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    /** Thrown and caught here alone: closing would have to wait for bytes. */
    private static final class WouldBlock extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final Exchange exchange;
    private final Connection connection;
    private final Framing framing;
    private final long declared;
    private final boolean keepAlive;
    private final int drainBytes;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private long left; // of the body, or of the present chunk
    private boolean chunkBegun;
    private boolean ended;
    private boolean draining;
    private HttpHeaders trailers = HttpHeaders.NONE;
    private @Nullable HttpException failed;

    private ResponseBody(
            Exchange exchange,
            Connection connection,
            Framing framing,
            long declared,
            boolean keepAlive,
            int drainBytes) {
        this.exchange = exchange;
        this.connection = connection;
        this.framing = framing;
        this.declared = declared;
        this.left = Math.max(declared, 0);
        this.keepAlive = keepAlive;
        this.drainBytes = drainBytes;
    }

    /** The body that this head announces; an empty one has given its connection back already. */
    static ResponseBody of(Exchange exchange, Connection connection, AnswerHead head, boolean reusable, int drainBytes)
            throws HttpException {
        HttpHeaders headers = head.headers();
        long length = contentLength(exchange, headers);
        int encoding = headers.find("transfer-encoding", 0);
        if (encoding >= 0) {
            if (length >= 0) {
                throw AnswerHead.malformed(exchange, "it has both a length and a transfer encoding");
            }
            if (head.minor() == 0
                    || headers.find("transfer-encoding", encoding + 1) >= 0
                    || !headers.value(encoding).equalsIgnoreCase("chunked")) {
                throw AnswerHead.malformed(exchange, "its transfer encoding is not chunked");
            }
        }
        boolean keepAlive = reusable && keepsAlive(head, connection);
        int status = head.status();
        if (exchange.request.method.equals("HEAD") || status == 204 || status == 304) {
            ResponseBody none = new ResponseBody(exchange, connection, Framing.LENGTH, 0, keepAlive, drainBytes);
            // What a server sends behind such a head is no answer to anything: nobody may take it for the next one.
            none.finish(connection.inPos == connection.inEnd);
            return none;
        }
        Framing framing = encoding >= 0 ? Framing.CHUNKED : length >= 0 ? Framing.LENGTH : Framing.UNTIL_CLOSE;
        ResponseBody body = new ResponseBody(exchange, connection, framing, length, keepAlive, drainBytes);
        exchange.bytesOutstanding = true;
        if (framing == Framing.LENGTH && length == 0) {
            // What comes later is found when the connection is used again, without a call of the system for it now.
            body.checkNothingRead();
            body.finish(true);
        }
        return body;
    }

    private static long contentLength(Exchange exchange, HttpHeaders headers) throws HttpException {
        long length = -1;
        for (int i = headers.find("content-length", 0); i >= 0; i = headers.find("content-length", i + 1)) {
            long value = digits(headers.value(i));
            if (value < 0) {
                throw AnswerHead.malformed(exchange, "its length is not a number");
            }
            if (length >= 0 && value != length) {
                throw AnswerHead.malformed(exchange, "it has two different lengths");
            }
            length = value;
        }
        return length;
    }

    private static long digits(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    private static boolean keepsAlive(AnswerHead head, Connection connection) {
        HttpHeaders headers = head.headers();
        boolean keeps = head.minor() == 1;
        for (int i = headers.find("connection", 0); i >= 0; i = headers.find("connection", i + 1)) {
            for (String option : headers.value(i).split(",", -1)) {
                if (option.strip().equalsIgnoreCase("close")) {
                    return false;
                }
                keeps |= option.strip().equalsIgnoreCase("keep-alive");
            }
        }
        String hint = headers.first("keep-alive");
        int at = hint == null ? -1 : hint.indexOf("timeout=");
        if (hint != null && at >= 0) {
            int end = at + 8;
            while (end < hint.length() && Character.isDigit(hint.charAt(end))) {
                end++;
            }
            long seconds = digits(hint.substring(at + 8, Math.min(end, at + 17)));
            if (seconds >= 0) {
                // One second earlier than the server, which closes while our next request is under way otherwise.
                connection.idleLimit = Math.max(0, seconds - 1) * 1_000_000_000L;
                keeps &= seconds > 1;
            }
        }
        return keeps;
    }

    /** Bytes that the answer declares, or -1 where only its end will tell. */
    public long declaredLength() {
        return declared;
    }

    /** Whether its end can be told from a broken connection; false only for old servers that send neither length nor chunks. */
    public boolean isFramed() {
        return framing != Framing.UNTIL_CLOSE;
    }

    HttpHeaders trailers() {
        return trailers;
    }

    // ---- reading

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        enter();
        try {
            return readInto(target, offset, length, null);
        } finally {
            leave();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        enter();
        try {
            return readInto(null, 0, target.remaining(), target);
        } finally {
            leave();
        }
    }

    /** What can be read without waiting; an estimate, as with every stream. */
    @Override
    public int available() throws IOException {
        enter();
        try {
            if (ended || (framing == Framing.CHUNKED && !chunkBegun)) {
                return 0;
            }
            int there = connection.inEnd - connection.inPos;
            if (there == 0) {
                there = connection.available();
            }
            return framing == Framing.UNTIL_CLOSE ? there : (int) Math.min(there, left);
        } finally {
            leave();
        }
    }

    private void enter() throws IOException {
        if (closed.get()) {
            throw exchange.isAborted() ? exchange.failure(Kind.CANCELLED, null) : new ClosedChannelException();
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("two threads read one body");
        }
    }

    private void leave() {
        busy.set(false);
        if (closed.get()) { // while we were busy; whoever closed left the rest to us
            exchange.end(false);
        }
    }

    private int readInto(byte @Nullable [] bytes, int offset, int length, @Nullable ByteBuffer buffer)
            throws IOException {
        if (failed != null) {
            throw failed;
        }
        try {
            if (ended) {
                return -1;
            }
            exchange.throwIfAborted(); // what is still in the buffer is not given out any more
            if (!beginPiece()) {
                return -1;
            }
            int want = framing == Framing.UNTIL_CLOSE ? length : (int) Math.min(length, left);
            int n;
            if (connection.inPos == connection.inEnd && want >= SMALL_READ) {
                n = bytes != null
                        ? connection.read(exchange, bytes, offset, want)
                        : connection.read(exchange, Objects.requireNonNull(buffer), want);
            } else {
                n = connection.inPos < connection.inEnd ? 0 : more();
                if (n >= 0) {
                    n = Math.min(want, connection.inEnd - connection.inPos);
                    if (bytes != null) {
                        System.arraycopy(connection.in, connection.inPos, bytes, offset, n);
                    } else {
                        Objects.requireNonNull(buffer).put(connection.in, connection.inPos, n);
                    }
                    connection.inPos += n;
                }
            }
            if (n < 0) {
                if (framing != Framing.UNTIL_CLOSE) {
                    throw exchange.failure(Kind.TRUNCATED, null);
                }
                finish(false);
                return -1;
            }
            left -= n;
            if (framing == Framing.LENGTH && left == 0) {
                checkNothingBehind();
                finish(true);
            }
            return n;
        } catch (WouldBlock e) {
            throw e;
        } catch (HttpException e) {
            failed = e;
            exchange.end(false);
            throw e;
        } catch (IOException e) {
            failed = exchange.failure(Kind.TRUNCATED, e);
            exchange.end(false);
            throw failed;
        }
    }

    /** Reads more into the connection's empty buffer. */
    private int more() throws IOException {
        if (draining && connection.available() <= 0) {
            throw new WouldBlock();
        }
        return connection.fill(exchange);
    }

    private void checkNothingBehind() throws HttpException {
        checkNothingRead();
        if (!connection.isTls()) { // on TLS waiting bytes may be the protocol's own
            boolean more;
            try {
                more = connection.available() > 0;
            } catch (IOException e) {
                return; // the connection broke behind its last byte, which the next user would notice
            }
            if (more) {
                throw tooLong();
            }
        }
    }

    private void checkNothingRead() throws HttpException {
        if (connection.inPos < connection.inEnd) {
            throw tooLong();
        }
    }

    private HttpException tooLong() {
        return AnswerHead.malformed(exchange, "it is longer than it declares");
    }

    private void finish(boolean reusable) {
        ended = true;
        exchange.bytesOutstanding = false;
        exchange.end(reusable && keepAlive);
    }

    // ---- chunks

    /** Makes {@link #left} more than 0: false at the end of the body. */
    private boolean beginPiece() throws IOException {
        if (framing != Framing.CHUNKED || left > 0) {
            return true;
        }
        if (chunkBegun) {
            expect('\r');
            expect('\n');
            chunkBegun = false;
        }
        left = chunkSize();
        if (left > 0) {
            chunkBegun = true;
            return true;
        }
        if (draining && !emptyLineIsThere()) {
            throw new WouldBlock(); // trailers that nobody reads are not worth a wait
        }
        trailers = AnswerHead.readTrailers(exchange, connection);
        if (connection.inPos < connection.inEnd) {
            throw AnswerHead.malformed(exchange, "it is longer than it declares");
        }
        finish(true);
        return false;
    }

    private boolean emptyLineIsThere() {
        return connection.inEnd - connection.inPos >= 2
                && connection.in[connection.inPos] == '\r'
                && connection.in[connection.inPos + 1] == '\n';
    }

    private long chunkSize() throws IOException {
        long size = 0;
        int digits = 0;
        int c = next();
        for (int hex = Character.digit(c, 16); hex >= 0 && c < 0x80; hex = Character.digit(c, 16)) {
            if (++digits > MAX_CHUNK_DIGITS) {
                throw AnswerHead.malformed(exchange, "a chunk's size is out of bounds");
            }
            size = size << 4 | hex;
            c = next();
        }
        if (digits == 0 || (c != '\r' && c != ';' && c != ' ' && c != '\t')) {
            throw AnswerHead.malformed(exchange, "a chunk's size is malformed");
        }
        for (int i = 0; c != '\r'; i++) {
            if (i == MAX_CHUNK_LINE || !HttpField.isValue(c)) {
                throw AnswerHead.malformed(exchange, "a chunk's extension is malformed");
            }
            c = next();
        }
        expect('\n');
        return size;
    }

    private void expect(int wanted) throws IOException {
        if (next() != wanted) {
            throw AnswerHead.malformed(exchange, "a chunk's end is malformed");
        }
    }

    private int next() throws IOException {
        if (connection.inPos == connection.inEnd && more() < 0) {
            throw exchange.failure(Kind.TRUNCATED, null);
        }
        return connection.in[connection.inPos++] & 0xff;
    }

    // ---- closing

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (!busy.compareAndSet(false, true)) {
            exchange.abort(Kind.CANCELLED); // the reader in another thread ends the exchange on its way out
            return;
        }
        if (!ended) {
            drain();
            exchange.end(false); // nothing happens if the end was reached
        }
        busy.set(false);
    }

    private void drain() {
        if (failed != null || !keepAlive || framing == Framing.UNTIL_CLOSE || left > drainBytes) {
            return;
        }
        draining = true;
        byte[] scratch = connection.bulk();
        try {
            for (int drained = 0; drained <= drainBytes; ) {
                if (connection.inPos == connection.inEnd && connection.available() <= 0) {
                    return;
                }
                // Small, so that it goes through the buffer and never waits for more than is there.
                int n = readInto(scratch, 0, SMALL_READ - 1, null);
                if (n < 0 || ended) {
                    return;
                }
                drained += n;
            }
        } catch (IOException e) {
            // the connection is closed instead
        }
    }
}
