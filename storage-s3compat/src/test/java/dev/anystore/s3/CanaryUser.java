package dev.anystore.s3;

import dev.anystore.Body;
import dev.anystore.GetOptions;
import dev.anystore.Link;
import dev.anystore.ListEntry;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StorageRegistry;
import dev.anystore.StoreOptions;
import dev.anystore.spi.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that uses a store in every way that may go wrong, with secrets in its environment, and prints all that it is
 * told. {@link CanaryTest} runs it in a JVM of its own, for the logs of a whole life of one.
 */
final class CanaryUser {
    /** Keys that the server answers with something else than an object. */
    static final List<String> REFUSED = List.of(
            "quotes-message",
            "quotes-long-message",
            "quotes-token-element",
            "quotes-request-id",
            "quotes-code",
            "quotes-region",
            "quotes-retry-after",
            "quotes-broken-document",
            "quotes-page",
            "quotes-reason",
            "quotes-status-line",
            "quotes-header",
            "quotes-location",
            "hangs-up");

    private final Map<String, String> environment = System.getenv();

    private CanaryUser() {}

    public static void main(String[] arguments) throws IOException {
        new CanaryUser().run(URI.create(arguments[0]), Integer.parseInt(arguments[1]), Path.of(arguments[2]));
        System.out.println("the end");
    }

    private void run(URI endpoint, int proxyPort, Path folder) throws IOException {
        StorageConfig config = StorageConfig.getDefault();
        try (ObjectStore store = config.open(StoreOptions.DEFAULT.withAttempts(2))) {
            texts(config, store);
            roundTrip(store);
            REFUSED.forEach(key -> refusedReading(store, key));
            REFUSED.forEach(key -> refusedWriting(store, key));
            attempt("list", () -> store.list("quotes-message").forEach(entry -> {}));
            attempt("delete-all", () -> store.deleteAll(List.of("quotes-message", "quotes-code")));
        }
        absentServer(proxyPort);
        refusedProxy(proxyPort);
        refusedSettings(endpoint, folder);
    }

    private static void texts(StorageConfig config, ObjectStore store) {
        StorageRegistry registry = StorageRegistry.process();
        System.out.println(config);
        System.out.println(config.origins());
        System.out.println(config.endpoint());
        System.out.println(registry);
        System.out.println(StorageConfig.listProviders());
        System.out.println(store);
        System.out.println(store.capabilities());
        System.out.println(StoreOptions.DEFAULT);
        System.out.println(Secret.of(canary("AWS_SECRET_ACCESS_KEY")));
    }

    /** What the parent planted. */
    private static String canary(String variable) {
        return java.util.Objects.requireNonNull(System.getenv(variable), variable);
    }

    private static void roundTrip(ObjectStore store) throws IOException {
        byte[] bytes = "bytes".getBytes(StandardCharsets.UTF_8);
        System.out.println(
                store.put("small", Body.of(bytes), PutOptions.DEFAULT.withMetadata(Map.of("kind", "shown"))));
        System.out.println(store.write("written", out -> out.write(bytes)));
        System.out.println(store.head("small"));
        System.out.println(new String(store.getBytes("small"), StandardCharsets.UTF_8));
        for (ListEntry entry : store.list("")) {
            System.out.println(entry);
        }
        for (Link link : List.of(
                store.link("small", Duration.ofMinutes(5)),
                store.presignGet("small", Duration.ofMinutes(5)),
                store.presignPut("small", Duration.ofMinutes(5)))) {
            if (!link.uri().getRawQuery().contains("X-Amz-Signature=")) {
                throw new IllegalStateException("a link without a signature");
            }
            System.out.println(link);
        }
        store.delete("small");
        drop(store);
        for (int i = 0; i < 50; i++) {
            System.gc();
            store.get("written").close(); // reports the reader that was dropped
        }
    }

    /** A reader that nobody closes. */
    private static void drop(ObjectStore store) throws IOException {
        ObjectReader dropped = store.get("written");
        System.out.println("read " + dropped.read());
    }

    private static void refusedReading(ObjectStore store, String key) {
        attempt("get " + key, () -> store.getBytes(key));
        attempt("head " + key, () -> store.head(key));
        attempt("get-if-changed " + key, () -> store.getIfChanged(key, "known", GetOptions.DEFAULT));
    }

    private static void refusedWriting(ObjectStore store, String key) {
        attempt("put " + key, () -> store.put(key, Body.of(new byte[10])));
        attempt("write " + key, () -> store.write(key, out -> out.write(1)));
        attempt("copy " + key, () -> store.copy(key, "copy"));
    }

    /** A port where nobody listens. */
    private void absentServer(int port) {
        attempt("absent-server", () -> open(Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"), "k"));
        attempt("port-of-the-proxy", () -> open(Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + port), "k"));
    }

    private void refusedProxy(int port) {
        String password = canary("CANARY_PROXY_PASSWORD");
        Map<String, String> away = Map.of("AWS_ENDPOINT_URL_S3", "http://store.invalid", "STORAGE_ALLOW_HTTP", "true");
        for (String name : List.of("STORAGE_PROXY", "HTTP_PROXY")) {
            Map<String, String> behind = new HashMap<>(away);
            behind.put(name, "http://user:" + password + "@127.0.0.1:" + port);
            attempt("proxy-refuses " + name, () -> open(behind, "k"));
            behind.put(name, "http://user:" + password + "@127.0.0.1:1");
            attempt("proxy-absent " + name, () -> open(behind, "k"));
            behind.put(name, "http://user:" + password + "@127.0.0.1:none");
            attempt("proxy-malformed " + name, () -> open(behind, "k"));
            behind.put(name, "ftp://user:" + password + "@127.0.0.1:21");
            attempt("proxy-of-another-kind " + name, () -> open(behind, "k"));
        }
    }

    private void refusedSettings(URI endpoint, Path folder) throws IOException {
        String secret = canary("AWS_SECRET_ACCESS_KEY");
        String token = canary("AWS_SESSION_TOKEN");
        attempt("two-secrets", () -> open(Map.of("AWS_ACCESS_KEY", "another", "AWS_SECRET_KEY", secret + "2"), "k"));
        attempt("secret-with-a-line", () -> open(Map.of("AWS_SECRET_ACCESS_KEY", secret + "\nand more"), "k"));
        attempt("half-a-pair", () -> open(Map.of("AWS_ACCESS_KEY_ID", ""), "k"));
        attempt(
                "secret-in-the-endpoint",
                () -> open(
                        Map.of("AWS_ENDPOINT_URL_S3", "http://user:" + secret + "@127.0.0.1:" + endpoint.getPort()),
                        "k"));
        attempt(
                "secret-in-the-endpoint's-query",
                () -> open(Map.of("AWS_ENDPOINT_URL_S3", endpoint + "/?token=" + token), "k"));
        attempt("endpoint-that-is-none", () -> open(Map.of("AWS_ENDPOINT_URL_S3", "http://" + secret + "@ :x"), "k"));
        attempt("secret-in-a-uri", () -> StorageConfig.of(
                        URI.create("s3://canaries/?secret_access_key=" + encoded(secret)))
                .open());
        attempt("user-in-a-uri", () -> StorageConfig.of(URI.create("s3://user:" + encoded(secret) + "@canaries/"))
                .open());
        attempt("unknown-setting", () -> StorageConfig.of(Map.of("provider_type", "s3", "secret_acces_key", secret))
                .open());
        Path two = Files.writeString(folder.resolve("two-lines"), secret + "\n" + token + "\n");
        attempt(
                "file-of-two-lines",
                () -> open(Map.of("AWS_SECRET_ACCESS_KEY", "", "AWS_SECRET_ACCESS_KEY_FILE", two.toString()), "k"));
        Path properties = Files.writeString(
                folder.resolve("store.properties"),
                "provider_type=s3\nsecret_access_key=" + secret + "\nsecret_key=" + token + "\n");
        attempt("properties", () -> StorageConfig.load(properties).open());
    }

    /** Opens a store of the environment with some names set anew, and asks for a key. */
    private void open(Map<String, String> changes, String key) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(changes);
        StorageRegistry registry = StorageRegistry.of(all);
        System.out.println(registry);
        System.out.println(registry.listProviders());
        StorageConfig config = registry.getDefault();
        System.out.println(config + " " + config.origins());
        try (ObjectStore store = config.open(StoreOptions.DEFAULT.withAttempts(2))) {
            store.getBytes(key);
        }
    }

    private static String encoded(String secret) {
        return secret.replace("/", "%2F").replace("+", "%2B");
    }

    /** Must fail; prints everything that can be asked of the failure. */
    private static void attempt(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            System.out.println("attempt " + what + " failed");
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            System.out.println(trace);
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                System.out.println(cause + " " + cause.getMessage() + " " + cause.getLocalizedMessage());
                if (cause instanceof StorageException failure) {
                    System.out.println(failure.reason()
                            + failure.fix()
                            + failure.requestId()
                            + failure.key()
                            + failure.operation()
                            + failure.provider()
                            + failure.retryAfter());
                }
            }
            System.out.println(serialized(e));
            return;
        }
        System.out.println("attempt " + what + " succeeded");
    }

    /** What a failure carries to another process. */
    private static String serialized(RuntimeException e) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(e);
            out.flush();
            return bytes.toString(StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
