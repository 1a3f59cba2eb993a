package dev.anystore.local;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import java.io.IOException;

/** A folder of a file system without extended attributes. */
class LocalSidecarContractTest extends StorageContract {
    @Override
    protected StorageHarness harness() throws IOException {
        return new FolderHarness(new DiskChanges(false, false), null);
    }
}
