package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.anystore.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the service says when it refuses, in the document of either API. Nothing of it is trusted to be there or to be sensible,
 * and its texts are as they came.
 *
 * @param status of the answer
 * @param code the XML API's code or the JSON API's reason; empty if there is none
 * @param message the service's sentence; empty if there is none
 * @param requestId the service's name of the request, or null
 * @param objectSize that a refused range does not fit, or -1
 * @param retryAfter how long it asks to wait, or null
 * @param resent whether the transport sent the request twice
 */
record ErrorAnswer(
        int status,
        String code,
        String message,
        @Nullable String requestId,
        long objectSize,
        @Nullable Duration retryAfter,
        boolean resent) {
    private static final int MAX_BODY = 64 << 10;

    /** Reads an answer that is no success, and closes it. */
    static ErrorAnswer read(HttpResponse response) {
        try (response) {
            String code = "";
            String message = "";
            try {
                byte[] body = response.readAll(MAX_BODY);
                int first = 0;
                while (first < body.length && body[first] <= ' ') {
                    first++;
                }
                if (first < body.length && body[first] == '{') {
                    JsonNode error = Json.read(body).path("error");
                    message = error.path("message").asText("");
                    code = error.path("errors").path(0).path("reason").asText("");
                } else if (first < body.length && body[first] == '<') {
                    XmlElement error = XmlElement.read(body);
                    if (error.name().equals("Error")) {
                        code = orEmpty(error.text("Code"));
                        String details = orEmpty(error.text("Details"));
                        message = orEmpty(error.text("Message")) + (details.isEmpty() ? "" : " (" + details + ")");
                    }
                }
            } catch (IOException e) {
                // Neither document, or only a part of one: the status and the headers speak.
            }
            return new ErrorAnswer(
                    response.status(),
                    code,
                    message,
                    response.header("x-guploader-uploadid"),
                    sizeOf(response.header("content-range")),
                    retryAfter(response.header("retry-after")),
                    response.wasResent());
        }
    }

    /** An entry of a batch, which is an answer within an answer. */
    static ErrorAnswer ofBatch(int status, byte[] body) {
        String code = "";
        String message = "";
        try {
            JsonNode error = Json.read(body).path("error");
            message = error.path("message").asText("");
            code = error.path("errors").path(0).path("reason").asText("");
        } catch (IOException e) {
            // The status speaks.
        }
        return new ErrorAnswer(status, code, message, null, -1, null, false);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** The size in {@code bytes *}{@code /123}. */
    private static long sizeOf(@Nullable String contentRange) {
        return contentRange != null && contentRange.startsWith("bytes */")
                ? GcsText.number(contentRange.substring(8).trim())
                : -1;
    }

    private static @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null) {
            return null;
        }
        long seconds = GcsText.number(header.trim());
        if (seconds >= 0) {
            return Duration.ofSeconds(Math.min(seconds, 86_400));
        }
        Instant until = GcsText.httpTime(header);
        Duration wait = until == null ? null : Duration.between(Instant.now(), until);
        return wait == null || wait.isNegative() ? null : wait;
    }
}
