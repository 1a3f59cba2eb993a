package dev.anystore.memory;

import dev.anystore.Capability;
import dev.anystore.Limits;
import dev.anystore.ObjectStore;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** A store that only has parts: every other capability is taken away, and its use must be refused. */
class MemoryPoorContractTest extends StorageContract {
    private static final Capability[] ALL_BUT_PARTS = java.util.Arrays.stream(Capability.values())
            .filter(capability -> capability != Capability.MULTIPART)
            .toArray(Capability[]::new);

    @Override
    protected StorageHarness harness() {
        return options -> ObjectStore.of(
                MemoryStore.builder()
                        .without(ALL_BUT_PARTS)
                        .limits(Limits.builder()
                                .singlePutBytes(20 << 10)
                                .partBytes(5 << 10, 20 << 10)
                                .build())
                        .backend(),
                options);
    }
}
