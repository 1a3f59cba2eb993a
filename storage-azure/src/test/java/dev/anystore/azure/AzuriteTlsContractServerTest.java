package dev.anystore.azure;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract on Azurite over TLS. */
class AzuriteTlsContractServerTest extends StorageContract {
    @Override
    protected StorageHarness harness() {
        return AzuriteContractServerTest.on(TestServer.azuriteTls());
    }
}
