package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import java.util.ArrayList;
import java.util.List;

/**
 * The contract on MinIO by somebody who has not said that it is MinIO: the safest profile promises less, and does not know
 * which keys this server refuses or mistakes for others.
 */
class MinioGenericContractServerTest extends StorageContract {
    private static final String REFUSED =
            "MinIO refuses segments of dots, which only its own profile knows before it asks";

    @Override
    protected StorageHarness harness() {
        List<Deviation> deviations = new ArrayList<>();
        deviations.add(new Deviation(
                "anObjectMayBeBesideWhatLiesBelowIt",
                "MinIO keeps and reads an object a beside a/b, but lists only one of them"));
        for (String row : List.of(
                "dot", "dot dot", "dot segment", "dot dot segment", "dot dot at the end", "dot dot at the beginning")) {
            deviations.add(new Deviation("anOddKeyIsKeptOrRefused[" + row + "]", REFUSED));
        }
        for (String row : List.of("leading slash", "two leading slashes")) {
            deviations.add(new Deviation("anOddKeyIsKeptOrRefused[" + row + "]", "MinIO strips slashes before a key"));
        }
        for (String row : List.of("a ~ a/ ~ /a ~ ./a ~ a/.", "a/b ~ a//b ~ a/./b")) {
            deviations.add(new Deviation("keysThatLookAlikeAreDifferentObjects[" + row + "]", REFUSED));
        }
        deviations.add(new Deviation(
                "startAfterBeginsBehindAKeyWhetherItIsThereOrNot",
                "MinIO refuses to start behind a key that does not begin with the prefix"));
        return new S3Harness(TestServer.named("ANYSTORE_TEST_MINIO_URL", "generic"), deviations, 40, () -> {})
                .tryingRandomKeys(key -> Profile.MINIO_SERVER.refusal(key) == null);
    }
}
