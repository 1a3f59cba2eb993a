package dev.anystore.b2;

import dev.anystore.StorageException;
import dev.anystore.StorageIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/** The bytes of a file, whose failures are ours. As a channel it reads without copies. */
final class AnswerBody extends InputStream implements ReadableByteChannel {
    private final Answer answer;
    private final B2Errors errors;
    private final B2Request request;

    AnswerBody(Answer answer, B2Errors errors, B2Request request) {
        this.answer = answer;
        this.errors = errors;
        this.request = request;
    }

    @Override
    public int read() throws IOException {
        try {
            return answer.response().body().read();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return answer.response().body().read(bytes, offset, length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        try {
            return answer.response().body().read(target);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private StorageIOException failure(IOException e) {
        if (e instanceof ClosedChannelException) {
            return new StorageIOException(StorageException.builder(StorageException.Kind.CLOSED)
                    .message("the body is closed")
                    .cause(e)
                    .build());
        }
        return new StorageIOException(errors.of(e, request));
    }

    @Override
    public boolean isOpen() {
        return answer.response().body().isOpen();
    }

    @Override
    public void close() {
        answer.close();
    }
}
