package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2ErrorStructure;
import dev.anystore.StorageException;
import dev.anystore.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the service says when it refuses; the cause of the exception that it becomes. Nothing of it is trusted to be there or
 * to be sensible, and its words are as they came: {@link B2Errors} makes them fit to be shown.
 */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_BODY = 64 << 10;

    private final int status;
    private final String code;
    private final String words;
    private final boolean resent;
    private final @Nullable Duration retryAfter;

    Refusal(int status, String code, String words, @Nullable Duration retryAfter, boolean resent) {
        super("status " + status + (code.isEmpty() ? "" : ", " + B2Text.shown(code, 80)), null, false, false);
        this.status = status;
        this.code = code;
        this.words = words;
        this.retryAfter = retryAfter;
        this.resent = resent;
    }

    /** Reads an answer that is no success, and closes it. */
    static Refusal read(Answer answer) {
        try (answer) {
            HttpResponse response = answer.response();
            String code = "";
            String words = "";
            try {
                B2ErrorStructure document = Documents.read(response.readAll(MAX_BODY), B2ErrorStructure.class);
                code = document.code;
                words = document.message;
            } catch (IOException e) {
                // Not the service's document, or only a part of it: the status speaks.
            }
            return new Refusal(
                    response.status(), code, words, retryAfter(response.header("retry-after")), response.wasResent());
        }
    }

    /** The refusal behind an exception, or null. */
    static @Nullable Refusal of(StorageException e) {
        return e.getCause() instanceof Refusal refusal ? refusal : null;
    }

    /** The service's code behind an exception; empty if there is none. */
    static String codeOf(StorageException e) {
        Refusal refusal = of(e);
        return refusal == null ? "" : refusal.code;
    }

    int status() {
        return status;
    }

    /** The service's word, such as {@code bad_request}; empty if there is none. */
    String code() {
        return code;
    }

    /** The service's sentence, as it came; empty if there is none. */
    String words() {
        return words;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    /** Whether the transport sent the request twice. */
    boolean resent() {
        return resent;
    }

    /** Whether a token's time is over, so that another one helps. */
    boolean wantsNewToken() {
        return status == 401 && (code.equals("expired_auth_token") || code.equals("bad_auth_token"));
    }

    private static @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            long seconds = Long.parseLong(header.trim());
            return seconds < 0 ? null : Duration.ofSeconds(Math.min(seconds, 86_400));
        } catch (NumberFormatException e) {
            Instant until = time(header);
            Duration wait = until == null ? null : Duration.between(Instant.now(), until);
            return wait == null || wait.isNegative() ? null : wait;
        }
    }

    /** The time in a {@code Date} header, or null. */
    static @Nullable Instant time(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.US).parse(header, Instant::from);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
