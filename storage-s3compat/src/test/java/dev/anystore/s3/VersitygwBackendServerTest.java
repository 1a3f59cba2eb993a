package dev.anystore.s3;

import java.util.List;

/** The backend on Versity's gateway. */
class VersitygwBackendServerTest extends S3BackendContract {
    @Override
    TestServer server() {
        return TestServer.named("ANYSTORE_TEST_VERSITYGW_URL", "versitygw");
    }

    /** A folder behind S3: keys are paths, and one that ends in a slash is a folder without bytes. Controls it lists as other
     * characters. */
    @Override
    List<String> refusedKeys() {
        return List.of("a//b", "./dot", "a/../b", "/leading", "trailing/", "\u0001control");
    }
}
