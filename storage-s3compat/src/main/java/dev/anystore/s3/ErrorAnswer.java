package dev.anystore.s3;

import dev.anystore.http.HttpDates;
import dev.anystore.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What a service says when it refuses: status, headers, and the document if there is one. Nothing of it is trusted to be
 * there or to be sensible, and its texts are as they came: {@link Quotations} makes them fit to be shown.
 *
 * @param status of the answer, 200 where the error stood in the body
 * @param code S3's word; empty if there is none
 * @param message the service's sentence; empty if there is none
 * @param region that the bucket is in, or null
 * @param requestId the service's name of the request, or null
 * @param time of the service, or null
 * @param objectSize that a refused range does not fit, or -1
 * @param retryAfter how long it asks to wait, or null
 * @param resent whether the transport sent the request twice
 * @param deleteMarker whether a delete marker hides the object
 */
record ErrorAnswer(
        int status,
        String code,
        String message,
        @Nullable String region,
        @Nullable String requestId,
        @Nullable Instant time,
        long objectSize,
        @Nullable Duration retryAfter,
        boolean resent,
        boolean deleteMarker) {
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
                // Not S3's document, or only a part of it: the status and the headers speak.
            }
            return of(response, document);
        }
    }

    /** Reads an error whose root was met in the body of a success. */
    static ErrorAnswer read(HttpResponse response, XmlReader xml) throws IOException {
        Document document = new Document();
        document.read(xml);
        return of(response, document);
    }

    private static ErrorAnswer of(HttpResponse response, Document document) {
        String region = document.region != null ? document.region : response.header("x-amz-bucket-region");
        String id = response.header("x-amz-request-id");
        if (id == null) {
            id = document.requestId != null ? document.requestId : response.header("cf-ray");
        }
        long size = document.objectSize >= 0 ? document.objectSize : sizeOf(response.header("content-range"));
        return new ErrorAnswer(
                response.status(),
                document.code,
                document.message,
                region,
                id,
                document.time != null ? document.time : HttpDates.parse(response.header("date")),
                size,
                retryAfter(response.header("retry-after")),
                response.wasResent(),
                "true".equals(response.header("x-amz-delete-marker")));
    }

    /** The size in {@code bytes *}{@code /123}. */
    private static long sizeOf(@Nullable String contentRange) {
        if (contentRange == null || !contentRange.startsWith("bytes */")) {
            return -1;
        }
        try {
            return Math.max(-1, Long.parseLong(contentRange.substring(8).trim()));
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

    /** The elements that matter. What quotes the request, its signature above all, is passed over. */
    private static final class Document {
        private String code = "";
        private String message = "";
        private @Nullable String region;
        private @Nullable String requestId;
        private @Nullable Instant time;
        private long objectSize = -1;

        void read(XmlReader xml) throws IOException {
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "Code" -> code = xml.text().trim();
                    case "Message" -> message = xml.text().trim();
                    case "Region" -> region = xml.text().trim();
                    case "RequestId" -> requestId = xml.text().trim();
                    case "ServerTime" -> time = timeOrNull(xml.text().trim());
                    case "ActualObjectSize" -> objectSize = xml.number();
                    default -> xml.skip();
                }
            }
        }

        private static @Nullable Instant timeOrNull(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                return null;
            }
        }
    }
}
