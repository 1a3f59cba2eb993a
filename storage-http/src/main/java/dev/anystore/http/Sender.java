package dev.anystore.http;

import dev.anystore.http.HttpException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes one request. The head and a small body leave in one write. */
final class Sender {
    private static final int CONTINUE_MILLIS =
            1000; // many servers never send 100; RFC 9110 10.1.1 forbids to wait for ever
    private static final int LOOK_EVERY = 256 << 10; // bytes between two looks for an early answer
    private static final int CHUNK_HEAD = 10; // eight hex digits, CR, LF
    private static final long GATHER_NANOS =
            1_000_000_000L; // a slow source is sent as it comes: servers dislike silence
    private static final int GATHER_BYTES = 16 << 10; // a fast one in pieces of at least this

    private final Exchange exchange;
    private final Connection connection;
    private final HttpRequest request;
    private final @Nullable LongConsumer onSent;
    private byte[] out;
    private int filled;
    private int sinceLook;

    private Sender(Exchange exchange, Connection connection) {
        this.exchange = exchange;
        this.connection = connection;
        this.request = exchange.request;
        this.onSent = request.onSent;
        this.out = connection.out;
    }

    /** Sends the exchange's request: null when all of it was sent, or the answer that came before that. */
    static @Nullable AnswerHead send(Exchange exchange, Connection connection) throws HttpException {
        Sender sender = new Sender(exchange, connection);
        try {
            exchange.sending = true;
            return sender.send();
        } catch (HttpException e) {
            throw e;
        } catch (IOException e) {
            AnswerHead early = sender.answerBehindFailure();
            if (early != null) {
                return early;
            }
            throw exchange.failure(Kind.SEND, e);
        } finally {
            exchange.sending = false;
            exchange.bytesOutstanding = false;
        }
    }

    private @Nullable AnswerHead send() throws IOException {
        head();
        HttpBody body = request.body;
        exchange.bytesOutstanding = true;
        if (request.expectContinue && body.length() != 0) {
            flush(false, 0);
            exchange.bytesOutstanding = false;
            if (connection.awaitBytes(exchange, CONTINUE_MILLIS)) {
                AnswerHead early = readEarly();
                if (early != null) {
                    return early;
                }
            }
            exchange.bytesOutstanding = true;
        }
        if (body instanceof HttpBody.Bytes bytes) {
            return sendBytes(bytes);
        }
        if (body instanceof HttpBody.FileRegion file) {
            return sendFile(file);
        }
        if (body instanceof HttpBody.Stream stream) {
            return sendStream(stream);
        }
        flush(true, 0);
        return null;
    }

    // ---- head

    private void head() {
        put(request.method);
        put(" ");
        put(request.path);
        if (request.query != null) {
            put("?");
            put(request.query);
        }
        put(" HTTP/1.1\r\n");
        if (!request.namesHost) {
            field("Host", request.origin.hostHeader());
        }
        String[] fields = request.fields;
        for (int i = 0; i < fields.length; i += 2) {
            field(fields[i], fields[i + 1]);
        }
        HttpBody body = request.body;
        if (body.length() < 0) {
            field("Transfer-Encoding", "chunked");
        } else if (!(body instanceof HttpBody.None)) {
            field("Content-Length", Long.toString(body.length()));
        }
        if (request.expectContinue && body.length() != 0) {
            field("Expect", "100-continue");
        }
        put("\r\n");
    }

    private void field(String name, String value) {
        put(name);
        put(": ");
        put(value);
        put("\r\n");
    }

    /** Appends Latin-1; the request has checked each character. */
    private void put(String text) {
        int length = text.length();
        if (length > out.length - filled) {
            connection.out = Arrays.copyOf(out, Math.max(out.length * 2, filled + length));
            out = connection.out;
        }
        for (int i = 0; i < length; i++) {
            out[filled + i] = (byte) text.charAt(i);
        }
        filled += length;
    }

    /** Sends what has been gathered, of which the last {@code bodyBytes} belong to the body. */
    private void flush(boolean last, int bodyBytes) throws IOException {
        int n = filled;
        filled = 0;
        if (n > 0) {
            exchange.lastWriteBegun |= last;
            connection.write(exchange, out, 0, n);
            sent(bodyBytes);
        }
    }

    private void sent(long bytes) {
        if (onSent != null && bytes > 0) {
            onSent.accept(bytes);
        }
    }

    // ---- bytes

    private @Nullable AnswerHead sendBytes(HttpBody.Bytes body) throws IOException {
        if (body.length() <= out.length - filled) {
            for (ByteBuffer buffer : body.buffers) {
                int n = buffer.remaining();
                buffer.get(buffer.position(), out, filled, n);
                filled += n;
            }
            flush(true, (int) body.length());
            return null;
        }
        flush(false, 0);
        long left = body.length();
        for (ByteBuffer buffer : body.buffers) {
            ByteBuffer piece = buffer.duplicate();
            int end = piece.limit();
            while (piece.position() < end) {
                int n = Math.min(end - piece.position(), Connection.SLICE);
                piece.limit(piece.position() + n);
                left -= n;
                exchange.lastWriteBegun |= left == 0;
                connection.write(exchange, piece);
                sent(n);
                piece.limit(end);
                AnswerHead early = look(n, left);
                if (early != null) {
                    return early;
                }
            }
        }
        return null;
    }

    // ---- file

    private @Nullable AnswerHead sendFile(HttpBody.FileRegion body) throws IOException {
        FileChannel file;
        try {
            // Its own for each sending: an interrupt inside transferTo closes the channel for all who share it.
            file = FileChannel.open(body.path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw exchange.sourceFailure("the body's file could not be opened", e);
        }
        try (file) {
            long left = body.length();
            long position = body.position;
            if (left <= out.length - filled) {
                int n = (int) left;
                readFile(file, out, filled, n, position);
                filled += n;
                flush(true, n);
                return null;
            }
            flush(false, 0);
            while (left > 0) {
                long n;
                if (connection.isTls()) {
                    byte[] bulk = connection.bulk();
                    n = Math.min(left, bulk.length);
                    readFile(file, bulk, 0, (int) n, position);
                    exchange.lastWriteBegun |= n == left;
                    connection.write(exchange, bulk, 0, (int) n);
                } else {
                    exchange.lastWriteBegun |= left <= Connection.SLICE;
                    n = connection.transfer(exchange, file, position, left);
                    if (n <= 0) {
                        throw exchange.sourceFailure("the body's file ends before its region does", null);
                    }
                }
                position += n;
                left -= n;
                sent(n);
                AnswerHead early = look(n, left);
                if (early != null) {
                    return early;
                }
            }
            return null;
        }
    }

    private void readFile(FileChannel file, byte[] target, int offset, int length, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
        try {
            while (buffer.hasRemaining()) {
                int n = file.read(buffer, position);
                if (n < 0) {
                    throw exchange.sourceFailure("the body's file ends before its region does", null);
                }
                position += n;
            }
        } catch (HttpException e) {
            throw e;
        } catch (IOException e) {
            exchange.throwIfInterrupted();
            throw exchange.sourceFailure("the body's file could not be read", e);
        }
    }

    // ---- stream

    private @Nullable AnswerHead sendStream(HttpBody.Stream body) throws IOException {
        InputStream source = body.once;
        if (source != null) {
            exchange.sourceTouched = true;
            return body.length() < 0 ? sendChunks(body, source) : sendExactly(source, body.length());
        }
        try {
            source = open(body);
        } catch (IOException e) {
            throw exchange.sourceFailure("the body could not be opened", e);
        }
        try {
            return body.length() < 0 ? sendChunks(body, source) : sendExactly(source, body.length());
        } finally {
            try {
                source.close();
            } catch (IOException e) {
                // every byte that we wanted was read, or a worse failure is on its way
            }
        }
    }

    private static InputStream open(HttpBody.Stream body) throws IOException {
        HttpBody.Source source = body.source;
        if (source == null) {
            throw new IOException("the body has no source");
        }
        return source.open();
    }

    private @Nullable AnswerHead sendExactly(InputStream source, long length) throws IOException {
        byte[] bulk = connection.bulk();
        long left = length;
        if (length <= out.length - filled) {
            int n = gather(source, out, filled, (int) length, true);
            checkEnd(source, n, (int) length);
            filled += n;
            flush(true, n);
            return null;
        }
        flush(false, 0);
        while (left > 0) {
            int want = (int) Math.min(left, bulk.length);
            int n = gather(source, bulk, 0, want, want == left);
            if (want == left) {
                checkEnd(source, n, want); // before the last piece: a body of another length never becomes an object
            } else if (n <= 0) {
                throw exchange.sourceFailure("the body ended %d bytes before its length".formatted(left), null);
            }
            left -= n;
            exchange.lastWriteBegun |= left == 0;
            connection.write(exchange, bulk, 0, n);
            sent(n);
            AnswerHead early = look(n, left);
            if (early != null) {
                return early;
            }
        }
        return null;
    }

    private void checkEnd(InputStream source, int got, int wanted) throws HttpException {
        if (got < wanted) {
            throw exchange.sourceFailure(
                    "the body ended %d bytes before its length".formatted(wanted - Math.max(got, 0)), null);
        }
        int next;
        try {
            next = source.read();
        } catch (IOException e) {
            throw exchange.sourceFailure("the body could not be read", e);
        }
        if (next >= 0) {
            throw exchange.sourceFailure("the body is longer than its length", null);
        }
    }

    private @Nullable AnswerHead sendChunks(HttpBody.Stream body, InputStream source) throws IOException {
        flush(false, 0);
        byte[] bulk = connection.bulk();
        while (true) {
            int n = gather(source, bulk, CHUNK_HEAD, bulk.length - CHUNK_HEAD - 2, false);
            if (n <= 0) {
                break;
            }
            for (int i = 0; i < 8; i++) {
                bulk[i] = (byte) Character.forDigit((n >>> (28 - 4 * i)) & 15, 16);
            }
            bulk[8] = '\r';
            bulk[9] = '\n';
            bulk[CHUNK_HEAD + n] = '\r';
            bulk[CHUNK_HEAD + n + 1] = '\n';
            connection.write(exchange, bulk, 0, CHUNK_HEAD + n + 2);
            sent(n);
            AnswerHead early = look(n, 1);
            if (early != null) {
                return early;
            }
        }
        put("0\r\n");
        if (body.trailers != null) {
            List<HttpField> trailers = body.trailers.get();
            for (HttpField trailer : trailers) {
                field(trailer.name(), trailer.value());
            }
        }
        put("\r\n");
        flush(true, 0);
        return null;
    }

    /** Reads until {@code length} bytes, enough for one write, or a second is over: how many, or -1 at the end. */
    private int gather(InputStream source, byte[] target, int offset, int length, boolean all) throws HttpException {
        int got = 0;
        long began = exchange.now();
        try {
            while (got < length) {
                int n = source.read(target, offset + got, length - got);
                if (n < 0) {
                    return got == 0 ? -1 : got;
                }
                got += n;
                if (!all && (got >= GATHER_BYTES || (got > 0 && exchange.now() - began > GATHER_NANOS))) {
                    break;
                }
            }
            return got;
        } catch (IOException e) {
            throw exchange.sourceFailure("the body could not be read", e);
        }
    }

    // ---- an answer before the end

    /**
     * Now and then, whether the server has answered already, so that a refusal is not drowned by a broken pipe. Only plain
     * connections can tell: on TLS waiting bytes may be the handshake's session tickets.
     */
    private @Nullable AnswerHead look(long justSent, long left) throws IOException {
        sinceLook += (int) justSent;
        if (sinceLook < LOOK_EVERY || left == 0 || connection.isTls()) {
            return null;
        }
        sinceLook = 0;
        return connection.available() > 0 ? readEarly() : null;
    }

    /** The answer that has begun to come, or null if it only asks to go on. */
    private @Nullable AnswerHead readEarly() throws IOException {
        exchange.bytesOutstanding = false;
        exchange.phase(Kind.ANSWER_TIMEOUT, exchange.answerNanos());
        AnswerHead head = AnswerHead.read(exchange, connection);
        if (head.status() >= 200) {
            return head;
        }
        exchange.phaseOver();
        exchange.answerSeen = false;
        exchange.bytesOutstanding = true;
        return null;
    }

    /** A server that refuses a body closes the connection: its answer may have come before. */
    private @Nullable AnswerHead answerBehindFailure() {
        if (exchange.isAborted() || Thread.currentThread().isInterrupted()) {
            return null;
        }
        try {
            exchange.sending = false;
            exchange.bytesOutstanding = false;
            exchange.phase(Kind.SEND, 1_000_000_000L);
            AnswerHead head = AnswerHead.read(exchange, connection);
            return head.status() >= 400 ? head : null;
        } catch (IOException e) {
            return null;
        }
    }
}
