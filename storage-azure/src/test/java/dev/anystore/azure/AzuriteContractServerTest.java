package dev.anystore.azure;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract on Azurite. */
class AzuriteContractServerTest extends StorageContract {
    @Override
    protected StorageHarness harness() {
        return on(TestServer.azurite());
    }

    static StorageHarness on(TestServer server) {
        return AzureHarness.on(
                        server,
                        new Deviation(
                                "aListingIsInTheOrderOfUtf8",
                                "Azurite sorts as JavaScript does, by the units of UTF-16"),
                        new Deviation(
                                "anOddKeyIsKeptOrRefused[noncharacter FFFE]",
                                "Azurite can't list a name that XML can't write"),
                        new Deviation(
                                "aCopyReplacesWhatIsBesideTheBytesIfAsked",
                                "Azurite has no Put Blob From URL, which alone takes other properties"))
                .tryingRandomKeys(key -> key.chars().noneMatch(c -> c == 0xFFFE || c == 0xFFFF));
    }
}
