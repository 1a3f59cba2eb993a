package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract on Ceph's radosgw. */
class RadosgwContractServerTest extends StorageContract {
    private static final String NAMES = "radosgw returns _ in names of metadata as -, so such names are refused";

    @Override
    protected StorageHarness harness() {
        return S3Harness.on(
                TestServer.named("ANYSTORE_TEST_RADOSGW_URL", "ceph"),
                new Deviation("aNameOfMetadataComesBackAsItWent[two_words]", NAMES),
                new Deviation("aNameOfMetadataComesBackAsItWent[x-y_z-0]", NAMES));
    }
}
