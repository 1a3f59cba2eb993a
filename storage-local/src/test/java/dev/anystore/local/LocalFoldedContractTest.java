package dev.anystore.local;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import java.io.IOException;

/** A folder whose names have neither capitals nor letters beyond ASCII. */
class LocalFoldedContractTest extends StorageContract {
    @Override
    protected StorageHarness harness() throws IOException {
        return new FolderHarness(new DiskChanges(false), new RootFormat(true, true));
    }
}
