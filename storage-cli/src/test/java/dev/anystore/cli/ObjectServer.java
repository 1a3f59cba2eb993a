package dev.anystore.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Speaks as much S3 on loopback as a failure needs: one object, or one refusal for everything. */
final class ObjectServer implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "object-server");
        thread.setDaemon(true);
        return thread;
    });

    private ObjectServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
    }

    /** Answers every request with this status and S3 error code. */
    static ObjectServer refusing(int status, String code, String message) throws IOException {
        ObjectServer server = new ObjectServer();
        byte[] body =
                "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message><RequestId>R1</RequestId></Error>"
                        .formatted(code, message)
                        .getBytes(StandardCharsets.UTF_8);
        server.server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.server.start();
        return server;
    }

    /** Has one object under every key. */
    static ObjectServer having(byte[] object) throws IOException {
        ObjectServer server = new ObjectServer();
        server.server.createContext("/", exchange -> serve(exchange, object));
        server.server.start();
        return server;
    }

    /** The same, and answers so many requests for bytes at once, all others when the gate opens. */
    static ObjectServer holding(byte[] object, int answers, CountDownLatch gate) throws IOException {
        ObjectServer server = new ObjectServer();
        AtomicInteger left = new AtomicInteger(answers);
        server.server.createContext("/", exchange -> {
            if (exchange.getRequestMethod().equals("GET") && left.getAndDecrement() <= 0) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    return; // the server is closed
                }
            }
            serve(exchange, object);
        });
        server.server.start();
        return server;
    }

    private static void serve(HttpExchange exchange, byte[] object) throws IOException {
        exchange.getResponseHeaders().add("ETag", "\"0123456789abcdef0123456789abcdef-3\"");
        exchange.getResponseHeaders().add("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT");
        exchange.getResponseHeaders().add("Accept-Ranges", "bytes");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(object.length));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            return;
        }
        int from = 0;
        int to = object.length - 1;
        String range = exchange.getRequestHeaders().getFirst("Range");
        Matcher matcher = RANGE.matcher(range == null ? "" : range);
        if (matcher.matches()) {
            from = Integer.parseInt(matcher.group(1));
            to = matcher.group(2).isEmpty() ? to : Math.min(to, Integer.parseInt(matcher.group(2)));
            exchange.getResponseHeaders().add("Content-Range", "bytes %d-%d/%d".formatted(from, to, object.length));
        }
        exchange.sendResponseHeaders(matcher.matches() ? 206 : 200, to - from + 1);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(object, from, to - from + 1);
        } catch (IOException e) {
            // The client went away, which some tests are about.
            exchange.close();
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The environment of somebody who uses this server. */
    Map<String, String> environment() {
        return environment(port());
    }

    static Map<String, String> environment(int port) {
        Map<String, String> environment = new HashMap<>();
        environment.put("STORAGE_PROVIDER", "minio");
        environment.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + port);
        environment.put("AWS_ACCESS_KEY_ID", "testaccess");
        environment.put("AWS_SECRET_ACCESS_KEY", "testsecret12345");
        environment.put("AWS_REGION", "us-east-1");
        environment.put("S3_BUCKET", "example");
        environment.put("STORAGE_ATTEMPTS", "2");
        return environment;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
