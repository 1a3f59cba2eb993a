package dev.anystore.local;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import java.io.IOException;

/** A folder as users open it. */
class LocalContractTest extends StorageContract {
    @Override
    protected StorageHarness harness() throws IOException {
        return new FolderHarness(new DiskChanges(true), null);
    }
}
