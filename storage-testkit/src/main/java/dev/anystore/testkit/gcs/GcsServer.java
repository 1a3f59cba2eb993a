package dev.anystore.testkit.gcs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.anystore.testkit.gcs.GcsAnswer.Refusal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Google Cloud Storage on a port of this machine, for tests: the JSON API with its three ways to upload, the XML API with uploads
 * in parts, batches, rewrites, compositions, all conditions, versions, customers' keys and requester pays; beside it the services
 * that give tokens. Tokens and V4 signatures are checked, digests are compared, keys are listed in the order of UTF-8.
 *
 * <p>Everything is in memory, each object a single array: made for objects of up to some 100 MiB. It stands for what the service
 * documents, not for its speed. It leaves nothing behind.
 */
public final class GcsServer implements AutoCloseable {
    private static final int BATCH = 100;

    private final HttpServer http;
    private final ExecutorService threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final GcsSpace space;
    private final Accounts accounts;
    private final JsonApi json;
    private final XmlApi xml;
    private final boolean open;
    private final boolean secure;
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private volatile long rewriteBytes = Long.MAX_VALUE;

    private GcsServer(boolean open, Clock clock, @Nullable SSLContext tls) throws IOException {
        this.open = open;
        this.secure = tls != null;
        this.space = new GcsSpace(clock);
        this.accounts = new Accounts(space);
        this.json = new JsonApi(space, this);
        this.xml = new XmlApi(space);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        if (tls == null) {
            this.http = HttpServer.create(address, 0);
        } else {
            HttpsServer https = HttpsServer.create(address, 0);
            https.setHttpsConfigurator(new HttpsConfigurator(tls));
            this.http = https;
        }
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "gcs-server-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** A server that wants tokens, which it gives to whoever has its file of credentials. */
    public static GcsServer start() throws IOException {
        return new GcsServer(false, Clock.systemUTC(), null);
    }

    /** The same, whose time is this clock's. */
    public static GcsServer start(Clock clock) throws IOException {
        return new GcsServer(false, clock, null);
    }

    /** The same over TLS. */
    public static GcsServer start(SSLContext tls) throws IOException {
        return new GcsServer(false, Clock.systemUTC(), tls);
    }

    /** A server that asks nobody who he is, as emulators do. */
    public static GcsServer startOpen() throws IOException {
        return new GcsServer(true, Clock.systemUTC(), null);
    }

    /** Starts a server for clients of others: its address goes to the standard output, and it ends with the standard input. */
    public static void main(String[] arguments) throws IOException {
        boolean open = arguments.length > 0 && arguments[0].equals("open");
        try (GcsServer server = open ? startOpen() : start()) {
            if (arguments.length > 1) {
                server.writeCredentials(Path.of(arguments[1]));
            }
            System.out.println(server.endpoint());
            System.out.flush();
            while (System.in.read() >= 0) {
                // Whoever started it holds the other end.
            }
        }
    }

    /** Where it is. */
    public URI endpoint() {
        return URI.create((secure ? "https" : "http") + "://127.0.0.1:"
                + http.getAddress().getPort());
    }

    /** Host and port. */
    public String authority() {
        return endpoint().getRawAuthority();
    }

    /** Makes a bucket. */
    public void createBucket(String name) {
        locked(() -> space.buckets.put(name, new GcsBucket(name)));
    }

    /** The bytes of an object as they are stored, or null if it is not there. */
    public byte @Nullable [] bytes(String bucket, String key) {
        lock.lock();
        try {
            GcsObject object = space.bucket(bucket).live(key);
            return object == null ? null : object.bytes.clone();
        } finally {
            lock.unlock();
        }
    }

    /** Has the requester of a bucket pay. */
    public void makeRequesterPay(String bucket) {
        locked(() -> space.bucket(bucket).settings.put("billing", Map.of("requesterPays", true)));
    }

    /** How many bytes a rewrite moves in one request; all of them by default. */
    public void limitRewrites(long bytes) {
        rewriteBytes = bytes;
    }

    long rewriteBytes() {
        return rewriteBytes;
    }

    /** No account gets a token any more, and those that were given are worth nothing. */
    public void revokeAccounts() {
        locked(() -> {
            accounts.revoke();
            return true;
        });
    }

    /** The tokens that were given are worth nothing; new ones are given. */
    public void forgetTokens() {
        locked(() -> {
            accounts.forgetTokens();
            return true;
        });
    }

    /** How many tokens were given. */
    public long tokensIssued() {
        return locked(accounts::issued);
    }

    /** Writes the file of a service account of this server. */
    public Path writeCredentials(Path file) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "service_account");
        json.put("project_id", "example");
        json.put("private_key_id", "1");
        json.put("private_key", accounts.privateKeyPem());
        json.put("client_email", "tester@example.iam.gserviceaccount.com");
        json.put("client_id", "1");
        json.put("token_uri", endpoint() + "/token");
        return Files.writeString(file, JsonText.write(json));
    }

    /** What happens to a request. */
    private record Fault(Predicate<String> about, Action action, AtomicInteger times) {}

    /** Does something to an exchange; true if the exchange is over. */
    private interface Action {
        @Nullable
        GcsAnswer happen(GcsRequest request, Runnable asUsual);
    }

    /**
     * Refuses some requests, in the words of the JSON API, or of the XML API if the path is one of its.
     *
     * @param about given method, path and query, such as {@code PUT /bucket/key?uploadId=...}
     * @param times how often
     */
    public void refuse(Predicate<String> about, int times, int status, String reason, String message) {
        add(about, times, (request, asUsual) -> {
            Refusal refusal = new Refusal(status, reason, reason, message);
            return isXml(request) ? refusal.asXml() : refusal.asJson();
        });
    }

    /** Does what some requests ask for, and loses the answer. */
    public void loseAnswers(Predicate<String> about, int times) {
        add(about, times, (request, asUsual) -> {
            asUsual.run();
            return null;
        });
    }

    /** Loses some requests: nothing happens, nothing is answered. */
    public void loseRequests(Predicate<String> about, int times) {
        add(about, times, (request, asUsual) -> null);
    }

    private void add(Predicate<String> about, int times, Action action) {
        locked(() -> faults.add(new Fault(about, action, new AtomicInteger(times))));
    }

    /** The requests so far, as method, path and query. */
    public List<String> requests() {
        return locked(() -> List.copyOf(seen));
    }

    private interface Work<T> {
        T done();
    }

    private <T> T locked(Work<T> work) {
        lock.lock();
        try {
            return work.done();
        } finally {
            lock.unlock();
        }
    }

    private static String line(GcsRequest request) {
        return request.method()
                + ' '
                + request.rawPath()
                + (request.rawQuery().isEmpty() ? "" : '?' + request.rawQuery());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            GcsRequest request = read(exchange);
            Fault fault = noted(request);
            GcsAnswer answer = fault == null
                    ? answer(request)
                    : fault.action().happen(request, () -> {
                        GcsAnswer unused = answer(request);
                    });
            if (answer != null) {
                send(exchange, request, answer);
            }
        }
    }

    /** Notes the request, and looks whether something is to happen to it. */
    private @Nullable Fault noted(GcsRequest request) {
        lock.lock();
        try {
            seen.add(line(request));
            for (Fault one : faults) {
                if (one.about().test(line(request)) && one.times().getAndDecrement() > 0) {
                    return one;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private static GcsRequest read(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        String query = exchange.getRequestURI().getRawQuery();
        byte[] body = exchange.getRequestBody().readAllBytes();
        GcsRequest request = new GcsRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                query == null ? "" : query,
                headers,
                body);
        // Of the JSON API that is the request's own packing, of the XML API the object's.
        if (!"gzip".equals(headers.get("content-encoding")) || isXml(request)) {
            return request;
        }
        byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        return new GcsRequest(request.method(), request.rawPath(), request.rawQuery(), headers, unpacked);
    }

    private static void send(HttpExchange exchange, GcsRequest request, GcsAnswer answer) throws IOException {
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        if ("close".equalsIgnoreCase(request.header("connection"))) {
            exchange.getResponseHeaders().set("connection", "close");
        }
        boolean bodiless = request.method().equals("HEAD") || answer.status() == 304 || answer.status() == 204;
        if (bodiless) {
            if (request.method().equals("HEAD")) {
                exchange.getResponseHeaders().set("content-length", Integer.toString(answer.body().length));
            }
            exchange.sendResponseHeaders(answer.status(), -1);
        } else {
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            if (answer.body().length > 0) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private static boolean isXml(GcsRequest request) {
        String path = request.rawPath();
        return !(path.startsWith("/storage/v1/")
                || path.startsWith("/upload/")
                || path.startsWith("/resumable/")
                || path.startsWith("/download/")
                || path.startsWith("/batch/"));
    }

    private GcsAnswer answer(GcsRequest request) {
        return locked(() -> {
            try {
                GcsAnswer ofAccounts = accounts.answer(request);
                if (ofAccounts != null) {
                    return ofAccounts;
                }
                boolean session = request.query().containsKey("upload_id"); // its id is what authorizes it
                if (!open && !session && !accounts.isAllowed(request)) {
                    throw request.query().containsKey("X-Goog-Signature")
                            ? new Refusal(
                                    403,
                                    "forbidden",
                                    "SignatureDoesNotMatch",
                                    "The request signature we calculated does not match the signature you provided, or it is over.")
                            : request.header("authorization") == null
                                    ? new Refusal(
                                            401,
                                            "required",
                                            "AuthenticationRequired",
                                            "Anonymous caller does not have storage access to the resource.")
                                    : new Refusal(401, "authError", "AuthenticationRequired", "Invalid Credentials");
                }
                return request.rawPath().startsWith("/batch/")
                        ? batch(request)
                        : isXml(request) ? xml.answer(request) : json.answer(request);
            } catch (Refusal refusal) {
                return isXml(request) ? refusal.asXml() : refusal.asJson();
            } catch (RuntimeException e) {
                Refusal invalid = GcsSpace.invalid("what this server can't read: " + e);
                return isXml(request) ? invalid.asXml() : invalid.asJson();
            }
        });
    }

    /** Requests within a request. */
    private GcsAnswer batch(GcsRequest request) {
        List<byte[]> parts = Related.parts(String.valueOf(request.header("content-type")), request.body());
        if (parts.size() > BATCH) {
            throw GcsSpace.invalid("a batch has at most " + BATCH + " requests");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            GcsRequest inner = inner(Related.body(part), request);
            GcsAnswer answer;
            try {
                answer = json.answer(inner);
            } catch (Refusal refusal) {
                answer = refusal.asJson();
            }
            String id = String.valueOf(Related.header(part, "content-id")).replaceFirst("<", "<response-");
            StringBuilder head = new StringBuilder("--batch_answer\r\nContent-Type: application/http\r\nContent-ID: ")
                    .append(id)
                    .append("\r\n\r\nHTTP/1.1 ")
                    .append(answer.status())
                    .append(" Said\r\n");
            answer.headers()
                    .forEach((name, value) ->
                            head.append(name).append(": ").append(value).append("\r\n"));
            out.writeBytes(head.append("Content-Length: ")
                    .append(answer.body().length)
                    .append("\r\n\r\n")
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
            out.writeBytes(answer.body());
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes("--batch_answer--\r\n".getBytes(StandardCharsets.US_ASCII));
        return new GcsAnswer(200, new LinkedHashMap<>(), out.toByteArray())
                .with("content-type", "multipart/mixed; boundary=batch_answer");
    }

    private static GcsRequest inner(byte[] text, GcsRequest outer) {
        String whole = new String(text, StandardCharsets.UTF_8);
        String[] first = whole.split("\r?\n", 2)[0].split(" ", -1);
        if (first.length < 2) {
            throw GcsSpace.invalid("a part of the batch is no request");
        }
        URI target = URI.create(first[1]);
        Map<String, String> headers = new HashMap<>();
        for (String name : List.of("authorization", "x-goog-user-project")) {
            String value = outer.header(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return new GcsRequest(
                first[0],
                target.getRawPath(),
                target.getRawQuery() == null ? "" : target.getRawQuery(),
                headers,
                Related.body(text));
    }

    /** Stops it. */
    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the server's threads do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
