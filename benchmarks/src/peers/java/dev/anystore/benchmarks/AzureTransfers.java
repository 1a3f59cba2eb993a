package dev.anystore.benchmarks;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.ParallelTransferOptions;
import com.azure.storage.blob.options.BlobDownloadToFileOptions;
import com.azure.storage.blob.options.BlobUploadFromFileOptions;
import com.azure.storage.common.StorageSharedKeyCredential;
import dev.anystore.Body;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StoreOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * This library beside Azure's own, on a server that is no bottleneck: CPU for each GiB up and down, the most memory, and CPU
 * for each blob of 4 KiB. Each client runs in a process of its own, in turn.
 *
 * <pre>{@code
 * mvn -Ppeers -pl benchmarks -am -DskipTests package
 * java -cp benchmarks/target/peers/benchmarks.jar dev.anystore.benchmarks.AzureTransfers [MIB] [ROUNDS]
 * }</pre>
 */
public final class AzureTransfers {
    private static final String ACCOUNT = "testaccess";
    private static final String KEY =
            Base64.getEncoder().encodeToString("testsecret12345".getBytes(StandardCharsets.UTF_8));
    private static final int PART = 8 << 20;
    private static final int CONNECTIONS = 8;
    private static final int SMALL = 4 << 10;
    private static final int SMALLS = 3_000;

    private AzureTransfers() {}

    /** What both do. */
    private interface Client extends AutoCloseable {
        void upload(Path file, String key);

        void download(String key, Path file);

        void put(String key, byte[] bytes);

        byte[] get(String key);

        @Override
        void close();
    }

    /** Runs all of it; with the words of a client, that client. */
    public static void main(String[] args) throws Exception {
        if (args.length > 2) {
            run(args);
            return;
        }
        long mib = args.length > 0 ? Long.parseLong(args[0]) : 512;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Path folder = Files.createTempDirectory("anystore-azure-transfers");
        try (LoopbackBlobs server = LoopbackBlobs.start()) {
            Path source = folder.resolve("source");
            server.write(source, mib << 20);
            System.out.println("client     what        CPU s     wall s   peak MiB");
            for (int round = 0; round < rounds; round++) {
                for (String client : List.of("anystore", "azure-sdk")) {
                    for (String what : List.of("upload", "download", "small")) {
                        fork(client, what, server.endpoint(), folder, mib << 20);
                    }
                }
            }
        } finally {
            for (String name : List.of("source", "target")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }

    private static void fork(String client, String what, URI endpoint, Path folder, long bytes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-cp",
                System.getProperty("java.class.path"), AzureTransfers.class.getName()));
        command.addAll(List.of(client, what, endpoint.toString(), folder.toString(), Long.toString(bytes)));
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(client + " failed to " + what);
        }
    }

    private static void run(String[] words) throws Exception {
        String what = words[1];
        Path folder = Path.of(words[3]);
        long bytes = Long.parseLong(words[4]);
        try (Client client = words[0].equals("anystore") ? new Ours(URI.create(words[2])) : new Theirs(words[2])) {
            // Once to compile what is measured.
            once(client, what, folder, bytes);
            long cpu = ProcessCpu.nanos();
            long began = System.nanoTime();
            once(client, what, folder, bytes);
            double wall = (System.nanoTime() - began) / 1e9;
            double used = (ProcessCpu.nanos() - cpu) / 1e9;
            boolean small = what.equals("small");
            System.out.println(String.format(
                    Locale.ROOT,
                    "%-10s %-9s %8.3f%s %8.2f %8d",
                    words[0],
                    what,
                    small ? used * 1e6 / (2 * SMALLS) / 1e3 : used / bytes * (1L << 30),
                    small ? " ms each" : " per GiB",
                    wall,
                    ProcessCpu.peakKibibytes() >> 10));
        }
        System.exit(0);
    }

    private static void once(Client client, String what, Path folder, long bytes) throws IOException {
        switch (what) {
            case "upload" -> client.upload(folder.resolve("source"), "uploaded");
            case "download" -> {
                client.download(LoopbackBlobs.key(bytes), folder.resolve("target"));
                Proof.same("downloaded", bytes, Files.size(folder.resolve("target")));
            }
            default -> {
                byte[] small = new byte[SMALL];
                for (int i = 0; i < SMALLS; i++) {
                    client.put("small/" + i, small);
                    Proof.same("read", SMALL, client.get(LoopbackBlobs.key(SMALL)).length);
                }
            }
        }
    }

    private static final class Ours implements Client {
        private final ObjectStore store;

        Ours(URI endpoint) {
            store = StorageConfig.of(Map.of(
                            "provider_type", "azure",
                            "container_name", "bench",
                            "account_url", endpoint.toString(),
                            "account_key", KEY,
                            // As the service is used: emulators have MD5.
                            "checksum", System.getProperty("bench.checksum", "crc64")))
                    .open(StoreOptions.DEFAULT.withPartBytes((long) PART).withConnectionsPerTransfer(CONNECTIONS));
        }

        @Override
        public void upload(Path file, String key) {
            store.upload(file, key);
        }

        @Override
        public void download(String key, Path file) {
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

    private static final class Theirs implements Client {
        private static final ParallelTransferOptions PARALLEL = new ParallelTransferOptions()
                .setBlockSizeLong((long) PART)
                .setMaxSingleUploadSizeLong((long) PART)
                .setMaxConcurrency(CONNECTIONS);
        // The library has two classes of this name.
        private static final com.azure.storage.common.ParallelTransferOptions RANGES =
                new com.azure.storage.common.ParallelTransferOptions()
                        .setBlockSizeLong((long) PART)
                        .setMaxConcurrency(CONNECTIONS);
        private final BlobContainerClient container;

        Theirs(String endpoint) {
            container = new BlobContainerClientBuilder()
                    .endpoint(endpoint)
                    .containerName("bench")
                    .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
                    .httpClient(new JdkHttpClientBuilder().build())
                    .buildClient();
        }

        @Override
        public void upload(Path file, String key) {
            BlobClient blob = container.getBlobClient(key);
            blob.uploadFromFileWithResponse(
                    new BlobUploadFromFileOptions(file.toString()).setParallelTransferOptions(PARALLEL), null, null);
        }

        @Override
        public void download(String key, Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            container
                    .getBlobClient(key)
                    .downloadToFileWithResponse(
                            new BlobDownloadToFileOptions(file.toString()).setParallelTransferOptions(RANGES),
                            null,
                            null);
        }

        @Override
        public void put(String key, byte[] bytes) {
            container.getBlobClient(key).upload(BinaryData.fromBytes(bytes), true);
        }

        @Override
        public byte[] get(String key) {
            return container.getBlobClient(key).downloadContent().toBytes();
        }

        @Override
        public void close() {
            // It has nothing to close.
        }
    }
}
