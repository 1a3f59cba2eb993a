package dev.anystore.s3;

import java.util.List;

/** The backend on MinIO over TLS. */
class MinioTlsBackendServerTest extends S3BackendContract {
    @Override
    TestServer server() {
        return TestServer.named("ANYSTORE_TEST_MINIO_TLS_URL", "minio", "ANYSTORE_TEST_MINIO_CA");
    }

    /** See {@link MinioBackendServerTest#refusedKeys()}. */
    @Override
    List<String> refusedKeys() {
        return List.of("a//b", "./dot", "a/../b", "/leading");
    }
}
