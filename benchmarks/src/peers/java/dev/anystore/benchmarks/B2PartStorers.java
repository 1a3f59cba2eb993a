package dev.anystore.benchmarks;

import com.backblaze.b2.client.B2PartStorer;
import com.backblaze.b2.client.B2StorageClient;
import com.backblaze.b2.client.B2UploadingPartStorer;
import com.backblaze.b2.client.contentHandlers.B2ContentFileWriter;
import com.backblaze.b2.client.contentHandlers.B2ContentMemoryWriter;
import com.backblaze.b2.client.contentSources.B2ByteArrayContentSource;
import com.backblaze.b2.client.contentSources.B2ContentSource;
import com.backblaze.b2.client.structures.B2FileVersion;
import com.backblaze.b2.client.structures.B2StartLargeFileRequest;
import com.backblaze.b2.client.structures.B2UploadFileRequest;
import com.backblaze.b2.util.B2InputStreamExcerpt;
import dev.anystore.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The SDK's part storers on our transport: what parts would cost if the SDK sent them. All parts of a file go in one call, which
 * is its best case; called for a part at a time it would get a new upload URL for each.
 */
public final class B2PartStorers implements B2Contender {
    private static final long PART_BYTES = 8L << 20;

    @Override
    public String name() {
        return "part-storer";
    }

    @Override
    public String description() {
        return "b2-sdk-core 6.2.1, B2UploadingPartStorer over storage-http, parts of 8 MiB";
    }

    @Override
    public Client open(URI api, String keyId, String key, String bucket, int connections) throws Exception {
        ObjectStore store = AnystoreB2.store(api, keyId, key, bucket, connections);
        B2StorageClient client = store.unwrap(B2StorageClient.class).orElseThrow();
        return new StorerClient(
                store,
                client,
                bucket,
                client.getBucketOrNullByName(bucket).getBucketId(),
                Executors.newFixedThreadPool(Math.min(connections, 8)));
    }

    private record StorerClient(
            ObjectStore store, B2StorageClient client, String bucket, String bucketId, ExecutorService executor)
            implements Client {
        private static final String TYPE = "application/octet-stream";

        @Override
        public void upload(Path file, String name) throws Exception {
            long size = Files.size(file);
            B2FileVersion large = client.startLargeFile(
                    B2StartLargeFileRequest.builder(bucketId, name, TYPE).build());
            List<B2PartStorer> parts = new ArrayList<>();
            for (long at = 0; at < size; at += PART_BYTES) {
                parts.add(new B2UploadingPartStorer(
                        parts.size() + 1, new Region(file, at, Math.min(PART_BYTES, size - at))));
            }
            client.storeLargeFile(large, parts, null, executor);
        }

        @Override
        public void download(String name, Path file) throws Exception {
            client.downloadByName(
                    bucket, name, B2ContentFileWriter.builder(file.toFile()).build());
        }

        @Override
        public void put(String name, byte[] bytes) throws Exception {
            client.uploadSmallFile(
                    B2UploadFileRequest.builder(bucketId, name, TYPE, B2ByteArrayContentSource.build(bytes))
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
            store.close();
        }
    }

    /** A part of a file, whose digest is not known before it is sent. */
    private record Region(Path file, long position, long length) implements B2ContentSource {
        @Override
        public long getContentLength() {
            return length;
        }

        @Override
        public String getSha1OrNull() {
            return null;
        }

        @Override
        public Long getSrcLastModifiedMillisOrNull() {
            return null;
        }

        @Override
        public InputStream createInputStream() throws IOException {
            return new B2InputStreamExcerpt(Files.newInputStream(file), position, length);
        }
    }
}
