package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract on MinIO. */
class MinioContractServerTest extends StorageContract {
    @Override
    protected StorageHarness harness() {
        return S3Harness.on(
                TestServer.named("ANYSTORE_TEST_MINIO_URL", "minio"),
                new Deviation(
                        "anObjectMayBeBesideWhatLiesBelowIt",
                        "MinIO keeps and reads an object a beside a/b, but lists only one of them"));
    }
}
