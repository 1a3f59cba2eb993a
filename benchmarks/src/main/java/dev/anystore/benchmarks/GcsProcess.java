package dev.anystore.benchmarks;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.transfermanager.ParallelDownloadConfig;
import com.google.cloud.storage.transfermanager.ParallelUploadConfig;
import com.google.cloud.storage.transfermanager.TransferManager;
import com.google.cloud.storage.transfermanager.TransferManagerConfig;
import com.google.cloud.storage.transfermanager.TransferStatus;
import dev.anystore.Body;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The process of one contender on Cloud Storage. It prints one line for each figure: {@code up-cpu-s-per-GiB}, {@code
 * down-cpu-s-per-GiB}, {@code put-4k-cpu-us}, {@code get-4k-cpu-us}, {@code peak-MiB}. Each transfer is made once before it is
 * measured, as a process that has work to do has compiled what it runs.
 */
final class GcsProcess {
    /** The instrument of the command line that only {@link GcsSpeed} calls. */
    static final String NAME = "gcs-contender";

    static final String BUCKET = "benchmarks";

    static final List<String> CONTENDERS = List.of("anystore", "google", "google-transfer-manager");

    private static final double GIB = 1L << 30;
    private static final int SMALL = 4 << 10;
    private static final int AT_ONCE = 8;

    private GcsProcess() {}

    /** What is measured. */
    private interface Client extends AutoCloseable {
        void up(Path file, String key) throws Exception;

        void down(String key, Path file) throws Exception;

        void put(String key, byte[] bytes) throws Exception;

        byte[] get(String key) throws Exception;

        @Override
        void close() throws IOException;
    }

    static boolean run(List<String> words) throws Exception {
        Path file = Path.of(words.get(2));
        Path target = file.resolveSibling("target");
        int puts = Integer.parseInt(words.get(3));
        try (Client client = open(words.get(0), words.get(1))) {
            double gib = Files.size(file) / GIB;
            client.up(file, "large");
            System.out.println("up-cpu-s-per-GiB " + seconds(() -> up(client, file)) / gib);
            client.down("large", target);
            System.out.println("down-cpu-s-per-GiB " + seconds(() -> down(client, target)) / gib);
            if (Files.mismatch(file, target) >= 0) {
                throw new IOException("what came down is not what went up");
            }
            byte[] small = new byte[SMALL];
            small(client, small, puts);
            System.out.println("put-4k-cpu-us " + seconds(() -> small(client, small, puts)) * 1e6 / puts);
            read(client, puts);
            System.out.println("get-4k-cpu-us " + seconds(() -> read(client, puts)) * 1e6 / puts);
            System.out.println("peak-MiB " + ProcessCpu.peakKibibytes() / 1024);
        }
        return true;
    }

    private static double seconds(Callable<?> work) throws Exception {
        long before = ProcessCpu.nanos();
        work.call();
        return (ProcessCpu.nanos() - before) / 1e9;
    }

    private static @Nullable Void up(Client client, Path file) throws Exception {
        client.up(file, "large-2");
        return null;
    }

    private static @Nullable Void down(Client client, Path target) throws Exception {
        client.down("large-2", target);
        return null;
    }

    private static @Nullable Void small(Client client, byte[] bytes, int puts) throws Exception {
        for (int i = 0; i < puts; i++) {
            client.put("small-" + i % 100, bytes);
        }
        return null;
    }

    private static @Nullable Void read(Client client, int puts) throws Exception {
        for (int i = 0; i < puts; i++) {
            if (client.get("small-" + i % 100).length != SMALL) {
                throw new IOException("not the object");
            }
        }
        return null;
    }

    private static Client open(String name, String endpoint) {
        return switch (name) {
            case "anystore" -> new Ours(endpoint);
            case "google" -> new Google(options(endpoint));
            default -> new Managed(options(endpoint));
        };
    }

    private static HttpStorageOptions options(String endpoint) {
        return StorageOptions.http()
                .setProjectId("example")
                .setHost(endpoint)
                .setCredentials(NoCredentials.getInstance())
                .build();
    }

    /** This library. */
    private static final class Ours implements Client {
        private final ObjectStore store;

        Ours(String endpoint) {
            this.store = StorageConfig.builder("gcs")
                    .set("bucket", BUCKET)
                    .set("endpoint-url", endpoint)
                    .set("anonymous", "true")
                    .build()
                    .open();
        }

        @Override
        public void up(Path file, String key) {
            store.upload(file, key);
        }

        @Override
        public void down(String key, Path file) {
            store.download(key, file);
        }

        @Override
        public void put(String key, byte[] bytes) {
            store.put(key, Body.of(bytes));
        }

        @Override
        public byte[] get(String key) {
            return store.getBytes(key);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** Google's client, one stream for each transfer. */
    private static class Google implements Client {
        final Storage storage;

        Google(HttpStorageOptions options) {
            this.storage = options.getService();
        }

        static BlobInfo info(String key) {
            return BlobInfo.newBuilder(BUCKET, key).build();
        }

        @Override
        public void up(Path file, String key) throws IOException {
            storage.createFrom(info(key), file);
        }

        @Override
        public void down(String key, Path file) throws IOException {
            storage.downloadTo(BlobId.of(BUCKET, key), file);
        }

        @Override
        public void put(String key, byte[] bytes) {
            storage.create(info(key), bytes, Storage.BlobTargetOption.disableGzipContent());
        }

        @Override
        public byte[] get(String key) {
            return storage.readAllBytes(BUCKET, key);
        }

        @Override
        public void close() throws IOException {
            try {
                storage.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    /** Google's client with its transfer manager. */
    private static final class Managed extends Google {
        private final TransferManager manager;

        Managed(HttpStorageOptions options) {
            super(options);
            this.manager = TransferManagerConfig.newBuilder()
                    .setStorageOptions(options)
                    .setMaxWorkers(AT_ONCE)
                    .setAllowParallelCompositeUpload(true)
                    .setAllowDivideAndConquerDownload(true)
                    .build()
                    .getService();
        }

        @Override
        public void up(Path file, String key) throws IOException {
            var done = manager.uploadFiles(
                            List.of(file),
                            ParallelUploadConfig.newBuilder()
                                    .setBucketName(BUCKET)
                                    .setUploadBlobInfoFactory((bucket, name) -> info(key))
                                    .build())
                    .getUploadResults()
                    .get(0);
            if (done.getStatus() != TransferStatus.SUCCESS) {
                throw new IOException("the upload failed", done.getException());
            }
        }

        @Override
        public void down(String key, Path file) throws IOException {
            Path folder = Objects.requireNonNull(file.getParent());
            var done = manager.downloadBlobs(
                            List.of(info(key)),
                            ParallelDownloadConfig.newBuilder()
                                    .setBucketName(BUCKET)
                                    .setDownloadDirectory(folder)
                                    .build())
                    .getDownloadResults()
                    .get(0);
            if (done.getStatus() != TransferStatus.SUCCESS) {
                throw new IOException("the download failed", done.getException());
            }
            Files.move(folder.resolve(key), file, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            try {
                manager.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
            super.close();
        }
    }
}
