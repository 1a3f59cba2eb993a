package dev.anystore.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
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
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,9})-([0-9]{1,9})");
    private static final Pattern PART = Pattern.compile(
            "<Part>\\s*<PartNumber>([0-9]+)</PartNumber>\\s*<ETag>(?:&quot;|\"|&#34;)?([0-9a-f]+)[^<]*</ETag>");

    /** Which digest of an object the server keeps and tells, as services differ. */
    enum Keeps {
        /** A CRC32C of the whole object, of parts too. */
        WHOLE,
        /** A CRC32C of one put, and of an object of parts that of the parts' digests. */
        COMPOSITE,
        /** None, and it ignores those that it is sent, but for {@code Content-MD5}. */
        NOTHING
    }

    private final HttpServer server;
    private final long bytesPerSecond;
    private final Keeps keeps;
    /** What came with each put, part and completion: its kind and the names of its digests. */
    private final List<String> sent = new CopyOnWriteArrayList<>();

    private volatile boolean damaging;
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
    private record Held(byte[] bytes, String tag, int crc32c, Map<String, String> headers, int parts) {
        String quotedTag() {
            return '"' + tag + (parts > 0 ? "-" + parts : "") + '"';
        }
    }

    private record Open(String key, Instant begun, Map<String, String> headers, Map<Integer, Held> parts) {}

    KeepingServer(long bytesPerSecond) {
        this(bytesPerSecond, Keeps.WHOLE);
    }

    KeepingServer(long bytesPerSecond, Keeps keeps) {
        this.bytesPerSecond = bytesPerSecond;
        this.keeps = keeps;
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

    /** The kinds and digests of the requests since the last call, sorted, each once. */
    List<String> sent() {
        List<String> all = sent.stream().distinct().sorted().toList();
        sent.clear();
        return all;
    }

    /** From now on the last byte of every body that is read is another one. */
    void damage() {
        damaging = true;
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
                    } else if (uploadId != null) {
                        listParts(exchange, uploadId);
                    } else {
                        get(exchange, key);
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
            if (name.toLowerCase(Locale.ROOT).startsWith("x-amz-meta-")) {
                headers.put(name, values.get(0));
            }
        });
        return headers;
    }

    private Held held(byte[] bytes, Map<String, String> headers, int crc32c, int parts) {
        try {
            String tag =
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
            byte[] same = contents.putIfAbsent(tag, bytes);
            return new Held(same == null ? bytes : same, tag, crc32c, headers, parts);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private void note(HttpExchange exchange, String kind) {
        List<String> digests = exchange.getRequestHeaders().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.equals("content-md5") || name.startsWith("x-amz-checksum-crc"))
                .sorted()
                .toList();
        sent.add(kind + ": " + (digests.isEmpty() ? "none" : String.join(", ", digests)));
    }

    /** The headers of an answer that tell which digest is kept. */
    private void tell(HttpExchange exchange, Held held) {
        boolean composite = keeps == Keeps.COMPOSITE && held.parts() > 0;
        if (keeps != Keeps.NOTHING) {
            exchange.getResponseHeaders()
                    .set(CRC32C_HEADER, base64(held.crc32c()) + (composite ? "-" + held.parts() : ""));
            exchange.getResponseHeaders().set("x-amz-checksum-type", composite ? "COMPOSITE" : "FULL_OBJECT");
        }
        exchange.getResponseHeaders().set("ETag", held.quotedTag());
        exchange.getResponseHeaders().set("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT");
        held.headers().forEach(exchange.getResponseHeaders()::set);
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        Held held = objects.get(key);
        if (held == null) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        byte[] bytes = held.bytes();
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        boolean part = range.matches();
        int from = part ? Integer.parseInt(range.group(1)) : 0;
        int to = part ? Math.min(bytes.length, Integer.parseInt(range.group(2)) + 1) : bytes.length;
        byte[] answer = Arrays.copyOfRange(bytes, from, to);
        if (damaging) {
            answer[answer.length - 1] ^= 1;
        }
        tell(exchange, held);
        if (part) {
            exchange.getResponseHeaders().remove(CRC32C_HEADER);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
        }
        exchange.sendResponseHeaders(part ? 206 : 200, answer.length);
        exchange.getResponseBody().write(answer);
    }

    private static String base64(int crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
    }

    private void put(HttpExchange exchange, String key, Map<String, String> query, byte[] body) throws IOException {
        note(exchange, query.containsKey("uploadId") ? "part" : "put");
        Held held = held(body, kept(exchange), crc32c(body), 0);
        String named = exchange.getRequestHeaders().getFirst(CRC32C_HEADER);
        String md5 = exchange.getRequestHeaders().getFirst("Content-MD5");
        if (md5 != null
                && !md5.equals(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(held.tag())))) {
            error(exchange, 400, "BadDigest");
            return;
        }
        if (keeps != Keeps.NOTHING && named != null && !named.equals(base64(held.crc32c()))) {
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
        exchange.getResponseHeaders().set("ETag", held.quotedTag());
        if (keeps != Keeps.NOTHING) {
            exchange.getResponseHeaders().set(CRC32C_HEADER, base64(held.crc32c()));
        }
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
        note(exchange, "complete");
        List<byte[]> parts = new ArrayList<>();
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        for (Matcher named = PART.matcher(document); named.find(); ) {
            Held part = open.parts().get(Integer.parseInt(named.group(1)));
            if (part == null || !part.tag().equals(named.group(2))) {
                error(exchange, 400, "InvalidPart");
                return;
            }
            parts.add(part.bytes());
            digests.writeBytes(ByteBuffer.allocate(4).putInt(part.crc32c()).array());
        }
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(bytes -> bytes.length).sum());
        parts.forEach(all::put);
        int crc = keeps == Keeps.COMPOSITE ? crc32c(digests.toByteArray()) : crc32c(all.array());
        Held whole = held(all.array(), open.headers(), crc, parts.size());
        String announced = exchange.getRequestHeaders().getFirst(CRC32C_HEADER);
        if (parts.isEmpty() || (keeps == Keeps.WHOLE && announced != null && !announced.equals(base64(crc)))) {
            error(exchange, 400, parts.isEmpty() ? "MalformedXML" : "BadDigest");
            return;
        }
        objects.put(open.key(), whole);
        String count = keeps == Keeps.COMPOSITE ? "-" + parts.size() : "";
        uploads.remove(uploadId);
        document(
                exchange,
                200,
                "<CompleteMultipartUploadResult><ETag>" + whole.quotedTag() + "</ETag>"
                        + (keeps == Keeps.NOTHING ? "" : "<ChecksumCRC32C>" + base64(crc) + count + "</ChecksumCRC32C>")
                        + "</CompleteMultipartUploadResult>");
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
            xml.append("</Size>");
            if (keeps != Keeps.NOTHING) {
                xml.append("<ChecksumCRC32C>").append(base64(part.crc32c())).append("</ChecksumCRC32C>");
            }
            xml.append("</Part>");
        });
        document(exchange, 200, xml.append("</ListPartsResult>").toString());
    }

    private void head(HttpExchange exchange, String key) throws IOException {
        Held held = objects.get(key);
        if (held == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        tell(exchange, held);
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(held.bytes().length));
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
