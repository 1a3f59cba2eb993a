package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract on Ceph's radosgw. */
class RadosgwContractServerTest extends StorageContract {
    private static final String NAMES = "radosgw returns _ in names of metadata as -, so such names are refused";
    private static final String RAW =
            "radosgw writes parts of a listing unencoded, with characters that no XML may have";

    @Override
    protected StorageHarness harness() {
        return S3Harness.on(
                        TestServer.named("ANYSTORE_TEST_RADOSGW_URL", "ceph"),
                        new Deviation("anOddKeyIsKeptOrRefused[control 01]", RAW),
                        new Deviation("anOddKeyIsKeptOrRefused[control 1F]", RAW),
                        new Deviation("anOddKeyIsKeptOrRefused[noncharacter FFFE]", RAW),
                        new Deviation("aNameOfMetadataComesBackAsItWent[two_words]", NAMES),
                        new Deviation("aNameOfMetadataComesBackAsItWent[x-y_z-0]", NAMES))
                .tryingRandomKeys(key -> key.codePoints().noneMatch(RadosgwContractServerTest::outsideXml));
    }

    /** What XML 1.0 has no character for. */
    private static boolean outsideXml(int c) {
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF;
    }
}
