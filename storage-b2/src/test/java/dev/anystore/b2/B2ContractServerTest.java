package dev.anystore.b2;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** The contract on Backblaze's own simulator, behind an HTTP face. */
class B2ContractServerTest extends StorageContract {
    @Override
    protected StorageHarness harness() {
        return new B2Harness(TestAccount.ofEnvironment(), B2Harness.ofTheService(), () -> {});
    }
}
