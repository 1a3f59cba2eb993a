package dev.anystore.http;

import org.jspecify.annotations.Nullable;

/** The caller's own body failed: its stream or file threw (the cause), or is shorter or longer than it was said to be (no cause). */
public final class BodySourceException extends HttpException {
    private static final long serialVersionUID = 1L;

    BodySourceException(String message, boolean mayHaveBeenProcessed, @Nullable Throwable cause) {
        super(Kind.SOURCE, message, mayHaveBeenProcessed, cause);
    }
}
