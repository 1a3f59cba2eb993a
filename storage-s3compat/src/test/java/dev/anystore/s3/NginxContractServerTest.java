package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract through nginx to MinIO: what a proxy in between makes of metadata, above all, and of everything else. */
class NginxContractServerTest extends StorageContract {
    private static final String DROPPED =
            "nginx drops headers with _ in their names, and the server misses what was signed; the documentation warns";

    @Override
    protected StorageHarness harness() {
        return S3Harness.on(
                TestServer.named("ANYSTORE_TEST_NGINX_MINIO_URL", "minio"),
                new Deviation(
                        "anObjectMayBeBesideWhatLiesBelowIt",
                        "MinIO keeps and reads an object a beside a/b, but lists only one of them"),
                new Deviation("aNameOfMetadataComesBackAsItWent[two_words]", DROPPED),
                new Deviation("aNameOfMetadataComesBackAsItWent[x-y_z-0]", DROPPED));
    }
}
