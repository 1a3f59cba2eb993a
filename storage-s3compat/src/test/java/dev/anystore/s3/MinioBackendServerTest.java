package dev.anystore.s3;

import java.util.List;

/** The backend on MinIO. */
class MinioBackendServerTest extends S3BackendContract {
    @Override
    TestServer server() {
        return TestServer.named("ANYSTORE_TEST_MINIO_URL", "minio");
    }

    /** MinIO keeps objects as files: empty, {@code .} and {@code ..} segments are no names of files, and a slash at the beginning is
     * stripped. */
    @Override
    List<String> refusedKeys() {
        return List.of("a//b", "./dot", "a/../b", "/leading");
    }
}
