package dev.anystore.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.opendal.AsyncOperator;
import org.apache.opendal.Operator;

/** OpenDAL's binding for Java, on its native library. */
public final class Opendal implements Contender {
    @Override
    public String name() {
        return "opendal";
    }

    @Override
    public String description() {
        return "Apache OpenDAL's Java binding " + AsyncOperator.class.getPackage().getImplementationVersion()
                + ", its stream up (one part after the other: it has no other without the whole object in memory),"
                + " ranges at once down; native memory beside -Xmx";
    }

    @Override
    public Client open(Job job) {
        AsyncOperator operator = AsyncOperator.of(
                "s3",
                Map.of(
                        "bucket", LoopbackS3.BUCKET,
                        "endpoint", job.endpoint().toString(),
                        "region", Job.REGION,
                        "access_key_id", Job.ACCESS_KEY,
                        "secret_access_key", Job.SECRET_KEY,
                        "disable_config_load", "true",
                        "disable_ec2_metadata", "true"));
        return new OpendalClient(job, operator, operator.blocking());
    }

    private record OpendalClient(Job job, AsyncOperator operator, Operator blocking) implements Client {
        @Override
        public void upload() throws IOException {
            try (OutputStream out = blocking.createOutputStream(job.uploadKey(), (int) job.partBytes())) {
                Files.copy(job.source(), out);
            }
        }

        private record Range(long offset, CompletableFuture<byte[]> bytes) {}

        @Override
        public void download() throws IOException {
            Deque<Range> underWay = new ArrayDeque<>();
            try (FileChannel out = FileChannel.open(
                    job.target(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                int next = 0;
                while (next < job.parts() || !underWay.isEmpty()) {
                    if (next < job.parts() && underWay.size() < job.connections()) {
                        long offset = job.offset(next);
                        underWay.add(new Range(offset, operator.read(job.downloadKey(), offset, job.bytesOf(next))));
                        next++;
                    } else {
                        Range first = underWay.remove();
                        ByteBuffer bytes = ByteBuffer.wrap(first.bytes().join());
                        for (long at = first.offset(); bytes.hasRemaining(); ) {
                            at += out.write(bytes, at);
                        }
                    }
                }
            }
        }

        @Override
        public void close() {
            blocking.close();
            operator.close();
        }
    }
}
