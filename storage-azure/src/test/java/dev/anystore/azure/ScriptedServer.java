package dev.anystore.azure;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server that answers each request with the bytes that a test gives it, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {
    /** An answer that is none: the connection ends. */
    static final byte[] HANG_UP = new byte[0];

    private final ServerSocket listener;
    private final Function<Request, byte[]> script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Thread acceptor;

    /** What came: header names in lower case. */
    record Request(int number, String method, String target, Map<String, String> headers, ByteBuffer body) {
        String path() {
            return target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
        }

        boolean has(String queryName) {
            return target.matches(".*[?&]" + queryName + "(=.*|&.*|)");
        }

        @Nullable
        String header(String name) {
            return headers.get(name);
        }
    }

    ScriptedServer(Function<Request, byte[]> script) {
        this.script = script;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.acceptor = new Thread(this::accept, "scripted-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Answers in this order, the last one for ever. */
    static ScriptedServer answering(byte[]... answers) {
        return new ScriptedServer(request -> answers[Math.min(request.number(), answers.length) - 1]);
    }

    int port() {
        return listener.getLocalPort();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    List<Request> requests() {
        return requests;
    }

    static byte[] answer(int status, String headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return answer(status, headers + "content-length: " + bytes.length + "\r\n", bytes);
    }

    /** Headers end in CR LF each. */
    static byte[] answer(int status, String headers, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("HTTP/1.1 " + status + " x\r\n" + headers + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(body);
        return out.toByteArray();
    }

    static byte[] error(int status, String code) {
        return error(status, code, "");
    }

    static byte[] error(int status, String code, String more) {
        return answer(
                status,
                "x-ms-request-id: REQ1\r\n",
                "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>words</Message>" + more + "</Error>");
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Thread thread = new Thread(() -> serve(socket), "scripted-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (Request request = read(in); request != null; request = read(in)) {
                byte[] answer = script.apply(request);
                if (answer.length == 0) {
                    return;
                }
                out.write(answer);
                out.flush();
                if (!complete(answer, request)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client went away, as many tests want it to.
        } finally {
            open.remove(socket);
        }
    }

    /** An answer that is shorter than it says is followed by the end of the connection. */
    private static boolean complete(byte[] answer, Request request) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n") + 4;
        String lower = text.substring(0, head).toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        if (request.method().equals("HEAD") || at < 0) {
            return !lower.contains("connection: close");
        }
        int length = Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)));
        return answer.length - head >= length;
    }

    private @Nullable Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        String[] words = line.split(" ", -1);
        if (words.length < 2) {
            return null; // not HTTP
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String field = line(in); field != null && !field.isEmpty(); field = line(in)) {
            int colon = field.indexOf(':');
            if (colon < 0) {
                return null; // not HTTP
            }
            headers.put(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).trim());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        Request request = new Request(requests.size() + 1, words[0], words[1], headers, ByteBuffer.wrap(body));
        requests.add(request);
        return request;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
            acceptor.join(2000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
