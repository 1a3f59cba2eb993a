package dev.anystore.testkit.b2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request as it comes in: the head is read, the body is not yet. Header names are in lower case. */
final class HttpCall {
    private static final int MAX_HEAD_BYTES = 64 << 10;
    private static final int MAX_DOCUMENT_BYTES = 8 << 20;

    private final String method;
    private final String path;
    private final Map<String, String> query;
    private final Map<String, String> headers;
    private final InputStream body;
    private boolean keepAlive;

    private HttpCall(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            InputStream body,
            boolean keepAlive) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.keepAlive = keepAlive;
    }

    /** The next request of a connection, or null at its end. */
    static @Nullable HttpCall read(InputStream in, OutputStream out) throws IOException {
        int[] left = {MAX_HEAD_BYTES};
        String line = line(in, left);
        if (line == null) {
            return null;
        }
        String[] words = line.split(" ", -1);
        if (words.length != 3) {
            throw new IOException("not HTTP");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String field = line(in, left); field != null && !field.isEmpty(); field = line(in, left)) {
            int colon = field.indexOf(':');
            if (colon < 1) {
                throw new IOException("not HTTP");
            }
            headers.put(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).trim());
        }
        InputStream body = chunked(headers)
                ? new Chunks(in)
                : new Measured(in, Long.parseLong(headers.getOrDefault("content-length", "0")));
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        int mark = words[1].indexOf('?');
        String path = mark < 0 ? words[1] : words[1].substring(0, mark);
        boolean keepAlive =
                words[2].equals("HTTP/1.1") && !"close".equalsIgnoreCase(headers.getOrDefault("connection", ""));
        return new HttpCall(
                words[0], path, query(mark < 0 ? "" : words[1].substring(mark + 1)), headers, body, keepAlive);
    }

    private static boolean chunked(Map<String, String> headers) {
        return headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked");
    }

    private static @Nullable String line(InputStream in, int[] left) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (--left[0] < 0) {
                throw new IOException("the head is too long");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    /** Percent encoding, with a plus for a space: as the service takes it in names, infos and queries. */
    static String decoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '+') {
                b = ' ';
            } else if (b == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw Refused.badRequest("bad percent encoding");
                }
                b = (byte) (high << 4 | low);
                i += 2;
            }
            bytes[length++] = b;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(java.nio.ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (java.nio.charset.CharacterCodingException e) {
            throw Refused.badRequest("not UTF-8");
        }
    }

    /** As the service sends names and infos: all bytes but the unreserved and slashes. */
    static String encoded(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~/".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append("%%%02X".formatted((int) c));
            }
        }
        return out.toString();
    }

    String method() {
        return method;
    }

    /** As it came, encoded. */
    String path() {
        return path;
    }

    Map<String, String> query() {
        return query;
    }

    Map<String, String> headers() {
        return headers;
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    String requiredHeader(String name) {
        String value = headers.get(name);
        if (value == null) {
            throw Refused.badRequest("the header " + name + " is missing");
        }
        return value;
    }

    InputStream body() {
        return body;
    }

    boolean keepsAlive() {
        return keepAlive;
    }

    /** What is left of the body is not read: the connection is of no more use. */
    void breakOff() {
        keepAlive = false;
    }

    /** The whole body of a request that is a document. */
    String document() throws IOException {
        byte[] bytes = body.readNBytes(MAX_DOCUMENT_BYTES + 1);
        if (bytes.length > MAX_DOCUMENT_BYTES) {
            throw Refused.badRequest("the request is too large");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A body of known length; one that ends earlier fails. */
    private static final class Measured extends InputStream {
        private final InputStream in;
        private long left;

        Measured(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = in.read(bytes, offset, (int) Math.min(left, length));
            if (n < 0) {
                throw new IOException("the client went away");
            }
            left -= n;
            return n;
        }
    }

    /** A body in chunks. */
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private long left;
        private boolean begun;
        private boolean ended;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                next();
            }
            if (ended) {
                return -1;
            }
            int n = in.read(bytes, offset, (int) Math.min(left, length));
            if (n < 0) {
                throw new IOException("the client went away");
            }
            left -= n;
            return n;
        }

        private void next() throws IOException {
            int[] limit = {MAX_HEAD_BYTES};
            if (begun) {
                line(in, limit);
            }
            begun = true;
            String size = line(in, limit);
            if (size == null) {
                throw new IOException("the client went away");
            }
            left = Long.parseLong(size.split(";", -1)[0].trim(), 16);
            if (left == 0) {
                ended = true;
                String trailer = line(in, limit);
                while (trailer != null && !trailer.isEmpty()) {
                    trailer = line(in, limit);
                }
            }
        }
    }
}
