package dev.anystore.azure;

import dev.anystore.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the service says when it refuses: status, headers, and the document if there is one. Nothing of it is trusted to be
 * there or to be sensible, and its texts are as they came.
 *
 * @param status of the answer
 * @param code Azure's word, which a header has too, so that an answer to HEAD tells it; empty if there is none
 * @param message the service's sentence; empty if there is none
 * @param detail why credentials were not accepted; empty if nothing is said
 * @param requestId the service's name of the request, or null
 * @param time of the service, or null
 * @param objectSize that a refused range does not fit, or -1
 * @param retryAfter how long it asks to wait, or null
 * @param resent whether the transport sent the request twice
 */
record ErrorAnswer(
        int status,
        String code,
        String message,
        String detail,
        @Nullable String requestId,
        @Nullable Instant time,
        long objectSize,
        @Nullable Duration retryAfter,
        boolean resent) {
    private static final int MAX_BODY = 64 << 10;

    /** Reads an answer that is no success, and closes it. */
    static ErrorAnswer read(HttpResponse response) {
        try (response) {
            Document document = new Document();
            try {
                byte[] body = response.readAll(MAX_BODY);
                if (body.length > 0) {
                    XmlReader xml = XmlReader.of(new ByteArrayInputStream(body));
                    if (xml.root().equals("Error")) {
                        document.read(xml);
                    }
                }
            } catch (IOException e) {
                // Not Azure's document, or only a part of it: the status and the headers speak.
            }
            String code = response.header("x-ms-error-code");
            return new ErrorAnswer(
                    response.status(),
                    code != null ? code : document.code,
                    document.message,
                    document.detail,
                    response.header("x-ms-request-id"),
                    HttpDates.parse(response.header("date")),
                    sizeOf(response.header("content-range")),
                    retryAfter(response.header("retry-after")),
                    response.wasResent());
        }
    }

    /** One answer of a batch, whose own headers tell less. */
    static ErrorAnswer ofBatch(int status, String code, String message, @Nullable String requestId) {
        return new ErrorAnswer(status, code, message, "", requestId, null, -1, null, false);
    }

    /** The size in {@code bytes *}{@code /123}, if it is above 0: Azurite says 0 of every object. */
    private static long sizeOf(@Nullable String contentRange) {
        if (contentRange == null || !contentRange.startsWith("bytes */")) {
            return -1;
        }
        try {
            long size = Long.parseLong(contentRange.substring(8).trim());
            return size > 0 ? size : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            long seconds = Long.parseLong(header.trim());
            return seconds < 0 ? null : Duration.ofSeconds(Math.min(seconds, 86_400));
        } catch (NumberFormatException e) {
            Instant until = HttpDates.parse(header);
            Duration wait = until == null ? null : Duration.between(Instant.now(), until);
            return wait == null || wait.isNegative() ? null : wait;
        }
    }

    /** The elements that matter. */
    private static final class Document {
        private String code = "";
        private String message = "";
        private String detail = "";

        void read(XmlReader xml) throws IOException {
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "Code" -> code = xml.text().trim();
                    case "Message" -> message = firstLine(xml.text());
                    case "AuthenticationErrorDetail" -> detail = xml.text().trim();
                    default -> xml.skip();
                }
            }
        }

        /** Behind the first line are the request's id and time, which are elsewhere too. */
        private static String firstLine(String text) {
            String trimmed = text.trim();
            int end = trimmed.indexOf('\n');
            return end < 0 ? trimmed : trimmed.substring(0, end).trim();
        }
    }
}
