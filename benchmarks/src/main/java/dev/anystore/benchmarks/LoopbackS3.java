package dev.anystore.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server that speaks as much of S3 as a transfer needs, as fast as sockets go: it counts the bytes that it gets and drops
 * them, and gives bytes from memory. One thread serves one connection.
 *
 * <p>Objects whose key is {@code generated/} and a number are there, with so many bytes of {@link Content}. Those that were
 * put are known by size and digest alone: HEAD finds them, GET does not. Signatures are not looked at.
 */
final class LoopbackS3 implements AutoCloseable {
    /** The only bucket. */
    static final String BUCKET = "bench";

    private static final String GENERATED = "generated/";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Content content;
    private final ServerSocketChannel acceptor;
    private final Map<Thread, SocketChannel> connections = new ConcurrentHashMap<>();
    private final AtomicLong cpuOfEnded = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger openMost = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final SinkStore sink = new SinkStore();
    private volatile Behaviour behaviour = Behaviour.DIRECT;
    private volatile boolean verifying;

    private LoopbackS3(Content content, ServerSocketChannel acceptor) {
        this.content = content;
        this.acceptor = acceptor;
    }

    /** Starts on a free port of the loopback. */
    static LoopbackS3 start(Content content) {
        try {
            ServerSocketChannel acceptor = ServerSocketChannel.open();
            acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            LoopbackS3 server = new LoopbackS3(content, acceptor);
            Thread thread = new Thread(server::accept, "loopback-s3-accept");
            thread.setDaemon(true);
            thread.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The key of an object of this size. */
    static String key(long size) {
        return GENERATED + size;
    }

    /** The size of the object that is always there, or -1. */
    static long generatedSize(String key) {
        try {
            return key.startsWith(GENERATED) ? Long.parseLong(key.substring(GENERATED.length())) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Where it listens. */
    InetSocketAddress address() {
        try {
            return (InetSocketAddress) acceptor.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens, for settings. */
    URI endpoint() {
        return URI.create("http://127.0.0.1:" + address().getPort());
    }

    /** Behaves so from the next request on. */
    void behave(Behaviour value) {
        behaviour = value;
    }

    /** From the next request on, compares each digest that a client names with the bytes, and refuses those that differ. */
    void verify(boolean value) {
        verifying = value;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    boolean isVerifying() {
        return verifying;
    }

    Content content() {
        return content;
    }

    SinkStore sink() {
        return sink;
    }

    /** Counts one request: its number, from 1. */
    long begin() {
        return requests.incrementAndGet();
    }

    void countReceived(long bytes) {
        received.addAndGet(bytes);
    }

    void countSent(long bytes) {
        sent.addAndGet(bytes);
    }

    /**
     * What happened until now.
     *
     * @param requests that were answered or are under way
     * @param received bytes of objects and parts
     * @param sent bytes of objects
     * @param connectionsMost open at once since {@link #resetConnections()}
     * @param cpuNanos of the server's threads
     */
    record Counts(long requests, long received, long sent, int connectionsMost, long cpuNanos) {
        /** What happened since. */
        Counts since(Counts before) {
            return new Counts(
                    requests - before.requests,
                    received - before.received,
                    sent - before.sent,
                    connectionsMost,
                    cpuNanos - before.cpuNanos);
        }
    }

    /** What happened until now. */
    Counts counts() {
        return new Counts(requests.get(), received.get(), sent.get(), openMost.get(), cpuNanos());
    }

    private long cpuNanos() {
        long sum = cpuOfEnded.get();
        for (Thread thread : connections.keySet()) {
            sum += Math.max(0, THREADS.getThreadCpuTime(thread.getId()));
        }
        return sum;
    }

    /** Forgets how many connections there were. */
    void resetConnections() {
        openMost.set(open.get());
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel channel = acceptor.accept();
                Thread thread = new Thread(() -> serve(channel), "loopback-s3");
                thread.setDaemon(true);
                connections.put(thread, channel);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SocketChannel channel) {
        openMost.accumulateAndGet(open.incrementAndGet(), Math::max);
        try (channel) {
            new S3Connection(this, channel).serve();
        } catch (IOException e) {
            // The client went away, or sent what nobody understands: it sees that its connection ends.
        } finally {
            open.decrementAndGet();
            cpuOfEnded.addAndGet(Math.max(0, THREADS.getCurrentThreadCpuTime()));
            connections.remove(Thread.currentThread());
        }
    }

    /** Ends all connections. */
    @Override
    public void close() {
        try {
            acceptor.close();
            for (SocketChannel channel : connections.values()) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
