package dev.anystore.memory;

import dev.anystore.ObjectStore;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The store as users open it. */
class MemoryContractTest extends StorageContract {
    @Override
    protected StorageHarness harness() {
        return options -> ObjectStore.of(MemoryStore.builder().backend(), options);
    }
}
