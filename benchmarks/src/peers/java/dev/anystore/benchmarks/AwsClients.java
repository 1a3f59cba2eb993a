package dev.anystore.benchmarks;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/** What the clients of the AWS SDK share. */
final class AwsClients {
    static final String VERSION = VersionInfo.SDK_VERSION;
    static final Region REGION = Region.of(Job.REGION);
    static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create(Job.ACCESS_KEY, Job.SECRET_KEY));

    private AwsClients() {}

    /** The transfer manager on such a client, which it closes with itself. */
    static Contender.Client transfers(Job job, S3AsyncClient s3) {
        return new TransferClient(job, s3, S3TransferManager.builder().s3Client(s3).build());
    }

    private record TransferClient(Job job, S3AsyncClient s3, S3TransferManager manager) implements Contender.Client {
        @Override
        public void upload() {
            manager.uploadFile(upload -> upload.source(job.source())
                            .putObjectRequest(put -> put.bucket(LoopbackS3.BUCKET)
                                    .key(job.uploadKey())
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)))
                    .completionFuture()
                    .join();
        }

        @Override
        public void download() {
            manager.downloadFile(download -> download.destination(job.target())
                            .getObjectRequest(get -> get.bucket(LoopbackS3.BUCKET).key(job.downloadKey())))
                    .completionFuture()
                    .join();
        }

        @Override
        public void close() {
            manager.close();
            s3.close();
        }
    }
}
