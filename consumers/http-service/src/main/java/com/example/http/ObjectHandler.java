package com.example.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.anystore.ByteRange;
import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.PreconditionFailed;
import dev.anystore.PutOptions;
import dev.anystore.RangeNotSatisfiable;
import dev.anystore.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An object for each path: PUT with a body of any length, GET with ranges and conditions, HEAD, DELETE. */
final class ObjectHandler implements HttpHandler {
    static final String PATH = "/objects/";

    private static final Pattern TAG = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private final ObjectStore store;

    ObjectHandler(ObjectStore store) {
        this.store = store;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestURI().getPath().substring(PATH.length());
        try (exchange) {
            try {
                switch (exchange.getRequestMethod()) {
                    case "PUT" -> put(exchange, key);
                    case "GET" -> get(exchange, key);
                    case "HEAD" -> head(exchange, key);
                    case "DELETE" -> delete(exchange, key);
                    default -> answer(exchange, 405, "PUT, GET, HEAD and DELETE alone");
                }
            } catch (ObjectNotFound e) {
                answer(exchange, 404, "there is no " + key);
            } catch (PreconditionFailed e) {
                answer(exchange, 412, "there is a " + key + " already");
            } catch (RangeNotSatisfiable e) {
                exchange.getResponseHeaders().set("Content-Range", "bytes */" + (e.size() < 0 ? "*" : e.size()));
                answer(exchange, 416, "the range is behind the end");
            } catch (StorageException e) {
                int status =
                        switch (e.kind()) {
                            case INVALID_KEY, SOURCE_FAILED -> 400;
                            default -> e.retryable() ? 503 : 500;
                        };
                answer(exchange, status, e.getMessage());
            }
        }
    }

    /** The body may be chunked, so that nobody knows its length before it has ended. */
    private void put(HttpExchange exchange, String key) throws IOException {
        PutOptions options = PutOptions.DEFAULT.withContentType(
                exchange.getRequestHeaders().getFirst("Content-Type"));
        if ("*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            options = options.ifAbsent();
        }
        ObjectInfo stored = store.write(key, exchange.getRequestBody()::transferTo, options);
        exchange.getResponseHeaders().set("ETag", '"' + stored.revision() + '"');
        answer(exchange, 201, "stored " + stored.size() + " bytes");
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        Optional<ByteRange> range = range(headers.getFirst("Range"));
        GetOptions options = GetOptions.DEFAULT.withRange(range.orElse(null));
        Optional<String> known = revision(headers.getFirst("If-None-Match"));
        Optional<ObjectReader> changed = known.isPresent()
                ? store.getIfChanged(key, known.get(), options)
                : Optional.of(store.get(key, options));
        if (changed.isEmpty()) {
            exchange.getResponseHeaders().set("ETag", '"' + known.orElseThrow() + '"');
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        try (ObjectReader reader = changed.get()) {
            describe(exchange, reader.info());
            if (range.isPresent()) {
                long last = reader.offset() + reader.length() - 1;
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + reader.offset() + "-" + last + "/" + reader.info().size());
            }
            // To this server 0 means a length that is not known, and -1 no body.
            exchange.sendResponseHeaders(range.isPresent() ? 206 : 200, reader.length() == 0 ? -1 : reader.length());
            try (OutputStream out = exchange.getResponseBody()) {
                reader.transferTo(out);
            }
        }
    }

    private void head(HttpExchange exchange, String key) throws IOException {
        ObjectInfo info = store.head(key);
        describe(exchange, info);
        exchange.getResponseHeaders().set("Content-Length", Long.toString(info.size()));
        exchange.sendResponseHeaders(200, -1);
    }

    private void delete(HttpExchange exchange, String key) throws IOException {
        store.delete(key);
        exchange.sendResponseHeaders(204, -1);
    }

    private static void describe(HttpExchange exchange, ObjectInfo info) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("ETag", '"' + info.revision() + '"');
        headers.set("Accept-Ranges", "bytes");
        info.contentType().ifPresent(type -> headers.set("Content-Type", type));
    }

    /** One range; several, or what is none, means the whole object, as RFC 9110 allows. */
    private static Optional<ByteRange> range(String header) {
        Matcher matcher = RANGE.matcher(header == null ? "" : header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() || Long.parseLong(last) == 0
                    ? Optional.empty()
                    : Optional.of(ByteRange.last(Long.parseLong(last)));
        }
        long from = Long.parseLong(first);
        if (last.isEmpty()) {
            return Optional.of(ByteRange.from(from));
        }
        long length = Long.parseLong(last) - from + 1;
        return length < 1 ? Optional.empty() : Optional.of(ByteRange.of(from, length));
    }

    private static Optional<String> revision(String header) {
        Matcher matcher = TAG.matcher(header == null ? "" : header);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static void answer(HttpExchange exchange, int status, String words) throws IOException {
        byte[] body = (words + "\n").getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
