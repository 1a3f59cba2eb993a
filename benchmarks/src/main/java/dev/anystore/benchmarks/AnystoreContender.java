package dev.anystore.benchmarks;

import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StoreOptions;
import dev.anystore.Verification;
import java.util.Map;

/** This library, by its public interface, with the profile {@code aws}: CRC32C on every part and on the whole. */
public final class AnystoreContender implements Contender {
    @Override
    public String name() {
        return "anystore";
    }

    @Override
    public String description() {
        return "this library, files both ways, fsynced after a download, CRC32C of parts and whole";
    }

    @Override
    public Client open(Job job) {
        return new StoreClient(job, store(job));
    }

    /** A store on the loopback server. */
    static ObjectStore store(Job job) {
        StorageConfig config = StorageConfig.of(Map.of(
                "provider_type",
                "s3",
                "bucket_name",
                LoopbackS3.BUCKET,
                "access_key_id",
                Job.ACCESS_KEY,
                "secret_access_key",
                Job.SECRET_KEY,
                "region",
                Job.REGION,
                "endpoint_url",
                job.endpoint().toString(),
                "profile",
                "aws",
                "path_style",
                "true"));
        return config.open(StoreOptions.DEFAULT
                .withPartBytes(job.partBytes())
                .withConnectionsPerTransfer(job.connections())
                .withMaxConnections(Math.max(job.connections(), 32)));
    }

    private record StoreClient(Job job, ObjectStore store) implements Client {
        @Override
        public void upload() {
            check(store.upload(job.source(), job.uploadKey()));
        }

        @Override
        public void download() {
            check(store.download(job.downloadKey(), job.target()));
        }

        private void check(ObjectInfo info) {
            if (info.size() != job.bytes() || info.verification() != Verification.WHOLE) {
                throw new IllegalStateException(info.size() + " bytes, verified: " + info.verification());
            }
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
