package dev.anystore.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The same parts over the same number of connections to the same server, with nothing of a client but the bytes on the
 * wire. No signature, no digest, no retry, no look at an answer but where it ends. With downloads dropped it is the ceiling:
 * a client that is faster has not done the work. With downloads in a file it shows what the file costs.
 */
final class RawSockets implements Contender {
    /** The name of the ceiling. */
    static final String CEILING = "raw";

    private final boolean keeps;

    /** The ceiling, or one that keeps what it downloads. */
    RawSockets(boolean keeps) {
        this.keeps = keeps;
    }

    @Override
    public String name() {
        return keeps ? "raw-file" : CEILING;
    }

    @Override
    public boolean speaksTls() {
        return false;
    }

    @Override
    public String description() {
        return keeps
                ? "sockets alone: sendfile up; down one buffer a connection into one file, fsynced; no digest, no signature"
                : "the ceiling: as raw-file, but a download is dropped as it comes";
    }

    @Override
    public boolean keepsDownloads() {
        return keeps;
    }

    @Override
    public RawClient open(Job job) throws IOException {
        return new RawClient(job, keeps);
    }

    /** Its connections and threads. */
    static final class RawClient implements Client {
        private static final int BUFFER = 256 << 10;

        private final Job job;
        private final boolean keeps;
        private final List<Line> lines = new ArrayList<>();
        private final ExecutorService threads;

        private RawClient(Job job, boolean keeps) throws IOException {
            this.job = job;
            this.keeps = keeps;
            this.threads = Executors.newFixedThreadPool(job.connections(), runnable -> {
                Thread thread = new Thread(runnable, "raw");
                thread.setDaemon(true);
                return thread;
            });
            for (int i = 0; i < job.connections(); i++) {
                SocketChannel channel = SocketChannel.open(job.address());
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                lines.add(new Line(channel, ByteBuffer.allocateDirect(BUFFER)));
            }
        }

        /** A connection and its buffer. */
        private record Line(SocketChannel channel, ByteBuffer buffer) {
            void request(String text) throws IOException {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }

            /** Reads to the end of a head; what is behind it stays in the buffer, ready to be taken. */
            void answer() throws IOException {
                buffer.clear();
                int end = -1;
                while (end < 0) {
                    int looked = buffer.position();
                    read();
                    ByteBuffer seen = buffer.duplicate().flip();
                    end = RequestHead.endOf(seen, Math.max(0, looked - 3));
                }
                buffer.flip();
                if (buffer.get(9) != '2') {
                    throw new IOException("the server refused");
                }
                buffer.position(end);
            }

            void read() throws IOException {
                if (channel.read(buffer) < 0) {
                    throw new EOFException();
                }
            }
        }

        /** What is done with one part. */
        private interface PartWork {
            void run(Line line, int part) throws IOException;
        }

        private void all(PartWork work) throws Exception {
            AtomicInteger next = new AtomicInteger();
            List<Callable<@Nullable Void>> tasks = new ArrayList<>();
            for (Line line : lines) {
                tasks.add(() -> {
                    for (int part = next.getAndIncrement(); part < job.parts(); part = next.getAndIncrement()) {
                        work.run(line, part);
                    }
                    return null;
                });
            }
            for (Future<@Nullable Void> future : threads.invokeAll(tasks)) {
                try {
                    future.get();
                } catch (ExecutionException e) {
                    throw new IOException("a connection failed", e.getCause());
                }
            }
        }

        @Override
        public void upload() throws Exception {
            try (FileChannel file = FileChannel.open(job.source(), StandardOpenOption.READ)) {
                all((line, part) -> {
                    long from = job.offset(part);
                    long to = from + job.bytesOf(part);
                    line.request("PUT /" + LoopbackS3.BUCKET + "/raw-" + part + " HTTP/1.1\r\nContent-Length: "
                            + (to - from) + "\r\n\r\n");
                    for (long at = from; at < to; ) {
                        at += file.transferTo(at, to - at, line.channel);
                    }
                    line.answer();
                });
            }
        }

        @Override
        public void download() throws Exception {
            if (!keeps) {
                receive(null);
                return;
            }
            try (FileChannel file = target()) {
                receive(file);
                file.force(true);
            }
        }

        /** Writes the target from memory, by as many threads as there are connections: what the disk alone can do. */
        void writeTarget(Content content) throws Exception {
            try (FileChannel file = target()) {
                all((line, part) -> content.write(file, job.offset(part), job.bytesOf(part)));
                file.force(true);
            }
        }

        private FileChannel target() throws IOException {
            return FileChannel.open(
                    job.target(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        }

        private void receive(@Nullable FileChannel file) throws Exception {
            all((line, part) -> {
                long from = job.offset(part);
                long to = from + job.bytesOf(part);
                line.request("GET /" + LoopbackS3.BUCKET + "/" + job.downloadKey() + " HTTP/1.1\r\nRange: bytes=" + from
                        + "-" + (to - 1) + "\r\n\r\n");
                line.answer();
                for (long at = from; at < to; ) {
                    if (!line.buffer.hasRemaining()) {
                        line.buffer.clear().limit((int) Math.min(BUFFER, to - at));
                        line.read();
                        line.buffer.flip();
                    }
                    if (file == null) {
                        at += line.buffer.remaining();
                        line.buffer.position(line.buffer.limit());
                    }
                    while (file != null && line.buffer.hasRemaining()) {
                        at += file.write(line.buffer, at);
                    }
                }
            });
        }

        @Override
        public void close() throws IOException {
            threads.shutdownNow();
            for (Line line : lines) {
                line.channel.close();
            }
        }
    }
}
