package dev.anystore.benchmarks;

import com.backblaze.b2.client.B2ClientConfig;
import com.backblaze.b2.client.B2StorageClient;
import com.backblaze.b2.client.contentHandlers.B2ContentFileWriter;
import com.backblaze.b2.client.contentHandlers.B2ContentMemoryWriter;
import com.backblaze.b2.client.contentSources.B2ByteArrayContentSource;
import com.backblaze.b2.client.contentSources.B2FileContentSource;
import com.backblaze.b2.client.structures.B2UploadFileRequest;
import com.backblaze.b2.client.webApiHttpClient.B2StorageHttpClientBuilder;
import com.backblaze.b2.client.webApiHttpClient.B2WebApiHttpClientImpl;
import com.backblaze.b2.client.webApiHttpClient.HttpClientFactoryImpl;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Backblaze's own Java client on its own transport, Apache HttpClient 4. */
public final class B2SdkClient implements B2Contender {
    @Override
    public String name() {
        return "b2-sdk";
    }

    @Override
    public String description() {
        return "b2-sdk-core 6.2.1 with b2-sdk-httpclient: uploadLargeFile, uploadSmallFile, downloadByName";
    }

    @Override
    public Client open(URI api, String keyId, String key, String bucket, int connections) throws Exception {
        B2ClientConfig config = B2ClientConfig.builder(keyId, key, "anystore-benchmark")
                .setMasterUrl(api.toString())
                .build();
        B2StorageClient client = B2StorageHttpClientBuilder.builder(config)
                .setWebApiClient(new B2WebApiHttpClientImpl.Builder()
                        .setHttpClientFactory(new HttpClientFactoryImpl.Builder()
                                .setSupportInsecureHttp(true)
                                .setMaxTotalConnectionsInPool(connections)
                                .setMaxConnectionsPerRoute(connections)
                                .build())
                        .build())
                .build();
        String bucketId = client.getBucketOrNullByName(bucket).getBucketId();
        return new SdkClient(client, bucket, bucketId, Executors.newFixedThreadPool(Math.min(connections, 8)));
    }

    private record SdkClient(B2StorageClient client, String bucket, String bucketId, ExecutorService executor)
            implements Client {
        private static final String TYPE = "application/octet-stream";

        @Override
        public void upload(Path file, String name) throws Exception {
            client.uploadLargeFile(
                    B2UploadFileRequest.builder(
                                    bucketId, name, TYPE, B2FileContentSource.build(file.toFile()))
                            .build(),
                    executor);
        }

        @Override
        public void download(String name, Path file) throws Exception {
            client.downloadByName(
                    bucket,
                    name,
                    B2ContentFileWriter.builder(file.toFile()).build());
        }

        @Override
        public void put(String name, byte[] bytes) throws Exception {
            client.uploadSmallFile(B2UploadFileRequest.builder(
                            bucketId, name, TYPE, B2ByteArrayContentSource.build(bytes))
                    .build());
        }

        @Override
        public byte[] get(String name) throws Exception {
            B2ContentMemoryWriter writer = B2ContentMemoryWriter.build();
            client.downloadByName(bucket, name, writer);
            return writer.getBytes();
        }

        @Override
        public void close() {
            executor.shutdownNow();
            client.close();
        }
    }
}
