package dev.anystore.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that does with each connection what its script says, byte for byte: what no proper server
 * would do, above all. What a script throws is kept for the test; a connection that breaks is not a failure of the script.
 */
final class ScriptedServer implements AutoCloseable {
    /** What happens on one connection; it is closed when this returns. */
    @FunctionalInterface
    interface Script {
        void run(Peer peer) throws Exception;
    }

    private final ServerSocket listener;
    private final boolean tls;
    private final Script script;
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final Queue<String> heads = new ConcurrentLinkedQueue<>();

    private ScriptedServer(ServerSocketFactory factory, boolean tls, InetSocketAddress at, Script script)
            throws IOException {
        this.listener = factory.createServerSocket();
        this.tls = tls;
        this.script = script;
        listener.setReceiveBufferSize(64 << 10); // so that a writer is stuck soon
        listener.bind(at, 100);
        daemon("scripted-accept", this::accept);
    }

    static ScriptedServer plain(Script script) throws IOException {
        return plainAt(InetAddress.getLoopbackAddress(), 0, script);
    }

    static ScriptedServer plainAt(InetAddress address, int port, Script script) throws IOException {
        return new ScriptedServer(
                ServerSocketFactory.getDefault(), false, new InetSocketAddress(address, port), script);
    }

    static ScriptedServer tls(SSLContext identity, Script script) throws IOException {
        return tlsAt(identity, InetAddress.getLoopbackAddress(), script);
    }

    static ScriptedServer tlsAt(SSLContext identity, InetAddress address, Script script) throws IOException {
        return new ScriptedServer(identity.getServerSocketFactory(), true, new InetSocketAddress(address, 0), script);
    }

    /** Answers every request on every connection with the same bytes. */
    static Script always(String answer) {
        return peer -> {
            while (peer.readRequest() != null) {
                peer.send(answer);
            }
        };
    }

    int port() {
        return listener.getLocalPort();
    }

    Origin origin() {
        return new Origin(tls, "127.0.0.1", port());
    }

    int accepted() {
        return accepted.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                int number = accepted.incrementAndGet();
                daemon("scripted-" + number, () -> serve(socket, number));
            } catch (IOException e) {
                // closed, or a handshake that the client gave up
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            script.run(new Peer(socket, number));
        } catch (IOException e) {
            // the client went away
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            Thread closer = new Thread(() -> {
                try {
                    socket.close();
                } catch (IOException e) {
                    // it is closed
                }
            });
            closer.setDaemon(true); // a TLS socket's close may wait for a stuck writer
            closer.start();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("the script failed", failures.peek());
        }
    }

    /** The server's side of one connection. */
    final class Peer {
        /** Counts the connections from 1. */
        final int number;

        final Socket socket;
        final InputStream in;
        final OutputStream out;

        Peer(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.number = number;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** The next request's head with its empty line, or null if the client has closed. */
        @Nullable
        String readHead() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int matched = 0;
            while (matched < 4) {
                int c = in.read();
                if (c < 0) {
                    if (head.size() == 0) {
                        return null;
                    }
                    throw new EOFException();
                }
                head.write(c);
                matched = c == "\r\n\r\n".charAt(matched) ? matched + 1 : c == '\r' ? 1 : 0;
            }
            String text = head.toString(ISO_8859_1);
            heads.add(text);
            return text;
        }

        /** The next request, its body of declared length read and dropped. */
        @Nullable
        String readRequest() throws IOException {
            String head = readHead();
            if (head != null) {
                int at = head.indexOf("Content-Length: ");
                if (at >= 0) {
                    long length = Long.parseLong(head.substring(at + 16, head.indexOf('\r', at)));
                    in.skipNBytes(length);
                }
            }
            return head;
        }

        void send(String bytes) throws IOException {
            out.write(bytes.getBytes(ISO_8859_1));
            out.flush();
        }

        /** The next request's head, which the script needs. */
        String needHead() throws IOException {
            String head = readHead();
            if (head == null) {
                throw new EOFException();
            }
            return head;
        }

        /** Stays, without reading, until the client goes or the test ends. */
        void doNothing() throws InterruptedException {
            while (!socket.isClosed()) {
                Thread.sleep(20);
            }
        }

        /** Closes with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
