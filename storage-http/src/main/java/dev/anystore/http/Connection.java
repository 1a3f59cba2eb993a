package dev.anystore.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection, plain or TLS, with its buffers. One exchange holds it at a time and alone reads and writes; any thread
 * may kill it.
 *
 * <p>What ends a blocked thread differs by call and JDK. Closing the channel ends connect, read and write. It does not
 * end {@code transferTo} on JDK 17, {@code shutdownOutput} does; and closing a channel whose descriptor a running
 * {@code transferTo} is about to use could send the file into another connection that got the same number. So a kill shuts
 * both directions down, and closes only while no transfer is running; a transfer that was shut down is closed by its own
 * thread. {@code SSLSocket.close()} is called by nobody before the raw channel is closed: it waits for a stuck writer.
 */
final class Connection {
    /** A whole TLS record, and most heads with a small body, in one call. */
    static final int BUFFER = 16 << 10;
    /**
     * One call of read, write or transferTo at most. Progress shows only when a call returns, and the JVM keeps a direct buffer of
     * that size for each thread; yet half of it costs a third more CPU for each byte of a file.
     */
    static final int SLICE = 128 << 10;

    private static final int BULK = 64 << 10;

    final long id;
    final Origin origin;
    final long bornAt;
    final SocketChannel channel;
    long idleSince;
    long idleLimit = Long.MAX_VALUE;
    long exchanges;

    byte[] in = new byte[BUFFER];
    int inPos;
    int inEnd;
    byte[] out = new byte[BUFFER];
    private byte @Nullable [] bulk;

    private @Nullable SSLSocket tls;
    private @Nullable InputStream tlsIn;
    private @Nullable OutputStream tlsOut;
    private @Nullable InputStream plainIn; // only to ask what is available

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Exchange holder;
    private volatile boolean killed;
    private volatile boolean inTransfer;

    Connection(long id, Origin origin, long bornAt) throws IOException {
        this.id = id;
        this.origin = origin;
        this.bornAt = bornAt;
        this.channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void connect(InetSocketAddress address, int millis) throws IOException {
        channel.socket().connect(address, millis);
    }

    void useTls(SSLSocket socket) throws IOException {
        tls = socket;
        tlsIn = socket.getInputStream();
        tlsOut = socket.getOutputStream();
    }

    Socket socket() {
        return channel.socket();
    }

    boolean isTls() {
        return tls != null;
    }

    // ---- who holds it

    void hold(Exchange exchange) {
        lock.lock();
        try {
            holder = exchange;
        } finally {
            lock.unlock();
        }
    }

    /** After this no abort of {@code exchange} reaches the connection: false if one already has. */
    boolean detach(Exchange exchange) {
        lock.lock();
        try {
            if (holder == exchange) {
                holder = null;
            }
            return !killed;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Exchange holder() {
        return holder;
    }

    void killIfHeldBy(Exchange exchange) {
        lock.lock();
        try {
            if (holder == exchange) {
                kill();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends only the sending, if there is something to read: a server that has answered and reads no further. Only plain
     * connections can tell.
     */
    boolean cutOffIfAnswered(Exchange exchange) {
        lock.lock();
        try {
            if (holder != exchange
                    || killed
                    || tls != null
                    || channel.socket().getInputStream().available() <= 0) {
                return false;
            }
            channel.shutdownOutput();
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void kill() {
        killed = true;
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // what is queued is not worth sending any more
        } catch (IOException | RuntimeException e) {
            // not connected, or closed already
        }
        try {
            channel.shutdownOutput();
        } catch (IOException | RuntimeException e) {
            // likewise
        }
        try {
            channel.shutdownInput();
        } catch (IOException | RuntimeException e) {
            // likewise
        }
        if (!inTransfer) { // see above; the transfer's own thread looks at killed after it said inTransfer
            closeChannel();
        }
    }

    /**
     * Closes a connection that no exchange uses any more. Never blocks, and says no goodbye: HTTP's framing told where the end is.
     * Conscrypt then keeps two descriptors for a connection until the garbage collector finds it.
     */
    void close() {
        killed = true;
        closeChannel();
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is gone either way
        }
    }

    boolean isOpen() {
        return channel.isOpen() && !killed;
    }

    // ---- reading

    /** Reads more into {@link #in}, which is empty: the number of bytes, or -1 at the end. */
    int fill(Exchange exchange) throws IOException {
        inPos = 0;
        inEnd = 0;
        int n = read(exchange, in, 0, in.length);
        inEnd = Math.max(n, 0);
        return n;
    }

    /** Reads straight from the connection; {@link #in} must be empty. */
    int read(Exchange exchange, byte[] target, int offset, int length) throws IOException {
        int n = 0;
        InputStream from = tlsIn;
        exchange.enterIo();
        try {
            n = from != null
                    ? from.read(target, offset, length)
                    : channel.read(ByteBuffer.wrap(target, offset, Math.min(length, SLICE)));
        } finally {
            exchange.leaveIo(n);
        }
        if (killed) { // shutdownInput looks like an orderly end
            throw new IOException("the connection was ended");
        }
        return n;
    }

    /** Reads straight into a buffer, without a copy if it is direct and the connection plain. */
    int read(Exchange exchange, ByteBuffer target, int length) throws IOException {
        if (target.hasArray()) {
            int n = read(exchange, target.array(), target.arrayOffset() + target.position(), length);
            target.position(target.position() + Math.max(n, 0));
            return n;
        }
        if (tlsIn != null) {
            int n = read(exchange, in, 0, Math.min(length, in.length));
            target.put(in, 0, Math.max(n, 0));
            return n;
        }
        int n = 0;
        int limit = target.limit();
        target.limit(target.position() + length);
        exchange.enterIo();
        try {
            n = channel.read(target);
        } finally {
            exchange.leaveIo(n);
            target.limit(limit);
        }
        if (killed) {
            throw new IOException("the connection was ended");
        }
        return n;
    }

    /** Bytes that a read would give at once, as far as can be told. */
    int available() throws IOException {
        InputStream from = tlsIn;
        return from != null ? from.available() : rawAvailable();
    }

    /**
     * Whether something came to an idle connection. It must not become the answer to the next request: whoever wrote it did so
     * before that was asked. Of TLS it may be a late session ticket, which is worth no risk. Costs one call of the system.
     */
    boolean hasUnaskedBytes() {
        try {
            return rawAvailable() > 0;
        } catch (IOException e) {
            return true;
        }
    }

    private int rawAvailable() throws IOException {
        InputStream from = plainIn;
        if (from == null) {
            from = channel.socket().getInputStream();
            plainIn = from;
        }
        return from.available();
    }

    /** Waits for the first bytes of an answer: false if none came in time, or the connection is at its end. */
    boolean awaitBytes(Exchange exchange, int millis) throws IOException {
        if (inPos < inEnd) {
            return true;
        }
        InputStream from = tlsIn != null ? tlsIn : channel.socket().getInputStream();
        channel.socket().setSoTimeout(millis);
        int n;
        try {
            n = from.read(in, 0, in.length);
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            if (channel.isOpen()) {
                channel.socket().setSoTimeout(0);
            }
        }
        if (killed || n < 0) {
            throw new IOException("the connection was ended");
        }
        exchange.answerSeen = true;
        inPos = 0;
        inEnd = n;
        return true;
    }

    /** Before it goes back to the pool: a head of unusual size must not cost memory for ever. */
    void shrink() {
        inPos = 0;
        inEnd = 0;
        if (in.length > BUFFER) {
            in = new byte[BUFFER];
        }
        if (out.length > BUFFER) {
            out = new byte[BUFFER];
        }
    }

    /**
     * Whether an idle connection is of no more use: closed by the other side, or with bytes that nobody asked for (on TLS
     * most likely its goodbye).
     */
    boolean isStale() {
        try {
            channel.configureBlocking(false);
            int n = channel.read(ByteBuffer.wrap(in, 0, 1));
            channel.configureBlocking(true);
            return n != 0;
        } catch (IOException e) {
            return true;
        }
    }

    // ---- writing

    void write(Exchange exchange, byte[] source, int offset, int length) throws IOException {
        OutputStream to = tlsOut;
        if (to == null) {
            writePlain(exchange, ByteBuffer.wrap(source, offset, length));
            return;
        }
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, BUFFER);
            int sent = 0;
            exchange.enterIo();
            try {
                to.write(source, offset + done, n);
                sent = n;
            } finally {
                exchange.leaveIo(sent);
            }
            done += n;
        }
    }

    void write(Exchange exchange, ByteBuffer source) throws IOException {
        if (tlsOut == null) {
            writePlain(exchange, source);
        } else if (source.hasArray()) {
            write(exchange, source.array(), source.arrayOffset() + source.position(), source.remaining());
            source.position(source.limit());
        } else {
            while (source.hasRemaining()) {
                int n = Math.min(source.remaining(), out.length);
                source.get(out, 0, n);
                write(exchange, out, 0, n);
            }
        }
    }

    private void writePlain(Exchange exchange, ByteBuffer source) throws IOException {
        int end = source.limit();
        try {
            while (source.position() < end) {
                source.limit(Math.min(end, source.position() + SLICE));
                int n = 0;
                exchange.enterIo();
                try {
                    n = channel.write(source);
                } finally {
                    exchange.leaveIo(n);
                }
            }
        } finally {
            source.limit(end);
        }
    }

    /** Sends up to {@code length} bytes of a file from the page cache, plain only: how many it sent; 0 at the file's end. */
    long transfer(Exchange exchange, FileChannel file, long position, long length) throws IOException {
        long n = 0;
        inTransfer = true;
        exchange.enterIo();
        try {
            if (killed) {
                throw new IOException("the connection was ended");
            }
            n = file.transferTo(position, Math.min(length, SLICE), channel);
        } finally {
            exchange.leaveIo(n);
            inTransfer = false;
            if (killed) {
                closeChannel();
            }
        }
        return n;
    }

    /** A buffer for bodies that pass through the heap. */
    byte[] bulk() {
        byte[] buffer = bulk;
        if (buffer == null) {
            buffer = new byte[BULK];
            bulk = buffer;
        }
        return buffer;
    }

    ConnectionInfo info() throws IOException {
        SSLSocket socket = tls;
        return new ConnectionInfo(
                id,
                (InetSocketAddress) channel.getLocalAddress(),
                (InetSocketAddress) channel.getRemoteAddress(),
                socket == null ? null : socket.getSession().getProtocol(),
                exchanges > 1);
    }
}
