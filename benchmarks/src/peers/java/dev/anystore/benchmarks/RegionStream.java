package dev.anystore.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A region of a file as a stream, which the AWS SDK has none for. */
final class RegionStream extends InputStream {
    private final FileChannel file;
    private final long end;
    private long at;

    RegionStream(Path path, long from, long length) throws IOException {
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        this.at = from;
        this.end = from + length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (at >= end) {
            return -1;
        }
        int n = file.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - at)), at);
        at += Math.max(n, 0);
        return n;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
