package dev.anystore.testkit.gcs;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server answers.
 *
 * @param status of it
 * @param headers beside the framing
 * @param body of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed once it is here
record GcsAnswer(int status, Map<String, String> headers, byte[] body) {
    static GcsAnswer json(Object value) {
        return json(200, value);
    }

    static GcsAnswer json(int status, Object value) {
        return new GcsAnswer(
                        status, new LinkedHashMap<>(), JsonText.write(value).getBytes(StandardCharsets.UTF_8))
                .with("content-type", "application/json; charset=UTF-8");
    }

    static GcsAnswer xml(int status, String document) {
        return new GcsAnswer(
                        status,
                        new LinkedHashMap<>(),
                        ("<?xml version='1.0' encoding='UTF-8'?>" + document).getBytes(StandardCharsets.UTF_8))
                // Google's client for Node takes only a text type for text, and works with the service.
                .with("content-type", "text/xml; charset=UTF-8");
    }

    static GcsAnswer empty(int status) {
        return new GcsAnswer(status, new LinkedHashMap<>(), new byte[0]);
    }

    GcsAnswer with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** A refusal, which each API writes in its own way. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final int status;
        final String jsonReason;
        final String xmlCode;

        Refusal(int status, String jsonReason, String xmlCode, String message) {
            super(message);
            this.status = status;
            this.jsonReason = jsonReason;
            this.xmlCode = xmlCode;
        }

        GcsAnswer asJson() {
            return status == 304
                    ? empty(304)
                    : json(
                            status,
                            Map.of(
                                    "error",
                                    Map.of(
                                            "code",
                                            (long) status,
                                            "message",
                                            String.valueOf(getMessage()),
                                            "errors",
                                            List.of(Map.of(
                                                    "domain",
                                                    "global",
                                                    "reason",
                                                    jsonReason,
                                                    "message",
                                                    String.valueOf(getMessage()))))));
        }

        GcsAnswer asXml() {
            return status == 304
                    ? empty(304)
                    : xml(
                            status,
                            "<Error><Code>" + xmlCode + "</Code><Message>" + escaped(String.valueOf(getMessage()))
                                    + "</Message></Error>");
        }
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
