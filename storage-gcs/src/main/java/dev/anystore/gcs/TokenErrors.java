package dev.anystore.gcs;

import com.google.api.client.http.HttpResponseException;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpException;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one place where a token that could not be had, or a signature, becomes an error of ours. */
final class TokenErrors {
    private TokenErrors() {}

    static StorageException of(IOException e, Call call) {
        HttpException way = cause(e, HttpException.class);
        if (way != null) {
            return ofWay(way, call);
        }
        HttpResponseException answer = cause(e, HttpResponseException.class);
        if (answer != null) {
            return ofAnswer(answer, "the token service", e);
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("Metadata") || message.contains("ComputeEngine") || message.contains("metadata")) {
            return noAccount("the machine's metadata service gave no token");
        }
        return StorageException.builder(Kind.UNAUTHENTICATED)
                .message("no token could be had: " + GcsText.shown(message, 200))
                .fix("check " + GcsSettings.CREDENTIALS.howToSet())
                .build();
    }

    static StorageException ofSigning(RuntimeException e, Call call) {
        HttpException way = cause(e, HttpException.class);
        if (way != null) {
            return ofWay(way, call);
        }
        HttpResponseException answer = cause(e, HttpResponseException.class);
        int status = answer == null ? 0 : answer.getStatusCode();
        return StorageException.builder(
                        status == 429 ? Kind.THROTTLED : status >= 500 ? Kind.UNAVAILABLE : Kind.ACCESS_DENIED)
                .message("the link could not be signed: the service that signs for the account refused it")
                .fix("give the account the role Service Account Token Creator on itself, or use a key of its own")
                .build();
    }

    private static StorageException ofWay(HttpException way, Call call) {
        switch (way.kind()) {
            case CANCELLED, INTERRUPTED -> {
                if (call.cancelled() || Thread.currentThread().isInterrupted()) {
                    return StorageException.builder(Kind.CANCELLED)
                            .message("the call was cancelled while it waited for a token")
                            .cause(way)
                            .build();
                }
                // Another call's end took along the token that this one waited for.
                return StorageException.builder(Kind.UNAVAILABLE)
                        .message("the token that was on its way was cancelled")
                        .mayHaveHappened(false)
                        .build();
            }
            case CLOSED -> {
                return StorageException.builder(Kind.CLOSED)
                        .message("the store is closed")
                        .cause(way)
                        .build();
            }
            case NAME -> {
                if (String.valueOf(way.getMessage()).contains("metadata.google.internal")) {
                    return noAccount("no credentials are set, and this machine is none of Google's");
                }
            }
            default -> {}
        }
        boolean timeout = way.kind() == HttpException.Kind.ANSWER_TIMEOUT
                || way.kind() == HttpException.Kind.DEADLINE
                || way.kind() == HttpException.Kind.STALL
                || way.kind() == HttpException.Kind.CONNECT_TIMEOUT;
        return StorageException.builder(timeout ? Kind.TIMEOUT : Kind.UNAVAILABLE)
                .message("the token service could not be asked: " + way.getMessage())
                .fix("check this machine's network, and the addresses in the file of credentials")
                .mayHaveHappened(false)
                .cause(way)
                .build();
    }

    private static StorageException noAccount(String message) {
        return StorageException.builder(Kind.UNAUTHENTICATED)
                .message(message)
                .fix("set " + GcsSettings.CREDENTIALS.howToSet()
                        + " to a file of credentials, or run gcloud auth application-default login, or set "
                        + GcsSettings.ANONYMOUS.howToSet() + "=true for a public bucket")
                .build();
    }

    /** What the token service says of the credentials; its document is OAuth's. */
    private static StorageException ofAnswer(HttpResponseException answer, String who, IOException e) {
        int status = answer.getStatusCode();
        String code = "";
        String words = "";
        try {
            String content = answer.getContent();
            if (content != null && content.length() < (64 << 10)) {
                var json = Json.read(content.getBytes(StandardCharsets.UTF_8));
                code = String.valueOf(Json.text(json, "error"));
                words = json.path("error_description").asText("");
                if (code.equals("null") && json.path("error").isObject()) {
                    code = json.path("error").path("status").asText("");
                    words = json.path("error").path("message").asText("");
                }
            }
        } catch (IOException notJson) {
            // The status speaks.
        }
        String said = who + " answers " + status + (code.isEmpty() ? "" : " " + GcsText.shown(code, 60))
                + (words.isEmpty() ? "" : ", " + GcsText.shown(words, 200));
        if (status == 429) {
            return StorageException.builder(Kind.THROTTLED)
                    .message(said)
                    .status(status)
                    .build();
        }
        if (status >= 500) {
            return StorageException.builder(Kind.UNAVAILABLE)
                    .message(said)
                    .status(status)
                    .mayHaveHappened(false)
                    .build();
        }
        // Google's words for an assertion whose times don't fit.
        String lower = words.toLowerCase(Locale.ROOT);
        if (lower.contains("reasonable timeframe") || lower.contains("iat and exp")) {
            return StorageException.builder(Kind.CLOCK_SKEW)
                    .message("this machine's clock and Google's differ too much: " + said)
                    .fix("set this machine's clock, or let NTP do it")
                    .status(status)
                    .build();
        }
        boolean impersonation =
                String.valueOf(e.getMessage()).contains("mpersonat") || code.equals("PERMISSION_DENIED");
        return StorageException.builder(Kind.UNAUTHENTICATED)
                .message("the credentials get no token: " + said)
                .fix(
                        impersonation
                                ? "give the calling account the role Service Account Token Creator on the account that it acts for"
                                : code.equals("invalid_grant")
                                        ? "the key or the login was revoked, deleted or has expired: make a new key, or log in again with gcloud auth application-default login"
                                        : "check that " + GcsSettings.CREDENTIALS.howToSet()
                                                + " names current credentials")
                .status(status)
                .build();
    }

    private static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> type) {
        Throwable cause = e;
        for (int i = 0; cause != null && i < 12; i++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
