package dev.anystore.benchmarks;

import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The AWS transfer manager on Netty. */
public final class TransferManagerJava implements Contender {
    @Override
    public String name() {
        return "tm-java";
    }

    @Override
    public String description() {
        return "AWS SDK " + AwsClients.VERSION + ", S3TransferManager on Netty, CRC32C of parts up";
    }

    @Override
    public Client open(Job job) {
        return AwsClients.transfers(
                job,
                S3AsyncClient.builder()
                        .endpointOverride(job.endpoint())
                        .region(AwsClients.REGION)
                        .credentialsProvider(AwsClients.CREDENTIALS)
                        .forcePathStyle(true)
                        .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(job.connections()))
                        .multipartEnabled(true)
                        .multipartConfiguration(multipart ->
                                multipart.minimumPartSizeInBytes(job.partBytes()).thresholdInBytes(job.partBytes()))
                        .build());
    }
}
