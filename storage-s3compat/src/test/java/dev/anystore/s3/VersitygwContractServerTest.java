package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract on Versity's gateway. */
class VersitygwContractServerTest extends StorageContract {
    private static final String FOLDERS =
            "to versitygw a key that ends in a slash is a folder: without bytes, and not deleted while something is in it";

    @Override
    protected StorageHarness harness() {
        return S3Harness.on(
                        TestServer.named("ANYSTORE_TEST_VERSITYGW_URL", "versitygw"),
                        new Deviation("anObjectMayBeBesideWhatLiesBelowIt", FOLDERS),
                        new Deviation("deletingWhatIsAbsentSucceeds", FOLDERS),
                        new Deviation("anOddKeyIsKeptOrRefused[trailing slash]", FOLDERS),
                        new Deviation(
                                "anOddKeyIsKeptOrRefused[segment of 255 bytes]",
                                "versitygw refuses to copy over an object whose name has 255 bytes"),
                        new Deviation(
                                "anOddKeyIsKeptOrRefused[1024 bytes in segments]",
                                "versitygw refuses to write a path of 1024 bytes, and says of reading it that nothing is there"),
                        new Deviation(
                                "aTokenOfNobodyIsRefused",
                                "versitygw takes any token for a key after which it goes on"))
                .revivingUploads(
                        "versitygw makes the folder of an upload anew for a part that arrives during its abort")
                .tryingRandomKeys(key -> !key.endsWith("/"));
    }
}
