package dev.anystore.azure;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract on Azurite. */
class AzuriteContractServerTest extends StorageContract {
    @Override
    protected StorageHarness harness() {
        return AzureHarness.on(TestServer.azurite());
    }
}
