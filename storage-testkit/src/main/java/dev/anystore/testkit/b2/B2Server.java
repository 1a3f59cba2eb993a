package dev.anystore.testkit.b2;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the versions 1 to 4 of Backblaze's B2, on a port of loopback: authorisation, buckets, keys and their
 * restrictions, upload URLs for one upload at a time, large files, copies, versions, download authorisations, test modes. What it
 * refuses it refuses as the service does, as far as its documentation says how; it checks every SHA-1. A test may have a
 * request fail in any way ({@link #next}), let tokens expire, stop the server and start it again, and count the calls.
 *
 * <p>What it does not know: retention, legal holds, replication, notifications, and the bytes' encryption, of which it only
 * remembers whose key it was.
 */
public final class B2Server implements AutoCloseable {
    /** The id of the key that may do everything. */
    public static final String KEY_ID = "testaccess";

    /** Its secret. */
    public static final String KEY = "testsecret12345";

    private static final Pattern CALL = Pattern.compile("/b2api/v([1-4])/(b2_\\w+)(?:/([0-9a-f]+))?");
    /** So many calls a token is good for under {@code expire_some_account_authorization_tokens}. */
    private static final long SOME_USES = 10;

    /** Transactions of class C by Backblaze's price list; listings count once for each thousand that was asked for. */
    private static final Set<String> CLASS_C = Set.of(
            "b2_authorize_account",
            "b2_copy_file",
            "b2_copy_part",
            "b2_create_bucket",
            "b2_create_key",
            "b2_get_download_authorization",
            "b2_list_buckets",
            "b2_list_file_names",
            "b2_list_file_versions",
            "b2_list_keys",
            "b2_list_parts",
            "b2_list_unfinished_large_files",
            "b2_update_bucket");

    private static final Set<String> CLASS_B =
            Set.of("b2_download_file_by_id", "b2_download_file_by_name", "b2_get_file_info");

    private final Account account = new Account(KEY_ID, KEY);
    private final BucketCalls buckets = new BucketCalls(account);
    private final FileCalls files = new FileCalls(account);
    private final LargeFileCalls largeFiles = new LargeFileCalls(account);
    private final DownloadCalls downloads = new DownloadCalls(account);
    private final UploadCalls uploads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Deque<B2Fault>> faults = new HashMap<>();
    private final Map<String, Long> calls = new TreeMap<>();
    private final Map<Character, Long> billed = new TreeMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile @Nullable ServerSocket listener;

    private B2Server(int port, @Nullable Path folder) throws IOException {
        this.uploads = new UploadCalls(account, folder);
        this.port = listen(port);
    }

    /** Starts one that keeps all in memory. */
    public static B2Server start() {
        return start(0, null);
    }

    /**
     * Starts one.
     *
     * @param port of loopback; 0 is any
     * @param folder for bytes above 64 KiB, which stay there; null keeps all in memory
     */
    public static B2Server start(int port, @Nullable Path folder) {
        try {
            return new B2Server(port, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int listen(int wanted) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 256);
        listener = socket;
        Thread acceptor = new Thread(() -> accept(socket), "b2-server");
        acceptor.setDaemon(true);
        acceptor.start();
        return socket.getLocalPort();
    }

    /** Where it is: what {@code B2_API_URL} wants. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    // ---- what tests do to it

    /** The next request of this operation, such as {@code b2_upload_part}, meets this; further ones those that are added later. */
    public void next(String operation, B2Fault... meets) {
        locked(() ->
                faults.computeIfAbsent(operation, unused -> new ArrayDeque<>()).addAll(List.of(meets)));
    }

    /** After so many requests of this operation that are left alone. */
    public void nextAfter(String operation, int spared, B2Fault fault) {
        locked(() -> {
            Deque<B2Fault> row = faults.computeIfAbsent(operation, unused -> new ArrayDeque<>());
            for (int i = 0; i < spared; i++) {
                row.add(B2Fault.NONE);
            }
            row.add(fault);
        });
    }

    /** All tokens of the account are over from now on. */
    public void expireAccountTokens() {
        account.lock.lock();
        try {
            account.tokens.values().forEach(token -> token.expired = true);
        } finally {
            account.lock.unlock();
        }
    }

    /** All upload URLs are over from now on. */
    public void expireUploadUrls() {
        uploads.expireAll();
    }

    /**
     * A new application key.
     *
     * @param capabilities such as {@code readFiles}
     * @param bucketNames that it is for; empty is all
     * @param prefix of the names that it is for, or null
     * @return its id and its secret
     */
    public List<String> newKey(Set<String> capabilities, List<String> bucketNames, @Nullable String prefix) {
        account.lock.lock();
        try {
            List<String> ids = bucketNames.stream()
                    .map(account::bucketNamed)
                    .map(bucket -> {
                        if (bucket == null) {
                            throw new IllegalArgumentException("no such bucket");
                        }
                        return bucket.id;
                    })
                    .toList();
            Account.Key key = account.newKey("test", capabilities, ids.isEmpty() ? null : ids, prefix);
            return List.of(key.id(), key.secret());
        } finally {
            account.lock.unlock();
        }
    }

    /** An application key is not good any more; its tokens end too. */
    public void forgetKey(String id) {
        account.lock.lock();
        try {
            Account.Key key = account.keys.remove(id);
            account.tokens.values().removeIf(token -> token.key.equals(key));
        } finally {
            account.lock.unlock();
        }
    }

    /** How often each operation was called; downloads by name are {@code b2_download_file_by_name}, HEAD among them. */
    public Map<String, Long> calls() {
        lock.lock();
        try {
            return new TreeMap<>(calls);
        } finally {
            lock.unlock();
        }
    }

    /** How often this operation was called. */
    public long calls(String operation) {
        return calls().getOrDefault(operation, 0L);
    }

    /** How many transactions Backblaze would count, by class: A, B and C. */
    public Map<Character, Long> billed() {
        lock.lock();
        try {
            return new TreeMap<>(billed);
        } finally {
            lock.unlock();
        }
    }

    /** How often an upload URL was used by two at a time, or again behind a failure: no client may. */
    public int misusedUploadUrls() {
        return uploads.misused.get();
    }

    /** How many connections there are now. */
    public int connections() {
        return open.size();
    }

    /** As if it died: connections break, and nobody listens any more. What it knows stays. */
    public void stop() {
        try {
            ServerSocket socket = listener;
            listener = null;
            if (socket != null) {
                socket.close();
            }
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens again, at the same place. */
    public void restart() {
        try {
            listen(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    // ---- serving

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                open.add(connection);
                Thread thread = new Thread(() -> serve(connection), "b2-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // Closed, or a connection that was gone before it was accepted.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream(), 64 << 10);
            OutputStream out = connection.getOutputStream();
            HttpCall call = HttpCall.read(in, out);
            while (call != null) {
                answer(call, out);
                if (!call.keepsAlive()) {
                    break;
                }
                call.body().transferTo(OutputStream.nullOutputStream());
                call = HttpCall.read(in, out);
            }
        } catch (IOException | RuntimeException e) {
            // The client went away, or a test wants the connection to break.
        } finally {
            open.remove(connection);
        }
    }

    private void answer(HttpCall call, OutputStream out) throws IOException {
        Matcher matcher = CALL.matcher(call.path());
        boolean isCall = matcher.matches();
        String operation = isCall ? matcher.group(2) : "b2_download_file_by_name";
        B2Fault fault = fault(operation);
        if (fault == B2Fault.STOP) {
            stop();
        }
        if (fault == B2Fault.HANG_UP || fault == B2Fault.STOP) {
            throw new IOException("hung up, as the test asked");
        }
        HttpReply reply;
        try {
            if (isCall && matcher.group(3) != null) {
                count(operation, 1);
                reply = uploads.take(call, matcher.group(3), fault);
            } else if (isCall) {
                reply = call(call, operation, Integer.parseInt(matcher.group(1)), fault);
            } else if (call.path().startsWith("/file/")) {
                count(operation, 1);
                refuse(fault);
                reply = within(() -> downloads.byName(call));
            } else {
                throw new Refused(404, "not_found", "there is nothing at " + call.path());
            }
        } catch (Refused e) {
            reply = HttpReply.refusal(e);
        }
        if (fault == B2Fault.LOSE_ANSWER) {
            throw new IOException("the answer was lost, as the test asked");
        }
        reply.send(out, call.method().equals("HEAD"), call.keepsAlive(), fault);
    }

    private B2Fault fault(String operation) {
        lock.lock();
        try {
            Deque<B2Fault> row = faults.get(operation);
            B2Fault fault = row == null ? null : row.poll();
            return fault == null ? B2Fault.NONE : fault;
        } finally {
            lock.unlock();
        }
    }

    private static void refuse(B2Fault fault) {
        if (fault.refuses()) {
            throw fault.refusal();
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T within(Work<T> work) throws IOException {
        account.lock.lock();
        try {
            return work.run();
        } finally {
            account.lock.unlock();
        }
    }

    private HttpReply call(HttpCall call, String operation, int version, B2Fault fault) throws IOException {
        String document = call.document();
        Map<String, ? extends @Nullable Object> members = document.isEmpty() ? call.query() : Json.object(document);
        String token = call.header("authorization");
        Asked asked = new Asked(operation, version, members, token == null ? "" : token);
        long most = Math.max(asked.number("maxFileCount", 1), asked.number("maxPartCount", 1));
        count(operation, operation.startsWith("b2_list_") ? (most + 999) / 1000 : 1);
        refuse(fault);
        if (operation.equals("b2_download_file_by_id")) {
            return within(() -> downloads.byId(call, asked));
        }
        return HttpReply.json(200, within(() -> result(call, asked)));
    }

    private Object result(HttpCall call, Asked asked) throws IOException {
        String base = url().toString();
        return switch (asked.operation()) {
            case "b2_authorize_account" -> authorize(call, asked);
            case "b2_create_bucket" -> buckets.create(asked);
            case "b2_list_buckets" -> buckets.list(asked);
            case "b2_update_bucket" -> buckets.update(asked);
            case "b2_delete_bucket" -> buckets.delete(asked);
            case "b2_create_key" -> buckets.createKey(asked);
            case "b2_list_keys" -> buckets.listKeys(asked);
            case "b2_delete_key" -> buckets.deleteKey(asked);
            case "b2_get_upload_url" -> uploads.url(asked, base);
            case "b2_get_upload_part_url" -> uploads.partUrl(asked, base);
            case "b2_list_file_names" -> files.names(asked);
            case "b2_list_file_versions" -> files.versions(asked);
            case "b2_get_file_info" -> files.info(asked);
            case "b2_hide_file" -> files.hide(asked);
            case "b2_delete_file_version" -> files.deleteVersion(asked);
            case "b2_get_download_authorization" -> files.share(asked);
            case "b2_copy_file" -> files.copy(asked);
            case "b2_copy_part" -> largeFiles.copyPart(asked);
            case "b2_start_large_file" -> largeFiles.start(asked);
            case "b2_finish_large_file" -> largeFiles.finish(asked);
            case "b2_cancel_large_file" -> largeFiles.cancel(asked);
            case "b2_list_parts" -> largeFiles.parts(asked);
            case "b2_list_unfinished_large_files" -> largeFiles.unfinished(asked);
            default -> throw Refused.badRequest("no such call: " + asked.operation());
        };
    }

    private Object authorize(HttpCall call, Asked asked) {
        String token = asked.token();
        String pair = token.startsWith("Basic ")
                ? new String(Base64.getDecoder().decode(token.substring(6)), StandardCharsets.UTF_8)
                : "";
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw Refused.unauthorized("no key");
        }
        boolean some = "expire_some_account_authorization_tokens".equals(call.header("x-bz-test-mode"));
        return account.authorize(
                pair.substring(0, colon),
                pair.substring(colon + 1),
                asked.version(),
                url().toString(),
                some ? SOME_USES : Long.MAX_VALUE);
    }

    private void count(String operation, long times) {
        char of = CLASS_C.contains(operation) ? 'C' : CLASS_B.contains(operation) ? 'B' : 'A';
        locked(() -> {
            calls.merge(operation, 1L, Long::sum);
            billed.merge(of, times, Long::sum);
        });
    }

    /**
     * Serves until it is killed: {@code B2Server PORT [FOLDER]}. Prints where it is, and the key.
     *
     * @param arguments the port, 0 for any, and a folder for large bytes
     */
    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
        B2Server server = start(port, arguments.length > 1 ? Path.of(arguments[1]) : null);
        System.out.println(server.url() + " " + KEY_ID + " " + KEY);
        System.out.flush();
        Thread.currentThread().join();
    }
}
