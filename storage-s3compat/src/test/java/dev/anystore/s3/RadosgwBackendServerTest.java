package dev.anystore.s3;

/** The backend on Ceph's radosgw, which alone keeps every key as it is. */
class RadosgwBackendServerTest extends S3BackendContract {
    @Override
    TestServer server() {
        return TestServer.named("ANYSTORE_TEST_RADOSGW_URL", "ceph");
    }
}
