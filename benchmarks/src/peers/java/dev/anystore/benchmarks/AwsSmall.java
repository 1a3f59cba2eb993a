package dev.anystore.benchmarks;

import java.net.URI;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The AWS SDK's blocking client as it comes, with Apache HttpClient 5 below. */
public final class AwsSmall implements SmallContender {
    @Override
    public String name() {
        return "aws-sync";
    }

    @Override
    public String description() {
        return "AWS SDK " + AwsClients.VERSION + ", S3Client on Apache HttpClient 5, with its own defaults";
    }

    @Override
    public Client open(URI endpoint, int connections) {
        return new SyncClient(S3Client.builder()
                .endpointOverride(endpoint)
                .region(AwsClients.REGION)
                .credentialsProvider(AwsClients.CREDENTIALS)
                .forcePathStyle(true)
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(connections))
                .build());
    }

    private record SyncClient(S3Client s3) implements Client {
        @Override
        public void put(String key, byte[] bytes) {
            s3.putObject(put -> put.bucket(LoopbackS3.BUCKET).key(key), RequestBody.fromBytes(bytes));
        }

        @Override
        public byte[] get(String key) {
            return s3.getObjectAsBytes(get -> get.bucket(LoopbackS3.BUCKET).key(key))
                    .asByteArray();
        }

        @Override
        public long head(String key) {
            return s3.headObject(head -> head.bucket(LoopbackS3.BUCKET).key(key))
                    .contentLength();
        }

        @Override
        public void delete(String key) {
            s3.deleteObject(delete -> delete.bucket(LoopbackS3.BUCKET).key(key));
        }

        @Override
        public int page() {
            return s3.listObjectsV2(list -> list.bucket(LoopbackS3.BUCKET).maxKeys(SmallVerb.KEYS))
                    .contents()
                    .size();
        }

        @Override
        public void close() {
            s3.close();
        }
    }
}
