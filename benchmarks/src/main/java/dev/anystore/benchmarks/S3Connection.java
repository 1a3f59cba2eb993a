package dev.anystore.benchmarks;

import dev.anystore.benchmarks.SinkStore.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** One connection of the loopback server: request after request until the client goes. */
final class S3Connection {
    // The largest that one system call on Linux hands over here without being split again.
    private static final int BUFFER = 512 << 10;
    private static final int MOST_DOCUMENT = 4 << 20; // 10,000 parts in a list, and some
    private static final long OBJECT_PART = 8L << 20; // how objects are cut for those who ask by part number
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,18})-([0-9]{1,18})?");
    private static final Pattern PART = Pattern.compile("<PartNumber>\\s*([0-9]{1,9})\\s*</PartNumber>");
    private static final String CRC32C_HEADER = "x-amz-checksum-crc32c";
    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final String SPACE = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    /** The first page of a bucket, always the same. */
    private static final String PAGE = page();

    private final LoopbackS3 server;
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(16 << 10);
    private Behaviour behaviour = Behaviour.DIRECT;
    private long number;

    S3Connection(LoopbackS3 server, SocketChannel channel) throws IOException {
        this.server = server;
        this.channel = channel;
        channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
        in.flip();
    }

    /** Serves until the client closes between two requests. */
    void serve() throws IOException {
        for (RequestHead head = readHead(); head != null; head = readHead()) {
            behaviour = server.behaviour();
            number = server.begin();
            if (head.header("expect") != null) {
                write("HTTP/1.1 100 Continue\r\n\r\n");
            }
            answer(head);
        }
    }

    private @Nullable RequestHead readHead() throws IOException {
        int looked = in.position();
        while (true) {
            int end = RequestHead.endOf(in, looked);
            if (end >= 0) {
                byte[] bytes = new byte[end - in.position()];
                in.get(bytes);
                String text = new String(bytes, 0, bytes.length - 4, StandardCharsets.ISO_8859_1);
                return RequestHead.parse(text);
            }
            in.compact();
            looked = in.position();
            int n = channel.read(in);
            in.flip();
            if (n < 0 && !in.hasRemaining()) {
                return null;
            }
            if (n <= 0) {
                throw new EOFException("the head of a request ends early, or is too long");
            }
        }
    }

    private void answer(RequestHead head) throws IOException {
        String prefix = "/" + LoopbackS3.BUCKET + "/";
        Map<String, String> query = head.query();
        boolean transfers = query.containsKey("partNumber") || head.header("range") != null;
        if (head.method().equals("GET") && query.containsKey("list-type")) {
            document(200, PAGE);
        } else if (!head.path().startsWith(prefix)) {
            readDocument(head);
            error(404, "NoSuchBucket");
        } else if (transfers && behaviour.refuses(number)) {
            drop(head.contentLength(), null);
            error(503, "SlowDown");
        } else {
            String key = head.path().substring(prefix.length());
            String uploadId = query.get("uploadId");
            switch (head.method()) {
                case "PUT" -> put(head, key, uploadId);
                case "POST" -> post(head, key, uploadId);
                case "GET" -> {
                    if (uploadId != null) {
                        listParts(uploadId);
                    } else {
                        get(head, key, true);
                    }
                }
                case "HEAD" -> get(head, key, false);
                case "DELETE" -> delete(key, uploadId);
                default -> {
                    readDocument(head);
                    error(501, "NotImplemented");
                }
            }
        }
    }

    // ---- what comes

    private void put(RequestHead head, String key, @Nullable String uploadId) throws IOException {
        // A body that is framed once more is checked by its length alone: its digest is that of the frames too.
        boolean plain = head.payloadLength() == head.contentLength();
        CRC32C digest = server.isVerifying() && plain ? new CRC32C() : null;
        drop(head.contentLength(), digest);
        String named = head.header(CRC32C_HEADER);
        if (digest != null && named != null && !named.equals(base64((int) digest.getValue()))) {
            error(400, "BadDigest");
            return;
        }
        Stored stored = new Stored(head.payloadLength(), server.sink().newTag(), named);
        if (uploadId == null) {
            server.sink().put(key, stored);
        } else {
            SortedMap<Integer, Stored> parts = server.sink().parts(uploadId);
            if (parts == null) {
                error(404, "NoSuchUpload");
                return;
            }
            parts.put(Integer.parseInt(head.query().getOrDefault("partNumber", "0")), stored);
        }
        server.countReceived(stored.size());
        waitLatency();
        write(head(200, 0) + "ETag: " + stored.tag() + "\r\n"
                + (named == null ? "" : CRC32C_HEADER + ": " + named + "\r\n") + "\r\n");
    }

    /** Reads so many bytes and forgets them. */
    private void drop(long length, @Nullable CRC32C digest) throws IOException {
        long began = System.nanoTime();
        long left = length;
        while (left > 0) {
            if (!in.hasRemaining()) {
                fill(left);
            }
            int n = (int) Math.min(in.remaining(), left);
            if (digest != null) {
                digest.update(in.slice(in.position(), n));
            }
            in.position(in.position() + n);
            left -= n;
            pace(began, length - left);
        }
    }

    private void fill(long most) throws IOException {
        in.clear().limit((int) Math.min(in.capacity(), most));
        int n = channel.read(in);
        in.flip();
        if (n < 0) {
            throw new EOFException("the body of a request ends early");
        }
    }

    private String readDocument(RequestHead head) throws IOException {
        long length = head.contentLength();
        if (length > MOST_DOCUMENT) {
            throw new IOException("a document of " + length + " bytes");
        }
        byte[] bytes = new byte[(int) length];
        for (int got = 0; got < bytes.length; ) {
            if (!in.hasRemaining()) {
                fill(bytes.length - got);
            }
            int n = Math.min(in.remaining(), bytes.length - got);
            in.get(bytes, got, n);
            got += n;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    // ---- uploads

    private void post(RequestHead head, String key, @Nullable String uploadId) throws IOException {
        String document = readDocument(head);
        if (uploadId == null) {
            if (!head.query().containsKey("uploads")) {
                error(501, "NotImplemented");
                return;
            }
            document(
                    200,
                    XML + "<InitiateMultipartUploadResult" + SPACE + "><Bucket>" + LoopbackS3.BUCKET + "</Bucket><Key>"
                            + escaped(key) + "</Key><UploadId>" + server.sink().begin()
                            + "</UploadId></InitiateMultipartUploadResult>");
            return;
        }
        SortedMap<Integer, Stored> parts = server.sink().parts(uploadId);
        if (parts == null) {
            error(404, "NoSuchUpload");
            return;
        }
        long size = 0;
        Matcher named = PART.matcher(document);
        while (named.find()) {
            Stored part = parts.get(Integer.parseInt(named.group(1)));
            if (part == null) {
                error(400, "InvalidPart");
                return;
            }
            size += part.size();
        }
        String crc = head.header(CRC32C_HEADER);
        Stored whole = new Stored(size, server.sink().newTag(), crc);
        server.sink().end(uploadId, key, whole);
        document(
                200,
                XML + "<CompleteMultipartUploadResult" + SPACE + "><Bucket>" + LoopbackS3.BUCKET + "</Bucket><Key>"
                        + escaped(key) + "</Key><ETag>" + escaped(whole.tag()) + "</ETag>"
                        + (crc == null ? "" : "<ChecksumCRC32C>" + crc + "</ChecksumCRC32C>")
                        + "</CompleteMultipartUploadResult>");
    }

    private void listParts(String uploadId) throws IOException {
        SortedMap<Integer, Stored> parts = server.sink().parts(uploadId);
        if (parts == null) {
            error(404, "NoSuchUpload");
            return;
        }
        StringBuilder xml = new StringBuilder(XML + "<ListPartsResult" + SPACE + "><IsTruncated>false</IsTruncated>");
        parts.forEach((partNumber, part) -> xml.append("<Part><PartNumber>")
                .append(partNumber)
                .append("</PartNumber><ETag>")
                .append(escaped(part.tag()))
                .append("</ETag><Size>")
                .append(part.size())
                .append("</Size></Part>"));
        document(200, xml.append("</ListPartsResult>").toString());
    }

    private static String page() {
        StringBuilder xml = new StringBuilder(XML + "<ListBucketResult" + SPACE + "><Name>" + LoopbackS3.BUCKET
                + "</Name><Prefix></Prefix><KeyCount>" + SmallVerb.KEYS + "</KeyCount><MaxKeys>" + SmallVerb.KEYS
                + "</MaxKeys><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>");
        for (int i = 0; i < SmallVerb.KEYS; i++) {
            xml.append("<Contents><Key>logs/2026/11/21/host-%04d.log</Key>".formatted(i))
                    .append("<LastModified>2026-11-21T00:00:00.000Z</LastModified>")
                    .append("<ETag>&quot;%032x&quot;</ETag><Size>%d</Size>".formatted(i, i))
                    .append("<StorageClass>STANDARD</StorageClass></Contents>");
        }
        return xml.append("</ListBucketResult>").toString();
    }

    private void delete(String key, @Nullable String uploadId) throws IOException {
        if (uploadId != null) {
            server.sink().end(uploadId, key, null);
        } else {
            server.sink().delete(key);
        }
        waitLatency();
        write("HTTP/1.1 204 No Content\r\n\r\n");
    }

    // ---- what goes

    private void get(RequestHead head, String key, boolean withBody) throws IOException {
        long size = LoopbackS3.generatedSize(key);
        Stored put = server.sink().find(key);
        if (size < 0 && (put == null || withBody)) {
            error(404, "NoSuchKey", withBody);
            return;
        }
        boolean generated = size >= 0;
        long whole = put != null && !generated ? put.size() : size;
        String tag = put != null && !generated ? put.tag() : "\"%032x-1\"".formatted(size);
        String crc = put != null && !generated
                ? put.crc32c()
                : base64(server.content().crc32c(size));
        long from = 0;
        long to = whole;
        StringBuilder fields = new StringBuilder();
        String range = head.header("range");
        String part = head.query().get("partNumber");
        if (range != null) {
            Matcher matcher = RANGE.matcher(range);
            if (!matcher.matches() || Long.parseLong(matcher.group(1)) >= whole) {
                error(416, "InvalidRange", withBody);
                return;
            }
            from = Long.parseLong(matcher.group(1));
            to = matcher.group(2) == null ? whole : Math.min(whole, Long.parseLong(matcher.group(2)) + 1);
        } else if (part != null) {
            from = Math.min(whole, (Long.parseLong(part) - 1) * OBJECT_PART);
            to = Math.min(whole, from + OBJECT_PART);
            fields.append("x-amz-mp-parts-count: ")
                    .append(Math.max(1, (whole + OBJECT_PART - 1) / OBJECT_PART))
                    .append("\r\n");
        }
        String condition = head.header("if-match");
        if (condition != null && !condition.equals(tag)) {
            error(412, "PreconditionFailed", withBody);
            return;
        }
        boolean partial = range != null || part != null;
        if (partial) {
            fields.append("Content-Range: bytes %d-%d/%d\r\n".formatted(from, to - 1, whole));
        } else if (crc != null && "ENABLED".equals(head.header("x-amz-checksum-mode"))) {
            // With a range, S3 sends no digest, as it knows only that of all.
            fields.append(CRC32C_HEADER).append(": ").append(crc).append("\r\nx-amz-checksum-type: FULL_OBJECT\r\n");
        }
        waitLatency();
        write(head(partial ? 206 : 200, to - from) + "ETag: " + tag + "\r\nAccept-Ranges: bytes\r\n"
                + "Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\r\nContent-Type: application/octet-stream\r\n" + fields
                + "\r\n");
        if (withBody) {
            send(from, to);
        }
    }

    private void send(long from, long to) throws IOException {
        long began = System.nanoTime();
        for (long at = from; at < to; ) {
            ByteBuffer piece = server.content().piece(at, Math.min(to - at, BUFFER));
            while (piece.hasRemaining()) {
                int n = channel.write(piece);
                at += n;
                server.countSent(n);
                pace(began, at - from);
            }
        }
    }

    // ---- the form of answers

    private static String head(int status, long length) {
        return "HTTP/1.1 " + status + (status < 300 ? " OK" : " Refused") + "\r\nContent-Length: " + length
                + "\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
                + "\r\nx-amz-request-id: loopback\r\n";
    }

    private void document(int status, String xml) throws IOException {
        waitLatency();
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        write(head(status, bytes.length) + "Content-Type: application/xml\r\n\r\n" + xml);
    }

    private void error(int status, String code) throws IOException {
        error(status, code, true);
    }

    private void error(int status, String code, boolean withBody) throws IOException {
        String xml = XML + "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>";
        if (withBody) {
            document(status, xml);
        } else {
            waitLatency();
            write(head(status, xml.length()) + "\r\n");
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    static String base64(int crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int done = 0; done < bytes.length; ) {
            int n = Math.min(out.capacity(), bytes.length - done);
            out.clear().put(bytes, done, n).flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            done += n;
        }
    }

    // ---- the link

    private void waitLatency() {
        park(behaviour.latencyNanos(number));
    }

    /** Waits until so many bytes may have passed. */
    private void pace(long began, long bytes) {
        if (behaviour.bytesPerSecond() > 0) {
            park(behaviour.transferNanos(number, bytes) - (System.nanoTime() - began));
        }
    }

    private static void park(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
