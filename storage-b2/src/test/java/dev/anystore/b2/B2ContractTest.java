package dev.anystore.b2;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import dev.anystore.testkit.b2.B2Server;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the testkit's server: the one that runs on every machine. */
class B2ContractTest extends StorageContract {
    @TempDir
    static Path folder;

    @Override
    protected StorageHarness harness() {
        B2Server server = B2Server.start(0, folder);
        return new B2Harness(TestAccount.on(server), B2Harness.ofTheService(), server::close);
    }
}
