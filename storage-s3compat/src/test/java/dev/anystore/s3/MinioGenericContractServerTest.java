package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import java.util.ArrayList;
import java.util.List;

/**
 * The contract on MinIO by somebody who has not said that it is MinIO: the safest profile promises less, and does not know
 * which keys this server mistakes for others.
 */
class MinioGenericContractServerTest extends StorageContract {
    private static final String STRIPPED = "MinIO strips slashes before a key";

    @Override
    protected StorageHarness harness() {
        List<Deviation> deviations = new ArrayList<>();
        deviations.add(new Deviation(
                "anObjectMayBeBesideWhatLiesBelowIt",
                "MinIO keeps and reads an object a beside a/b, but lists only one of them"));
        for (String row : List.of("leading slash", "two leading slashes")) {
            deviations.add(new Deviation("anOddKeyIsKeptOrRefused[" + row + "]", STRIPPED));
        }
        deviations.add(new Deviation("keysThatLookAlikeAreDifferentObjects[a ~ a/ ~ /a ~ ./a ~ a/.]", STRIPPED));
        deviations.add(new Deviation(
                "startAfterBeginsBehindAKeyWhetherItIsThereOrNot",
                "MinIO refuses to start behind a key that does not begin with the prefix"));
        return new S3Harness(TestServer.named("ANYSTORE_TEST_MINIO_URL", "generic"), deviations, 40, () -> {})
                .tryingRandomKeys(key -> Profile.MINIO_SERVER.refusal(key) == null);
    }
}
