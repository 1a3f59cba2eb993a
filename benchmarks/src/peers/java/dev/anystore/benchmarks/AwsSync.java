package dev.anystore.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The AWS SDK's blocking client, with parts and ranges by hand, as those do who use it for large files. */
public final class AwsSync implements Contender {
    private static final int CHUNK = 256 << 10;

    @Override
    public String name() {
        return "aws-sync";
    }

    @Override
    public String description() {
        return "AWS SDK " + AwsClients.VERSION + ", S3Client on Apache HttpClient 5, parts by hand, CRC32C of parts up";
    }

    @Override
    public Client open(Job job) {
        S3Client s3 = S3Client.builder()
                .endpointOverride(job.endpoint())
                .region(AwsClients.REGION)
                .credentialsProvider(AwsClients.CREDENTIALS)
                .forcePathStyle(true)
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(job.connections()))
                .build();
        return new SyncClient(job, s3, Executors.newFixedThreadPool(job.connections()));
    }

    private record SyncClient(Job job, S3Client s3, ExecutorService threads) implements Client {
        private interface PartWork<T> {
            T run(int part) throws IOException;
        }

        private <T> List<T> all(PartWork<T> work) throws Exception {
            List<Callable<T>> tasks = new ArrayList<>();
            for (int i = 0; i < job.parts(); i++) {
                int part = i;
                tasks.add(() -> work.run(part));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        }

        @Override
        public void upload() throws Exception {
            String id = s3.createMultipartUpload(request -> request.bucket(LoopbackS3.BUCKET)
                            .key(job.uploadKey())
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32_C))
                    .uploadId();
            List<CompletedPart> parts = all(part -> uploadPart(id, part));
            s3.completeMultipartUpload(request -> request.bucket(LoopbackS3.BUCKET)
                    .key(job.uploadKey())
                    .uploadId(id)
                    .multipartUpload(upload -> upload.parts(parts)));
        }

        private CompletedPart uploadPart(String id, int part) {
            RequestBody body = RequestBody.fromContentProvider(
                    () -> region(part), job.bytesOf(part), "application/octet-stream");
            String tag = s3.uploadPart(
                            request -> request.bucket(LoopbackS3.BUCKET)
                                    .key(job.uploadKey())
                                    .uploadId(id)
                                    .partNumber(part + 1)
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
                            body)
                    .eTag();
            return CompletedPart.builder().partNumber(part + 1).eTag(tag).build();
        }

        private InputStream region(int part) {
            try {
                return new RegionStream(job.source(), job.offset(part), job.bytesOf(part));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void download() throws Exception {
            try (FileChannel file = FileChannel.open(
                    job.target(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                all(part -> {
                    long from = job.offset(part);
                    long to = from + job.bytesOf(part);
                    ResponseTransformer<GetObjectResponse, Long> toFile =
                            (response, body) -> write(body, file, from);
                    long end = s3.getObject(
                            request -> request.bucket(LoopbackS3.BUCKET)
                                    .key(job.downloadKey())
                                    .range("bytes=" + from + "-" + (to - 1)),
                            toFile);
                    Proof.same("received", to, end);
                    return end;
                });
                file.force(true);
            }
        }

        private static long write(InputStream body, FileChannel file, long from) throws IOException {
            byte[] chunk = new byte[CHUNK];
            long at = from;
            for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
                ByteBuffer piece = ByteBuffer.wrap(chunk, 0, n);
                while (piece.hasRemaining()) {
                    at += file.write(piece, at);
                }
            }
            return at;
        }

        @Override
        public void close() {
            threads.shutdownNow();
            s3.close();
        }
    }
}
