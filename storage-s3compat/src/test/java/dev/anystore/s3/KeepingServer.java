package dev.anystore.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A server that keeps objects and unfinished uploads in memory, takes bodies no faster than a set rate on each connection,
 * compares the digests that it is sent, and publishes an upload only if each named part is there with its tag. One bucket;
 * signatures are not looked at.
 */
final class KeepingServer implements AutoCloseable {
    private static final String CRC32C_HEADER = "x-amz-checksum-crc32c";
    private static final Pattern PART = Pattern.compile(
            "<Part>\\s*<PartNumber>([0-9]+)</PartNumber>\\s*<ETag>(?:&quot;|\"|&#34;)?([0-9a-f]+)[^<]*</ETag>");

    private final HttpServer server;
    private final long bytesPerSecond;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "keeping-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Held> objects = new ConcurrentHashMap<>();
    private final Map<String, Open> uploads = new ConcurrentSkipListMap<>();
    /** The same bytes are kept once, by their tag: what hundreds of uploads of one file leave fits into a small heap. */
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();

    private final AtomicInteger numbers = new AtomicInteger();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Held(byte[] bytes, String tag, int crc32c, Map<String, String> headers) {}

    private record Open(String key, Instant begun, Map<String, String> headers, Map<Integer, Held> parts) {}

    KeepingServer(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The bytes of an object, which is then forgotten. */
    byte @Nullable [] take(String key) {
        Held held = objects.remove(key);
        return held == null ? null : held.bytes();
    }

    /** How many uploads are unfinished. */
    int uploads() {
        return uploads.size();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String key = path.substring(Math.min(path.length(), path.indexOf('/', 1) + 1));
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            byte[] body = read(exchange);
            String uploadId = query.get("uploadId");
            switch (exchange.getRequestMethod()) {
                case "PUT" -> put(exchange, key, query, body);
                case "POST" -> {
                    if (uploadId == null) {
                        begin(exchange, key);
                    } else {
                        complete(exchange, uploadId, new String(body, StandardCharsets.UTF_8));
                    }
                }
                case "GET" -> {
                    if (query.containsKey("uploads")) {
                        listUploads(exchange, query.getOrDefault("prefix", ""));
                    } else {
                        listParts(exchange, uploadId);
                    }
                }
                case "HEAD" -> head(exchange, key);
                case "DELETE" -> {
                    if (uploadId != null) {
                        uploads.remove(uploadId);
                    } else {
                        objects.remove(key);
                    }
                    exchange.sendResponseHeaders(204, -1);
                }
                default -> error(exchange, 501, "NotImplemented");
            }
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            query.put(name, equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    /** At the rate of the server, and without a copy to grow: many parts are held here at a time. */
    private byte[] read(HttpExchange exchange) throws IOException {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        byte[] all = new byte[length == null ? 0 : Integer.parseInt(length)];
        InputStream in = exchange.getRequestBody();
        long began = System.nanoTime();
        for (int got = 0; got < all.length; ) {
            int n = in.read(all, got, Math.min(64 << 10, all.length - got));
            if (n < 0) {
                throw new EOFException("the body ends after " + got + " bytes");
            }
            got += n;
            long due = began + (long) (got * 1e9 / bytesPerSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
        return all;
    }

    private static Map<String, String> kept(HttpExchange exchange) {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.toLowerCase(java.util.Locale.ROOT).startsWith("x-amz-meta-")) {
                headers.put(name, values.get(0));
            }
        });
        return headers;
    }

    private Held held(byte[] bytes, Map<String, String> headers) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        try {
            String tag =
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
            byte[] same = contents.putIfAbsent(tag, bytes);
            return new Held(same == null ? bytes : same, tag, (int) crc.getValue(), headers);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(int crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
    }

    private void put(HttpExchange exchange, String key, Map<String, String> query, byte[] body) throws IOException {
        Held held = held(body, kept(exchange));
        String named = exchange.getRequestHeaders().getFirst(CRC32C_HEADER);
        if (named != null && !named.equals(base64(held.crc32c()))) {
            error(exchange, 400, "BadDigest");
            return;
        }
        String uploadId = query.get("uploadId");
        if (uploadId == null) {
            objects.put(key, held);
        } else {
            Open open = uploads.get(uploadId);
            if (open == null) {
                error(exchange, 404, "NoSuchUpload");
                return;
            }
            open.parts().put(Integer.parseInt(query.get("partNumber")), held);
        }
        exchange.getResponseHeaders().set("ETag", "\"" + held.tag() + "\"");
        exchange.getResponseHeaders().set(CRC32C_HEADER, base64(held.crc32c()));
        exchange.sendResponseHeaders(200, -1);
    }

    private void begin(HttpExchange exchange, String key) throws IOException {
        String id = "upload-%06d".formatted(numbers.incrementAndGet());
        uploads.put(id, new Open(key, Instant.now(), kept(exchange), new ConcurrentSkipListMap<>()));
        document(
                exchange,
                200,
                "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId>" + "</InitiateMultipartUploadResult>");
    }

    private void complete(HttpExchange exchange, String uploadId, String document) throws IOException {
        Open open = uploads.get(uploadId);
        if (open == null) {
            error(exchange, 404, "NoSuchUpload");
            return;
        }
        List<byte[]> parts = new ArrayList<>();
        for (Matcher named = PART.matcher(document); named.find(); ) {
            Held part = open.parts().get(Integer.parseInt(named.group(1)));
            if (part == null || !part.tag().equals(named.group(2))) {
                error(exchange, 400, "InvalidPart");
                return;
            }
            parts.add(part.bytes());
        }
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(bytes -> bytes.length).sum());
        parts.forEach(all::put);
        Held whole = held(all.array(), open.headers());
        String announced = exchange.getRequestHeaders().getFirst(CRC32C_HEADER);
        if (parts.isEmpty() || (announced != null && !announced.equals(base64(whole.crc32c())))) {
            error(exchange, 400, parts.isEmpty() ? "MalformedXML" : "BadDigest");
            return;
        }
        objects.put(open.key(), whole);
        uploads.remove(uploadId);
        document(
                exchange,
                200,
                "<CompleteMultipartUploadResult><ETag>\"" + whole.tag() + "-" + parts.size()
                        + "\"</ETag><ChecksumCRC32C>" + base64(whole.crc32c())
                        + "</ChecksumCRC32C></CompleteMultipartUploadResult>");
    }

    private void listUploads(HttpExchange exchange, String prefix) throws IOException {
        StringBuilder xml = new StringBuilder("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>");
        uploads.forEach((id, open) -> {
            if (open.key().startsWith(prefix)) {
                xml.append("<Upload><Key>").append(open.key()).append("</Key><UploadId>");
                xml.append(id).append("</UploadId><Initiated>").append(open.begun());
                xml.append("</Initiated></Upload>");
            }
        });
        document(exchange, 200, xml.append("</ListMultipartUploadsResult>").toString());
    }

    private void listParts(HttpExchange exchange, @Nullable String uploadId) throws IOException {
        Open open = uploadId == null ? null : uploads.get(uploadId);
        if (open == null) {
            error(exchange, 404, uploadId == null ? "NoSuchKey" : "NoSuchUpload");
            return;
        }
        StringBuilder xml = new StringBuilder("<ListPartsResult><IsTruncated>false</IsTruncated>");
        open.parts().forEach((number, part) -> {
            xml.append("<Part><PartNumber>").append(number).append("</PartNumber><ETag>\"");
            xml.append(part.tag()).append("\"</ETag><Size>").append(part.bytes().length);
            xml.append("</Size><ChecksumCRC32C>").append(base64(part.crc32c()));
            xml.append("</ChecksumCRC32C></Part>");
        });
        document(exchange, 200, xml.append("</ListPartsResult>").toString());
    }

    private void head(HttpExchange exchange, String key) throws IOException {
        Held held = objects.get(key);
        if (held == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        held.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("ETag", "\"" + held.tag() + "\"");
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(held.bytes().length));
        exchange.getResponseHeaders().set("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT");
        exchange.getResponseHeaders().set(CRC32C_HEADER, base64(held.crc32c()));
        exchange.sendResponseHeaders(200, -1);
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        document(exchange, status, "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>");
    }

    private static void document(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] bytes = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
