package dev.anystore.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * A server that speaks Put Blob, Put Block, Put Block List and ranged Get as fast as sockets go: it drops what it gets and
 * gives bytes from memory. Signatures and digests are not looked at; a CRC64 is given back as it came. One thread serves one
 * connection.
 */
final class LoopbackBlobs implements AutoCloseable {
    private static final int PIECE = 1 << 20;
    private static final String DATE = "Sat, 21 Nov 2026 12:00:00 GMT";

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<Long, String> digests = new ConcurrentHashMap<>();
    private final byte[] piece = new byte[PIECE];

    private LoopbackBlobs() throws IOException {
        new Random(1).nextBytes(piece);
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    }

    static LoopbackBlobs start() throws IOException {
        LoopbackBlobs server = new LoopbackBlobs();
        Thread acceptor = new Thread(server::accept, "loopback-blobs");
        acceptor.setDaemon(true);
        acceptor.start();
        return server;
    }

    /** Of the account. */
    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/testaccess");
    }

    /** The key of a blob of this size, which is there. */
    static String key(long size) {
        return "generated/" + size;
    }

    /** Writes a file of as many bytes as such a blob has. */
    void write(Path file, long size) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(out, 0, size);
        }
    }

    private void write(OutputStream out, long from, long length) throws IOException {
        long at = from;
        long end = from + length;
        while (at < end) {
            int offset = (int) (at % PIECE);
            int n = (int) Math.min(PIECE - offset, end - at);
            out.write(piece, offset, n);
            at += n;
        }
    }

    private String digest(long size) {
        return digests.computeIfAbsent(size, bytes -> {
            CRC32C crc = new CRC32C();
            for (long left = bytes; left > 0; left -= PIECE) {
                crc.update(piece, 0, (int) Math.min(PIECE, left));
            }
            return String.format(Locale.ROOT, "%08x:%d", crc.getValue(), bytes);
        });
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread thread = new Thread(() -> serve(socket), "loopback-blobs-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
            OutputStream out = socket.getOutputStream();
            byte[] sink = new byte[256 << 10];
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                Map<String, String> headers = new LinkedHashMap<>();
                for (String field = line(in); !field.isEmpty(); field = line(in)) {
                    int colon = field.indexOf(':');
                    headers.put(
                            field.substring(0, colon).toLowerCase(Locale.ROOT),
                            field.substring(colon + 1).trim());
                }
                long left = Long.parseLong(headers.getOrDefault("content-length", "0"));
                while (left > 0) {
                    int n = in.read(sink, 0, (int) Math.min(sink.length, left));
                    if (n < 0) {
                        return;
                    }
                    left -= n;
                }
                answer(line.split(" ", -1), headers, out);
            }
        } catch (IOException e) {
            // The client went away.
        } finally {
            open.remove(socket);
        }
    }

    private void answer(String[] words, Map<String, String> headers, OutputStream out) throws IOException {
        String common = "x-ms-request-id: 1\r\nx-ms-version: 2023-11-03\r\nDate: " + DATE + "\r\nLast-Modified: " + DATE
                + "\r\nETag: \"0x1\"\r\n";
        // Azure's own library encodes the slash.
        String path = words[1].replaceFirst("\\?.*", "").replace("%2F", "/");
        int at = path.indexOf("generated/");
        if (words[0].equals("PUT")) {
            String crc64 = headers.get("x-ms-content-crc64");
            head(out, "201 Created", common + (crc64 == null ? "" : "x-ms-content-crc64: " + crc64 + "\r\n"), 0);
            return;
        }
        if (at < 0) {
            head(out, "404 Not Found", common + "x-ms-error-code: BlobNotFound\r\n", 0);
            return;
        }
        long size = Long.parseLong(path.substring(at + 10));
        String about = common + "Content-Type: application/octet-stream\r\nAccept-Ranges: bytes\r\nx-ms-blob-type: BlockBlob\r\n"
                + "x-ms-meta-anystorecrc32c: " + digest(size) + "\r\n";
        String range = headers.getOrDefault("range", headers.getOrDefault("x-ms-range", ""));
        boolean body = words[0].equals("GET");
        if (range.isEmpty()) {
            head(out, "200 OK", about, size);
            write(out, 0, body ? size : 0);
            return;
        }
        String[] ends = range.substring("bytes=".length()).split("-", -1);
        long from = Long.parseLong(ends[0]);
        long to = ends[1].isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(ends[1]));
        head(out, "206 Partial Content", about + "Content-Range: bytes " + from + "-" + to + "/" + size + "\r\n", to - from + 1);
        write(out, from, body ? to - from + 1 : 0);
    }

    private static void head(OutputStream out, String status, String fields, long length) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** A line; the empty one at the end of the connection too. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
