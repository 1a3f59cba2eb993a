package dev.anystore.gcs;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import dev.anystore.testkit.gcs.GcsServer;
import java.util.Map;

/** The contract as against an emulator: without credentials, by the JSON API and its sessions. */
class JsonContractTest extends StorageContract {
    @Override
    protected StorageHarness harness() throws Exception {
        GcsServer server = GcsServer.startOpen();
        return new GcsHarness(Map.of("emulator-host", server.authority()), server);
    }
}
