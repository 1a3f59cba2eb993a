package dev.anystore.gcs;

import static org.assertj.core.api.Assertions.fail;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The contract on fake-gcs-server, which others wrote: the JSON API, without credentials. */
class FakeGcsContractServerTest extends StorageContract {
    private static final String VARIABLE = "ANYSTORE_TEST_FAKE_GCS_URL";

    @Override
    protected StorageHarness harness() {
        String url = System.getenv(VARIABLE);
        if (url == null || url.isEmpty()) {
            if ("true".equals(System.getenv("ANYSTORE_TEST_REQUIRE_SERVERS"))) {
                fail(VARIABLE + " is not set, and ANYSTORE_TEST_REQUIRE_SERVERS=true asks for every server");
            }
            System.out.println("skipped: " + VARIABLE + " is not set");
            Assumptions.abort(VARIABLE + " is not set");
        }
        return new GcsHarness(Map.of("emulator-host", String.valueOf(url)), deviations(), key -> true, () -> {});
    }

    private static List<Deviation> deviations() {
        String unconditional = "it ignores the condition of a delete and of a rewrite's target";
        return List.of(
                new Deviation("onlyTheExpectedRevisionIsDeleted", unconditional),
                new Deviation("aCopyReplacesOnlyTheExpectedRevisionOfItsTarget", unconditional),
                new Deviation("aCopyToAKeyThatIsTakenIsRefused", unconditional),
                new Deviation(
                        "aCopyReplacesWhatIsBesideTheBytesIfAsked",
                        "it keeps what a rewrite's document leaves out instead of dropping it"),
                new Deviation("aTokenOfNobodyIsRefused", "it takes any token for a key after which it goes on"),
                new Deviation(
                        "aDelimiterFoldsWhatLiesBehindIt", "it counts objects and folded prefixes apart in a page"));
    }
}
