package dev.anystore.testkit.example;

import dev.anystore.ObjectStore;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

class MapContractTest extends StorageContract {
    @Override
    protected StorageHarness harness() {
        return options -> ObjectStore.of(new MapBackend(), options);
    }
}
