package dev.anystore.benchmarks;

import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.crt.S3CrtHttpConfiguration;

/** The AWS transfer manager on the native runtime. */
public final class TransferManagerCrt implements Contender {
    // Far above the loopback: the runtime must not hold itself back by a guess about the network.
    private static final double GIGABITS = 100;

    @Override
    public String name() {
        return "tm-crt";
    }

    @Override
    public String description() {
        return "AWS SDK " + AwsClients.VERSION + ", S3TransferManager on CRT, CRC32C of parts up; native memory beside -Xmx";
    }

    @Override
    public Client open(Job job) {
        CRT.getOSIdentifier(); // loads the library before the clock starts
        return AwsClients.transfers(
                job,
                S3AsyncClient.crtBuilder()
                        .endpointOverride(job.endpoint())
                        .region(AwsClients.REGION)
                        .credentialsProvider(AwsClients.CREDENTIALS)
                        .forcePathStyle(true)
                        // It takes no trust store of the JVM; the harness's certificate is nobody's but its own.
                        .httpConfiguration(S3CrtHttpConfiguration.builder()
                                .trustAllCertificatesEnabled(true)
                                .build())
                        .minimumPartSizeInBytes(job.partBytes())
                        .thresholdInBytes(job.partBytes())
                        .maxConcurrency(job.connections())
                        .targetThroughputInGbps(GIGABITS)
                        .build());
    }
}
