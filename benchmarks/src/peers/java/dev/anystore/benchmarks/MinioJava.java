package dev.anystore.benchmarks;

import io.minio.DownloadObjectArgs;
import io.minio.MinioClient;
import io.minio.UploadObjectArgs;
import java.io.IOException;

/** MinIO's client for Java. */
public final class MinioJava implements Contender {
    @Override
    public String name() {
        return "minio-java";
    }

    @Override
    public String description() {
        return "MinIO's client for Java " + MinioClient.class.getPackage().getImplementationVersion()
                + ", uploadObject and downloadObject with its own defaults";
    }

    @Override
    public Client open(Job job) {
        return new MinioJavaClient(
                job,
                MinioClient.builder()
                        .endpoint(job.endpoint().toString())
                        .credentials(Job.ACCESS_KEY, Job.SECRET_KEY)
                        .region(Job.REGION)
                        .build());
    }

    private record MinioJavaClient(Job job, MinioClient client) implements Client {
        @Override
        public void upload() throws Exception {
            client.uploadObject(UploadObjectArgs.builder()
                    .bucket(LoopbackS3.BUCKET)
                    .object(job.uploadKey())
                    .filename(job.source().toString(), job.partBytes())
                    .build());
        }

        @Override
        public void download() throws Exception {
            client.downloadObject(DownloadObjectArgs.builder()
                    .bucket(LoopbackS3.BUCKET)
                    .object(job.downloadKey())
                    .filename(job.target().toString())
                    .overwrite(true)
                    .build());
        }

        @Override
        public void close() throws IOException {
            try {
                client.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
