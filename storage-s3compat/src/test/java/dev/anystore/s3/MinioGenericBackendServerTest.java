package dev.anystore.s3;

import java.util.List;

/** The backend with the generic profile on MinIO: a server of which it is not known what it is. */
class MinioGenericBackendServerTest extends S3BackendContract {
    @Override
    TestServer server() {
        return TestServer.named("ANYSTORE_TEST_MINIO_URL", "generic");
    }

    /** See {@link MinioBackendServerTest#refusedKeys()}. */
    @Override
    List<String> refusedKeys() {
        return List.of("a//b", "./dot", "a/../b");
    }

    /** Without its own profile nobody knows that it strips the slash. */
    @Override
    List<String> lostKeys() {
        return List.of("/leading");
    }
}
